"""`chatops deliveries`, `chatops inbox`: what is stuck is seen, tried again or dropped, whoever holds the database."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlmodel import select

from chatops.cli.orders import order
from chatops.errors import SetupError
from chatops.model.inbox import Inbox, InboxState
from chatops.model.message import Message
from chatops.store import lanes
from chatops.store.transaction import Transaction
from tests.cli.installation import Installation, lines

T = TypeVar("T")
Write = Callable[[Callable[[Transaction], Any]], Awaitable[Any]]
Opened = Callable[[Installation], Any]
BUYER, THREAD = "buyer:7495540735365777507:1", "thread:T0TEAM:C0SUPPORT:1"


@asynccontextmanager
async def nobody_runs(desk: Installation) -> AsyncIterator[Write]:
    """The command opens the database itself."""
    yield desk.write


@asynccontextmanager
async def somebody_runs(desk: Installation) -> AsyncIterator[Write]:
    """Another process holds the database, and takes orders."""
    async with desk.order_socket() as store:
        yield store.write


both = pytest.mark.parametrize("opened", [nobody_runs, somebody_runs])


def no_limit(_: str) -> None:
    """Let everything go at any pace."""


def now() -> datetime:
    return datetime.now(UTC)


def put(tx: Transaction, lane: str) -> None:
    lanes.put(tx, lane=lane, scope="s", wide="w", priority=1, kind="post", args={}, not_before=now(), now=now())


def stuck(tx: Transaction) -> None:
    """One lane waits for a person with one delivery behind; of another lane one delivery was given up."""
    put(tx, BUYER)
    put(tx, BUYER)
    put(tx, THREAD)
    claimed = lanes.claim(tx, owner="w", now=now(), lease=timedelta(minutes=1), lanes=2, per_lane=1, limits=no_limit)
    assert {one.lane for one in claimed} == {BUYER, THREAD}
    outcomes: list[lanes.Outcome] = [
        lanes.Hold(BUYER, "the shop is disconnected"),
        lanes.GiveUp(THREAD, 1, "is_archived"),
    ]
    lanes.settle(tx, outcomes, owner="w", now=now(), limits=no_limit)


def waiting(tx: Transaction) -> list[str]:
    """Return the lanes somebody could claim now, with one line for each delivery in hand."""
    found = lanes.claim(tx, owner="x", now=now(), lease=timedelta(), lanes=9, per_lane=9, limits=no_limit)
    return sorted(f"{one.lane} {delivery.seq}" for one in found for delivery in one.deliveries)


@both
async def test_when_all_is_well_the_lists_say_so(desk: Installation, opened: Opened) -> None:
    async with opened(desk):
        assert lines(await desk.chatops("deliveries")) == ["Nothing is stuck."]
        assert lines(await desk.chatops("inbox")) == ["Everything was understood."]


@both
async def test_what_is_stuck_is_listed_with_the_reason_and_what_to_type(desk: Installation, opened: Opened) -> None:
    async with opened(desk) as write:
        await write(stuck)
        shown = lines(await desk.chatops("deliveries"))
    held = next(line for line in shown if BUYER in line)
    given_up = next(line for line in shown if THREAD in line)
    assert held.split()[0] == "held"
    assert "the shop is disconnected" in held
    assert given_up.split()[0] == "1"
    assert "is_archived" in given_up
    assert any(line.startswith("→ chatops deliveries retry LANE ") for line in shown)
    assert any("chatops deliveries drop LANE SEQ" in line for line in shown)


@both
async def test_a_held_lane_goes_on(desk: Installation, opened: Opened) -> None:
    async with opened(desk) as write:
        await write(stuck)
        assert lines(await desk.chatops("deliveries", "retry", BUYER)) == ["It goes again now."]
        assert await write(waiting) == [f"{BUYER} 1", f"{BUYER} 2"]


@both
async def test_what_was_given_up_is_tried_again(desk: Installation, opened: Opened) -> None:
    async with opened(desk) as write:
        await write(stuck)
        assert lines(await desk.chatops("deliveries", "retry", THREAD, "1")) == ["It goes again now."]
        assert await write(waiting) == [f"{THREAD} 2"]
        shown = "\n".join(lines(await desk.chatops("deliveries", "retry", THREAD, "1"), 1))
    assert "There is nothing like that (any more)" in shown


@both
async def test_dropping_asks_first_and_lets_the_next_one_go(desk: Installation, opened: Opened) -> None:
    async with opened(desk) as write:
        await write(stuck)
        assert "Nothing was changed." in lines(await desk.chatops("deliveries", "drop", BUYER, typed="n\n"), 1)
        assert await write(waiting) == []
        said = lines(await desk.chatops("deliveries", "drop", BUYER, "--yes"))
        assert said == ["Dropped; what waited behind it goes on."]
        assert await write(waiting) == [f"{BUYER} 2"]


@both
async def test_what_was_given_up_is_forgotten(desk: Installation, opened: Opened) -> None:
    async with opened(desk) as write:
        await write(stuck)
        assert lines(await desk.chatops("deliveries", "drop", THREAD, "1", "--yes"))
        assert not any(THREAD in line for line in lines(await desk.chatops("deliveries")))


async def test_check_counts_what_is_stuck(desk: Installation) -> None:
    await desk.write(stuck)
    fact = "lanes that wait for a person: 1; deliveries that were given up: 1"
    seen = await desk.check()
    assert fact in seen.doubts
    assert "`chatops deliveries`" in seen.remedies[fact]


# The inbox


def keep(external_id: str, body: str) -> Callable[[Transaction], None]:
    """A notification that an older version did not understand."""

    def unit(tx: Transaction) -> None:
        tx.insert(
            Inbox(
                source="tiktok_shop",
                external_id=external_id,
                scope="7495540735365777507",
                received_at=now(),
                state=InboxState.FAILED,
                kind="14",
                body=body,
                fault="a shape nobody knows",
            )
        )

    return unit


async def a_buyers_message(desk: Installation) -> str:
    """Return the raw notification of something Mia says, which reached nobody yet."""
    desk.world.cast.shop_app.webhook_url = "http://127.0.0.1:9/nobody"
    await desk.world.cast.mia.says("Is it vegan?")
    return next(one.body.decode() for one in desk.world.tiktok.webhooks if b"vegan" in one.body)


@both
async def test_what_was_not_understood_is_listed_without_its_words(desk: Installation, opened: Opened) -> None:
    async with opened(desk) as write:
        await write(keep("7380066284010030890", '{"secret words": 1}'))
        shown = "\n".join(lines(await desk.chatops("inbox")))
    assert "7380066284010030890" in shown
    assert "a shape nobody knows" in shown
    assert "chatops inbox retry" in shown
    assert "secret words" not in shown


@both
async def test_it_is_taken_in_by_a_version_that_understands_it(desk: Installation, opened: Opened) -> None:
    body = await a_buyers_message(desk)
    async with opened(desk) as write:
        await write(keep("1", body))
        await write(keep("2", '{"type": 14}'))
        assert lines(await desk.chatops("inbox", "retry")) == ["Taken in: 1. Still not understood: 1."]
        assert len(lines(await desk.chatops("inbox"))) == 3  # head, the one that is left, what to type
        texts = await write(lambda tx: [one.text for one in tx.all(Message, select(Message))])
    assert texts == ["Is it vegan?"]


@both
async def test_one_is_dropped(desk: Installation, opened: Opened) -> None:
    async with opened(desk) as write:
        await write(keep("1", "{}"))
        assert lines(await desk.chatops("inbox", "drop", "1")) == ["Dropped."]
        assert lines(await desk.chatops("inbox")) == ["Everything was understood."]
        assert "There is nothing like that" in "\n".join(lines(await desk.chatops("inbox", "drop", "1"), 1))


async def test_an_order_a_running_process_of_another_version_does_not_know_is_told(desk: Installation) -> None:
    async with desk.order_socket():
        with pytest.raises(SetupError, match="there is no order dance"):
            await order("dance", {})


async def test_a_socket_that_a_killed_process_left_behind_is_no_obstacle(desk: Installation) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind("data/control.sock")
    left.close()
    assert lines(await desk.chatops("deliveries")) == ["Nothing is stuck."]
