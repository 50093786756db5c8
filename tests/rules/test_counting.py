"""What `!sla why` prints: the time that counted, by the days of whoever reads it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as some

from chatops.rules.counting import by_day
from chatops.rules.hours import ALWAYS, Calendar, Hours, compiled
from chatops.rules.walltime import HOUR, MINUTE, wall
from chatops.times import to_milliseconds

WORKDAYS: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))
BERLIN = compiled(Hours("Europe/Berlin", WORKDAYS))


def ms(text: str) -> int:
    return to_milliseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def counted(calendar: Calendar, runs: list[tuple[str, str]]) -> list[tuple[int, int]]:
    """Return the open stretches of the time in which a clock ran."""
    return [stretch for start, end in runs for stretch in calendar.stretches(ms(start), ms(end))]


def told(calendar: Calendar, runs: list[tuple[str, str]], zone: str) -> list[tuple[str, str]]:
    """Return each day with its stretches as the zone's clock shows them."""
    days = by_day(counted(calendar, runs), ZoneInfo(zone))
    return [
        (f"{day.on}", ", ".join("-".join(shown(at, zone) for at in stretch) for stretch in day.stretches))
        for day in days
    ]


def shown(at: int, zone: str) -> str:
    return f"{wall(at, ZoneInfo(zone)):%H:%M}"


def test_a_friday_evening_and_a_monday_morning_count_and_the_weekend_does_not() -> None:
    ran = [("2026-11-20T15:55", "2026-11-23T08:10")]
    assert told(BERLIN, ran, "Europe/Berlin") == [("2026-11-20", "16:55-17:00"), ("2026-11-23", "09:00-09:10")]
    assert [day.length for day in by_day(counted(BERLIN, ran), ZoneInfo("UTC"))] == [
        5 * MINUTE,
        10 * MINUTE,
    ]


def test_a_reader_elsewhere_reads_the_same_time_by_their_own_days() -> None:
    ran = [("2026-11-20T15:00", "2026-11-20T16:00")]
    assert told(BERLIN, ran, "Asia/Jakarta") == [("2026-11-20", "22:00-23:00")]
    ran = [("2026-11-19T15:30", "2026-11-20T08:30")]
    assert told(BERLIN, ran, "Pacific/Auckland") == [("2026-11-20", "04:30-05:00, 21:00-21:30")]
    assert told(ALWAYS, [("2026-11-20T16:00", "2026-11-20T18:00")], "Asia/Jakarta") == [
        ("2026-11-20", "23:00-00:00"),
        ("2026-11-21", "00:00-01:00"),
    ]


def test_a_pause_is_a_gap_and_a_day_without_any_open_time_is_not_told() -> None:
    ran = [("2026-11-18T09:00", "2026-11-18T10:00"), ("2026-11-18T14:00", "2026-11-18T14:30")]
    assert told(BERLIN, ran, "Europe/Berlin") == [("2026-11-18", "10:00-11:00, 15:00-15:30")]
    assert told(BERLIN, [("2026-11-21T00:00", "2026-11-22T00:00")], "UTC") == []


def test_the_day_of_a_clock_change_has_the_hours_it_has() -> None:
    day = by_day([(ms("2026-10-24T22:00"), ms("2026-10-25T23:00"))], ZoneInfo("Europe/Berlin"))
    assert [(one.on, one.length) for one in day] == [(date(2026, 10, 25), 25 * HOUR)]
    # Cairo turns its clock at midnight: the day begins at one.
    day = by_day([(ms("2026-04-23T20:00"), ms("2026-04-24T21:00"))], ZoneInfo("Africa/Cairo"))
    assert [(one.on.day, one.length) for one in day] == [(23, 2 * HOUR), (24, 23 * HOUR)]


@given(
    some.sampled_from(["America/New_York", "Europe/Berlin", "Asia/Jakarta", "Africa/Cairo", "America/Havana"]),
    some.sampled_from([BERLIN, ALWAYS]),
    some.integers(0, 365 * 24 * 60),
    some.lists(some.integers(1, 72 * 60), min_size=1, max_size=4),
)
@settings(max_examples=50)
def test_all_days_together_are_what_the_calendar_measures(
    zone: str, calendar: Calendar, at: int, lengths: list[int]
) -> None:
    start = ms("2026-10-01T00:00") + at * MINUTE
    runs = []
    for length in lengths:
        runs.append((start, start + length * MINUTE))
        start += 2 * length * MINUTE
    found = by_day((open_ for low, high in runs for open_ in calendar.stretches(low, high)), ZoneInfo(zone))
    assert sum(day.length for day in found) == sum(calendar.measure(low, high) for low, high in runs)
    assert [day.on for day in found] == sorted({day.on for day in found})
    assert all(wall(low, ZoneInfo(zone)).date() == day.on for day in found for low, _ in day.stretches)
