"""Direct messages that ring people up: once, whoever dies in between; and calls out of the chat that nobody needs."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlmodel import select

from chatops import outbox_oncall
from chatops.delivery import into_direct, summoning
from chatops.delivery import outlets as outside
from chatops.delivery.hand import Carrier, Hand, Result, Tools
from chatops.delivery.worker import Worker
from chatops.desk import definitions, outlets, paging
from chatops.desk.definitions import Defined
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.outlet import Outlet, OutletKind, Turn
from chatops.model.page import How, NoticeState, PageNotice, Summons, Why
from chatops.model.ticket import Ticket
from chatops.model.workspace import PlatformName, Workspace
from chatops.outbox import Kind
from chatops.platforms.ports import Call, MessageRef, PersonRef
from chatops.rules.escalation import Escalation, Step
from chatops.rules.targets import Urgency
from chatops.store import Store, Transaction, lanes
from chatops.times import SystemTime
from chatops.ui import Card
from tests.desk.scenes import NOON, TEAM, Desk

NOBODY = cast("Any", None)


@dataclass
class Chat:
    """A chat platform with one direct message; `hangs`: it takes the message and never says so."""

    hangs: bool = False
    asked: list[str] = field(default_factory=list)  # where to write, as far as the product knew
    posted: list[str] = field(default_factory=list)
    redrawn: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def direct(self, person: PersonRef, _card: Card, delivery: str) -> MessageRef:
        self.asked.append(person.channel_id)
        self.posted.append(delivery)
        self.begun.set()
        if self.hangs:
            await asyncio.Event().wait()
        self.done.set()
        return MessageRef(person.workspace_id, "D0LI", "1.1")

    async def find_direct(self, person: PersonRef, delivery: str, _since: datetime) -> MessageRef | None:
        if delivery not in self.posted:
            return None
        self.done.set()
        return MessageRef(person.workspace_id, "D0LI", "1.1")

    async def redraw(self, _message: MessageRef, _card: Card) -> None:
        self.redrawn += 1
        self.done.set()


@dataclass
class Phone:
    """What is said through outlets."""

    heard: list[Turn] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)  # somebody was heard to have it

    async def send(self, kind: OutletKind, address: str, call: Call) -> None:  # noqa: ARG002 - one phone
        self.heard.append(call.turn)
        if call.turn is Turn.ACKNOWLEDGE:
            self.done.set()

    async def close(self) -> None:
        pass


def call_li(tx: Transaction) -> None:
    """Let Li be called about a buyer's ticket, and by phone."""
    desk = Desk(tx)
    desk.teammate("li")
    mia = desk.buyer("mia")
    mia.says("Where is my parcel?")
    desk.carry_out()
    crew = Escalation("team", (Step(("agent li", "outlet phone"), "5m"),))
    definitions.define(tx, Defined(DefinitionKind.ESCALATION, "front", crew), None, NOON)
    outlets.add(tx, Outlet(name="phone", kind=OutletKind.PAGERDUTY, address="k" * 32, made_at=NOON))
    assert paging.summon(tx, desk.ticket(mia), "front", Why.ASKED, Urgency.PAGE, NOON)


def worker(
    store: Store, chat: Chat, owner: str, phone: Phone | None = None, rings: Carrier = summoning.summon
) -> Worker:
    async def skip(_: Tools, hand: Hand) -> Result:
        return Result(hand.claimed.deliveries[-1].seq)

    carriers: dict[str, Carrier] = {**dict.fromkeys(Kind, skip), Kind.SUMMON: rings}
    if phone is not None:
        carriers[Kind.OUTLET] = outside.outlet
    tools = Tools(store, SystemTime(), lambda _: cast("Any", chat), NOBODY, Path(), outlets=phone)
    return Worker(tools, carriers, lambda _: None, owner)


async def carried_out(
    store: Store,
    chat: Chat,
    owner: str,
    until: asyncio.Event,
    phone: Phone | None = None,
    rings: Carrier = summoning.summon,
) -> None:
    """Let a worker go on until something has happened."""
    one = worker(store, chat, owner, phone, rings)
    running = asyncio.create_task(one.run())
    async with asyncio.timeout(10):
        await until.wait()
    await one.stop(timedelta(seconds=1))
    await running


