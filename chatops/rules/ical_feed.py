"""Writing iCalendar (RFC 5545): what other calendars subscribe to. Reading it is `ical`'s."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from chatops.times import from_milliseconds

LINE = 75  # bytes of a line; what is longer goes on in the next, behind a blank
REFRESH = "PT1H"  # how often a subscriber may look; what each of them makes of it differs


class Item(NamedTuple):
    """One entry, [start, end) in milliseconds since 1970; the same `uid` is the same entry, changed.

    `busy`: it takes the reader's time.
    """

    uid: str
    start: int
    end: int
    summary: str
    description: str = ""
    busy: bool = True


def written(name: str, items: Iterable[Item], now: datetime) -> str:
    """Return a calendar as the text of a file; times are in UTC, which every reader shows by their own clock."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//chatops//on call//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_escaped(name)}",
        f"X-WR-CALNAME:{_escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    ]
    for item in items:
        lines += _entry(item, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _entry(item: Item, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(item.uid)}"
    yield f"DTSTAMP:{_stamp(now)}"
    yield f"DTSTART:{_stamp(from_milliseconds(item.start))}"
    yield f"DTEND:{_stamp(from_milliseconds(item.end))}"
    yield f"SUMMARY:{_escaped(item.summary)}"
    if item.description:
        yield f"DESCRIPTION:{_escaped(item.description)}"
    yield f"TRANSP:{'OPAQUE' if item.busy else 'TRANSPARENT'}"
    yield "END:VEVENT"


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Return words as a value: other control characters than line breaks have no place in one."""
    kept = "".join(sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if sign == "\n" or sign >= " ")
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Break a line that has too many bytes, between characters."""
    held, size = "", 0
    for sign in line:
        weight = len(sign.encode())
        if size + weight > LINE:
            yield held
            held, size = " ", 1
        held, size = held + sign, size + weight
    yield held
