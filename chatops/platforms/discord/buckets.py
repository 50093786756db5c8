"""What Discord's answers say about how many more calls it takes, remembered so that none is made in vain.

A refused call counts: ten thousand of them in ten minutes shut our address out. What is remembered is this process's
own view; the paces in the database are what replicas share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatops.times import TimeSource

MOST_KEPT = 2_000  # buckets; every thread has its own

_NOW = timedelta()


@dataclass(slots=True)
class Bucket:
    """How many calls are left until the window ends."""

    left: int
    ends_at: datetime


class Buckets:
    """Counts for each route and channel; a route's bucket is the one Discord last named for it."""

    def __init__(self, time: TimeSource) -> None:
        self._time = time
        self._names: dict[str, str] = {}
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._silent_until: datetime | None = None

    def take(self, route: str, place: str) -> timedelta:
        """Take one call of a route; returns how long to wait before asking again (zero: it is taken)."""
        now = self._time.now()
        if self._silent_until and now < self._silent_until:
            return self._silent_until - now
        bucket = self._buckets.get((self._names.get(route, route), place))
        if bucket is None or now >= bucket.ends_at:
            return _NOW
        if bucket.left <= 0:
            return bucket.ends_at - now
        bucket.left -= 1
        return _NOW

    def learn(self, route: str, place: str, headers: Mapping[str, str]) -> None:
        """Remember what the headers of an answer say."""
        try:
            left = int(headers["X-RateLimit-Remaining"])
            ends_at = self._time.now() + timedelta(seconds=float(headers["X-RateLimit-Reset-After"]))
        except (KeyError, ValueError, OverflowError):
            return
        name = self._names[route] = headers.get("X-RateLimit-Bucket", route)
        known = self._buckets.get((name, place))
        if known and self._time.now() < known.ends_at:
            left = min(left, known.left)  # answers overtake each other
        self._buckets[name, place] = Bucket(left, ends_at)
        if len(self._buckets) > MOST_KEPT:
            self._forget()

    def be_silent(self, pause: timedelta) -> None:
        """Make no call at all for so long: the limit that was met counts everything."""
        self._silent_until = self._time.now() + pause

    def _forget(self) -> None:
        now = self._time.now()
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if now < bucket.ends_at}
