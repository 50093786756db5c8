"""Discord's edge of the process: finds out who we are, holds the gateway if no other replica does, and catches up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import structlog

from chatops.config import Config
from chatops.errors import Busy, ChatopsError, TokenRevoked
from chatops.platforms.discord.client import DiscordPlatform
from chatops.platforms.discord.readback import Identity
from chatops.store import leases
from chatops.store.store import Store
from chatops.times import TimeSource
from handlers.catchup import CatchUp
from handlers.companions import Companions
from handlers.discord import Ears, registration
from handlers.discord.catchup import catch_up
from handlers.discord.context import Context
from handlers.discord.gateway import REFUSED, Patience, Supervisor, point_at

ASK_AGAIN = 5.0  # seconds between two attempts to find out who we are; the first ones follow each other sooner
HELD_FOR = timedelta(seconds=15)  # how long the gateway is a dead replica's
DEAF_FOR = timedelta(minutes=2)  # how long the gateway is ours although Discord does not reach us
RENEW_AFTER, LOOK_AFTER = timedelta(seconds=5), timedelta(seconds=1)
HAND_OVER = 4.0  # seconds for which we go on hearing while another replica begins
LOOK_ELSEWHERE = timedelta(seconds=0.1)
OFFER_AGAIN = timedelta(seconds=5)  # until commands that could not be offered are; doubled
FAREWELL = 3.0  # seconds for what is being heard, at the end
log = structlog.get_logger(__name__)


class DiscordEdge:
    """Hears every server of one bot, on one replica at a time; the others stand by and say what is to be said."""

    def __init__(
        self,
        config: Config,
        store: Store,
        discord: DiscordPlatform,
        time: TimeSource,
        owner: str,
        patience: Patience | None = None,
        ask_again: float = ASK_AGAIN,
    ) -> None:
        self._config = config
        self._store = store
        self._discord = discord
        self._time = time
        self._owner = owner
        self._patience = patience or Patience()
        self._ask_again = ask_again
        self._supervisor: Supervisor | None = None
        self._ears: Ears | None = None
        self._offer: Callable[[], Awaitable[bool]] | None = None  # our commands, until it is begun
        self._catch_up: CatchUp | None = None
        self._standing_by = False
        self._caught_up = asyncio.Event()
        self._going = asyncio.Event()
        self._companions = Companions()

    async def start(self) -> None:
        """Begin to connect, and go on in the background until it works."""
        point_at(self._config.discord_api_url, self._config.discord_gateway_url)
        self._companions.keep(self._connect())

    async def stop(self) -> None:
        """Hear nothing more, but not before another replica does; what is being heard ends first."""
        self._caught_up.set()  # nobody shall wait for it any longer
        self._going.set()
        await self._hand_over()
        await self._companions.close()
        if self._ears is not None:
            await self._ears.finish(FAREWELL)

    def connected(self) -> bool:
        """Tell whether Discord can reach us, or need not because another replica is reached."""
        return self._standing_by or (self._supervisor is not None and self._supervisor.connected)

    @property
    def busy(self) -> bool:
        """Whether something that was heard is not kept yet, or somebody not answered."""
        return self._ears is not None and self._ears.busy

    async def caught_up(self) -> None:
        """Return once what happened while nobody listened was heard."""
        await self._caught_up.wait()

    async def catch_up(self) -> None:
        """Compare the threads of recent tickets with what we hold."""
        if self._catch_up is not None:
            await self._catch_up.run()

    async def _connect(self) -> None:
        """Find out who we are, then hear whenever it is our turn."""
        ours = await self._who_we_are()
        context = Context(self._store, self._time, self._discord, ours, self._config.discord_message_content)
        self._offer = partial(registration.sync, context)
        self._catch_up = catch_up(context)
        self._ears = Ears(context, self._session_began, self._overflowed)
        token = self._config.discord_token.get_secret_value()
        self._supervisor = Supervisor(
            token,
            self._discord,
            self._time,
            self._ears.hear,
            reads_messages=self._config.discord_message_content,
            patience=self._patience,
        )
        self._companions.keep(self._supervisor.run())
        await self._take_turns(self._supervisor, ours.application_id)

    async def _who_we_are(self) -> Identity:
        """Ask, however often it takes; meanwhile whatever comes in elsewhere is kept."""
        pause = self._ask_again / 16
        while True:
            try:
                return await self._discord.identity()
            except TokenRevoked as error:
                log.error("discord_refuses_the_token", code=error.code, remedy=REFUSED)  # noqa: TRY400 - said in full
            except ChatopsError as error:
                log.error("discord_not_reached", error=str(error))  # noqa: TRY400 - the code says it all
            except Exception as error:
                log.exception("discord_not_heard", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._ask_again)

    # Whose turn it is

    async def _take_turns(self, supervisor: Supervisor, application_id: str) -> None:
        """Hold the gateway while nobody else does; a replica that dies, or hears nothing for long, loses it soon."""
        self._lease = f"discord/{application_id}"
        heard_at = self._time.now()
        while not self._going.is_set():
            if supervisor.connected or not supervisor.mine.is_set():
                heard_at = self._time.now()
            deaf = self._time.now() - heard_at >= DEAF_FOR
            ours = not deaf and await self._acquire(self._lease)
            if ours:
                supervisor.mine.set()
            else:
                await self._stand_by(supervisor)
            self._standing_by = not ours and not deaf  # who gave it up waits for somebody to take it
            await self._time.wait(self._going, self._time.now() + (RENEW_AFTER if ours else LOOK_AFTER))

    async def _stand_by(self, supervisor: Supervisor) -> None:
        """Let another replica hear; what was told to nobody before is read once all the same."""
        if supervisor.mine.is_set():
            log.warning("gateway_given_up")
            supervisor.mine.clear()
            with suppress(Busy):
                await self._store.write(leases.release, self._lease, self._owner)
        if self._catch_up is not None and not self._caught_up.is_set():
            await self._catch_up.run()
            self._caught_up.set()

    async def _acquire(self, name: str) -> bool:
        try:
            return await self._store.write(leases.acquire, name, self._owner, self._time.now(), HELD_FOR)
        except Busy:
            return self._supervisor is not None and self._supervisor.mine.is_set()

    async def _hand_over(self) -> None:
        """Let another replica begin its session while ours still hears: what both hear counts once."""
        if self._supervisor is None or not self._supervisor.mine.is_set():
            return
        with suppress(Busy, TimeoutError):
            await self._store.write(leases.release, f"{self._lease}/heard", self._owner)
            await self._store.write(leases.release, self._lease, self._owner)
            if self._store.dialect == "postgresql":
                async with asyncio.timeout(HAND_OVER):
                    await self._heard_elsewhere()

    async def _heard_elsewhere(self) -> None:
        """Return once another replica's session has begun."""
        while await self._store.read(leases.holder, f"{self._lease}/heard", self._time.now()) in {None, self._owner}:
            await self._time.wait(asyncio.Event(), self._time.now() + LOOK_ELSEWHERE)

    # What a session begins with

    def _session_began(self) -> None:
        if self._catch_up is not None:
            self._companions.keep(self._catch_up.new_session(self._caught_up.set))
            self._companions.keep(self._acquire(f"{self._lease}/heard"))  # who hands over to us may stop hearing now
            self._companions.keep(self._offer_commands())

    async def _offer_commands(self) -> None:
        """See to it, once, that Discord offers our commands, however often it takes."""
        offer, self._offer = self._offer, None
        pause = OFFER_AGAIN
        while offer is not None and not await offer() and not self._going.is_set():
            await self._time.wait(self._going, self._time.now() + pause)
            pause = min(2 * pause, timedelta(hours=1))

    def _overflowed(self) -> None:
        """Find in the threads what could not be remembered."""
        self._session_began()
