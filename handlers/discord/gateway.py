"""One gateway session, and the supervisor that sees to it that there is one.

discord.py opens the connection, keeps it alive and resumes it. What it brings is heard as Discord's own payloads: its
cache, its views and its order of handlers are not used. Every new session (IDENTIFY) is begun by the supervisor alone,
because Discord allows a thousand a day and then takes the token away.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import structlog
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.http import Route
from yarl import URL

from chatops.errors import PlatformError
from chatops.platforms.discord.client import DiscordPlatform
from chatops.platforms.discord.standing import SessionsLeft
from chatops.times import TimeSource

Payload = Mapping[str, Any]
Hear = Callable[[str, Payload, str], None]  # what happened, its payload, the number under which it was told

MINUTE = timedelta(minutes=1)
BEGAN = {"READY", "RESUMED"}
REFUSED = "create a token on the bot's page in Discord's developer portal and put it into DISCORD_TOKEN"
NO_INTENT = "switch Message Content Intent on in the developer portal, or set DISCORD_MESSAGE_CONTENT=false"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the supervisor waits."""

    greeting: float = 30.0  # seconds for a session to begin
    dead_after: float = 60.0  # seconds without a connection: longer than the client's own resuming takes
    look_every: float = 1.0  # seconds
    between: timedelta = timedelta(seconds=5)  # two sessions begun: Discord refuses more
    longest: timedelta = timedelta(minutes=5)  # between two sessions that both ended soon; doubled up to that
    settled: timedelta = timedelta(minutes=10)  # a session that lives so long was a good one
    reserve: int = 50  # beginnings a day that stay for people who restart us


class SessionOver(Exception):
    """Discord wants a new session: the supervisor begins it when it may."""


class Session(discord.Client):
    """One gateway session with all its resumes."""

    def __init__(self, hear: Hear, *, reads_messages: bool) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, guild_reactions=True, dm_reactions=True, message_content=reads_messages
        )
        super().__init__(
            intents=intents,
            enable_debug_events=True,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.began = asyncio.Event()
        self._hear = hear
        self._id = ""

    @property
    def connected(self) -> bool:
        """Whether Discord has greeted the present connection and it still stands."""
        return self.began.is_set() and not self.is_closed()

    async def on_socket_raw_receive(self, frame: str) -> None:
        """Pass on what happened, in the order in which it came: nothing here waits."""
        told = json.loads(frame)
        if told.get("op") != 0:
            return
        name, payload = told["t"], told["d"]
        if name == "READY":
            self._id = payload["session_id"]
        self._hear(name, payload, f"{self._id}/{told['s']}")
        if name in BEGAN:
            self.began.set()

    async def on_disconnect(self) -> None:
        """Know that nothing is heard until the session is resumed."""
        self.began.clear()

    async def hang_up(self) -> None:
        """Close the connection and everything that belongs to it.

        discord.py forgets a connection it was just opening, and the thread that beats for it would go on for a minute.
        """
        try:
            with suppress(aiohttp.ClientError, OSError, TimeoutError):
                await self.close()
        finally:  # also when whoever closes it is in a hurry
            for thread in threading.enumerate():
                if isinstance(thread, KeepAliveHandler) and thread.ws._connection is self._connection:
                    thread.stop()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - discord.py's shape
        """Begin one session only."""
        if not initial:
            raise SessionOver


def point_at(api_url: str, gateway_url: str) -> None:
    """Tell discord.py where Discord is; it has one place for that in a process."""
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here


class Supervisor:
    """Keeps one session alive while `mine` is set, and begins a new one no sooner than Discord allows."""

    def __init__(
        self,
        token: str,
        discord_platform: DiscordPlatform,
        time: TimeSource,
        hear: Hear,
        *,
        reads_messages: bool = True,
        patience: Patience = Patience(),
    ) -> None:
        self._token = token
        self._discord = discord_platform
        self._time = time
        self._hear = hear
        self._reads_messages = reads_messages
        self._patience = patience
        self._session: Session | None = None
        self._pause = timedelta()
        self.mine = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether a session has begun and its connection stands."""
        return self._session is not None and self._session.connected

    async def run(self) -> None:
        """Keep a session until cancelled."""
        while True:
            await self.mine.wait()
            await self._may_begin()
            began = self._time.now()
            try:
                await self._one_session()
            except Exception as error:
                log.exception("session_failed", error=type(error).__name__)
            lived = self._time.now() - began
            self._pause = self._longer() if lived < self._patience.settled else self._patience.between

    def _longer(self) -> timedelta:
        return min(max(2 * self._pause, self._patience.between), self._patience.longest)

    async def _may_begin(self) -> None:
        """Wait until a session may be begun."""
        pause = self._pause
        try:
            pause = max(pause, self._spread(await self._discord.sessions_left()))
        except PlatformError as error:
            log.warning("sessions_left_not_known", error=error.code)
        except Exception as error:
            log.exception("sessions_left_not_known", error=type(error).__name__)
        if pause:
            log.info("session_waits", seconds=pause.total_seconds())
            await self._time.wait(asyncio.Event(), self._time.now() + pause)

    def _spread(self, left: SessionsLeft) -> timedelta:
        """Return how long to wait so that what is left lasts for the day: the last fifth is spread over it.

        The first session of a process waits a minute at most as long as one is left: somebody restarted us.
        """
        if 5 * left.remaining >= left.total:
            return timedelta()
        log.error("few_sessions_left", remaining=left.remaining, seconds=left.reset_after.total_seconds())
        first = not self._pause
        if not left.remaining or (not first and left.remaining <= self._patience.reserve):
            return left.reset_after
        even = left.reset_after / left.remaining
        return min(even, MINUTE) if first else even

    async def _one_session(self) -> None:
        """Begin a session and return when it is over, or no longer ours."""
        session = self._session = Session(self._hear, reads_messages=self._reads_messages)
        living = asyncio.create_task(session.start(self._token))
        watching = asyncio.create_task(self._watch(session))
        try:
            await asyncio.wait({living, watching}, return_when=asyncio.FIRST_COMPLETED)
            if living.done():
                _explain(living.exception())
        finally:
            self._session = None
            living.cancel()
            watching.cancel()
            await asyncio.gather(living, watching, return_exceptions=True)
            await session.hang_up()

    async def _watch(self, session: Session) -> None:
        """Return when a session is not ours any more, or beyond repair; the client's own resuming is let be."""
        loop = asyncio.get_running_loop()
        alive_at, patience = loop.time(), self._patience.greeting
        while self.mine.is_set():
            if session.connected:
                alive_at, patience = loop.time(), self._patience.dead_after
            elif loop.time() - alive_at > patience:
                log.warning("session_given_up", silent_for=round(loop.time() - alive_at))
                return
            await asyncio.sleep(self._patience.look_every)


def _explain(error: BaseException | None) -> None:
    """Say why a session ended, and what to do about it if a person must do something."""
    match error:
        case None | SessionOver():
            log.info("session_over")
        case discord.LoginFailure():
            log.error("discord_refuses_the_token", remedy=REFUSED)
        case discord.PrivilegedIntentsRequired():
            log.error("discord_refuses_the_intents", remedy=NO_INTENT)
        case discord.ConnectionClosed():
            log.warning("session_closed", code=error.code)
        case _:
            log.warning("session_failed", error=type(error).__name__)
