"""One ticket in a thread of a sandbox workspace, and the product's ears connected to it over sockets or HTTP."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import uvicorn
from slack_bolt.async_app import AsyncApp
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.routing import Route

from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.desk import shown
from chatops.model.conversation import Conversation
from chatops.model.message import Message
from chatops.model.setting import Setting
from chatops.model.shop import Authorization, Shop
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket, TicketKind
from chatops.model.workspace import PlatformName, Workspace
from chatops.platforms.ports import ChannelRef, MessageRef, ThreadRef
from chatops.platforms.slack.client import SlackPlatform
from chatops.refs import ticket_ref
from chatops.rules import languages
from chatops.sandbox.slack import SlackWorld
from chatops.sandbox.slack import messages as world_messages
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Message as Said
from chatops.sandbox.slack.people import Person
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.watching import PATIENCE
from chatops.store import Store
from chatops.store.lanes import Delivery
from chatops.store.transaction import Transaction
from chatops.times import SystemTime
from chatops.ui import Button, Card, Controls, Menu, Quote
from handlers.http.body import with_body
from handlers.slack import CatchUp, Context, SlackEndpoint, SocketSupervisor, build_app
from handlers.slack import catch_up as catch_up_with
from handlers.slack.endpoint import LARGEST_EVENT

SHOP, CONVERSATION, TICKET = "7495540735365777507", "7494560109732334261", "7494560109732334261.1"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200


class ProductTime(SystemTime):
    """The product's clock, which follows the story."""

    def __init__(self, story: StoryTime) -> None:
        self._story = story

    def now(self) -> datetime:
        return self._story.now()


@dataclass
class Desk:
    """What every story here starts with: #support with Li and Noor, and Mia's ticket in a thread."""

    world: SlackWorld
    app: App
    support: Channel
    li: Person
    noor: Person
    store: Store
    context: Context
    bolt: AsyncApp
    catch_up: CatchUp
    head: str

    async def messages(self) -> list[Message]:
        """Return what the team wrote in the ticket, once nothing is on its way any more."""
        await self.world.settled()
        return await self.store.read(_messages)

    async def said(self) -> list[tuple[str, str]]:
        """Return state and words of what the team wrote in the ticket."""
        return [(message.state.value, message.text or message.kind) for message in await self.messages()]

    async def comes_to_say(self, *said: tuple[str, str]) -> None:
        """Wait until that is what the team wrote in the ticket."""

        async def so() -> bool:
            return await self.said() == [*said]

        await eventually(so)

    async def ticket(self) -> Ticket:
        await self.world.settled()
        return await self.store.read(_ticket)

    async def deliveries(self, kind: str) -> list[Delivery]:
        """Return the effects of one kind that wait to be carried out."""
        await self.world.settled()
        return [found for found in await self.store.read(_deliveries) if found.kind == kind]

    async def whispers(self) -> list[str]:
        """Return what people are about to be told privately."""
        waiting = await self.deliveries("whisper")
        return [found.args["facts"].get("reason") or found.args["about"] for found in waiting]

    async def seen(self) -> str:
        """Return how far the thread was compared."""
        return (await self.store.read(_thread)).seen_id

    async def shows(self, *controls: Button | Menu, text: str = "Choose") -> str:
        """Post a message with buttons into the thread and return its ts."""
        card = Card(summary=text, parts=(Controls(controls),))
        thread = ThreadRef(self.world.team.id, self.support.id, self.head)
        return (await self.context.slack.post(thread, card, f"d-{text}")).external_id

    async def redrawn(self, ts: str) -> None:
        """Replace one of our own messages."""
        await self.context.slack.redraw(MessageRef(self.world.team.id, self.support.id, ts), Card(summary="Changed"))

    def says_from(self, person: Person, team_id: str, text: str) -> None:
        """Let a guest from another workspace write in the thread."""
        ts = self.world.workspace.mint_ts()
        self.support.members.append(person.id)
        said = Said(self.support.id, ts, team_id, text, user=person.id, thread_ts=self.head)
        world_messages.post(self.world.workspace, self.support, said)

    def says_as(self, app: App, text: str) -> None:
        """Let another app write in the thread."""
        app.join(self.support)
        said = world_messages.app_message(self.world.workspace, self.support, app, text, self.head)
        world_messages.post(self.world.workspace, self.support, said)


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that nobody announces."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            turn = asyncio.Event()
            asyncio.get_running_loop().call_later(0.01, turn.set)
            await turn.wait()


async def _begun(context: Context) -> bool:
    """Tell whether the session has looked through the channels: what a test does next is not part of its start."""
    return context.gap.closed


def _messages(tx: Transaction) -> list[Message]:
    return tx.all(Message, select(Message).order_by(col(Message.id)))


