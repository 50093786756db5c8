"""A team in a sandbox workspace, with the product's side of Slack connected to it over sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from chatops.platforms.ports import ChannelRef, MessageRef, ThreadRef
from chatops.platforms.slack.client import TIMEOUT, SlackPlatform
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.people import Person
from chatops.sandbox.slack.world import SlackWorld
from chatops.sandbox.storytime import StoryTime
from chatops.times import SystemTime
from chatops.ui import Card, Quote

HELLO = Card(summary="Mia asks: where is my parcel?", parts=(Quote("where is my parcel?"),))
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200


@dataclass
class Desk:
    """A team in a sandbox workspace, with the product's side of Slack connected to it."""

    world: SlackWorld
    app: App
    support: Channel
    li: Person
    slack: SlackPlatform

    @property
    def channel(self) -> ChannelRef:
        return ChannelRef(self.world.team.id, self.support.id)

    def thread(self, ts: str) -> ThreadRef:
        return ThreadRef(self.world.team.id, self.support.id, ts)

    def message(self, ts: str) -> MessageRef:
        return MessageRef(self.world.team.id, self.support.id, ts)

    async def opened(self) -> ThreadRef:
        """Open a thread and return it."""
        return self.thread((await self.slack.open_thread(self.channel, HELLO, "d-head")).external_id)

    def trouble(
        self, method: str, trouble: Trouble, *, code: str = "", retry_after: int | None = None, seconds: float = 0.0
    ) -> None:
        """Let the next call of `method` go wrong."""
        self.world.faults.plan(Fault(method, trouble, code=code, retry_after=retry_after, seconds=seconds))


@asynccontextmanager
async def open_desk() -> AsyncIterator[Desk]:
    world = SlackWorld(StoryTime())
    await world.start()
    app = world.install_app(socket_mode=False)
    li = world.create_person("Li", tz="Europe/London", locale="en-GB")
    support = world.create_channel("support", members=[app, li])
    slack = connect(world, app.bot_token)
    yield Desk(world, app, support, li, slack)
    await slack.close()
    await world.stop()


class ProductTime(SystemTime):
    """The product's clock, which follows the story."""

    def __init__(self, story: StoryTime) -> None:
        self._story = story

    def now(self) -> datetime:
        return self._story.now()


def connect(
    world: SlackWorld, token: str, *, timeout: aiohttp.ClientTimeout = TIMEOUT, page_size: int = 200
) -> SlackPlatform:
    return SlackPlatform(
        {world.team.id: token},
        time=ProductTime(world.time),
        base_url=world.api_url,
        timeout=timeout,
        page_size=page_size,
    )
