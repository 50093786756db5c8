"""Who a new buyer is stands on the card from the start, but never keeps other buyers' threads waiting."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlmodel import select

from chatops.delivery import into_thread
from chatops.delivery.hand import INTRODUCTIONS_AT_ONCE, Hand, Tools
from chatops.outbox import Kind
from chatops.platforms.ports import ChannelRef, MarketConversation, Receipt, ShopRef
from chatops.store import Store, Transaction
from chatops.store.lanes import Claimed, Delivery, InHand
from chatops.times import SystemTime
from chatops.ui import Card
from tests.desk.scenes import Desk

RUSH = 20


class Channel:
    """A chat platform that takes every card at once."""

    def __init__(self) -> None:
        self.cards: list[str] = []
        self.grew = asyncio.Condition()

    async def open_thread(self, _channel: ChannelRef, card: Card, _key: str) -> Receipt:
        async with self.grew:
            self.cards.append(card.summary)
            self.grew.notify_all()
        return Receipt(f"{len(self.cards)}.000001")

    async def shows(self, number: int) -> None:
        """Return once so many cards stand there."""
        async with asyncio.timeout(10), self.grew:
            await self.grew.wait_for(lambda: len(self.cards) >= number)


class Counter:
    """A marketplace that says who its buyers are, once it has the time."""

    def __init__(self) -> None:
        self.has_time = asyncio.Event()

    async def conversation(self, _shop: ShopRef, conversation_id: str) -> MarketConversation:
        await self.has_time.wait()
        name = conversation_id.removeprefix("conversation-").title()
        return MarketConversation(conversation_id, f"im-{conversation_id}", "", name, "", True, 1, None)

    async def latest_order(self, *_: object) -> None:
        return None


def tools_of(store: Store, channel: Channel, counter: Counter) -> Tools:
    return Tools(store, SystemTime(), lambda _: cast("Any", channel), cast("Any", counter), Path())


async def heads(store: Store, *names: str) -> list[Hand]:
    """Let new buyers write; return the heads of their threads, in a worker's hands."""

    def write(tx: Transaction) -> None:
        desk = Desk(tx)
        for name in names:
            desk.buyer(name).says("Where is my parcel?")

    await store.write(write)
    until = SystemTime().now() + timedelta(hours=1)
    opening = await store.read(lambda tx: tx.all(Delivery, select(Delivery).where(Delivery.kind == Kind.OPEN_THREAD)))
    in_hand = [InHand(**head.model_dump()) for head in opening]
    return [Hand(Claimed(head.lane, "", "", [head], 0, until), SystemTime()) for head in in_hand]


async def test_a_lone_new_buyer_is_called_by_name_on_the_first_card(store: Store) -> None:
    channel, counter = Channel(), Counter()
    [head] = await heads(store, "mia")
    counter.has_time.set()
    await into_thread.open_thread(tools_of(store, channel, counter), head)
    assert "Mia" in channel.cards[0]


async def test_in_a_rush_threads_open_though_the_shop_has_no_time_to_say_who_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(into_thread, "LEARN_WITHIN", 60.0)
    channel, counter = Channel(), Counter()
    tools = tools_of(store, channel, counter)
    rush = await heads(store, *(f"mia{number}" for number in range(RUSH)))
    async with asyncio.TaskGroup() as opening:
        for head in rush:
            opening.create_task(into_thread.open_thread(tools, head))
        await channel.shows(RUSH - INTRODUCTIONS_AT_ONCE)
        assert not any("Mia" in card for card in channel.cards)
        counter.has_time.set()
    assert sum("Mia" in card for card in channel.cards) == INTRODUCTIONS_AT_ONCE


async def test_a_shop_that_does_not_answer_keeps_nobodys_thread(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(into_thread, "LEARN_WITHIN", 0.01)
    channel = Channel()
    [head] = await heads(store, "mia")
    await into_thread.open_thread(tools_of(store, channel, Counter()), head)
    assert len(channel.cards) == 1