def written_in(tx: Transaction) -> dict[str, str]:
    """Return where Li is written to, by workspace."""
    return {one.workspace_id: one.direct_channel_id for one in tx.all(Agent, select(Agent))}


def notices(tx: Transaction) -> list[NoticeState]:
    return [one.state for one in tx.all(PageNotice, select(PageNotice))]


async def news(tools: Tools, hand: Hand) -> Result:
    """Carry what else is written to people: their shift begins, say."""
    return await into_direct.written(tools, hand, Card(summary="Your shift begins"))


async def test_who_dies_between_the_message_and_its_receipt_rings_nobody_up_twice(store: Store) -> None:
    await store.write(call_li)
    chat = Chat(hangs=True)
    await carried_out(store, chat, "dies", chat.begun)
    assert await store.read(notices) == [NoticeState.RINGING]
    await store.write(lanes.free_all)
    chat.hangs = False
    await carried_out(store, chat, "next", chat.done)
    assert (len(chat.posted), chat.redrawn) == (1, 1)
    assert await store.read(notices) == [NoticeState.TOLD]
    [one] = await store.read(lambda tx: tx.all(Summons, select(Summons)))
    assert (one.channel_id, one.message_id) == ("D0LI", "1.1")


async def test_what_else_is_written_to_people_is_looked_for_before_it_is_written_again(store: Store) -> None:
    await store.write(call_li)
    chat = Chat(hangs=True)
    await carried_out(store, chat, "dies", chat.begun, rings=news)
    await store.write(lanes.free_all)
    await carried_out(store, chat, "next", chat.done, rings=news)
    assert len(chat.posted) == 1
    assert await store.read(written_in) == {TEAM: "D0LI"}


@pytest.mark.parametrize("before", [summoning.summon, news])
async def test_who_was_written_to_before_is_rung_up_there(store: Store, before: Carrier) -> None:
    def rings_again(tx: Transaction) -> None:
        [notice] = tx.all(PageNotice, select(PageNotice))
        tx.insert(Summons(workspace_id=TEAM, agent_id="li", number=2, rung_at=NOON))
        tx.update(notice, state=NoticeState.RINGING, told_at=None, summons=2)
        outbox_oncall.summon(tx, TEAM, "li", 2, NOON)

    def elsewhere(tx: Transaction) -> None:
        tx.insert(Workspace(id="discord:99", name="elsewhere", platform=PlatformName.DISCORD, locale="en"))
        tx.insert(Agent(workspace_id="discord:99", id="li"))

    await store.write(call_li)
    await store.write(elsewhere)
    chat = Chat()
    await carried_out(store, chat, "first", chat.done, rings=before)
    await store.write(rings_again)
    chat.done.clear()
    await carried_out(store, chat, "second", chat.done)
    assert chat.asked == ["", "D0LI"]
    assert len(chat.posted) == 2
    assert await store.read(written_in) == {TEAM: "D0LI", "discord:99": ""}


async def test_what_joins_a_message_in_the_moment_it_rings_rings_by_the_next(store: Store) -> None:
    """The other replica saw no message yet when it let the page join."""
    await store.write(call_li)
    chat = Chat()
    await carried_out(store, chat, "first", chat.done)

    def joins(tx: Transaction) -> None:
        [notice] = tx.all(PageNotice, select(PageNotice))
        tx.update(notice, state=NoticeState.RINGING, told_at=None)
        outbox_oncall.summon(tx, TEAM, "li", 1, NOON)

    await store.write(joins)
    chat.done.clear()
    await carried_out(store, chat, "second", chat.done)
    assert (len(chat.posted), chat.redrawn) == (1, 1)
    assert await store.read(notices) == [NoticeState.WAITING]


async def test_nobody_is_called_outside_for_what_somebody_has_by_now(store: Store) -> None:
    def takes(tx: Transaction) -> None:
        [ticket] = tx.all(Ticket, select(Ticket))
        assert paging.acknowledged(tx, ticket, Agent(workspace_id=TEAM, id="li"), NOON, How.TAKEN)

    await store.write(call_li)
    await store.write(takes)
    phone = Phone()
    await carried_out(store, Chat(), "phones", phone.done, phone)
    assert phone.heard == [Turn.ACKNOWLEDGE]
