"""Open time against a walk from minute to minute, in zones with every kind of clock change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chatops.errors import SetupError
from chatops.rules import hours
from chatops.rules.hours import DayOff, Hours, compiled
from chatops.rules.walltime import DAY, HOUR, MINUTE, first_instant, search, shown, wall
from chatops.times import to_milliseconds

ZONES = (
    "America/New_York", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Jakarta", "Africa/Casablanca",
    "Antarctica/Troll", "Pacific/Chatham", "Africa/Cairo", "America/Vancouver",
)  # fmt: skip
CHANGES = ("2026-10-25", "2026-11-01", "2027-03-14", "2027-03-28", "2027-04-04", "2026-10-04")  # days of clock changes
WINDOWS = ("09:00-17:00", "08:00-12:00", "22:00-06:00", "00:00-24:00", "01:30-02:30", "23:59-00:01", "02:15-02:45")


def ms(text: str) -> int:
    return to_milliseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def open_by_brute_force(spec: Hours, at: int) -> bool:
    now = wall(at, ZoneInfo(spec.timezone))
    days = {day.on: day.hours for day in spec.exceptions}
    for on in (now.date(), now.date() - timedelta(days=1)):
        minute = (now - datetime(on.year, on.month, on.day)) / timedelta(minutes=1)  # noqa: DTZ001 - a wall clock
        texts = days.get(on, spec.weekly.get(hours.WEEKDAYS[on.weekday()], ()))
        if any(start <= minute < end for start, end in map(hours.window, texts)):
            return True
    return False


specs = some.builds(
    lambda zone, weekly, day, other: Hours(zone, weekly, (DayOff(date.fromisoformat(day), tuple(other)),)),
    some.sampled_from(ZONES),
    some.dictionaries(
        some.sampled_from(hours.WEEKDAYS),
        some.lists(some.sampled_from(WINDOWS), min_size=1, max_size=3).map(tuple),
        min_size=1,
    ),
    some.sampled_from(CHANGES),
    some.lists(some.sampled_from(WINDOWS), max_size=2),
)
starts = some.builds(
    lambda day, minutes: ms(day) + minutes * MINUTE, some.sampled_from(CHANGES), some.integers(-2880, 2880)
)


@given(specs, starts, some.integers(0, 40 * 60))
@settings(max_examples=60)
def test_open_time_is_what_a_walk_from_minute_to_minute_finds(spec: Hours, start: int, minutes: int) -> None:
    calendar, end = compiled(spec), start + minutes * MINUTE
    walked = [open_by_brute_force(spec, at) for at in range(start, end, MINUTE)]
    assert [calendar.is_open(at) for at in range(start, end, MINUTE)] == walked
    assert calendar.measure(start, end) == sum(walked) * MINUTE
    assert sum(high - low for low, high in calendar.stretches(start, end)) == sum(walked) * MINUTE


@given(specs, starts, some.integers(1, 6 * HOUR), some.integers(0, 6 * HOUR))
@settings(max_examples=200)
def test_adding_measuring_and_subtracting_agree(spec: Hours, start: int, duration: int, more: int) -> None:
    calendar = compiled(spec)
    few = calendar.measure(start, start + 52 * DAY)  # a week may be open for two minutes only: stay within a year
    duration = min(duration, few)
    due = calendar.add(start, duration)
    assert due is not None
    assert calendar.measure(start, due) == duration
    assert calendar.is_open(due - 1)  # no earlier instant would do
    later, longer = calendar.add(start + more, duration), calendar.add(start, duration + min(more, few))
    assert later is not None
    assert longer is not None
    assert later >= due
    assert longer >= due
    back = calendar.sub(due, duration)
    assert back is not None
    assert back >= start
    assert calendar.measure(back, due) == duration
    passed = calendar.measure(start, start + more)
    again = calendar.add(start, passed)
    assert again is not None
    assert again <= start + more


def test_hours_go_on_far_beyond_the_days_asked_for_first() -> None:
    sundays = compiled(Hours("Asia/Jakarta", {"sun": ("09:00-10:00",)}))
    start = ms("2026-11-22T00:00")
    assert sundays.add(start, 100 * HOUR) == start + 99 * 7 * DAY + 3 * HOUR
    assert sundays.sub(start, 100 * HOUR) == start - 100 * 7 * DAY + 2 * HOUR
    assert sundays.next_change(start + 4 * HOUR) == start + 7 * DAY + 2 * HOUR


def test_hours_that_ended_for_good_give_no_instant() -> None:
    once = compiled(Hours("UTC", {}, (DayOff(date(2026, 11, 22), ("09:00-10:00",)),)))
    assert once.add(ms("2026-11-23T00:00"), HOUR) is None
    assert once.sub(ms("2026-11-22T09:30"), HOUR) is None
    assert once.next_change(ms("2026-11-23T00:00")) is None


def test_around_the_clock_everything_counts() -> None:
    calendar = compiled(Hours("Europe/Berlin", always=True))
    now = ms("2026-10-25T00:30")
    assert (calendar.add(now, DAY), calendar.measure(now, now + DAY), calendar.is_open(now)) == (now + DAY, DAY, True)


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        (Hours("Europe/Berlon", always=True), "no time zone"),
        (Hours("UTC", {"mon": ("9-17",)}), "are no hours"),
        (Hours("UTC", {"mon": ("24:00-24:00",)}), "are no hours"),
        (Hours("UTC", {"mon": ("09:00-09:00",)}), "are no hours"),
        (Hours("UTC", {"mon": ("09:61-10:00",)}), "are no hours"),
        (Hours("UTC", {"mon": ("09:00-25:00",)}), "are no hours"),
        (Hours("UTC", {"monday": ("09:00-17:00",)}), "no weekday"),
        (Hours("UTC", {"mon": ()}), "never open"),
        (Hours("UTC", {"mon": ("09:00-17:00",)}, (DayOff(date(2026, 1, 1)), DayOff(date(2026, 1, 1)))), "twice"),
    ],
)
def test_hours_that_make_no_sense_say_why(spec: Hours, problem: str) -> None:
    with pytest.raises(SetupError, match=problem):
        compiled(spec)


def test_a_zone_that_was_renamed_is_known_and_one_that_never_was_gets_a_suggestion() -> None:
    assert hours.zone("Asia/Calcutta").key in ("Asia/Calcutta", "Asia/Kolkata")
    with pytest.raises(SetupError) as refused:
        hours.zone("America/Berlin")
    assert "Europe/Berlin" in refused.value.remedy


@given(
    some.sampled_from((*ZONES, "Pacific/Apia", "Pacific/Kwajalein", "Asia/Pyongyang")),
    starts,
    some.integers(0, 3 * DAY),
)
@settings(max_examples=300)
def test_the_quick_way_to_an_instant_leads_where_a_search_does(zone: str, start: int, more: int) -> None:
    moment = wall(start + more, ZoneInfo(zone))
    for shown_then in (moment, moment.replace(year=2011, month=12), moment.replace(year=1993, month=8)):
        assert first_instant(shown_then, ZoneInfo(zone)) == search(shown_then, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("moment", "zone", "instant"),
    [
        ("2027-03-14T02:30:00", "America/New_York", "2027-03-14T07:00"),  # skipped: when the clock is turned forward
        ("2026-11-01T01:30:00", "America/New_York", "2026-11-01T05:30"),  # shown twice: the first time
        ("2027-04-04T01:45:00", "Australia/Lord_Howe", "2027-04-03T14:45"),  # half an hour twice
        ("2011-12-30T12:00:00", "Pacific/Apia", "2011-12-30T10:00"),  # a day that never was
        ("1900-01-01T00:00:00", "Asia/Kolkata", "1899-12-31T18:38:50"),  # a zone's own time, with seconds
    ],
)
def test_the_first_instant_at_which_a_clock_shows_something(moment: str, zone: str, instant: str) -> None:
    found = first_instant(datetime.fromisoformat(moment), ZoneInfo(zone))
    assert found == ms(instant)
    assert shown(wall(found, ZoneInfo(zone))) >= shown(datetime.fromisoformat(moment))
