"""iCalendar files as other programs write them: what stands in one, with everything that repeats spelled out.

Needs the `calendar` extra. A file can be made so that working it out never ends: whoever reads one from outside does it
in a process of its own (`cli/calendar_file.py`).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from chatops.errors import SetupError
from chatops.rules.hours import zone
from chatops.rules.walltime import first_instant
from chatops.times import from_milliseconds, to_milliseconds

LONGEST = 1_000_000  # characters of a file
MOST_ENTRIES = 2_000  # before what repeats is spelled out
MOST = 20_000  # after it
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
EXTRA = "Install chatops with its calendar extra: pip install 'chatops[calendar]'."


class Entry(NamedTuple):
    """One occurrence: [start, end) in milliseconds since 1970.

    `on` and `until` are the days of one that lasts whole days, [on, until), of those asked for. `people` are the e-mail
    addresses of those who take part, rooms and groups left out; nothing is read out of the words.
    """

    uid: str
    start: int
    end: int
    on: date | None
    until: date | None
    summary: str
    location: str
    people: tuple[str, ...]


def read(text: str, timezone: str, start: int, end: int) -> list[Entry]:
    """Return what takes place within [start, end), in order.

    Whole days, and times without a zone or in one that nobody knows, are those of `timezone`. A time of day that its
    zone skips begins when the clock is turned forward.

    Raises:
        SetupError: it is no calendar, too much for one, or the extra is missing.
    """
    try:
        import icalendar  # noqa: PLC0415 - an extra
        import recurring_ical_events  # noqa: PLC0415 - as above
    except ImportError:
        raise SetupError("reading iCalendar files needs two more packages", EXTRA) from None
    where = zone(timezone)
    if len(text) > LONGEST:
        raise SetupError(
            f"the file has {len(text):,} characters", f"Use one of at most {LONGEST:,}: fewer years of it."
        )
    low, high = (from_milliseconds(at).astimezone(where) for at in (start, end))
    try:
        calendar = icalendar.Calendar.from_ical(text)
        _refuse_bombs(calendar.walk("VEVENT"))
        days = low.date(), high.date() + timedelta(days=1)  # one entry may last a thousand years
        found = [_entry(one, where, *days) for one in recurring_ical_events.of(calendar).between(low, high)]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        problem = f"the file is no calendar that can be read: {str(error)[:200] or type(error).__name__}"
        raise SetupError(problem, "Export it again as iCalendar (.ics).") from None
    if len(found) > MOST:
        raise SetupError(f"the file has {len(found):,} occurrences", f"Use one of at most {MOST:,}.")
    return sorted(one for one in found if one.start < end and one.end > start)


def _refuse_bombs(entries: Iterable[Any]) -> None:
    """See to it that spelling the entries out has an end, as far as one can tell beforehand.

    Raises:
        SetupError: there are too many, or one repeats each minute.
    """
    for count, one in enumerate(entries, 1):
        if count > MOST_ENTRIES:
            raise SetupError(f"the file has more than {MOST_ENTRIES:,} entries", "Use one with fewer.")
        for rule in _listed(one.get("RRULE")):
            often = {str(word).upper() for word in _listed(rule.get("FREQ"))}
            if often & TOO_OFTEN or "BYSECOND" in rule or "BYMINUTE" in rule:
                what = str(one.get("SUMMARY", one.get("UID", "")))[:80]
                raise SetupError(f"{what!r} repeats each minute or more often", "Take it out of the file.")


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _entry(one: Any, where: ZoneInfo, first: date, after: date) -> Entry:
    begins, ends = one["DTSTART"].dt, one["DTEND"].dt if "DTEND" in one else None
    whole_days = not isinstance(begins, datetime)
    if ends is None:
        ends = begins + (timedelta(days=1) if whole_days else timedelta())
    return Entry(
        uid=str(one.get("UID", "")),
        start=_instant(begins, where),
        end=_instant(ends, where),
        on=max(begins, first) if whole_days else None,
        until=min(ends, after) if whole_days else None,
        summary=str(one.get("SUMMARY", "")),
        location=str(one.get("LOCATION", "")),
        people=tuple(dict.fromkeys(_people(_listed(one.get("ATTENDEE"))))),
    )


def _instant(value: date | datetime, where: ZoneInfo) -> int:
    """Return when a zone's clock first shows a time; where the file brings a zone of its own, the instant it means."""
    if not isinstance(value, datetime):
        return first_instant(datetime.combine(value, time()), where)
    its_zone = value.tzinfo or where
    if isinstance(its_zone, ZoneInfo):
        return first_instant(value.replace(tzinfo=None), its_zone)
    return to_milliseconds(value)


def _people(attendees: Iterable[Any]) -> Iterator[str]:
    for one in attendees:
        address = str(one).strip()
        if one.params.get("CUTYPE", "INDIVIDUAL").upper() == "INDIVIDUAL" and address.lower().startswith("mailto:"):
            yield address[len("mailto:") :].lower()
