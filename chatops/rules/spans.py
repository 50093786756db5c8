"""From when until when, as people say it: "tomorrow 9 .. 17:00", "2026-12-24 .. 2026-12-27", or only until when."""

import re
from datetime import datetime, timedelta, tzinfo

from chatops.rules import snooze

ROOM = 2 * snooze.ROOM + 20  # characters in which anybody can name two instants; in more, looking for both takes long
_BETWEEN = re.compile(r"\s*(?:\.\.+|…|→|–|—|～|\s-\s)\s*")


def span(words: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Return the instants two moments mean to somebody in a zone, in the order they are said; None: unclear.

    A day without an hour is meant whole, from midnight to midnight; one moment alone means from now until then. The
    second moment is counted from the first, but "tomorrow" is tomorrow in both.
    """
    said = _BETWEEN.split(words.strip()) if len(words) <= ROOM else []
    first = _stretch(said[0], now, zone) if 0 < len(said) <= 2 else None
    if first is None:
        return None
    if len(said) == 1:
        return first if first[0] < first[1] else (now, first[1])
    second = _stretch(said[1], now if snooze.from_today(said[1]) else first[0], zone)
    return (first[0], second[1]) if second else None


def _stretch(words: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Return when the days that are named begin and end, or twice the same moment."""
    at = snooze.until(words, now, zone, timedelta.max)
    return snooze.day(words, now, zone) or ((at, at) if at else None)
