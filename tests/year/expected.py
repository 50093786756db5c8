"""What must happen, found by walking from minute to minute: no line is shared with how the product counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LIMIT = timedelta(hours=2)
HANDOVER = time(2, 30)  # an hour that some nights have twice, and some not at all
FIRST_TURN = date(2026, 1, 1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Place:
    """Where a part of the team sits: its hours, and who takes turns there; `alone`: days on which nobody is on call."""

    name: str
    zone: str
    opens: time
    closes: time  # earlier than `opens`: on the next morning
    crew: tuple[str, ...]
    alone: tuple[str, ...] = ()

    @property
    def shop_id(self) -> str:
        """The id of the shop whose buyers write to them."""
        return f"74955407350000{sum(map(ord, self.name)):05}"

    def is_open(self, at: datetime) -> bool:
        """Tell whether somebody is there."""
        now = at.astimezone(ZoneInfo(self.zone)).time()
        if self.opens < self.closes:
            return self.opens <= now < self.closes
        return now >= self.opens or now < self.closes

    def on_call(self, at: datetime) -> str:
        """Return whose turn it is, "" where nobody's."""
        local = at.astimezone(ZoneInfo(self.zone))
        if WEEKDAYS[local.weekday()] in self.alone:
            return ""
        days = (local.date() - FIRST_TURN).days
        turn = days if at >= handover(self.zone, local.date()) else days - 1
        return self.crew[turn % len(self.crew)]


def minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield every whole minute from `start` on, before `end`."""
    at = start.replace(second=0, microsecond=0)
    while at < end:
        yield at
        at += MINUTE


@cache
def handover(zone: str, on: date) -> datetime:
    """Return the first minute of a day at which its clock shows the hour of the handover, or has leapt over it."""
    midnight = datetime.combine(on, time(), UTC)
    for at in minutes(midnight - DAY, midnight + 2 * DAY):
        local = at.astimezone(ZoneInfo(zone))
        if local.date() == on and local.time() >= HANDOVER:
            return at
    raise ValueError(f"{on} never was in {zone}")


def runs_out(place: Place, since: datetime) -> datetime:
    """Return when a promise made at `since` is broken, if nobody answers."""
    at, left = since, LIMIT
    while True:
        next_minute = at.replace(second=0, microsecond=0) + MINUTE
        if place.is_open(at):
            step = min(left, next_minute - at)
            at, left = at + step, left - step
            if not left:
                return at
        else:
            at = next_minute


def called(place: Place, since: datetime, until: datetime, otherwise: str) -> list[tuple[datetime, str]]:
    """Return who is called about a page that stands from `since` to `until`, and when.

    Whoever comes on call meanwhile is called, too; where nobody is on call, it is `otherwise` alone.
    """
    first = place.on_call(since)
    if not first:
        return [(since, otherwise)]
    found = [(since, first)]
    for at in minutes(since + MINUTE, until):
        who = place.on_call(at)
        if who and who not in {name for _, name in found}:
            found.append((at, who))
    return found


def holes(places: Sequence[Place], start: datetime, end: datetime) -> Iterator[tuple[Place, datetime]]:
    """Yield when somewhere nobody begins to be on call."""
    for place in places:
        if not place.alone:
            continue
        there = ""
        for at in minutes(start, end):
            before, there = there, place.on_call(at)
            if before and not there:
                yield place, at
