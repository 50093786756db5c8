"""One ticket in a thread of a sandbox server, and the product's ears connected to its gateway."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from chatops.config import Config
from chatops.model.message import Message
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.model.workspace import PlatformName
from chatops.platforms.discord.client import DiscordPlatform
from chatops.platforms.ports import ChannelRef, ThreadRef
from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.channel import Thread as Post
from chatops.sandbox.discord.member import App
from chatops.sandbox.discord.people import Person
from chatops.sandbox.discord.world import DiscordWorld
from chatops.sandbox.storytime import StoryTime
from chatops.store import Store
from chatops.store.lanes import Delivery
from chatops.store.transaction import Transaction
from chatops.ui import Button, Card, Controls, Menu
from handlers.discord import context
from handlers.discord.edge import DiscordEdge
from handlers.discord.gateway import Patience
from tests.handlers.slack.desk import eventually, furnish, ticket_card
from tests.stories.cast import StoryClock

QUICK = Patience(
    greeting=5.0, dead_after=1.0, look_every=0.05, between=timedelta(), longest=timedelta(), settled=timedelta()
)


@dataclass
class Desk:
    """What every story here starts with: the forum with Li and Noor, and Mia's ticket in a post."""

    world: DiscordWorld
    app: App
    forum: Channel
    li: Person
    noor: Person
    store: Store
    clock: StoryClock
    discord: DiscordPlatform
    config: Config
    edge: DiscordEdge
    head: str

    @property
    def post(self) -> Post:
        """Return the ticket's post."""
        found = self.world.server.channels[self.head]
        assert isinstance(found, Post)
        return found

    async def says(self, person: Person, text: str) -> str:
        """Let somebody write in the post."""
        return await person.posts(self.post, text)

    async def rests(self) -> None:
        """Return once everything that happened was heard."""

        async def so() -> bool:
            await self.world.settled()
            return not self.edge.busy

        await eventually(so)

    async def said(self) -> list[tuple[str, str]]:
        """Return state and words of what the team wrote in the ticket."""
        await self.rests()
        found = await self.store.read(all_messages)
        return [(message.state.value, message.text or message.kind) for message in found]

    async def comes_to_say(self, *said: tuple[str, str]) -> None:
        """Wait until that is what the team wrote in the ticket."""

        async def so() -> bool:
            return await self.said() == [*said]

        await eventually(so)

    async def ticket(self) -> Ticket:
        """Return the ticket as it is now."""
        await self.rests()
        [found] = await self.store.read(_tickets)
        return found

    async def thread(self) -> Thread:
        """Return the ticket's thread as we know it."""
        [found] = await self.store.read(_threads)
        return found

    async def whispers(self) -> list[str]:
        """Return what people are about to be told privately."""
        await self.rests()
        waiting = [found for found in await self.store.read(_deliveries) if found.kind == "whisper"]
        return [found.args["facts"].get("reason") or found.args["about"] for found in waiting]

    async def removals(self) -> list[str]:
        """Return the messages of ours that are about to be removed."""
        await self.rests()
        return [found.args["message_id"] for found in await self.store.read(_deliveries) if found.kind == "remove"]

    async def shows(self, *controls: Button | Menu, text: str = "Choose") -> str:
        """Post a message with buttons into the post and return its id."""
        place = ThreadRef(self.world.server.id, self.forum.id, self.head)
        card = Card(summary=text, parts=(Controls(controls),))
        return (await self.discord.post(place, card, f"d-{text}")).external_id

    async def connected(self) -> None:
        """Return once the gateway has greeted us."""
        await once(self.edge.connected)


def slow_database(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let nothing be kept until what is returned is set, and nobody be patient for long."""
    free, write = asyncio.Event(), desk.store.write

    async def late(unit: Any, *args: Any) -> Any:
        await free.wait()
        return await write(unit, *args)

    monkeypatch.setattr(desk.store, "write", late)
    monkeypatch.setattr(context, "PROMISE_AFTER", 0.05)
    return free


async def once(condition: Callable[[], Any]) -> None:
    """Wait for something that nobody announces."""

    async def so() -> bool:
        return bool(condition())

    await eventually(so)


def all_messages(tx: Transaction) -> list[Message]:
    return tx.all(Message, select(Message).order_by(col(Message.lane_seq), col(Message.id)))


def _tickets(tx: Transaction) -> list[Ticket]:
    return tx.all(Ticket, select(Ticket))


def _threads(tx: Transaction) -> list[Thread]:
    return tx.all(Thread, select(Thread))


def _deliveries(tx: Transaction) -> list[Delivery]:
    return tx.all(Delivery, select(Delivery).order_by(col(Delivery.lane), col(Delivery.seq)))


@asynccontextmanager
async def open_desk(store: Store, *, listening: bool = True) -> AsyncIterator[Desk]:
    """Set the scene."""
    story = StoryTime()
    world = DiscordWorld(story)
    world.sessions.identify_seconds = 0
    async with AsyncExitStack() as stack:
        await world.start()
        stack.push_async_callback(world.stop)
        app = world.install_app()
        li, noor = world.create_person("Li"), world.create_person("Noor")
        forum = world.create_forum("support")
        clock = StoryClock(story)
        discord = DiscordPlatform(app.token, time=clock, api_url=world.api_url)
        stack.push_async_callback(discord.close)
        channel = ChannelRef(world.server.id, forum.id)
        head = (await discord.open_thread(channel, ticket_card(), "d-head")).external_id
        await store.write(furnish, world.server.id, forum.id, head, PlatformName.DISCORD)
        config = Config.model_validate(
            {"DISCORD_TOKEN": app.token, "DISCORD_API_URL": world.api_url, "DISCORD_GATEWAY_URL": world.gateway_url}
        )
        edge = DiscordEdge(config, store, discord, clock, "replica-1", QUICK)
        desk = Desk(world, app, forum, li, noor, store, clock, discord, config, edge, head)
        if listening:
            await edge.start()
            await desk.connected()
            await edge.caught_up()
        stack.push_async_callback(edge.stop)
        yield desk
