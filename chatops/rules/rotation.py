"""Rotations: who is on call at an instant, when that changes, and when nobody is.

Instants are integer milliseconds since 1970. A turn begins at the first instant at which its zone's clock shows the
hour, counted from the layer's `start` and never from the turn before, so no clock change moves the ones after it.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import msgspec

from chatops.errors import SetupError
from chatops.rules import hours
from chatops.rules.languages import LANGUAGES
from chatops.rules.walltime import DAY, HOUR, first_instant

FOREVER = 253_402_300_800_000  # the year 10000
MOST = 1_000  # times its unit that a turn may last


class Unit(StrEnum):
    """After what a layer changes hands."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """People who take turns: from `start` (a wall clock of `timezone`) on, each for `every` times `unit`.

    A member is an agent's id, or several joined by "+" who are on call together. `hours` restricts the layer to
    windows by weekday, as `rules.hours.Hours` writes them. Of the layers with somebody, those of the highest priority
    count. It counts from `begins` until `ends` (wall clocks, too), as far as they are given.
    """

    members: tuple[str, ...]
    start: datetime
    unit: Unit = Unit.WEEK
    every: int = 1
    timezone: str = ""  # "": the rotation's
    hours: dict[str, tuple[str, ...]] = {}
    priority: int = 0
    name: str = ""
    only_working_days: bool = False  # turns are counted by the days that have hours
    begins: datetime | None = None
    ends: datetime | None = None


class Rotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who is on call in a workspace (by its name): layers, and what must be covered.

    `languages`: each needs somebody who answers in it at every minute. `group`: the chat's user group or role that is
    kept in step. `channel`: where gaps and handovers are told.
    """

    workspace: str
    timezone: str
    layers: tuple[Layer, ...]
    languages: tuple[str, ...] = ()
    group: str = ""
    channel: str = ""

    @property
    def members(self) -> set[str]:
        """Everybody who takes turns."""
        return {who for layer in self.layers for member in layer.members for who in member.split("+")}


class Instead(StrEnum):
    """How somebody is on call other than by turns; those of one instant count in the order in which they were said.

    Who stands in and is then absent stands in no more: who stood in before them counts again, else the turns.
    """

    ONLY = "only"  # they and nobody else; of several, the last said counts
    SWAP = "swap"  # they for somebody whose turn it is
    ABSENT = "absent"  # not they: the next layer that has somebody counts
    ALSO = "also"  # they besides whoever else is


class Override(NamedTuple):
    """Who is on call other than by turns in [start, end); `whose` names the one a swap takes the turn of."""

    kind: Instead
    start: int
    end: int
    who: str
    whose: str = ""


class Shift(NamedTuple):
    """Who is on call in [start, end), in alphabetical order; nobody: a gap."""

    start: int
    end: int
    who: tuple[str, ...]


