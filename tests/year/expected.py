"""What must happen, found by walking from minute to minute: no line is shared with how the product counts."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LIMIT = timedelta(hours=2)
WARNED_AFTER = LIMIT * 4 // 5
STEP = timedelta(hours=12)  # until somebody else is called
HANDOVER = time(2, 30)  # an hour that some nights have twice, and some not at all
FIRST_TURN = date(2026, 1, 1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Word(Enum):
    """What is said about being on call."""

    INSTEAD = auto()  # they and nobody else, whoever has the turn or is absent
    BESIDES = auto()  # they, too
    SWAP = auto()  # they for somebody whose turn it is
    ABSENT = auto()  # not they, should it be their turn


@dataclass(frozen=True)
class Said:
    """Something that was said at an instant of [start, end): of a place by its name, of all where it names none."""

    word: Word
    place: str
    who: str
    start: datetime
    end: datetime
    at: datetime
    whose: str = ""


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

    def turn(self, at: datetime) -> str:
        """Return whose turn it is, "" where nobody's."""
        local = at.astimezone(ZoneInfo(self.zone))
        if WEEKDAYS[local.weekday()] in self.alone:
            return ""
        days = (local.date() - FIRST_TURN).days
        turn = days if at >= handover(self.zone, local.date()) else days - 1
        return self.crew[turn % len(self.crew)]

    def on_call(self, at: datetime, said: Iterable[Said] = ()) -> set[str]:
        """Return who is on call, when all that was `said` counts in this order."""
        counts = [one for one in said if one.place in ("", self.name) and one.start <= at < one.end]
        counts = [one for number, one in enumerate(counts) if not _is_taken_back(one, counts[number:])]
        for one in reversed(counts):
            if one.word is Word.INSTEAD:
                return {one.who}
        who = self.turn(at)
        for one in counts:
            if one.word is Word.SWAP and one.whose == who:
                who = one.who
            if one.word is Word.ABSENT and one.who == who:
                who = ""
        return {who, *(one.who for one in counts if one.word is Word.BESIDES)} - {""}


def _is_taken_back(stands_in: Said, later: Iterable[Said]) -> bool:
    """Tell whether somebody who stands in was said to be absent after that."""
    if stands_in.word not in (Word.INSTEAD, Word.BESIDES):
        return False
    return any(one.word is Word.ABSENT and one.who == stands_in.who for one in later)


def minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield every whole minute from `start` on, before `end`."""
    at = start.replace(second=0, microsecond=0)
    while at < end:
        yield at
        at += MINUTE


def instants(start: datetime, end: datetime, said: Iterable[Said], *more: datetime) -> list[datetime]:
    """Return `start`, every whole minute until `end`, and when anything that was said begins or is over between."""
    edges = (edge for one in said for edge in (one.start, one.end))
    return sorted({at for at in (start, *minutes(start, end), *edges, *more) if start <= at < end})


@cache
def handover(zone: str, on: date) -> datetime:
    """Return the first minute of a day at which its clock shows the hour of the handover, or has leapt over it."""
    midnight = datetime.combine(on, time(), UTC)
    for at in minutes(midnight - DAY, midnight + 2 * DAY):
        local = at.astimezone(ZoneInfo(zone))
        if local.date() == on and local.time() >= HANDOVER:
            return at
    raise ValueError(f"{on} never was in {zone}")


def runs_out(place: Place, since: datetime, limit: timedelta = LIMIT) -> datetime:
    """Return when so much time of a place has passed since something was asked."""
    at, left = since, limit
    while True:
        next_minute = at.replace(second=0, microsecond=0) + MINUTE
        if place.is_open(at):
            step = min(left, next_minute - at)
            at, left = at + step, left - step
            if not left:
                return at
        else:
            at = next_minute


def called(
    place: Place, rings: Sequence[datetime], until: datetime, said: Collection[Said], otherwise: str
) -> list[tuple[datetime, str]]:
    """Return who is called about a page that is answered at `until`, and when; it calls anew at each of its `rings`.

    It calls whoever is on call then, and whoever comes on call after. Once nobody is, and when it rang long ago, it is
    for `otherwise` alone from then on.
    """
    found: list[tuple[datetime, str]] = []
    there, passed_on, rang = set[str](), False, rings[0]
    for at in instants(rings[0], until, said, *rings, *(ring + STEP for ring in rings)):
        on_call = place.on_call(at, said)
        if at in rings:
            there, rang = set(), at
        passes_on = not passed_on and (at >= rang + STEP or not on_call)
        passed_on = passed_on or passes_on
        new = on_call - there if not passed_on else {otherwise} if passes_on or at == rang else set[str]()
        found += [(at, who) for who in sorted(new)]
        there = on_call
    return found


def changes(
    place: Place, start: datetime, end: datetime, said: Collection[Said]
) -> Iterator[tuple[datetime, set[str], set[str]]]:
    """Yield when others come on call, with who was before and who is then."""
    there, day = place.on_call(start, said), start
    while day < end:
        near = [one for one in said if one.start < day + DAY and one.end >= day]
        for at in instants(day, min(day + DAY, end), near):
            before, there = there, place.on_call(at, near)
            if before != there:
                yield at, before, there
        day += DAY
