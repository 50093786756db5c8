"""A Slack workspace with one app, one channel and two people."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from chatops.sandbox.faults import Faults
from chatops.sandbox.slack import SlackWorld
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.people import Person
from chatops.sandbox.storytime import StoryTime


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk would send even loopback traffic through the environment's proxy."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)


@dataclass
class Scene:
    """What every test starts with."""

    world: SlackWorld
    time: StoryTime
    faults: Faults
    app: App
    support: Channel
    li: Person
    noor: Person
    client: AsyncWebClient
    stack: AsyncExitStack

    def listener(self) -> AsyncApp:
        """Return an empty bolt app with the installed app's secrets."""
        return AsyncApp(client=self.client, signing_secret=self.app.signing_secret, process_before_response=True)

    async def connect(self, bolt: AsyncApp) -> AsyncSocketModeHandler:
        """Connect a bolt app by Socket Mode and wait until the workspace has greeted it."""
        before = len(self.world.sockets.of(self.app))
        handler = AsyncSocketModeHandler(bolt, self.app.app_token)
        self.stack.push_async_callback(handler.close_async)
        connect: Callable[[], Awaitable[None]] = handler.connect_async
        await connect()
        await self.world.connected(self.app, before + 1)
        return handler


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A running workspace; the app is a member of #support, and so are Li and Noor."""
    time, faults = StoryTime(), Faults()
    world = SlackWorld(time, faults)
    await world.start()
    app = world.install_app()
    li, noor = world.create_person("Li", tz="Asia/Shanghai", locale="zh-CN"), world.create_person("Noor")
    support = world.create_channel("support", members=(li, noor, app))
    client = AsyncWebClient(token=app.bot_token, base_url=world.api_url, retry_handlers=[])
    async with AsyncExitStack() as stack:
        yield Scene(world, time, faults, app, support, li, noor, client, stack)
    await world.stop()
