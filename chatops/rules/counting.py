"""How a clock's time was counted, told day by day: what `!sla why` prints."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatops.rules.hours import Stretch
from chatops.rules.walltime import first_instant, wall


class Counted(NamedTuple):
    """The stretches, in milliseconds since 1970, that counted on one day of a zone."""

    on: date
    stretches: tuple[Stretch, ...]

    @property
    def length(self) -> int:
        """How much counted that day, in milliseconds."""
        return sum(end - start for start, end in self.stretches)


def by_day(stretches: Iterable[Stretch], zone: ZoneInfo) -> list[Counted]:
    """Return stretches of counted time, which are in order, by the days of whoever reads it.

    The days are the reader's, not the calendar's: an evening's work in Berlin is the next day's in Jakarta. Days on
    which nothing counted are left out; nothing else is.
    """
    pieces = (piece for stretch in stretches for piece in _cut(stretch, zone))
    return [
        Counted(on, tuple(stretch for _, stretch in day)) for on, day in groupby(pieces, key=lambda piece: piece[0])
    ]


def _cut(stretch: Stretch, zone: ZoneInfo) -> Iterator[tuple[date, Stretch]]:
    """Yield a stretch in pieces that end with the day, each with its day; a day lasts until the next one begins."""
    start, end = stretch
    while start < end:
        on = wall(start, zone).date()
        midnight = first_instant(datetime.combine(on + timedelta(days=1), time()), zone)
        yield on, (start, min(end, midnight))
        start = midnight