def _deliveries(tx: Transaction) -> list[Delivery]:
    return tx.all(Delivery, select(Delivery).order_by(col(Delivery.lane), col(Delivery.seq)))


def _ticket(tx: Transaction) -> Ticket:
    found = tx.one(Ticket, select(Ticket))
    assert found is not None
    return found


def _thread(tx: Transaction) -> Thread:
    found = tx.one(Thread, select(Thread))
    assert found is not None
    return found


def furnish(
    tx: Transaction, workspace_id: str, channel_id: str, head: str, platform: PlatformName = PlatformName.SLACK
) -> None:
    """Make a connected shop with one open ticket, shown in a thread; nobody is asked about answers that cross."""
    tx.insert(Setting(name="crossing_seconds", value=0))
    tx.insert(Workspace(id=workspace_id, name="team", platform=platform, locale="en"))
    tx.insert(
        Authorization(
            id="open-1",
            seller_name="maomao",
            access_token="a",
            access_expires_at=LONG_AGO,
            refresh_token="r",
            refresh_expires_at=LONG_AGO,
            granted_scopes="",
        )
    )
    tx.insert(Shop(id=SHOP, name="maomao-gb", timezone="Europe/London", locale="en", authorization_id="open-1"))
    tx.insert(Conversation(shop_id=SHOP, id=CONVERSATION, tickets=1))
    tx.insert(Ticket(shop_id=SHOP, id=TICKET, conversation_id=CONVERSATION, kind=TicketKind.CHAT, opened_at=LONG_AGO))
    thread = opening(tx, workspace_id, channel_id, f"{SHOP}/{TICKET}")
    shown.thread_opened(tx, thread, head, 1, LONG_AGO)


def opening(tx: Transaction, workspace_id: str, channel_id: str, name: str) -> Thread:
    """Let a thread of the ticket be on its way into a channel: nobody knows its head yet."""
    thread = Thread(
        workspace_id=workspace_id,
        id=f"{channel_id}/{name}",
        channel_id=channel_id,
        shop_id=SHOP,
        ticket_id=TICKET,
        locale="en",
        created_at=LONG_AGO,
    )
    tx.insert(thread)
    return thread


def ticket_card() -> Card:
    """Return a ticket card with its buttons."""
    ref = ticket_ref(SHOP, TICKET)
    buttons = tuple(button(verb, ref) for verb in (Verb.CLAIM, Verb.RESOLVE, Verb.REOPEN))
    return Card(summary="Mia asks: where is my parcel?", parts=(Quote("where is my parcel?"), Controls(buttons)))


@asynccontextmanager
async def open_desk(store: Store, *, listening: str = "socket") -> AsyncIterator[Desk]:
    """Set the scene; `listening` is socket, http or nobody."""
    languages.load()  # a second that nobody shall wait for whose press is to be acknowledged in three
    story = StoryTime()
    world = SlackWorld(story)
    async with AsyncExitStack() as stack:
        await world.start()
        stack.push_async_callback(world.stop)
        app = world.install_app(socket_mode=listening != "http")
        li, noor = world.create_person("Li"), world.create_person("Noor")
        support = world.create_channel("support", members=[app, li, noor])
        time = ProductTime(story)
        slack = SlackPlatform({world.team.id: app.bot_token}, time=time, base_url=world.api_url)
        stack.push_async_callback(slack.close)
        head = (await slack.open_thread(ChannelRef(world.team.id, support.id), ticket_card(), "d-head")).external_id
        await store.write(furnish, world.team.id, support.id, head)
        context = Context(store, time, slack, await slack.identity(app.bot_token))
        bolt = build_app(context, app.bot_token, world.api_url)
        catch_up = catch_up_with(context, bolt.client, app.bot_token)
        if listening == "socket":
            supervisor = SocketSupervisor(bolt, app.app_token, catch_up.new_session)
            await supervisor.start()
            stack.push_async_callback(supervisor.close)
            await world.connected(app)
            await eventually(lambda: _begun(context))
        elif listening == "http":
            app.request_url = await stack.enter_async_context(serving(bolt, app.signing_secret, time))
        yield Desk(world, app, support, li, noor, store, context, bolt, catch_up, head)


@asynccontextmanager
async def serving(bolt: AsyncApp, secret: str, time: SystemTime) -> AsyncIterator[str]:
    """Serve the endpoint on loopback and give its address."""
    endpoint = SlackEndpoint(bolt, secret, time)
    web = Starlette(routes=[Route("/slack/events", with_body(endpoint, LARGEST_EVENT), methods=["POST"])])
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(web, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
        running = asyncio.create_task(server.serve(sockets=[door]))
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}/slack/events"
        finally:
            server.should_exit = True
            await running
