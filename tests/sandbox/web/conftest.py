"""A visitor at the page: both worlds, the page's server, a real browser, and the app's side of Slack."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import ConsoleMessage, Error, Locator, Page, Request, expect
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from chatops.sandbox.watching import PATIENCE
from chatops.sandbox.web.server import PageServer
from chatops.sandbox.world import Cast, World
from tests.chromium import running_browser

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk would send even loopback traffic through the environment's proxy."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)


@dataclass
class Visit:
    """What a visitor sees, and the other end of each wire."""

    world: World
    cast: Cast
    server: PageServer
    page: Page
    client: AsyncWebClient
    stack: AsyncExitStack
    asked: list[str]  # every address the browser asked for
    complaints: list[str]  # what the browser's console said

    def watch(self) -> None:
        """Write down what the browser asks for and complains of."""
        self.page.on("request", self._asks)
        self.page.on("console", self._says)
        self.page.on("pageerror", self._fails)

    def look_away(self) -> None:
        """Leave the page to the next visit."""
        self.page.remove_listener("request", self._asks)
        self.page.remove_listener("console", self._says)
        self.page.remove_listener("pageerror", self._fails)

    def _asks(self, request: Request) -> None:
        self.asked.append(request.url)

    def _says(self, said: ConsoleMessage) -> None:
        self.complaints.append(said.text)

    def _fails(self, error: Error) -> None:
        self.complaints.append(str(error))

    async def posts_card(self, text: str = "Mia writes", **more: Any) -> str:
        """Let the app post into #support; returns the ts."""
        answer = await self.client.chat_postMessage(channel=self.cast.support.id, text=text, **more)
        return str(answer["ts"])

    def bolt(self) -> AsyncApp:
        """Return an app without listeners."""
        return AsyncApp(client=self.client, signing_secret=self.cast.slack_app.signing_secret)

    async def connect(self, bolt: AsyncApp) -> None:
        """Let the app listen by Socket Mode."""
        handler = AsyncSocketModeHandler(bolt, self.cast.slack_app.app_token)
        self.stack.push_async_callback(handler.close_async)
        connect: Callable[[], Awaitable[None]] = handler.connect_async  # slack_bolt leaves it untyped
        await connect()
        await self.world.slack.connected(self.cast.slack_app)

    @property
    def phone(self) -> Locator:
        """The left half."""
        return self.page.get_by_label("The buyer's phone")

    @property
    def channel(self) -> Locator:
        """The cards."""
        return self.page.get_by_label("Channel", exact=True)

    @property
    def thread(self) -> Locator:
        """The open thread with its composer."""
        return self.page.get_by_label("Thread", exact=True)

    def message(self, ts: str) -> Locator:
        """A message in the open thread."""
        return self.thread.locator(f'[data-ts="{ts}"]')

    async def stop_serving(self) -> None:
        """Stop the page's server; the worlds go on."""
        await self.server.stop()

    async def serve_again(self) -> None:
        """Start a new server at the address of the stopped one."""
        port = urlsplit(self.page.url).port or 0
        self.server = PageServer(self.world)
        await self.server.start(port)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def window() -> AsyncIterator[Page]:
    """One window of one browser for all visits: opening one takes longer than most of them."""
    async with running_browser() as browser:
        yield await browser.new_page(timezone_id="Europe/London")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(window: Page) -> AsyncIterator[Visit]:
    """The page, just opened, at the size of a small laptop; no other visit's page had its address."""
    async with World() as world, AsyncExitStack() as stack:
        cast = await world.set_the_scene()
        server = PageServer(world)
        await server.start()
        await window.set_viewport_size({"width": 1280, "height": 800})
        client = AsyncWebClient(token=cast.slack_app.bot_token, base_url=world.slack.api_url, retry_handlers=[])
        visit = Visit(world, cast, server, window, client, stack, [], [])
        visit.watch()
        await window.goto(server.url)
        await window.get_by_label("Write as Mia").wait_for()
        yield visit
        await window.goto("about:blank")
        visit.look_away()
        await visit.server.stop()
