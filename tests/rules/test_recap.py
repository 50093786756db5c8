"""Opening and closing are told of when they matter, and once they are an hour old no more."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chatops.rules.hours import DayOff, Hours, compiled
from chatops.rules.recap import change
from chatops.times import from_milliseconds, to_milliseconds

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = ("mon", "tue", "wed", "thu", "fri")
LUNCH: dict[str, tuple[str, ...]] = dict.fromkeys(DAYS, ("09:00-12:00", "13:00-17:00"))
EVERY_DAY: dict[str, tuple[str, ...]] = dict.fromkeys((*DAYS, "sat", "sun"), ("00:00-24:00",))
NIGHTS: dict[str, tuple[str, ...]] = dict.fromkeys(DAYS, ("22:00-06:00",))


def at(text: str) -> datetime:
    """Return an instant by the clock on the wall in Berlin."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BERLIN)


def told(hours: Hours, now: str) -> str:
    """Return what is told at an instant: whether it opened, when, and how far one looks ahead."""
    changed = change(compiled(hours), to_milliseconds(at(now)))
    if changed is None:
        return ""
    start, end = (from_milliseconds(one).astimezone(BERLIN) for one in (changed.at, changed.until))
    return f"{'open' if changed.opened else 'closed'} {start:%a %H:%M} - {end:%a %H:%M}"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("11-20T08:59", ""),
        ("11-20T09:00", "open Fri 09:00 - Fri 10:00"),
        ("11-20T09:59", "open Fri 09:00 - Fri 10:00"),
        ("11-20T10:00", ""),  # after an hour away it is no news
        ("11-20T12:00", ""),  # lunch
        ("11-20T13:00", ""),
        ("11-20T17:00", "closed Fri 17:00 - Mon 09:00"),
        ("11-20T18:01", ""),
        ("11-22T12:00", ""),
        ("11-23T09:00", "open Mon 09:00 - Mon 10:00"),
    ],
)
def test_an_office_opens_in_the_morning_and_closes_in_the_evening(now: str, expected: str) -> None:
    assert told(Hours("Europe/Berlin", LUNCH), now) == expected


def test_a_holiday_lengthens_the_night() -> None:
    hours = Hours("Europe/Berlin", LUNCH, (DayOff(at("11-23T00:00").date()),))
    assert told(hours, "11-20T17:00") == "closed Fri 17:00 - Tue 09:00"
    assert told(hours, "11-23T09:00") == ""


def test_a_night_shift_opens_in_the_evening_also_where_the_clock_is_turned() -> None:
    assert told(Hours("Europe/Berlin", NIGHTS), "10-23T22:30") == "open Fri 22:00 - Fri 23:00"
    assert told(Hours("Europe/Berlin", {"sat": ("22:00-06:00",)}), "10-25T06:10") == "closed Sun 06:00 - Sat 22:00"


def test_hours_that_never_close_are_never_told_of() -> None:
    assert told(Hours("Europe/Berlin", always=True), "11-20T09:00") == ""
    assert told(Hours("Europe/Berlin", EVERY_DAY), "11-20T00:10") == ""
