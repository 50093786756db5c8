"""What a process finds that goes on where another one was killed, or works beside it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlmodel import select

from chatops.delivery.hand import Hand, Tools
from chatops.delivery.into_channel import posted
from chatops.delivery.into_thread import open_thread, spoken, told
from chatops.delivery.media import shown_in
from chatops.desk import alarms, definitions, replies
from chatops.desk.definitions import Defined
from chatops.errors import Unavailable
from chatops.model import agent as agents
from chatops.model import message as messages
from chatops.model.definition import DefinitionKind
from chatops.model.message import Author, Message, MessageState
from chatops.outbox import Kind
from chatops.outbox_oncall import page_channel
from chatops.platforms.ports import ChannelRef, Receipt, ShopRef, ThreadRef, Upload
from chatops.rules.targets import Metric, ServiceLevel, Target, Urgency
from chatops.sandbox.tiktok.pictures import plain_png
from chatops.store import Store, Transaction
from chatops.store.lanes import Claimed, Delivery, InHand
from chatops.times import SystemTime
from chatops.ui import Card
from tests.desk.scenes import NOON, SHOP, SUPPORT, TEAM, Desk

PICTURE = plain_png(16, 16)


class Team:
    """A chat platform that shows a card already, and takes pictures."""

    def __init__(self) -> None:
        self.uploaded: list[bytes] = []
        self.opened: list[Card] = []

    async def find(self, _place: ChannelRef, _delivery: str, since: datetime) -> Receipt:
        return Receipt("1.000001", since)

    async def open_thread(self, _channel: ChannelRef, card: Card, _delivery: str) -> Receipt:
        self.opened.append(card)
        return Receipt("1.000001", NOON)

    async def upload(self, _place: ThreadRef, upload: Upload) -> str:
        self.uploaded.append(upload.path.read_bytes())
        return f"F{len(self.uploaded)}"


class Shelf:
    """A marketplace that has the picture and tells nothing about buyers."""

    async def fetch_media(self, _shop: ShopRef, _url: str, _limit: int) -> bytes:
        return PICTURE

    async def conversation(self, *_: object) -> None:
        raise Unavailable("unreachable")


def tools_of(store: Store, team: Team, folder: Path) -> Tools:
    return Tools(store, SystemTime(), lambda _: cast("Any", team), cast("Any", Shelf()), folder)


def hand_with(head: InHand, *, in_doubt: bool = False, scope: str = "") -> Hand:
    until = SystemTime().now() + timedelta(hours=1)
    return Hand(Claimed(head.lane, scope, "", [head], head.seq if in_doubt else 0, until), SystemTime())


def waiting(tx: Transaction, kind: Kind) -> list[Delivery]:
    return tx.all(Delivery, select(Delivery).where(Delivery.kind == kind))


async def test_a_card_that_a_killed_process_posted_is_redrawn(store: Store) -> None:
    def mia_writes(tx: Transaction) -> None:
        Desk(tx).buyer("mia").says("Where is my parcel?")

    await store.write(mia_writes)
    [opening] = await store.read(waiting, Kind.OPEN_THREAD)
    opened = await open_thread(
        tools_of(store, Team(), Path()), hand_with(InHand(**opening.model_dump()), in_doubt=True)
    )
    assert opened.apply is not None
    await store.write(opened.apply)
    assert len(await store.read(waiting, Kind.REDRAW)) == 1


async def test_what_a_killed_process_said_of_a_clock_is_not_said_again_and_its_card_follows(store: Store) -> None:
    def a_promise_breaks(tx: Transaction) -> None:
        desk = Desk(tx)
        level = ServiceLevel((Target(Metric.FIRST_RESPONSE, "5m", warn=(), urgency=Urgency.CHANNEL),))
        definitions.define(tx, Defined(DefinitionKind.SERVICE_LEVEL, "all", level), None, NOON)
        desk.buyer("mia").says("Where is my parcel?")
        desk.passes(minutes=6)
        assert len(alarms.raise_due(tx, desk.now)) == 1

    await store.write(a_promise_breaks)
    [telling] = await store.read(waiting, Kind.TOLD)
    assert await store.read(waiting, Kind.REDRAW) == []
    said = await told(tools_of(store, Team(), Path()), hand_with(InHand(**telling.model_dump()), in_doubt=True))
    assert said.apply is not None
    await store.write(said.apply)
    assert [card.args["thread_id"] for card in await store.read(waiting, Kind.REDRAW)] == [telling.args["thread_id"]]


async def test_an_answer_that_a_killed_process_posted_is_not_posted_again(store: Store) -> None:
    def li_sends_a_macro(tx: Transaction) -> str:
        desk = Desk(tx)
        mia = desk.buyer("mia")
        mia.says("Where is my parcel?")
        desk.teammate("li")
        li = agents.get(tx, TEAM, "li")
        assert li is not None
        return replies.write(tx, desk.thread(mia), li, "press", "On its way", (), desk.now, posted=False)[0].id

    answer = await store.write(li_sends_a_macro)
    [saying] = await store.read(waiting, Kind.SPOKEN)
    said = await spoken(tools_of(store, Team(), Path()), hand_with(InHand(**saying.model_dump()), in_doubt=True))
    assert said.apply is not None
    await store.write(said.apply)
    kept = await store.read(messages.get, SHOP, answer)
    assert kept is not None
    assert kept.source_id == "1.000001"
    assert [mark.args["source_id"] for mark in await store.read(waiting, Kind.MARK)] == ["1.000001"]


async def test_a_cry_that_a_killed_process_posted_is_not_posted_again(store: Store) -> None:
    await store.write(page_channel, TEAM, SUPPORT, {}, NOON)
    [crying] = await store.read(waiting, Kind.PAGE_CHANNEL)
    team, card, cry = Team(), Card(summary="Mia waits"), InHand(**crying.model_dump())
    for in_doubt in (False, True):
        done = await posted(tools_of(store, team, Path()), hand_with(cry, in_doubt=in_doubt), card)
        assert done.through == crying.seq
    assert team.opened == [card]


async def test_a_picture_that_lies_with_another_replica_is_fetched_again(store: Store, tmp_path: Path) -> None:
    now = SystemTime().now()
    head = InHand("thread:1", 1, Kind.MIRROR, {}, not_before=now, attempts=0, last_error=None, created_at=now)
    picture = Message(
        shop_id="1",
        id="m1",
        conversation_id="c1",
        author=Author.BUYER,
        kind="IMAGE",
        content={"url": "https://pictures.example/parcel.png"},
        state=MessageState.RECEIVED,
        said_at=now,
    )
    team = Team()
    for replica, workspace in (("one", "T0TEAM"), ("two", "T0OTHER")):
        place = ThreadRef(workspace, "C0SUPPORT", "1.0")
        turn = hand_with(head, scope=f"chat/{workspace}/file")
        file, fault = await shown_in(tools_of(store, team, tmp_path / replica), turn, place, picture)
        assert (bool(file), fault) == (True, "")
    assert team.uploaded == [PICTURE, PICTURE]
