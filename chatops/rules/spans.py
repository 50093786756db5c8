"""From when until when, as people say it: "tomorrow 9 .. 17:00", "2026-12-24 .. 2026-12-27", or only until when."""

import re
from datetime import datetime, tzinfo

from chatops.rules.snooze import until

_BETWEEN = re.compile(r"\s*(?:\.\.+|…|→|–|—|～|\s-\s)\s*")


def span(words: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Return the instants two moments mean to somebody in a zone, the second counted from the first; None: unclear.

    One moment alone means from now until then.
    """
    said = _BETWEEN.split(words.strip())
    if len(said) > 2:
        return None
    start = until(said[0], now, zone) if len(said) == 2 else now
    end = until(said[-1], start, zone) if start else None
    return (start, end) if start and end else None
