"""The worker: order, isolation, and what it leaves behind when it stops."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from sqlmodel import select

from chatops.delivery import worker
from chatops.delivery.hand import Carrier, Hand, Result, Tools
from chatops.delivery.worker import Worker
from chatops.errors import Unwritable
from chatops.model import message as messages
from chatops.model.message import MessageState
from chatops.outbox import Kind
from chatops.platforms.ports import ChatPlatform, Marketplace
from chatops.store import lanes
from chatops.store.lanes import Limit
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import SystemTime, TimeSource
from tests.desk.scenes import SHOP, Desk

NOBODY = cast("Any", None)


def put(tx: Transaction, lane: str, kind: str, word: str) -> None:
    now = datetime.now(UTC)
    lanes.put(tx, lane=lane, scope=lane, wide="", priority=1, kind=kind, args={"word": word}, not_before=now, now=now)


@asynccontextmanager
async def working(
    store: Store,
    carry: Carrier,
    owner: str = "worker",
    time: TimeSource | None = None,
    *,
    patience: float = 1,
    limits: Callable[[str], Limit | None] = lambda _: None,
) -> AsyncIterator[Worker]:
    """Run a worker; at the end what it has in hand may take as many seconds as `patience` says."""

    def chat(_: str) -> ChatPlatform:
        return cast("ChatPlatform", NOBODY)

    tools = Tools(store, time or SystemTime(), chat, cast("Marketplace", NOBODY), Path())
    worker = Worker(tools, dict.fromkeys(Kind, carry), limits, owner)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        await worker.stop(timedelta(seconds=patience))
        await running


class Spoken:
    """What was carried out, and a way to wait for it."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._more = asyncio.Event()

    def say(self, word: str) -> None:
        self.words.append(word)
        self._more.set()

    def has(self, word: str, times: int) -> bool:
        return self.words.count(word) == times

    async def until(self, enough: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not enough():
                self._more.clear()
                await self._more.wait()


async def test_each_lane_is_carried_out_in_order_however_slow_one_of_them_is(store: Store) -> None:
    spoken, gate = Spoken(), asyncio.Event()

    async def carry(_: Tools, hand: Hand) -> Result:
        if hand.first.args["word"] == "slow 0":
            await gate.wait()
        spoken.say(hand.first.args["word"])
        return Result(hand.first.seq)

    for number in range(5):
        for lane in ("slow", "quick"):
            await store.write(put, f"thread:{lane}", Kind.NOTICE, f"{lane} {number}")
    async with working(store, carry):
        await spoken.until(lambda: spoken.words.count("quick 4") == 1)
        assert not any(word.startswith("slow") for word in spoken.words)
        gate.set()
        await spoken.until(lambda: len(spoken.words) == 10)
    assert [word for word in spoken.words if word.startswith("quick")] == [f"quick {n}" for n in range(5)]
    assert [word for word in spoken.words if word.startswith("slow")] == [f"slow {n}" for n in range(5)]


async def test_more_lanes_than_fit_into_the_hands_are_all_carried_out_without_another_bell(store: Store) -> None:
    spoken = Spoken()

    async def carry(_: Tools, hand: Hand) -> Result:
        spoken.say(hand.first.args["word"])
        return Result(hand.first.seq)

    for number in range(200):
        await store.write(put, f"thread:{number}", Kind.NOTICE, str(number))
    async with working(store, carry):
        await spoken.until(lambda: len(spoken.words) >= 200)
    assert sorted(spoken.words, key=int) == [str(number) for number in range(200)]


async def test_pictures_keep_to_the_pace_of_files_and_hold_up_no_words_elsewhere(store: Store) -> None:
    spoken, time, files = Spoken(), Ahead(), ("chat/T/file", "chat/T/post/C")

    async def carry(_: Tools, hand: Hand) -> Result:
        for word in hand.first.args["word"].split():
            if word.startswith("picture"):
                hand.takes_turn(files)
            spoken.say(word)
        return Result(hand.first.seq)

    def limit(scope: str) -> Limit | None:
        return Limit(1, timedelta(hours=1)) if scope == files[0] else None

    for number in range(3):
        await store.write(put, f"thread:{number}", Kind.MIRROR, f"picture{number}")
    await store.write(put, "thread:words", Kind.MIRROR, "words")
    async with working(store, carry, time=time, limits=limit):
        await spoken.until(lambda: len(spoken.words) == 2)
        assert "words" in spoken.words
        for shown in (3, 4):
            time.by += timedelta(hours=1)
            await store.write(put, "thread:words", Kind.MIRROR, "")
            await spoken.until(lambda shown=shown: len(spoken.words) == shown)  # type: ignore[misc]
    assert sorted(spoken.words) == ["picture0", "picture1", "picture2", "words"]


async def test_a_receipt_that_cannot_be_written_stops_its_own_lane_only(store: Store) -> None:
    spoken = Spoken()

    async def carry(_: Tools, hand: Hand) -> Result:
        word = hand.first.args["word"]

        def apply(_: Transaction) -> None:
            if word == "bad":
                raise RuntimeError("a bug in the desk")

        spoken.say(word)
        return Result(hand.first.seq, apply)

    await store.write(put, "thread:bad", Kind.NOTICE, "bad")
    await store.write(put, "thread:good", Kind.NOTICE, "good")
    async with working(store, carry):
        await spoken.until(lambda: len(spoken.words) == 2)
        await store.write(put, "thread:good", Kind.NOTICE, "good again")
        await spoken.until(lambda: "good again" in spoken.words)
    held = await store.read(lambda tx: [lane.key for lane in lanes.held_lanes(tx)])
    assert held == ["thread:bad"]
    assert spoken.words.count("bad") == 1


async def test_a_receipt_that_cannot_be_written_is_told_to_who_wrote_the_answer(store: Store) -> None:
    def ask(tx: Transaction) -> str:
        desk = Desk(tx)
        mia, li = desk.buyer("mia"), desk.teammate("li")
        mia.says("Where is my parcel?")
        desk.carry_out()
        li.says("On its way", mia)
        return desk.message("On its way").id

    def cannot(_: Transaction) -> None:
        raise RuntimeError("a bug in the desk")

    async def carry(_: Tools, hand: Hand) -> Result:
        return Result(hand.first.seq, cannot if hand.first.kind == Kind.REPLY else None)

    answer = await store.write(ask)
    async with working(store, carry), asyncio.timeout(10):
        found = await store.read(messages.get, SHOP, answer)
        while found is not None and found.state == MessageState.WAITING:
            found = await store.read(messages.get, SHOP, answer)
    assert found is not None
    assert (found.state, found.fault) == (MessageState.FAILED, "unsure")


async def test_what_was_in_hand_when_the_worker_had_to_go_is_looked_for_by_the_next(store: Store) -> None:
    begun, doubts = asyncio.Event(), Spoken()

    async def hang(_: Tools, hand: Hand) -> Result:
        begun.set()
        await asyncio.Event().wait()
        return Result(hand.first.seq)

    async def look(_: Tools, hand: Hand) -> Result:
        doubts.say("in doubt" if hand.in_doubt else "fresh")
        return Result(hand.first.seq)

    await store.write(put, "thread:one", Kind.NOTICE, "said?")
    async with working(store, hang, patience=0.05):
        await begun.wait()
    await store.write(put, "thread:one", Kind.NOTICE, "not yet said")
    await store.write(lanes.free_all)
    async with working(store, look, "next worker"):
        await doubts.until(lambda: len(doubts.words) == 2)
    assert doubts.words == ["in doubt", "fresh"]


async def test_a_stopped_worker_leaves_nothing_unsettled_that_was_finished(store: Store) -> None:
    spoken = Spoken()

    async def carry(_: Tools, hand: Hand) -> Result:
        spoken.say(hand.first.args["word"])
        return Result(hand.first.seq)

    for number in range(50):
        await store.write(put, f"thread:{number}", Kind.NOTICE, str(number))
    async with working(store, carry):
        await spoken.until(lambda: len(spoken.words) >= 20)
    left = await store.read(lambda tx: len(tx.all(lanes.Delivery, select(lanes.Delivery))))
    assert left == 50 - len(spoken.words)
    assert len(set(spoken.words)) == len(spoken.words)


class Ahead(SystemTime):
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


async def test_a_lane_that_came_back_while_a_call_hung_goes_on_when_its_second_carrier_is_done(store: Store) -> None:
    spoken, time, gates = Spoken(), Ahead(), [asyncio.Event(), asyncio.Event()]

    async def carry(_: Tools, hand: Hand) -> Result:
        word = hand.first.args["word"]
        spoken.say(word)
        if word == "hangs":
            await gates[spoken.words.count("hangs") - 1].wait()
            spoken.say("done")
        return Result(hand.first.seq)

    await store.write(put, "thread:one", Kind.NOTICE, "hangs")
    async with working(store, carry, time=time):
        await spoken.until(lambda: spoken.words == ["hangs"])
        time.by = timedelta(minutes=2)
        await store.write(put, "thread:two", Kind.NOTICE, "ring")
        await spoken.until(lambda: spoken.words.count("hangs") == 2)
        for number, gate in enumerate(gates, start=1):
            gate.set()
            await spoken.until(partial(spoken.has, "done", number))
        await store.write(put, "thread:one", Kind.NOTICE, "next")
        await spoken.until(lambda: "next" in spoken.words)


async def test_the_worker_goes_on_when_the_disk_fills_up_while_a_receipt_is_set_aside(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken, tries, write, refusals = Spoken(), count(1), store.write, [Unwritable("disk full")]
    newest = 0

    async def carry(_: Tools, hand: Hand) -> Result:
        def apply(_: Transaction) -> None:
            nonlocal newest
            newest = next(tries)
            raise RuntimeError("a bug in the desk")

        spoken.say(hand.first.args["word"])
        return Result(hand.first.seq, apply if hand.first.args["word"] == "bad" else None)

    async def until_full(*unit: Any, **facts: Any) -> Any:
        if newest == 2 and refusals:  # in company, then alone: now it is set aside
            spoken.say("(full)")
            raise refusals.pop()
        return await write(*unit, **facts)

    monkeypatch.setattr(store, "write", until_full)
    await store.write(put, "thread:bad", Kind.NOTICE, "bad")
    async with working(store, carry):
        await spoken.until(lambda: "(full)" in spoken.words)
        await store.write(put, "thread:good", Kind.NOTICE, "good")
        await spoken.until(lambda: "good" in spoken.words)


async def test_nothing_is_given_up_because_the_database_could_not_be_asked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "WHEN_BUSY", timedelta(0))
    spoken, refusals = Spoken(), [Unwritable("gone"), Unwritable("gone"), Unwritable("gone")]

    async def carry(_: Tools, hand: Hand) -> Result:
        if refusals:
            raise refusals.pop()
        spoken.say(hand.first.args["word"])
        spoken.say(f"{hand.first.attempts} tries, in doubt: {hand.in_doubt}")
        return Result(hand.first.seq)

    await store.write(put, "thread:one", Kind.MIRROR, "hello")
    async with working(store, carry):
        await spoken.until(lambda: "hello" in spoken.words)
    assert spoken.words == ["hello", "0 tries, in doubt: True"]
    assert await store.read(lanes.undelivered) == []


async def test_what_hangs_when_the_worker_stops_is_given_back_at_once_and_in_doubt(store: Store) -> None:
    begun, doubts = asyncio.Event(), Spoken()

    async def hang(_: Tools, hand: Hand) -> Result:
        begun.set()
        await asyncio.Event().wait()
        return Result(hand.first.seq)

    async def look(_: Tools, hand: Hand) -> Result:
        doubts.say("in doubt" if hand.in_doubt else "fresh")
        return Result(hand.first.seq)

    await store.write(put, "thread:one", Kind.NOTICE, "said?")
    async with working(store, hang, patience=0.05):
        await begun.wait()
    async with working(store, look, "another replica"):
        await doubts.until(lambda: doubts.has("in doubt", 1))
