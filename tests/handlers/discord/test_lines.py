"""What is heard keeps its order in each place, and nothing heard is dropped because the database is busy."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from structlog.testing import capture_logs

from chatops.errors import Busy
from handlers.discord import lines as module
from handlers.discord.lines import Lines
from tests.handlers.discord.desk import once

PATIENCE = 5.0  # seconds


def unused() -> None:
    """Nothing flows over."""
    raise AssertionError


def writing(into: list[str], word: str) -> Callable[[], Awaitable[None]]:
    """Return work that writes a word down, after giving others a chance to be quicker."""

    async def write() -> None:
        await asyncio.sleep(0)
        into.append(word)

    return write


async def test_each_place_keeps_its_order_and_none_waits_for_another() -> None:
    heard: list[str] = []
    never = asyncio.Event()
    lines = Lines(unused)
    lines.join("stuck", lambda: waits(never))
    for word in "abc":
        lines.join("lively", writing(heard, word))
    await once(lambda: heard == ["a", "b", "c"])
    assert lines.busy
    await lines.finish(0)


async def waits(for_ever: asyncio.Event) -> None:
    await for_ever.wait()


async def test_neighbours_with_numbers_go_in_their_order_and_pass_nobody_without() -> None:
    heard: list[str] = []
    lines = Lines(unused)
    for word, number in (("second", 2), ("first", 1), ("deleted", 0), ("fourth", 4), ("third", 3)):
        lines.join("thread", writing(heard, word), number)
    await lines.finish(PATIENCE)
    assert heard == ["first", "second", "deleted", "third", "fourth"]


async def test_what_the_database_cannot_take_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.001)
    heard: list[str] = []
    refusals = [Busy(), Busy(), Busy()]

    async def stubborn() -> None:
        if refusals:
            raise refusals.pop()
        heard.append("at last")

    lines = Lines(unused)
    lines.join("thread", stubborn)
    lines.join("thread", writing(heard, "behind it"))
    await lines.finish(PATIENCE)
    assert heard == ["at last", "behind it"]


async def test_what_cannot_be_understood_does_not_stop_what_stands_behind_it() -> None:
    heard: list[str] = []

    async def odd() -> None:
        raise KeyError("what Mia wrote")

    lines = Lines(unused)
    lines.join("thread", odd)
    lines.join("thread", writing(heard, "behind it"))
    with capture_logs() as logged:
        await lines.finish(PATIENCE)
    assert heard == ["behind it"]
    assert [(line["event"], line["error"]) for line in logged] == [("incident", "KeyError")]


async def test_more_than_may_wait_is_found_in_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    heard: list[str] = []
    flowed: list[int] = []
    lines = Lines(partial(flowed.append, 1))
    for word in "abcde":
        lines.join("thread", writing(heard, word))
    assert flowed == []
    await lines.finish(PATIENCE)
    assert (heard, flowed) == (["a", "b"], [1])
    lines.join("thread", writing(heard, "f"))
    await lines.finish(PATIENCE)
    assert (heard, flowed) == (["a", "b", "f"], [1])
