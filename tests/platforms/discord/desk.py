"""A team on a sandbox server, with the product's side of Discord connected to it over sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from chatops.platforms.discord.calls import TIMEOUT
from chatops.platforms.discord.client import DiscordPlatform
from chatops.platforms.ports import ChannelRef, MessageRef, ThreadRef
from chatops.sandbox.discord.channel import Channel, Thread
from chatops.sandbox.discord.member import App
from chatops.sandbox.discord.message import Message
from chatops.sandbox.discord.people import Person
from chatops.sandbox.discord.world import DiscordWorld
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.storytime import StoryTime
from chatops.times import SystemTime
from chatops.ui import Card, Quote

HELLO = Card(summary="Mia asks: where is my parcel?", title="Mia", parts=(Quote("where is my parcel?"),))
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200


@dataclass
class Desk:
    """A team on a sandbox server, with the product's side of Discord connected to it."""

    world: DiscordWorld
    app: App
    li: Person
    support: Channel
    tickets: Channel
    discord: DiscordPlatform

    @property
    def channel(self) -> ChannelRef:
        return ChannelRef(self.world.server.id, self.support.id)

    @property
    def forum(self) -> ChannelRef:
        return ChannelRef(self.world.server.id, self.tickets.id)

    def thread(self, thread_id: str, channel: ChannelRef | None = None) -> ThreadRef:
        return ThreadRef(self.world.server.id, (channel or self.channel).channel_id, thread_id)

    def head(self, thread: ThreadRef) -> MessageRef:
        return MessageRef(thread.workspace_id, thread.channel_id, thread.thread_id)

    def message(self, message_id: str, thread: ThreadRef) -> MessageRef:
        return MessageRef(thread.workspace_id, thread.channel_id, message_id, thread.thread_id)

    async def opened(self, channel: ChannelRef | None = None) -> ThreadRef:
        """Open a thread and return it."""
        channel = channel or self.channel
        head = await self.discord.open_thread(channel, HELLO, "d-head")
        return self.thread(head.external_id, channel)

    def below(self, thread: ThreadRef) -> Thread:
        """Return what the server keeps of a thread."""
        kept = self.world.server.channels[thread.thread_id]
        assert isinstance(kept, Thread)
        return kept

    def said(self, thread: ThreadRef) -> list[Message]:
        """Return what stands below a thread's head, oldest first."""
        return [message for key, message in self.below(thread).messages.items() if key != thread.thread_id]

    async def li_writes(self, thread: ThreadRef, text: str) -> str:
        """Let Li write into a thread; returns the message's id."""
        return await self.li.posts(self.below(thread), text)

    def marks_on(self, message_id: str) -> list[str]:
        """Return our marks on a message."""
        found = self.world.server.find_message(message_id)
        assert found
        return [emoji for emoji, who in found[1].reactions.items() if self.app.bot.id in who]

    async def pressed(self) -> str:
        """Return the trigger of the newest press, waiting for one if need be."""

        def newest() -> str:
            heard = [one.data for one in self.world.happenings if one.name == "INTERACTION_CREATE"]
            return f"{heard[-1]['id']}:{heard[-1]['token']}" if heard else ""

        return str(await self.world.until(newest, describe="a press"))

    def asked(self, name: str) -> int:
        """Return how often the product made this call."""
        return sum(request.name == name for request in self.world.requests)

    def trouble(self, name: str, trouble: Trouble, **how: Any) -> None:
        """Let the next call of this name go wrong."""
        self.world.faults.plan(Fault(name, trouble, **how))


@asynccontextmanager
async def open_desk() -> AsyncIterator[Desk]:
    world = DiscordWorld(StoryTime())
    await world.start()
    app = world.install_app()
    li = world.create_person("Li")
    support, tickets = world.create_channel("support"), world.create_forum("tickets", ["open"])
    discord = connect(world, app.token)
    yield Desk(world, app, li, support, tickets, discord)
    await discord.close()
    await world.stop()


class ProductTime(SystemTime):
    """The product's clock, which follows the story."""

    def __init__(self, story: StoryTime) -> None:
        self._story = story

    def now(self) -> datetime:
        return self._story.now()


def connect(
    world: DiscordWorld,
    token: str,
    *,
    timeout: aiohttp.ClientTimeout = TIMEOUT,
    page_size: int = 100,
) -> DiscordPlatform:
    return DiscordPlatform(
        token,
        time=ProductTime(world.time),
        api_url=world.api_url,
        timeout=timeout,
        page_size=page_size,
    )
