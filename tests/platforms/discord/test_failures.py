"""What each of Discord's failures means, and whether the message may be there all the same."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chatops.errors import PlatformError, RateLimited, Rejected, TargetGone, TokenRevoked, Unavailable, Unsure
from chatops.platforms.discord.codes import failure, result
from chatops.platforms.discord.limits import CALLS, DEFAULTS

JSON = {"Content-Type": "application/json"}


def refused(number: int, status: int = 400, **more: Any) -> PlatformError:
    return failure(status, JSON, {"code": number, "message": "No.", **more}, repeatable=False)


@pytest.mark.parametrize(
    ("number", "meaning", "word"),
    [
        (10003, TargetGone, "unknown_channel"),
        (10008, TargetGone, "unknown_message"),
        (50001, TargetGone, "missing_access"),
        (50013, TargetGone, "missing_permissions"),
        (160005, TargetGone, "thread_locked"),
        (160006, Unavailable, "too_many_active_threads"),
        (30046, Unavailable, "too_many_edits_of_old_messages"),
        (20016, RateLimited, "slow_mode"),
        (10062, Rejected, "unknown_interaction"),
        (40005, Rejected, "file_too_large"),
        (50083, Rejected, "thread_archived"),
        (90001, Rejected, "reaction_blocked"),
        (987654, Rejected, "discord_987654"),
    ],
)
def test_a_refused_post_by_meaning(number: int, meaning: type[PlatformError], word: str) -> None:
    told = refused(number)
    assert (type(told), told.code) == (meaning, word)


def test_a_token_that_was_reset() -> None:
    assert type(refused(0, 401)) is TokenRevoked


def test_a_refused_form_names_the_broken_fields() -> None:
    fault = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 6000 or fewer in length."}
    told = refused(50035, errors={"embeds": {"0": {"description": {"_errors": [fault]}}}})
    assert str(told) == "invalid_form: No.; embeds.0.description: BASE_TYPE_MAX_LENGTH"


@pytest.mark.parametrize(
    ("body", "headers", "pause", "code"),
    [
        ({"retry_after": 1.5, "global": False}, {"Retry-After": "2"}, 1.5, "rate_limited"),
        ({"global": True}, {"Retry-After": "3"}, 3, "rate_limited"),
        ({"message": "Slower."}, {}, 10, "rate_limited"),
        ({"retry_after": "soon"}, {"Retry-After": "later"}, 10, "rate_limited"),
        ({"retry_after": 240, "code": 20028}, {}, 240, "channel_write_limit"),
        (None, {"Retry-After": "600"}, 600, "shut_out"),
        (None, {}, 60, "shut_out"),
    ],
)
def test_every_way_discord_says_slower(body: Any, headers: dict[str, str], pause: float, code: str) -> None:
    told = failure(429, headers, body, repeatable=False)
    assert isinstance(told, RateLimited)
    assert (told.retry_after, told.code) == (timedelta(seconds=pause), code)


def test_the_edge_that_turns_our_address_away_is_left_alone_for_a_while() -> None:
    told = failure(403, {"Content-Type": "text/html"}, None, repeatable=False)
    assert isinstance(told, RateLimited)
    assert (told.retry_after, told.code) == (timedelta(minutes=1), "shut_out")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
def test_a_gateway_that_answers_for_discord_hides_what_happened(status: int) -> None:
    assert type(failure(status, {}, None, repeatable=False)) is Unsure
    assert type(failure(status, {}, None, repeatable=True)) is Unavailable


def test_discord_that_says_it_is_overloaded_did_nothing() -> None:
    assert type(refused(130000, 503)) is Unavailable


def test_half_an_answer_hides_what_happened_and_no_answer_is_one() -> None:
    with pytest.raises(Unsure):
        result(200, JSON, b'{"id": "1', repeatable=False)
    assert result(204, {}, b"", repeatable=False) is None
    assert result(200, JSON, json.dumps([]).encode(), repeatable=True) == []


@pytest.mark.parametrize("key", ["post/channel", "update/channel"])
def test_a_burst_after_a_quiet_time_stays_within_a_window_of_five(key: str) -> None:
    assert DEFAULTS[key].per == timedelta(seconds=5)
    assert DEFAULTS[key].count + DEFAULTS[key].burst <= 5


def test_everything_at_once_stays_within_what_discord_publishes_for_a_bot() -> None:
    assert {DEFAULTS[key].per for key in CALLS} == {timedelta(seconds=1)}
    assert sum(DEFAULTS[key].count * calls for key, calls in CALLS.items()) <= 50
