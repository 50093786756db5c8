"""What becomes of a lane when its head could not be carried out."""

from datetime import UTC, datetime, timedelta

import pytest

from chatops.delivery.retry import POLICIES, Stubbornness, Verdict, bug, judge, wait_after
from chatops.errors import PlatformError, RateLimited, Rejected, TargetGone, TokenRevoked, Unavailable, Unsure
from chatops.outbox import Kind
from chatops.store.lanes import Done, GiveUp, Hold, InHand, Later

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def head_of(kind: str, attempts: int = 0) -> InHand:
    args = {"shop_id": "1", "message_id": "m", "workspace_id": "T", "thread_id": "t"}
    return InHand(
        lane="lane", seq=7, kind=kind, args=args, not_before=NOW, attempts=attempts, last_error=None, created_at=NOW
    )


def judged(kind: str, error: PlatformError, attempts: int = 0) -> Verdict:
    return judge(head_of(kind, attempts), "scope", error, NOW)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_waits_as_long_as_the_platform_says_and_does_not_count_it(kind: Kind) -> None:
    outcome = judged(kind, RateLimited("ratelimited", timedelta(seconds=30)), attempts=99).outcome
    assert outcome == Later("lane", NOW + timedelta(seconds=30), "ratelimited", slow_scope="scope", counts=False)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_may_have_been_done_is_looked_for_before_it_is_done_again(kind: Kind) -> None:
    outcome = judged(kind, Unsure("timeout")).outcome
    assert isinstance(outcome, Later)
    assert outcome.in_doubt


@pytest.mark.parametrize("kind", list(Kind))
def test_what_was_certainly_not_done_is_tried_again_without_looking(kind: Kind) -> None:
    outcome = judged(kind, Unavailable("down")).outcome
    assert isinstance(outcome, Later)
    assert not outcome.in_doubt
    assert outcome.at > NOW


def test_an_answer_that_cannot_be_sent_holds_those_behind_it() -> None:
    for error in (Rejected("sensitive_content"), TargetGone("not_found"), TokenRevoked("shop_disconnected")):
        verdict = judged(Kind.REPLY, error)
        assert verdict.outcome == Hold("lane", error.code)
        assert verdict.apply is not None, "the team is told"


def test_a_message_whose_channel_went_away_waits_for_the_channel() -> None:
    for error in (TargetGone("is_archived"), TokenRevoked("token_revoked")):
        assert judged(Kind.MIRROR, error).outcome == Hold("lane", error.code)


def test_a_message_that_cannot_be_shown_is_set_aside_and_the_channel_is_told() -> None:
    verdict = judged(Kind.MIRROR, Rejected("invalid_blocks"))
    assert verdict.outcome == GiveUp("lane", 7, "invalid_blocks")
    assert verdict.apply is not None


@pytest.mark.parametrize("kind", [kind for kind in Kind if POLICIES[kind].stubbornness is Stubbornness.SHRUG])
def test_what_nobody_misses_is_dropped(kind: Kind) -> None:
    assert judged(kind, Rejected("no")).outcome == Done("lane", 7)
    assert judged(kind, Unavailable("down"), attempts=POLICIES[kind].attempts).outcome == Done("lane", 7)


def test_waits_grow_from_a_second_to_five_minutes() -> None:
    assert timedelta(seconds=0.8) <= wait_after(1) <= timedelta(seconds=1.2)
    assert timedelta(seconds=6.4) <= wait_after(4) <= timedelta(seconds=9.6)
    assert timedelta(minutes=4) <= wait_after(50) <= timedelta(minutes=6)


def test_a_thread_that_cannot_be_opened_keeps_what_belongs_into_it_and_the_channel_is_told() -> None:
    for verdict in (
        judged(Kind.OPEN_THREAD, Rejected("restricted_action")),
        judged(Kind.OPEN_THREAD, Unavailable("down"), attempts=9999),
        bug(head_of(Kind.OPEN_THREAD), KeyError("card"), NOW),
    ):
        assert isinstance(verdict.outcome, Hold)
        assert verdict.apply is not None


