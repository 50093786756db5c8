"""A platform that hangs keeps only its own half of the hands; what goes to the other one goes on."""

import asyncio
from datetime import UTC, datetime

import pytest

from chatops.delivery.hand import Hand, Result, Tools
from chatops.outbox import Kind
from chatops.store import Store, Transaction, lanes
from tests.delivery.test_worker import Spoken, working

MANY = 200  # more than there are hands, and than one claim looks at


def put(tx: Transaction, scope: str, number: int) -> None:
    now = datetime.now(UTC)
    priority = 1 if scope == "shop/1/send" else 2
    args = {"word": f"{scope} {number}"}
    lane = f"{scope}:{number}"
    lanes.put(
        tx, lane=lane, scope=scope, wide="", priority=priority, kind=Kind.NOTICE, args=args, not_before=now, now=now
    )


@pytest.mark.parametrize(
    ("hangs", "goes_on"), [("shop/1/send", "chat/T0TEAM/post/C0SUPPORT"), ("chat/T0TEAM/post/C0SUPPORT", "shop/1/send")]
)
async def test_a_platform_that_hangs_does_not_silence_the_other_one(store: Store, hangs: str, goes_on: str) -> None:
    spoken, gate = Spoken(), asyncio.Event()

    async def carry(_: Tools, hand: Hand) -> Result:
        word = hand.first.args["word"]
        if word.startswith(hangs):
            await gate.wait()
        spoken.say(word)
        return Result(hand.first.seq)

    def rush(tx: Transaction) -> None:
        for number in range(MANY):
            put(tx, hangs, number)
        for number in range(MANY):
            put(tx, goes_on, number)

    await store.write(rush)
    async with working(store, carry):
        await spoken.until(lambda: len(spoken.words) == MANY)
        assert all(word.startswith(goes_on) for word in spoken.words)
        gate.set()
        await spoken.until(lambda: len(spoken.words) == 2 * MANY)


async def test_a_full_side_waits_for_a_free_hand_and_takes_no_turns_meanwhile(store: Store) -> None:
    spoken, gate = Spoken(), asyncio.Event()

    async def carry(_: Tools, hand: Hand) -> Result:
        spoken.say("taken")
        await gate.wait()
        return Result(hand.first.seq)

    def rush(tx: Transaction) -> None:
        for number in range(MANY):
            put(tx, "shop/1/send", number)

    await store.write(rush)
    async with working(store, carry):
        await spoken.until(lambda: len(spoken.words) == 32)
        await store.write(lambda tx: put(tx, "chat/T0TEAM/update", 0))
        await spoken.until(lambda: len(spoken.words) == 33)
        before = store.figures.units
        for _ in range(20):
            await store.write(lambda _tx: None)
        assert store.figures.units - before <= 20 + 2
        gate.set()
        await spoken.until(lambda: len(spoken.words) == MANY + 1)
