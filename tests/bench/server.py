"""The servers of the intake measure, each a process of its own: `python -m tests.bench.server WHAT DATABASE_URL`.

All of them are the product's own listener (uvicorn with uvloop and httptools) and differ in what they do before they
answer. Prints its port, then serves until told to end.
"""

import asyncio
import signal
import sys
import threading
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import uvloop
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlmodel import Session, select
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route as HttpRoute

import migrations
from chatops.app import spare_collector
from chatops.desk import desk_toml, intake, setup
from chatops.model.conversation import Conversation
from chatops.model.facts import MarketMessage
from chatops.model.inbox import Inbox, InboxState
from chatops.model.message import Author, Message, MessageState
from chatops.model.shop import Shop
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket, TicketKind, TicketState
from chatops.outbox import Kind, thread_lane
from chatops.store import Keyring, Store, open_store
from chatops.store.lanes import Delivery, Lane
from chatops.store.postgres import engines
from chatops.store.sqlite import file_of, writing_engine
from chatops.store.store import LOCK_WAIT
from chatops.times import SystemTime
from handlers.http.body import Answer, with_body
from handlers.http.serving import Listener
from handlers.tiktok import payloads
from handlers.tiktok.inbox import InboxReader, Receipts
from handlers.tiktok.payloads import LARGEST_NOTIFICATION, MessageArrived, News, Notification
from handlers.tiktok.signature import genuine
from handlers.tiktok.webhook import ShopWebhook
from tests.bench.notifications import APP_KEY, APP_SECRET
from tests.bench.notifications import desk_toml as the_desk

PATH = "/tiktok/shop/webhook"
KEYS = Keyring([urlsafe_b64encode(bytes(32)).decode()])  # the same for every server of a database


async def hello(_headers: Mapping[str, str], _body: bytes) -> Response:
    """Say hello, whatever was asked."""
    return PlainTextResponse("hello")


async def parse_only(headers: Mapping[str, str], body: bytes) -> Response:
    """Verify and parse as the product does, keep nothing."""
    understood(headers, body)
    return Response(status_code=200)


def understood(headers: Mapping[str, str], body: bytes) -> tuple[Notification, News]:
    """Return the notification in a request whose signature is right, and what it tells."""
    if not genuine(APP_KEY, APP_SECRET, headers.get("Authorization"), body):
        raise ValueError("not one of ours")
    notification = payloads.recognize(body)
    return notification, payloads.news_of(notification)


