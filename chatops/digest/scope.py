"""What a digest is about: a stretch of time in a zone, and whose tickets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from chatops.rules.walltime import first_instant
from chatops.times import from_milliseconds

ONE_DAY = timedelta(days=1)


class Day(NamedTuple):
    """One local day: 23, 24 or 25 hours, or a few minutes of it."""

    date: date
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """The instants from `start` up to, and without, `end`; its days and hours are those of `zone`.

    `counted_at`: when it is counted, for what looks ahead; None: at its end. One that another is compared with
    does not look ahead: what is so now, or still to come, stands in the other alone.
    """

    start: datetime
    end: datetime
    zone: ZoneInfo
    counted_at: datetime | None = field(default=None, compare=False)
    looks_ahead: bool = field(default=True, compare=False)

    @property
    def ahead(self) -> datetime:
        """The instant from which on all is still to come when it is counted."""
        return max(self.end, self.counted_at or self.end)

    def days(self) -> Iterator[Day]:
        """Yield the local days it touches, cut to it; a day that the zone skipped is not among them."""
        day = self.start.astimezone(self.zone).date()
        start = self.start
        while start < self.end:
            day += ONE_DAY
            end = min(midnight(day, self.zone), self.end)
            if end > start:
                yield Day(day - ONE_DAY, start, end)
                start = end

    def by_the_clock(self) -> tuple[datetime, datetime]:
        """Return what the zone's clock shows when it begins and ends: midnight also where the clock skips that."""
        begins, ends = (_shown(at, self.zone) for at in (self.start, self.end))
        return begins, ends

    def is_of_hours(self, *, so_far: bool) -> bool:
        """Tell whether it begins or ends within a day; `so_far`: at its end there was no more yet."""
        days = [day.date for day in self.days()]
        ends = so_far or self.end == midnight(days[-1] + ONE_DAY, self.zone)
        return self.start != midnight(days[0], self.zone) or not ends


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local day; of one that the zone skipped, that of the next."""
    return from_milliseconds(first_instant(datetime.combine(day, time()), zone))


def _shown(at: datetime, zone: ZoneInfo) -> datetime:
    clock = at.astimezone(zone).replace(tzinfo=None)
    return datetime.combine(clock, time()) if at == midnight(clock.date(), zone) else clock


class Narrow(StrEnum):
    """What the work of shops is narrowed down to; each is a field of a `Scope`."""

    PERSON = "agent_id"
    TEAM = "teams"
    COUNTRY = "markets"


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whose tickets: those of a workspace's `shops` (TikTok's ids, never empty), and of these a part, if told.

    `markets` are countries of shops (two capitals), `teams` names as tickets carry them, `agent_id` whoever owns a
    ticket or wrote an answer. Numbers are of whole shops; `in_part` is how many of these send some tickets only to
    other workspaces.
    """

    workspace_id: str
    shops: tuple[str, ...]
    markets: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    agent_id: str = ""
    in_part: int = 0

    @property
    def narrowed(self) -> frozenset[Narrow]:
        """What it is narrowed down to; nothing where it is about all the work of its shops."""
        return frozenset(each for each in Narrow if getattr(self, each))