class Turns:
    """A layer, ready to be asked."""

    def __init__(self, layer: Layer, timezone: str) -> None:
        self.layer = layer
        self.zone = hours.zone(layer.timezone or timezone)
        self.hours = hours.compiled(hours.Hours(self.zone.key, layer.hours)) if layer.hours else hours.ALWAYS
        self._members = [tuple(member.split("+")) for member in layer.members]
        weekdays = [hours.WEEKDAYS.index(day) for day, windows in layer.hours.items() if windows]
        self._days = sorted(
            (day - layer.start.weekday()) % 7 for day in weekdays
        )  # working days, counted from the first
        self._first = self.handover(0)
        self.begins = max(self._first, self._instant(layer.begins or layer.start))
        self.ends = self._instant(layer.ends) if layer.ends else FOREVER
        self._turn = Shift(0, 0, ())  # the one asked for last

    def handover(self, index: int) -> int:
        """Return the instant at which turn `index` begins."""
        layer, turns = self.layer, index * self.layer.every
        match layer.unit:
            case Unit.HOUR if 24 % layer.every:  # no clock shows the same hours every day: they are counted out
                return self._instant(layer.start) + turns * HOUR
            case Unit.HOUR:
                return self._instant(layer.start + timedelta(hours=turns))
            case Unit.DAY if layer.only_working_days:
                weeks, day = divmod(turns, len(self._days))
                return self._instant(layer.start + timedelta(days=7 * weeks + self._days[day]))
            case Unit.DAY:
                return self._instant(layer.start + timedelta(days=turns))
            case Unit.WEEK:
                return self._instant(layer.start + timedelta(weeks=turns))
            case Unit.MONTH:
                return self._instant(_months_after(layer.start, turns))

    def turn(self, at: int) -> Shift:
        """Return the turn of an instant, whatever the layer's hours are; before the first it is nobody's."""
        last = self._turn  # other threads ask, too
        if last.start <= at < last.end:
            return last
        if at < self._first:
            return Shift(at, self._first, ())
        index = max(0, (at - self._first) // self._usual)
        start, end = self.handover(index), self.handover(index + 1)
        while start > at:
            index -= 1
            start, end = self.handover(index), start
        while end <= at:
            index += 1
            start, end = end, self.handover(index + 1)
        who = self._members[index % len(self._members)] if self._members else ()
        found = self._turn = Shift(start, end, who)
        return found

    def stint(self, at: int) -> Shift:
        """Return who of this layer is on call at an instant, and until when that surely stays so."""
        if not self.begins <= at < self.ends:
            return Shift(at, self.begins if at < self.begins else FOREVER, ())
        turn = self.turn(at)
        until = min(turn.end, self.ends, self.hours.next_change(at) or FOREVER)
        return Shift(at, until, turn.who if self.hours.is_open(at) else ())

    @property
    def _usual(self) -> int:
        """Return about how long a turn lasts."""
        one = 7 * DAY // len(self._days) if self.layer.only_working_days else _USUAL[self.layer.unit]
        return self.layer.every * one

    def _instant(self, wall: datetime) -> int:
        return first_instant(wall, self.zone)


_USUAL = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: 7 * DAY, Unit.MONTH: 365 * DAY // 12}


def _months_after(start: datetime, months: int) -> datetime:
    """Return the wall clock so many months later: the 31st is the last day of a month that has fewer."""
    years, month = divmod(start.month - 1 + months, 12)
    last = monthrange(start.year + years, month + 1)[1]
    return start.replace(year=start.year + years, month=month + 1, day=min(start.day, last))


class Rota:
    """A rotation, ready to be asked."""

    def __init__(self, spec: Rotation) -> None:
        self.spec = spec
        layers = sorted(spec.layers, key=lambda layer: -layer.priority)
        self.turns = [Turns(layer, spec.timezone) for layer in layers]

    def on_call(self, at: int, overrides: Sequence[Override] = ()) -> tuple[str, ...]:
        """Return who is on call at an instant, in alphabetical order."""
        return self._stint(at, overrides).who

    def shifts(self, start: int, end: int, overrides: Sequence[Override] = ()) -> Iterator[Shift]:
        """Yield who is on call in [start, end), without a hole: where nobody is, a shift says so.

        No two neighbours are the same people.
        """
        near = [one for one in overrides if one.start < end and one.end > start]
        shift = None
        while start < end:
            stint = self._stint(start, near)
            until = min(stint.end, end)
            if shift is None or shift.who != stint.who:
                if shift is not None:
                    yield shift
                shift = Shift(start, until, stint.who)
            shift = Shift(shift.start, until, stint.who)
            start = until
        if shift is not None:
            yield shift

    def turn(self, at: int) -> tuple[int, int]:
        """Return from when until when no layer that has somebody at an instant changes hands."""
        turns = [turns.turn(at) for turns in self.turns if turns.stint(at).who]
        return max((turn.start for turn in turns), default=0), min((turn.end for turn in turns), default=FOREVER)

    def next_change(self, after: int, until: int, overrides: Sequence[Override] = ()) -> int | None:
        """Return the next instant at which others are on call; None: not before `until`."""
        shift = next(self.shifts(after, until, overrides), None)
        return shift.end if shift and shift.end < until else None

    def _stint(self, at: int, overrides: Sequence[Override]) -> Shift:
        """Return who is on call at an instant, and until when that surely stays so."""
        stints = [(turns.layer.priority, turns.stint(at)) for turns in self.turns]
        edges = [edge for one in overrides for edge in (one.start, one.end) if edge > at]
        until = min([*edges, *(stint.end for _, stint in stints)], default=FOREVER)
        said = [one for one in overrides if one.start <= at < one.end]
        only = _standing_in(said, Instead.ONLY)
        if only:
            return Shift(at, until, (only[-1],))
        found: set[str] = set()
        for _, group in groupby(stints, key=itemgetter(0)):
            if found := {who for _, stint in group for who in _with(said, stint.who)}:
                break
        return Shift(at, until, tuple(sorted(found.union(_standing_in(said, Instead.ALSO)))))


def _standing_in(said: Sequence[Override], kind: Instead) -> list[str]:
    """Return who stands in so, in the order in which it was said; not who was said to be absent after that."""
    found: list[str] = []
    for one in said:
        if one.kind is kind:
            found.append(one.who)
        elif one.kind is Instead.ABSENT:
            found = [who for who in found if who != one.who]
    return found


def _with(said: Sequence[Override], members: Sequence[str]) -> Sequence[str]:
    """Return who of a layer is on call when what was said of swaps and absences counts, one after the other."""
    for one in said:
        if one.kind is Instead.SWAP:
            members = [one.who if member == one.whose else member for member in members]
        elif one.kind is Instead.ABSENT:
            members = [member for member in members if member != one.who]
    return members


def compiled(spec: Rotation) -> Rota:
    """Return a rotation ready to be asked; the same rotation gives the same again.

    Raises:
        SetupError: what is wrong with it, and what to do.
    """
    return _compiled(msgspec.json.encode(spec, order="deterministic"))


@lru_cache(maxsize=256)
def _compiled(written: bytes) -> Rota:
    spec = msgspec.json.decode(written, type=Rotation)
    hours.zone(spec.timezone)
    if unknown := sorted(set(spec.languages) - set(LANGUAGES)):
        raise SetupError(f"nobody is known to answer in {unknown[0]!r}", f"Use {', '.join(LANGUAGES)}.")
    if not spec.layers:
        raise SetupError("nobody is ever on call", "Add a layer with its members.")
    for place, layer in enumerate(spec.layers, 1):
        try:
            _check(layer)
            Turns(layer, spec.timezone)
        except SetupError as error:
            raise SetupError(f"layer {layer.name or place}: {error}", error.remedy) from None
    return Rota(spec)


def _check(layer: Layer) -> None:
    if not layer.members or not all(all(member.split("+")) for member in layer.members):
        raise SetupError("a member is missing", "Name agents by their ids; join those on call together by +.")
    if not 1 <= layer.every <= MOST:
        raise SetupError(f"a turn of {layer.every} {layer.unit}s is none", f"Use a number from 1 to {MOST}.")
    for wall in (layer.start, layer.begins, layer.ends):
        if wall and (wall.tzinfo is not None or not 1970 < wall.year < 2200):
            raise SetupError(f"{wall.isoformat()} is no wall clock", "Write it like 2026-10-05T09:00:00.")
    if layer.ends and layer.ends <= (layer.begins or layer.start):
        raise SetupError("it ends before it begins", "Let `ends` be later than `begins` and `start`.")
    if layer.only_working_days and not (layer.unit is Unit.DAY and any(layer.hours.values())):
        raise SetupError("its working days are not told", 'Use unit = "day" and give it hours.')
