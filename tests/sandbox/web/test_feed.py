"""The feed: followed live, caught up with after a break, gathered when much happens at once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from chatops.sandbox.web import feed as feeds
from chatops.sandbox.web.feed import Feed


class Reader:
    """A browser's end of the feed."""

    def __init__(self, feed: Feed, last_id: str = "") -> None:
        self._events = feed.follow(last_id)
        self.last_id = last_id

    async def next(self) -> tuple[str, dict[str, Any]]:
        """Return kind and body of the next event."""
        event = await asyncio.wait_for(anext(self._events), 10)
        fields = dict(line.split(": ", 1) for line in event.strip().splitlines())
        self.last_id = fields["id"]
        return fields["event"], json.loads(fields["data"])


@asynccontextmanager
async def following(shown: dict[str, Any]) -> AsyncIterator[Feed]:
    """Give a running feed of `shown`."""
    feed = Feed(lambda: shown)
    feed.start()
    yield feed
    await feed.stop()


async def test_a_new_browser_gets_everything_and_then_the_news() -> None:
    shown = {"a": 1, "b": 2}
    async with following(shown) as feed:
        reader = Reader(feed)
        assert await reader.next() == ("everything", {"set": {"a": 1, "b": 2}})
        shown |= {"a": 3}
        del shown["b"]
        feed.touch()
        assert await reader.next() == ("change", {"set": {"a": 3}, "gone": ["b"]})


async def test_after_a_break_only_what_was_missed_is_told() -> None:
    shown = {"a": 1}
    async with following(shown) as feed:
        first, witness = Reader(feed), Reader(feed)
        await first.next()
        await witness.next()
        shown["b"] = 2
        feed.touch()
        await witness.next()

        assert await Reader(feed, first.last_id).next() == ("change", {"set": {"b": 2}, "gone": []})


async def test_a_browser_of_an_earlier_run_gets_everything() -> None:
    async with following({"a": 1}) as feed:
        for stranger in ("deadbeef-7", "nonsense", "-", f"{feed._run}-99"):
            assert (await Reader(feed, stranger).next())[0] == "everything"


async def test_a_browser_that_was_away_for_too_long_gets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "KEPT", 2)
    shown = {"a": 0}
    async with following(shown) as feed:
        sleeper, witness = Reader(feed), Reader(feed)
        await sleeper.next()
        await witness.next()
        for number in range(1, 5):
            shown["a"] = number
            feed.touch()
            await witness.next()

        assert await sleeper.next() == ("everything", {"set": {"a": 4}})
        assert await Reader(feed, sleeper.last_id[:-1] + "1").next() == ("everything", {"set": {"a": 4}})


async def test_much_at_once_is_told_at_once() -> None:
    shown = {"a": 0}
    async with following(shown) as feed:
        reader = Reader(feed)
        await reader.next()
        for number in range(1, 1001):
            shown["a"] = number
            feed.touch()
        assert await reader.next() == ("change", {"set": {"a": 1000}, "gone": []})


async def test_the_end_of_the_feed_is_the_end_of_every_reader() -> None:
    async with following({"a": 1}) as feed:
        reader = Reader(feed)
        await reader.next()
        waiting = asyncio.ensure_future(reader.next())
        await feed.stop()
        with pytest.raises(StopAsyncIteration):
            await waiting
