"""Promises that the tests of clocks count by: an office in Berlin, and a platform that asks for twelve hours."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from chatops.rules.hours import Calendar, DayOff, Hours, compiled
from chatops.rules.targets import Excuse, Metric, Pause, PlatformClock, Promise, ServiceLevel, Target, promises
from chatops.times import from_milliseconds, to_milliseconds

SHORT_DAYS: Mapping[str, tuple[str, ...]] = {
    "2026-12-24": ("09:00-12:00",),
    "2026-12-25": (),
    "2026-12-31": ("09:00-12:00",),
    "2027-01-01": (),
}
WORKDAYS: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))
ASKED = PlatformClock(("ID",), date(2020, 1, 1), "12h", "somewhere", date(2027, 1, 1), excuses=(Excuse.HOLIDAY,))
FIRST = Target(Metric.FIRST_RESPONSE, "15m", "office", ("5m left",))
NEXT = Target(Metric.NEXT_RESPONSE, "15m", "office")
WHOLE = Target(Metric.RESOLUTION, "8h", "office", ("90%",), (Pause.BUYER, Pause.SNOOZE))
LONG = Target(Metric.RESOLUTION, "10h", "office", ("90%",))
PLATFORM = Target(Metric.PLATFORM_RESPONSE, "", "", ("1h left",))


def office(short_days: Mapping[str, tuple[str, ...]] = SHORT_DAYS) -> Calendar:
    """Return the hours of an office in Berlin."""
    days = tuple(DayOff(date.fromisoformat(day), hours) for day, hours in short_days.items())
    return compiled(Hours("Europe/Berlin", WORKDAYS, days))


def at(text: str) -> int:
    """Return an instant that is written down in UTC."""
    return to_milliseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def shown(instant: int | None) -> str:
    """Return an instant as `at` reads it."""
    return "-" if instant is None else f"{from_milliseconds(instant):%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def promised(*targets: Target, calendar: Calendar | None = None) -> dict[str, Promise]:
    """Return what these targets promise."""
    return promises(ServiceLevel(targets), {"office": calendar or office()}, ASKED)
