"""Discord's rate limits, switched on."""

from datetime import timedelta

import discord
import pytest

from chatops.sandbox.discord import messages
from chatops.sandbox.discord.channel import Thread
from tests.sandbox.discord.conftest import Answer, Desk


async def fill(desk: Desk, most: int = 200) -> tuple[int, Answer]:
    """Post until refused; return how many passed and the refusal."""
    for number in range(most):
        answer = await desk.says({"content": f"{number}"})
        if answer.status != 200:
            return number, answer
    return most, answer


async def test_a_channel_takes_five_messages_in_five_seconds(desk: Desk) -> None:
    desk.world.limits.real()
    passed, refused = await fill(desk)
    assert passed == 5
    assert refused.status == 429
    assert 4 < refused.body["retry_after"] <= 5
    assert (refused.body["global"], refused.headers["X-RateLimit-Scope"]) == (False, "user")
    assert refused.headers["Via"]
    other = desk.world.create_channel("other")
    assert (await desk.says({"content": "another channel is free"}, other)).status == 200
    desk.time.skip(timedelta(seconds=5))
    assert (await fill(desk))[0] == 5


async def test_headers_tell_what_is_left(desk: Desk) -> None:
    desk.world.limits.real()
    headers = (await desk.says({"content": "x"})).headers
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("5", "4")
    assert 4 < float(headers["X-RateLimit-Reset-After"]) <= 5
    assert headers["X-RateLimit-Bucket"]
    second = (await desk.says({"content": "x"})).headers
    assert (second["X-RateLimit-Remaining"], second["X-RateLimit-Bucket"]) == ("3", headers["X-RateLimit-Bucket"])


async def test_nothing_is_limited_unless_asked(desk: Desk) -> None:
    passed, last = await fill(desk, 60)
    assert passed == 60
    assert "X-RateLimit-Limit" not in last.headers


async def test_an_app_has_fifty_requests_a_second(desk: Desk) -> None:
    desk.world.limits.real()
    answers = [await desk.asks("GET", "/users/@me") for _ in range(30)]
    answers += [await desk.asks("GET", "/gateway") for _ in range(30)]
    refused = next(answer for answer in answers if answer.status == 429)
    assert (refused.body["global"], refused.headers["X-RateLimit-Global"]) == (True, "true")
    desk.time.skip(timedelta(seconds=1))
    assert (await desk.asks("GET", "/users/@me")).status == 200


async def test_a_thread_is_renamed_twice_in_ten_minutes_and_no_header_warns(desk: Desk) -> None:
    desk.world.limits.real()
    payload = {"name": "Mia", "message": {"content": "x"}}
    made = (await desk.asks("POST", f"/channels/{desk.tickets.id}/threads", json=payload)).body
    thread = await desk.thread(made["id"])
    for name in ("one", "two"):
        assert (await thread.edit(name=name)).name == name
    with pytest.raises(discord.RateLimited) as caught:
        await thread.edit(name="three")
    assert 590 < caught.value.retry_after <= 600
    answer = await desk.asks("PATCH", f"/channels/{made['id']}", json={"archived": True})
    assert answer.status == 200
    kept = desk.server.channels[made["id"]]
    assert isinstance(kept, Thread)
    assert (kept.name, kept.archived) == ("two", True)


async def test_the_whole_server_shares_how_many_threads_are_opened(desk: Desk) -> None:
    desk.world.limits.real()
    desk.world.limits.threads = (2, 250.0)
    payload = {"name": "Mia", "message": {"content": "x"}}
    answers = [await desk.asks("POST", f"/channels/{desk.tickets.id}/threads", json=payload) for _ in range(3)]
    assert [answer.status for answer in answers] == [201, 201, 429]
    assert answers[2].headers["X-RateLimit-Scope"] == "shared"
    assert answers[2].body["retry_after"] > 200
    said = (await desk.says({"content": "x"})).body
    other = await desk.asks("POST", f"/channels/{desk.support.id}/messages/{said['id']}/threads", json={"name": "x"})
    assert other.status == 429


async def test_reactions_come_one_after_the_other(desk: Desk) -> None:
    desk.world.limits.real()
    said = messages.post(desk.server, desk.support, desk.li, "x")
    path = f"/channels/{desk.support.id}/messages/{said.id}/reactions"
    statuses = [(await desk.asks("PUT", f"{path}/{emoji}/@me")).status for emoji in "⏳✅"]
    assert statuses == [204, 429]
    desk.time.skip(timedelta(seconds=0.25))
    assert (await desk.asks("PUT", f"{path}/✅/@me")).status == 204


async def test_too_many_invalid_requests_are_answered_by_cloudflare(desk: Desk) -> None:
    desk.world.limits.real()
    desk.world.limits.invalid = (3, 600.0)
    for _ in range(3):
        assert (await desk.asks("GET", "/users/@me", "nonsense")).status == 401
    banned = await desk.asks("GET", "/users/@me")
    assert (banned.status, "Via" in banned.headers) == (429, False)
    assert banned.headers["Content-Type"].startswith("text/html")
    desk.time.skip(timedelta(minutes=10))
    assert (await desk.asks("GET", "/users/@me")).status == 200
