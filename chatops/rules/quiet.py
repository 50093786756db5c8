"""The hours in which somebody wants to be left alone, as they type them: "22-8", "22:30 - 07:00", "off"."""

import re
import unicodedata

from chatops.rules import zones
from chatops.rules.hours import WEEKDAYS, Hours, compiled
from chatops.rules.snooze import wakes

ROOM = 20  # characters in which anybody can name two hours
_TIME = r"(\d{1,2})(?:[:.h点](\d\d)?)?"
_SPAN = re.compile(rf"{_TIME}\s*[-–—~]\s*{_TIME}")


def hours(words: str) -> str | None:
    """Return the hours as "22:00-08:00", "" for none of them; None when the words name none. They may pass midnight."""
    if wakes(words):
        return ""
    said = _SPAN.fullmatch(unicodedata.normalize("NFKC", words[:ROOM]).strip())
    if said is None:
        return None
    start, end = (_clock(*said.group(at, at + 1)) for at in (1, 3))
    return f"{start}-{end}" if start and end and start != end else None


def _clock(hour: str, minute: str | None) -> str:
    """Return a time of day as the wall clock shows it, "" when it never does; 24 is midnight."""
    wall = int(hour) * 60 + int(minute or 0)
    return f"{wall // 60 % 24:02}:{wall % 60:02}" if int(minute or 0) < 60 and wall <= 24 * 60 else ""


def until(span: str, zone: str, at: int) -> int | None:
    """Return when hours like "22:00-08:00" of somebody's clock end that an instant is in; None: it is in none."""
    if not span or zones.named(zone) is None:  # without a zone nobody knows when they are
        return None
    calendar = compiled(Hours(zone, dict.fromkeys(WEEKDAYS, (span,))))
    return calendar.next_change(at) if calendar.is_open(at) else None
