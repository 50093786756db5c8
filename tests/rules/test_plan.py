"""When digests are due and what they tell of: known answers around odd days, and every instant told of once."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chatops.errors import SetupError
from chatops.rules.hours import WEEKDAYS, DayOff, Hours
from chatops.rules.plan import DigestPlan, Rhythm, Schedule, Turn, compiled
from chatops.rules.walltime import DAY, HOUR
from chatops.times import from_milliseconds, to_milliseconds

PLACES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
OFFICE = WEEKDAYS[:5]


def daily(timezone: str, at: str = "09:00", **more: Any) -> DigestPlan:
    return DigestPlan("team", "C1", timezone, at, **more)


def asked(plan: DigestPlan, at: str, calendar: Hours | None = None) -> tuple[str, str, str, str]:
    """Return the first turn due later than an instant: its day, when it is due, and from when to when it tells."""
    schedule = compiled(plan, calendar)
    turn = schedule.coming(to_milliseconds(datetime.fromisoformat(at).replace(tzinfo=UTC)))
    assert turn is not None
    start, end, due = (utc(one) for one in (schedule.begins(turn), turn.until, turn.due))
    return turn.day.isoformat(), due, start, end


def utc(at: int) -> str:
    return from_milliseconds(at).strftime("%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("plan", "at", "expected"),
    [
        (daily("Europe/London"), "2026-05-04T09:00", ("2026-05-05", "05-05T08:00", "05-03T23:00", "05-04T23:00")),
        (daily("Europe/London"), "2026-03-29T12:00", ("2026-03-30", "03-30T08:00", "03-29T00:00", "03-29T23:00")),
        (daily("Europe/London"), "2026-10-25T12:00", ("2026-10-26", "10-26T09:00", "10-24T23:00", "10-26T00:00")),
        (  # 23.5 hours
            daily("Australia/Lord_Howe"), "2026-10-04T12:00",
            ("2026-10-05", "10-04T22:00", "10-03T13:30", "10-04T13:00"),
        ),
        (  # there was no 30th
            daily("Pacific/Apia"), "2011-12-29T20:00",
            ("2011-12-31", "12-30T19:00", "12-29T10:00", "12-30T10:00"),
        ),
        (  # no half past two that night: it comes when the clock is turned forward
            daily("Europe/Berlin", "02:30"), "2026-03-28T12:00",
            ("2026-03-29", "03-29T01:00", "03-27T23:00", "03-28T23:00"),
        ),
        (  # half past two comes twice: once
            daily("Europe/Berlin", "02:30"), "2026-10-24T12:00",
            ("2026-10-25", "10-25T00:30", "10-23T22:00", "10-24T22:00"),
        ),
        (  # the day begins at one o'clock
            daily("Africa/Cairo", "00:30"), "2026-04-23T12:00",
            ("2026-04-24", "04-23T22:00", "04-22T22:00", "04-23T22:00"),
        ),
        (  # Monday tells of the weekend, too
            daily("UTC", on=OFFICE), "2026-05-08T12:00",
            ("2026-05-11", "05-11T09:00", "05-08T00:00", "05-11T00:00"),
        ),
        (
            daily("UTC", every=Rhythm.WEEK), "2026-05-08T12:00",
            ("2026-05-11", "05-11T09:00", "05-04T00:00", "05-11T00:00"),
        ),
        (  # its Friday was skipped: it comes the day after
            daily("Pacific/Apia", every=Rhythm.WEEK, on=("fri",)), "2011-12-28T20:00",
            ("2011-12-31", "12-30T19:00", "12-23T10:00", "12-30T10:00"),
        ),
        (
            daily("UTC", every=Rhythm.MONTH, day=31), "2026-02-01T12:00",
            ("2026-02-28", "02-28T09:00", "01-31T00:00", "02-28T00:00"),
        ),
    ],
)  # fmt: skip
def test_a_digest_comes_when_the_wall_clock_says_so_and_tells_of_whole_days(
    plan: DigestPlan, at: str, expected: tuple[str, str, str, str]
) -> None:
    assert asked(plan, at) == expected


def test_on_a_day_off_nothing_comes_and_the_next_one_tells_of_it() -> None:
    calendar = Hours("UTC", dict.fromkeys(OFFICE, ("09:00-17:00",)), (DayOff(date(2026, 5, 11), (), "Holiday"),))
    told = asked(daily("UTC"), "2026-05-08T12:00", calendar)
    assert told == ("2026-05-12", "05-12T09:00", "05-08T00:00", "05-12T00:00")
    weekly = daily("UTC", every=Rhythm.WEEK)
    assert asked(weekly, "2026-05-08T12:00", calendar) == ("2026-05-12", "05-12T09:00", "05-04T00:00", "05-11T00:00")


def test_after_three_days_nobody_looked_the_last_turn_is_the_one_to_make() -> None:
    schedule = compiled(daily("Asia/Jakarta"))
    now = to_milliseconds(datetime(2026, 5, 7, 1, 59, tzinfo=UTC))
    latest, coming = schedule.latest(now), schedule.coming(now)
    assert latest
    assert coming
    assert (latest.day, coming.day) == (date(2026, 5, 6), date(2026, 5, 7))
    todays = schedule.todays(now)
    assert todays == coming, "it is two minutes to nine"


@pytest.mark.parametrize(
    ("plan", "wrong"),
    [
        (daily("Mars/Base"), "no time zone"),
        (daily("UTC", "25:00"), "no time of day"),
        (daily("UTC", on=("monday",)), "no weekday"),
        (daily("UTC", every=Rhythm.MONTH, on=("mon",)), "no weekdays"),
        (daily("UTC", every=Rhythm.MONTH, day=32), "no month has a day 32"),
        (daily("UTC", on=("sun",)), "never be due"),
    ],
)
def test_what_makes_no_sense_is_said(plan: DigestPlan, wrong: str) -> None:
    with pytest.raises(SetupError, match=wrong):
        compiled(plan, Hours("UTC", dict.fromkeys(OFFICE, ("09:00-17:00",))))


plans = some.builds(
    lambda zone, hour, minute, every, on, day: DigestPlan(
        "team", "C1", zone, f"{hour}:{minute:02}", every, () if every is Rhythm.MONTH else tuple(on), day
    ),
    some.sampled_from(PLACES),
    some.integers(0, 23),
    some.sampled_from([0, 15, 30, 45]),
    some.sampled_from(Rhythm),
    some.sets(some.sampled_from(WEEKDAYS), max_size=4),
    some.integers(1, 31),
)
calendars = some.one_of(
    some.none(),
    some.builds(
        lambda days: Hours(
            "UTC", dict.fromkeys(WEEKDAYS, ("09:00-17:00",)), tuple(DayOff(date(2011, 12, day)) for day in days)
        ),
        some.sets(some.integers(10, 31), max_size=8),
    ),
)
instants = some.integers(1_300_000_000_000, 1_330_000_000_000)  # 2011, with a day that was skipped
around_now = some.integers(1_770_000_000_000, 1_830_000_000_000)


@settings(max_examples=100)
@given(plans, calendars, some.one_of(instants, around_now))
def test_every_instant_is_told_of_once_in_every_zone(plan: DigestPlan, calendar: Hours | None, at: int) -> None:
    schedule = compiled(plan, calendar)
    turns = following(schedule, at)
    assert turns[0].due > at
    for turn, later in pairwise(turns):
        assert turn.day < later.day
        assert turn.due < later.due
        assert schedule.begins(later) == turn.until < later.until <= later.due
        assert schedule.latest(later.due - 1) == turn
        assert schedule.latest(turn.due) == turn
        assert schedule.coming(turn.due) == later
        assert schedule.starts(turn.day) < schedule.starts(turn.day + timedelta(days=1))
        if plan.every is Rhythm.DAY and not plan.on and calendar is None:
            assert DAY - 3 * HOUR <= later.until - turn.until <= DAY + 3 * HOUR


def following(schedule: Schedule, at: int) -> list[Turn]:
    turn, found = schedule.coming(at), list[Turn]()
    while turn is not None and len(found) < 8:
        found.append(turn)
        turn = schedule.after(turn.day)
    return found
