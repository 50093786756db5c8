"""Socket Mode that does not die silently.

slack_sdk's client can stay without a connection for ever: a failed handshake is tried again at the same, used-up
address, and a wrong token is never reported. So a supervisor opens each connection with an address of its own, watches
it, and replaces the whole client when it stays dead.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from aiohttp import ClientError, WSMessage
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from chatops.errors import PlatformError, Rejected, SetupError, TokenRevoked
from chatops.platforms.slack.calls import answer
from handlers.companions import Companions

REMEDY = "create an app-level token with the scope connections:write and put it into SLACK_APP_TOKEN"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the supervisor waits, in seconds."""

    handshake: float = 10.0  # for a connection to be greeted
    look_every: float = 3.0
    dead_after: float = 30.0  # without a living connection: longer than the client's own reconnecting takes
    first_pause: float = 0.5  # between two attempts; doubled each time, and shaken
    longest_pause: float = 60.0
    when_disabled: float = 300.0  # when Slack says that Socket Mode was switched off
    ping_every: float = 10.0
    farewell: float = 5.0  # for what is being handled, at the end


class SocketSupervisor:
    """Keeps one Socket Mode connection alive.

    `on_session` is called when a session begins, before anything is heard in it; what it returns runs beside it.
    """

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        on_session: Callable[[], Awaitable[object]],
        patience: Patience = Patience(),
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._on_session = on_session
        self._patience = patience
        self._line: _Line | None = None
        self._companions = Companions()

    @property
    def connected(self) -> bool:
        """Whether Slack has greeted the present connection and it still stands."""
        return self._line is not None and self._line.greeted

    async def start(self) -> None:
        """Connect and keep connected; when Slack cannot be reached now, go on trying.

        Raises:
            SetupError: Slack does not take the app token.
        """
        try:
            first: str | None = await self._address()
        except (Rejected, TokenRevoked) as refusal:
            raise SetupError(f"Slack refuses the app token: {refusal.code}", REMEDY) from refusal
        except PlatformError as error:
            log.warning("socket_not_reached", code=error.code)
            first = None
        self._companions.keep(self._supervise(first))

    async def close(self) -> None:
        """Take no more, let what is being handled end (and be acknowledged), then hang up."""
        line, self._line = self._line, None
        if line is not None:
            await line.finish(self._patience.farewell)
        await self._companions.close()
        if line is not None:
            await line.hang_up()

    async def _supervise(self, address: str | None) -> None:
        failures = 0
        while True:
            line = await self._opened(address)
            address = None
            if line is not None:
                failures = 0
                self._line = line
                await self._watch(line)
                self._line = None
                await line.hang_up()
            disabled = line is not None and line.disabled
            await asyncio.sleep(self._patience.when_disabled if disabled else self._pause(failures))
            failures += 1

    async def _opened(self, address: str | None) -> "_Line | None":
        """Return a connection that Slack has greeted; None when that did not work."""
        line = _Line(self._app, self._app_token, self._patience.ping_every, self._greeted)
        try:
            async with asyncio.timeout(self._patience.handshake):
                line.client.wss_uri = address or await self._address()
                await line.open()
                await line.hello.wait()
        except (PlatformError, TimeoutError) as error:
            log.warning("socket_not_opened", error=type(error).__name__)
        finally:
            if not line.hello.is_set():
                await line.hang_up()
        return line if line.hello.is_set() else None

    async def _watch(self, line: "_Line") -> None:
        """Return when a connection is beyond repair; the client's own short reconnects are let be."""
        loop = asyncio.get_running_loop()
        alive_at = loop.time()
        while not line.disabled:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience.look_every):
                    await line.gone.wait()
            if await line.is_alive():
                alive_at = loop.time()
            elif loop.time() - alive_at > self._patience.dead_after:
                log.warning("socket_replaced", silent_for=round(loop.time() - alive_at))
                return

    async def _address(self) -> str:
        """Ask for an address; it is good for one connection."""
        call = self._app.client.apps_connections_open(app_token=self._app_token)
        return str((await answer(call, repeatable=True))["url"])

    def _pause(self, failures: int) -> float:
        longest = min(self._patience.longest_pause, self._patience.first_pause * 2.0 ** min(failures, 16))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - so that replicas do not come back at the same instant

    def _greeted(self) -> None:
        log.info("socket_session_began")
        self._companions.keep(self._on_session())


class _Line(AsyncSocketModeHandler):
    """One client with its connection, and what it is handling."""

    client: SocketModeClient

    def __init__(self, app: AsyncApp, app_token: str, ping_every: float, greeted: Callable[[], None]) -> None:
        super().__init__(app, app_token, ping_interval=ping_every)
        self.open: Callable[[], Awaitable[None]] = self.connect_async
        self._shut: Callable[[], Awaitable[None]] = self.close_async
        self.client.proxy = None  # it reads the environment's even for loopback
        self.client.on_message_listeners.append(self._frame)
        self.hello, self.gone = asyncio.Event(), asyncio.Event()
        self.disabled = False
        self._greeted = greeted
        self._greeted_session: object = None
        self._closing = False
        self._handling: set[asyncio.Task[None]] = set()

    @property
    def greeted(self) -> bool:
        """Whether Slack has said hello on the present session, which is open."""
        session = self.client.current_session
        return session is not None and session is self._greeted_session and not session.closed

    async def is_alive(self) -> bool:
        """Tell whether the session is greeted, answers pings, and somebody reads from it."""
        receiver = self.client.message_receiver
        return self.greeted and receiver is not None and not receiver.done() and await self.client.is_connected()

    # bolt's own handler narrows the client's type in the same way
    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Handle one envelope; what comes after the farewell stays unacknowledged, so that Slack sends it elsewhere."""
        if self._closing:
            return
        task = asyncio.ensure_future(super().handle(client, req))
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)
        await task

    async def finish(self, seconds: float) -> None:
        """Take no more envelopes, and wait for those being handled."""
        self._closing = True
        if self._handling:
            await asyncio.wait(self._handling, timeout=seconds)

    async def hang_up(self) -> None:
        """Close the connection and everything that belongs to it."""
        self._closing = True
        with suppress(ClientError, OSError, TimeoutError, RuntimeError):
            await self._shut()

    async def _frame(self, frame: WSMessage) -> None:
        said = json.loads(frame.data)
        if said.get("type") == "hello":
            self._greeted_session = self.client.current_session
            self.hello.set()
            self._greeted()
        elif said.get("type") == "disconnect" and said.get("reason") == "link_disabled":
            log.error("socket_mode_switched_off", remedy="switch Socket Mode on in the settings of the Slack app")
            self.disabled = True
            self.client.closed = True  # or it would try again at once, for ever
            self.gone.set()
