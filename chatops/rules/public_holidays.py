"""Public holidays as proposals: days that a country is said to have, for a person to accept.

Needs the `calendar` extra. Never asked while a clock runs: governments move days at short notice, and the days of lunar
calendars are estimates, so what counts is what somebody accepted.
"""

from collections.abc import Collection, Iterable
from datetime import date

from chatops.errors import SetupError
from chatops.rules.hours import DayOff
from chatops.rules.ical import EXTRA, Entry

LONGEST_LABEL = 80  # characters


def proposed(place: str, years: Iterable[int], known: Collection[DayOff], today: date) -> list[DayOff]:
    """Return the public holidays of a place ("ID", or a part of one: "DE-BY") from today on that are not known yet.

    Each is a closed day; its label says what it is, and that its date is an estimate where it is one.

    Raises:
        SetupError: nobody knows the place, or the extra is missing.
    """
    try:
        import holidays  # noqa: PLC0415 - an extra
    except ImportError:
        raise SetupError("public holidays need one more package", EXTRA) from None
    country, _, part = place.strip().upper().replace("_", "-").partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=part or None, years=sorted(years), language="en_US")
        days = dict(found.items())
    except (NotImplementedError, KeyError):
        raise SetupError(
            f"nobody knows the holidays of {place!r}", 'Use a code like "ID", "US-CA" or "DE-BY".'
        ) from None
    return _new((DayOff(on, label=str(label)[:LONGEST_LABEL]) for on, label in days.items()), known, today)


def from_entries(entries: Iterable[Entry], known: Collection[DayOff], today: date) -> list[DayOff]:
    """Return the whole days of an iCalendar file from today on that are not known yet, each as a closed day."""
    whole = (one for one in entries if one.on is not None and one.until is not None)
    days = ((on, one.summary) for one in whole for on in _each(one))
    return _new((DayOff(on, label=" ".join(label.split())[:LONGEST_LABEL]) for on, label in days), known, today)


def _each(entry: Entry) -> Iterable[date]:
    first, after = entry.on or date.min, entry.until or date.min
    return (date.fromordinal(at) for at in range(first.toordinal(), after.toordinal()))


def _new(days: Iterable[DayOff], known: Collection[DayOff], today: date) -> list[DayOff]:
    held = {day.on for day in known}
    found = {day.on: day for day in days if day.on >= today and day.on not in held}
    return [found[on] for on in sorted(found)]
