"""How fast Discord lets us go: what its answers say is obeyed, what it would refuse is not sent."""

from datetime import timedelta

import pytest

from chatops.errors import RateLimited
from chatops.platforms.discord.buckets import MOST_KEPT, Buckets
from chatops.platforms.ports import Mark
from chatops.sandbox.faults import Trouble
from chatops.sandbox.storytime import StoryTime
from tests.platforms.discord.desk import HELLO, Desk, ProductTime


@pytest.mark.parametrize(("code", "pause"), [("user", 7), ("shared", 7), ("global", 7), ("cloudflare", 60)])
async def test_a_limit_says_for_how_long(desk: Desk, code: str, pause: int) -> None:
    thread = await desk.opened()
    desk.trouble("messages.create", Trouble.RATE_LIMITED, retry_after=7, code=code)
    with pytest.raises(RateLimited) as told:
        await desk.discord.post(thread, HELLO, "d-1")
    assert told.value.retry_after == timedelta(seconds=pause)


@pytest.mark.parametrize(("trouble", "code"), [("RATE_LIMITED", "global"), ("ERROR", "cloudflare")])
async def test_a_limit_on_everything_keeps_everything_quiet(desk: Desk, trouble: str, code: str) -> None:
    thread = await desk.opened()
    desk.trouble("messages.create", Trouble[trouble], retry_after=30, code=code)
    with pytest.raises(RateLimited):
        await desk.discord.post(thread, HELLO, "d-1")
    asked = len(desk.world.requests)
    with pytest.raises(RateLimited):
        await desk.discord.profile(desk.li.id)
    assert len(desk.world.requests) == asked
    desk.world.time.skip(timedelta(seconds=61))
    await desk.discord.post(thread, HELLO, "d-1")


async def test_what_discord_would_refuse_is_not_sent(desk: Desk) -> None:
    thread = await desk.opened()
    desk.world.limits.real()
    for number in range(5):
        await desk.discord.post(thread, HELLO, f"d-{number}")
    asked = len(desk.world.requests)
    with pytest.raises(RateLimited) as told:
        await desk.discord.post(thread, HELLO, "d-5")
    assert timedelta() < told.value.retry_after <= timedelta(seconds=5)
    assert len(desk.world.requests) == asked
    desk.world.time.skip(told.value.retry_after)
    await desk.discord.post(thread, HELLO, "d-5")
    assert {request.status for request in desk.world.requests} <= {200, 201}


async def test_marking_waits_for_a_window_that_ends_at_once(desk: Desk) -> None:
    thread = await desk.opened()
    answer = await desk.li_writes(thread, "On its way")
    desk.world.limits.real()
    await desk.discord.mark(desk.message(answer, thread), Mark.WAITING)
    await desk.discord.mark(desk.message(answer, thread), Mark.ACCEPTED)
    assert desk.marks_on(answer) == ["✅"]
    assert 429 not in {request.status for request in desk.world.requests}


def left(number: int, *, seconds: float = 5.0, bucket: str = "b") -> dict[str, str]:
    return {
        "X-RateLimit-Remaining": str(number),
        "X-RateLimit-Reset-After": str(seconds),
        "X-RateLimit-Bucket": bucket,
    }


def test_a_bucket_is_counted_down_and_fills_again() -> None:
    story = StoryTime()
    buckets = Buckets(ProductTime(story))
    assert not buckets.take("POST /messages", "1")
    buckets.learn("POST /messages", "1", left(2))
    assert [bool(buckets.take("POST /messages", "1")) for _ in range(3)] == [False, False, True]
    assert not buckets.take("POST /messages", "2")
    buckets.learn("POST /messages", "1", left(1))  # an answer that was overtaken
    assert buckets.take("POST /messages", "1")
    story.skip(timedelta(seconds=5))
    assert not buckets.take("POST /messages", "1")


def test_routes_of_one_bucket_are_counted_together() -> None:
    buckets = Buckets(ProductTime(StoryTime()))
    buckets.learn("PUT /reactions", "1", left(0))
    buckets.learn("DELETE /reactions", "1", left(0))
    assert buckets.take("DELETE /reactions", "1")


def test_what_cannot_be_read_and_what_is_long_over_is_forgotten() -> None:
    story = StoryTime()
    buckets = Buckets(ProductTime(story))
    buckets.learn("POST /messages", "1", {"X-RateLimit-Remaining": "none", "X-RateLimit-Reset-After": "1"})
    assert not buckets.take("POST /messages", "1")
    for number in range(MOST_KEPT):
        buckets.learn("POST /messages", str(number), left(0))
    story.skip(timedelta(seconds=6))
    buckets.learn("POST /messages", "last", left(0))
    assert not buckets.take("POST /messages", "1")
    assert buckets.take("POST /messages", "last")
