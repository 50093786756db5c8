"""Slack's edge of the process: finds out who we are, then hears over sockets or HTTP, and catches up."""

import asyncio
from collections.abc import Mapping
from functools import partial

import structlog
from starlette.responses import Response

from chatops.config import Config
from chatops.desk import shown
from chatops.errors import ChatopsError, SetupError
from chatops.platforms.slack.client import SlackPlatform
from chatops.store.store import Store
from chatops.times import TimeSource
from handlers.slack import CatchUp, Context, Patience, SlackEndpoint, SocketSupervisor, build_app, catch_up

ASK_AGAIN = 5.0  # seconds between two attempts to connect; the first ones follow each other sooner
log = structlog.get_logger(__name__)


class SlackEdge:
    """Hears one Slack workspace. What came in elsewhere is kept while Slack cannot be reached or lets us in no more."""

    def __init__(
        self,
        config: Config,
        store: Store,
        slack: SlackPlatform,
        time: TimeSource,
        patience: Patience | None = None,
        ask_again: float = ASK_AGAIN,
    ) -> None:
        self._config = config
        self._store = store
        self._slack = slack
        self._time = time
        self._patience = patience or Patience()
        self._ask_again = ask_again
        self._socket: SocketSupervisor | None = None
        self._endpoint: SlackEndpoint | None = None
        self._catch_up: CatchUp | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._caught_up = asyncio.Event()

    async def start(self) -> None:
        """Begin to connect, and go on in the background until it works."""
        self._connecting = asyncio.create_task(self._connect())

    async def stop(self) -> None:
        """Hear nothing more; what is being handled ends first."""
        self._caught_up.set()  # nobody shall wait for it any longer
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()

    def connected(self) -> bool:
        """Tell whether Slack can reach us."""
        if self._config.socket_mode:
            return self._socket is not None and self._socket.connected
        return self._endpoint is not None

    async def endpoint(self, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer `POST /slack/events`; 503 until we know who we are, so that Slack sends it again."""
        if self._endpoint is None:
            return Response(status_code=503)
        return await self._endpoint(headers, body)

    async def caught_up(self) -> None:
        """Return once what happened while nobody listened was heard."""
        await self._caught_up.wait()

    async def catch_up(self) -> None:
        """Compare the threads of recent tickets with what we hold."""
        if self._catch_up is not None:
            await self._catch_up.run()

    async def _connect(self) -> None:
        """Connect, however often it takes; meanwhile whatever comes in elsewhere is kept."""
        pause = self._ask_again / 16
        while True:
            try:
                return await self._connected()
            except SetupError as error:
                log.error("slack_not_set_up", problem=str(error), remedy=error.remedy)  # noqa: TRY400 - said in full
            except ChatopsError as error:
                log.error("slack_not_reached", error=str(error))  # noqa: TRY400 - the code says it all
            except Exception as error:
                log.exception("slack_not_heard", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._ask_again)

    async def _connected(self) -> None:
        token = self._config.slack_bot_token.get_secret_value()
        ours = await self._slack.identity(token)
        context = Context(self._store, self._time, self._slack, ours)
        app = build_app(context, token, self._config.slack_api_url)
        self._catch_up = catch_up(context, app.client, token)
        await self._store.write(shown.workspace_back, ours.team_id, self._time.now())
        if self._config.socket_mode:
            app_token = self._config.slack_app_token.get_secret_value()
            on_session = partial(self._catch_up.new_session, self._caught_up.set)
            self._socket = SocketSupervisor(app, app_token, on_session, self._patience)
            await self._socket.start()
        else:
            secret = self._config.slack_signing_secret.get_secret_value()
            self._endpoint = SlackEndpoint(app, secret, self._time)
            await self._catch_up.new_session(self._caught_up.set)
        log.info("slack_heard", workspace=ours.team_id, socket_mode=self._config.socket_mode)
