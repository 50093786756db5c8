"""What each of Slack's failures means, and whether the message may be there all the same."""

from datetime import timedelta

import pytest

from chatops.errors import PlatformError, RateLimited, Rejected, TargetGone, TokenRevoked, Unavailable, Unsure
from chatops.platforms.slack.codes import refusal, status_failure
from chatops.platforms.slack.limits import DEFAULTS


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("invalid_auth", TokenRevoked),
        ("token_revoked", TokenRevoked),
        ("account_inactive", TokenRevoked),
        ("channel_not_found", TargetGone),
        ("not_in_channel", TargetGone),
        ("is_archived", TargetGone),
        ("message_not_found", TargetGone),
        ("thread_not_found", TargetGone),
        ("service_unavailable", Unavailable),
        ("request_timeout", Unavailable),
        ("fatal_error", Unsure),
        ("internal_error", Unsure),
        ("msg_too_long", Rejected),
        ("invalid_blocks", Rejected),
        ("missing_scope", Rejected),
        ("a_code_nobody_knows", Rejected),
    ],
)
def test_a_refused_post_by_meaning(code: str, meaning: type[PlatformError]) -> None:
    told = refusal(code, repeatable=False)
    assert type(told) is meaning
    assert told.code == code


@pytest.mark.parametrize("code", ["ratelimited", "rate_limited", "message_limit_exceeded"])
def test_every_way_slack_says_slower(code: str) -> None:
    told = refusal(code, repeatable=False)
    assert isinstance(told, RateLimited)
    assert told.retry_after == timedelta(seconds=10)


@pytest.mark.parametrize("code", ["fatal_error", "internal_error"])
def test_what_may_be_repeated_is_never_in_doubt(code: str) -> None:
    assert type(refusal(code, repeatable=True)) is Unavailable


def test_a_picture_slack_still_looks_at_is_tried_again_soon() -> None:
    told = refusal("invalid_blocks", repeatable=False, detail="invalid slack file [json-pointer:/blocks/0/slack_file]")
    assert (type(told), told.code) == (Unavailable, "slack_file_not_ready")


def test_a_gateway_that_answers_for_slack() -> None:
    limited = status_failure(429, {"Retry-After": "7"}, repeatable=False)
    assert isinstance(limited, RateLimited)
    assert limited.retry_after == timedelta(seconds=7)
    silent = status_failure(429, {"Retry-After": "soon"}, repeatable=False)
    assert isinstance(silent, RateLimited)
    assert silent.retry_after == timedelta(seconds=10)
    assert type(status_failure(502, {}, repeatable=False)) is Unsure
    assert type(status_failure(502, {}, repeatable=True)) is Unavailable
    assert type(status_failure(404, {}, repeatable=False)) is Rejected


@pytest.mark.parametrize(("key", "published"), [("update", 50), ("react", 50), ("ephemeral", 100), ("read", 50)])
def test_a_burst_after_a_quiet_time_stays_within_a_published_minute(key: str, published: int) -> None:
    assert DEFAULTS[key].per == timedelta(minutes=1)
    assert DEFAULTS[key].count + DEFAULTS[key].burst <= published