class OrmWebhook:
    """Verifies and parses as the product does, then one ORM session and one commit for each request.

    The session runs in a thread (the SQLite drivers for asyncio do the same); on SQLite one at a time, because it takes
    one writer. The conversations are known already: the product made them.
    """

    def __init__(self, engine: Engine, *, whole: bool) -> None:
        self._engine = engine
        self._whole = whole
        self._one_writer = threading.Lock()

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one notification."""
        await asyncio.to_thread(self._keep, *understood(headers, body))
        return Response(status_code=200)

    def _keep(self, heard: Notification, news: News) -> None:
        with self._one_writer, Session(self._engine) as session:
            if session.get(Inbox, ("tiktok_shop", heard.id)) is None:
                self._receipt(session, heard)
                if self._whole and isinstance(news, MessageArrived):
                    self._message(session, heard.shop_id, news.message)
            session.commit()

    def _receipt(self, session: Session, heard: Notification) -> None:
        session.add(
            Inbox(
                source="tiktok_shop",
                external_id=heard.id,
                scope=heard.shop_id,
                received_at=SystemTime().now(),
                state=InboxState.DONE,
                kind=str(heard.type),
            )
        )

    def _message(self, session: Session, shop_id: str, heard: MarketMessage) -> None:
        """Read and write what the product reads and writes for a message in a known conversation."""
        now = SystemTime().now()
        conversation = session.get(Conversation, (shop_id, heard.conversation_id))
        assert session.get(Shop, shop_id) is not None
        assert conversation is not None
        ticket = session.exec(
            select(Ticket).where(
                Ticket.shop_id == shop_id,
                Ticket.conversation_id == conversation.id,
                Ticket.kind == TicketKind.CHAT,
                Ticket.state == TicketState.OPEN,
            )
        ).one()
        session.add(a_message(shop_id, heard, ticket))
        for thread in session.exec(select(Thread).where(Thread.shop_id == shop_id, Thread.ticket_id == ticket.id)):
            lane = session.get_one(Lane, thread_lane(thread))
            lane.next_seq += 1
            args = {
                "workspace_id": thread.workspace_id,
                "thread_id": thread.id,
                "shop_id": shop_id,
                "message_id": heard.external_id,
            }
            session.add(
                Delivery(lane=lane.key, seq=lane.next_seq, kind=Kind.MIRROR, args=args, not_before=now, created_at=now)
            )


def a_message(shop_id: str, heard: MarketMessage, ticket: Ticket) -> Message:
    """Return the row of a message that a buyer wrote."""
    return Message(
        shop_id=shop_id,
        id=heard.external_id,
        conversation_id=heard.conversation_id,
        ticket_id=ticket.id,
        external_id=heard.external_id,
        index=heard.index,
        author=Author.BUYER,
        kind=heard.kind,
        content=heard.content,
        plaintext=heard.plaintext,
        visible=heard.visible,
        state=MessageState.RECEIVED,
        said_at=heard.at,
    )


@asynccontextmanager
async def opened(url: str, batch_limit: int = 256) -> AsyncIterator[Store]:
    """Give the store with the desk of the measures in it."""
    time = SystemTime()
    await asyncio.to_thread(migrations.upgrade, url)
    store = open_store(url, time=time, keys=KEYS, batch_limit=batch_limit)
    await store.start()
    await store.write(setup.apply, desk_toml.parse(the_desk()), time.now())
    try:
        yield store
    finally:
        await store.close()


class OneByOne(Receipts):
    """Keeps each notification with a commit of its own."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.store = store

    async def keep(self, notification: intake.Notification) -> None:
        """Return when the notification is committed."""
        await self.store.write(intake.received, [notification])


@asynccontextmanager
async def product(what: str, url: str) -> AsyncIterator[Answer]:
    """Give the product's own webhook: keeping and taking in, keeping only, or one commit for each receipt."""
    one_each = what == "product-one-commit-each"
    async with opened(url, 1 if one_each else 256) as store:
        receipts = OneByOne(store) if one_each else Receipts(store)
        reader = InboxReader(store, store.time, receipts)
        reading = asyncio.create_task(reader.run()) if what == "product" else None
        yield ShopWebhook(receipts, store.time, APP_KEY, APP_SECRET).__call__
        if reading is not None:
            reading.cancel()


@asynccontextmanager
async def answering(what: str, url: str) -> AsyncIterator[Answer]:
    """Give what answers: "hello", "parse", "product" (also "-keeps", "-one-commit-each"), "orm", "orm-receipt"."""
    match what:
        case "hello":
            yield hello
        case "parse":
            yield parse_only
        case "product" | "product-keeps" | "product-one-commit-each":
            async with product(what, url) as answer:
                yield answer
        case "orm-receipt" | "orm":
            engine = an_engine(url)
            yield OrmWebhook(engine, whole=what == "orm").__call__
            engine.dispose()
        case _:
            raise ValueError(what)


def an_engine(url: str) -> Engine:
    """Return the product's own writing engine: the same driver, the same durability."""
    address = make_url(url)
    is_file = address.get_backend_name() == "sqlite"
    engine = writing_engine(file_of(address), LOCK_WAIT) if is_file else engines(address, 1, 1)[0]
    KEYS.install(engine)
    return engine


async def serve(what: str, url: str) -> None:
    """Serve until told to end."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with answering(what, url) as answer:
        listener = Listener(
            Starlette(routes=[HttpRoute(PATH, with_body(answer, LARGEST_NOTIFICATION), methods=["POST"])])
        )
        await listener.start()
        spare_collector()
        sys.stdout.write(f"{listener.port}\n")
        sys.stdout.flush()
        await ended.wait()
        await listener.stop()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], sys.argv[2]))
