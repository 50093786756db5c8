"""Wall clocks and instants: what a zone's clock shows when, and when it first shows something.

Instants are integer milliseconds since 1970, wall clocks naive datetimes. Aware datetimes of one zone are never
compared or added to: across the hour that a clock shows twice, Python takes two instants for the same one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from chatops.times import EPOCH, MILLISECOND, from_milliseconds, to_milliseconds

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_PROBE = 6 * HOUR  # no zone changes its offset twice within so little
_SPAN = 128 * DAY  # one piece of a zone's history that is looked through at once
_NAIVE_EPOCH = EPOCH.replace(tzinfo=None)


def offset(at: int, zone: ZoneInfo) -> int:
    """Return how far a zone's wall clock is ahead of UTC at an instant, in milliseconds."""
    shift = from_milliseconds(at).astimezone(zone).utcoffset()
    return (shift or timedelta()) // MILLISECOND


def wall(at: int, zone: ZoneInfo) -> datetime:
    """Return what a zone's clock shows at an instant."""
    return reading(at + offset(at, zone))


def reading(shown: int) -> datetime:
    """Return a wall clock's milliseconds (since its own 1970) as what it shows."""
    return _NAIVE_EPOCH + shown * MILLISECOND


def shown(moment: datetime) -> int:
    """Return what a wall clock shows as milliseconds since its own 1970."""
    return (moment - _NAIVE_EPOCH) // MILLISECOND


def first_instant(moment: datetime, zone: ZoneInfo) -> int:
    """Return the first instant at which a zone's clock shows this or a later time.

    A time that is shown twice is meant the first time; one that is skipped is reached when the clock is turned forward.
    """
    likely = to_milliseconds(moment.replace(tzinfo=zone, fold=0))  # Python's guess, right unless the time is skipped
    return likely if wall(likely, zone) == moment else search(moment, zone)


def last_instant(moment: datetime, zone: ZoneInfo) -> int:
    """Return the last instant at which a zone's clock shows this time; of one that is skipped, when it is reached."""
    later = to_milliseconds(moment.replace(tzinfo=zone, fold=1))
    return later if wall(later, zone) == moment else first_instant(moment, zone)


def search(moment: datetime, zone: ZoneInfo) -> int:
    """Return the same as `first_instant`, by looking at every stretch around it."""
    sought = shown(moment)
    near = sorted({sought - offset(sought + way * DAY, zone) for way in (-1, 0, 1)})
    low, high = near[0] - DAY, near[-1] + DAY
    for start, end, ahead in segments(zone, low, high):
        at = max(start, sought - ahead)
        if at < end and at + ahead >= sought:
            return at
    raise AssertionError("a zone's clock goes on")


def segments(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches of [start, end) in which a zone's offset stays the same, each with that offset."""
    for piece in range(start // _SPAN, -(-end // _SPAN)):
        for low, high, ahead in _segments(zone, piece):
            if low < end and high > start:
                yield max(low, start), min(high, end), ahead


@lru_cache(maxsize=4096)
def _segments(zone: ZoneInfo, piece: int) -> list[tuple[int, int, int]]:
    probes = range(piece * _SPAN, (piece + 1) * _SPAN + 1, _PROBE)
    edges = [probes[0]]
    for before, after in pairwise(probes):
        if offset(before, zone) != offset(after, zone):
            edges.append(_change(zone, before, after))
    edges.append(probes[-1])
    return [(low, high, offset(low, zone)) for low, high in pairwise(edges) if low < high]


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """Return the instant between two at which a zone's offset changes."""
    old = offset(before, zone)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if offset(middle, zone) == old else (before, middle)
    return after