def test_a_thread_that_may_have_been_opened_is_looked_for_when_its_lane_goes_on() -> None:
    for verdict in (
        judged(Kind.OPEN_THREAD, Unsure("http_500"), attempts=9999),
        bug(head_of(Kind.OPEN_THREAD), KeyError("card"), NOW),
    ):
        assert isinstance(verdict.outcome, Hold)
        assert verdict.outcome.in_doubt


@pytest.mark.parametrize("kind", [Kind.OPEN_THREAD, Kind.MIRROR, Kind.NOTICE, Kind.CHANNEL_NOTICE])
@pytest.mark.parametrize("error", [Unavailable("http_503"), Unsure("http_500")])
def test_what_nobody_must_miss_waits_for_a_platform_that_is_down_all_night(kind: Kind, error: PlatformError) -> None:
    waited, tries = timedelta(), 0
    while waited < timedelta(hours=12):
        outcome = judged(kind, error, attempts=tries).outcome
        assert isinstance(outcome, Later)
        assert outcome.at - NOW <= timedelta(minutes=6)
        waited, tries = waited + (outcome.at - NOW), tries + 1


def test_after_an_error_of_our_own_the_writer_of_an_answer_is_told_that_nobody_knows() -> None:
    verdict = bug(head_of(Kind.REPLY), KeyError("content"), NOW)
    assert verdict.outcome == Hold("lane", "KeyError")
    assert verdict.apply is not None


def test_after_an_error_of_our_own_the_channel_is_told_what_it_does_not_see() -> None:
    verdict = bug(head_of(Kind.MIRROR), KeyError("content"), NOW)
    assert verdict.outcome == GiveUp("lane", 7, "KeyError")
    assert verdict.apply is not None


def test_an_error_of_our_own_is_told_as_an_answer_that_perhaps_left() -> None:
    args = {"shop_id": "1", "message_id": "m"}
    head = InHand(
        lane="lane", seq=7, kind=Kind.REPLY, args=args, not_before=NOW, attempts=0, last_error=None, created_at=NOW
    )
    verdict = bug(head, KeyError("file"), NOW)
    assert verdict.outcome == Hold("lane", "KeyError")
    assert verdict.apply is not None, "the team is told"


def test_an_answer_in_doubt_is_looked_for_when_the_marketplace_had_time_to_list_it_and_ends_with_a_person() -> None:
    for attempts in range(POLICIES[Kind.REPLY].attempts - 1):
        outcome = judged(Kind.REPLY, Unsure("timeout"), attempts).outcome
        assert isinstance(outcome, Later)
        assert outcome.in_doubt
        assert outcome.at >= NOW + timedelta(seconds=5)
    last = judged(Kind.REPLY, Unsure("timeout"), POLICIES[Kind.REPLY].attempts)
    assert isinstance(last.outcome, Hold)
    assert last.apply is not None, "a person decides"


@pytest.mark.parametrize("kind", [Kind.MARK, Kind.REDRAW])
def test_a_card_and_a_mark_come_right_after_half_an_hour_of_outage(kind: Kind) -> None:
    waited, tries = timedelta(), 0
    while waited < timedelta(minutes=30):
        outcome = judged(kind, Unavailable("http_503"), attempts=tries).outcome
        assert isinstance(outcome, Later)
        waited, tries = waited + (outcome.at - NOW), tries + 1


def test_an_answer_that_must_wait_for_another_day_is_spoken_of() -> None:
    soon, tomorrow = timedelta(minutes=10), timedelta(hours=9)
    assert judged(Kind.REPLY, RateLimited("too_many_requests", soon)).apply is None
    assert judged(Kind.REPLY, RateLimited("daily_quota", tomorrow)).apply is not None
    assert judged(Kind.MIRROR, RateLimited("ratelimited", tomorrow)).apply is None
