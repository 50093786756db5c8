"""When a digest is due, and what stretch of time it tells of: by the days of its zone, whatever the clock does there.

A turn's window ends where its day begins and begins where the window of the turn before ended, so every instant is
told of once. A day that a zone skipped has no turn, nor has one that is no working day; the next turn tells of it.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import msgspec

from chatops.errors import SetupError
from chatops.rules import hours
from chatops.rules.hours import WEEKDAYS, Hours
from chatops.rules.walltime import first_instant, wall

ONE_DAY = timedelta(days=1)
HERE = "here"  # where a digest stands
FARTHEST = 800  # days looked through: what is not due within them never is
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class Rhythm(StrEnum):
    """How much time a digest tells of."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class DigestPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is told of a workspace (by its name), in which channel, and when: at a wall clock's time.

    `on` are weekdays: of a daily digest those on which it comes, of a weekly one those with which its weeks begin. A
    monthly one comes on a `day`, or the last of a shorter month. On days on which `calendar` has no hours nothing
    comes: the next daily digest tells of them too, a weekly or monthly one comes on the first day after. `shops` (by
    name), `markets` and `teams` narrow whose work is told of, `sections` what; left out, it is all there is. The page
    for owners goes `report_to` people (by id) as a direct message, and "here": below the digest.
    """

    workspace: str
    channel: str
    timezone: str
    at: str = "09:00"
    every: Rhythm = Rhythm.DAY
    on: tuple[str, ...] = ()
    day: int = 1
    calendar: str = ""
    shops: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    locale: str = ""  # "": the workspace's
    compare: bool = False  # with the stretch of time before
    ranked: bool = False  # people in an order
    report_to: tuple[str, ...] = ()


def time_of(plan: DigestPlan) -> tuple[object, ...]:
    """Return what of a plan says when it is due."""
    return plan.timezone, plan.at, plan.every, plan.on, plan.day, plan.calendar


class Turn(NamedTuple):
    """A digest of a plan: the local day it comes on, when, and where its window ends (milliseconds since 1970)."""

    day: date
    due: int
    until: int


class Schedule:
    """A plan, ready to be asked; None everywhere: there is no such turn within two years."""

    def __init__(self, plan: DigestPlan, calendar: Hours | None = None) -> None:
        self.plan = plan
        self.zone = hours.zone(plan.timezone)
        self._at = _time(plan.at)
        self._weekdays = {WEEKDAYS.index(day) for day in plan.on} or set(range(7 if plan.every is Rhythm.DAY else 1))
        always = calendar is None or calendar.always
        self._weekly = None if always or calendar is None else {day for day, some in calendar.weekly.items() if some}
        self._days = {} if always or calendar is None else {one.on: bool(one.hours) for one in calendar.exceptions}

    def after(self, day: date) -> Turn | None:
        """Return the first turn on a later day than this one."""
        return next((turn for turn in self._forward(day) if turn.day > day), None)

    def coming(self, at: int) -> Turn | None:
        """Return the first turn that is due later than an instant."""
        return next((turn for turn in self._forward(self._local(at)) if turn.due > at), None)

    def latest(self, at: int) -> Turn | None:
        """Return the last turn that is due at an instant or before."""
        return next((turn for turn in self._back(self._local(at) + ONE_DAY) if turn.due <= at), None)

    def todays(self, at: int) -> Turn | None:
        """Return the turn of the local day of an instant, whatever its hour, or the last before."""
        return next(self._back(self._local(at)), None)

    def begins(self, turn: Turn) -> int:
        """Return where a turn's window begins when none came before it: where the one before would have ended."""
        before = next((one for one in self._back(turn.day) if one.until < turn.until), None)
        return before.until if before else self.starts(turn.day - ONE_DAY)

    def starts(self, day: date) -> int:
        """Return the first instant of a local day; of one that was skipped, that of the next."""
        return first_instant(datetime.combine(day, time()), self.zone)

    def _local(self, at: int) -> date:
        return wall(at, self.zone).date()

    def _forward(self, day: date) -> Iterator[Turn]:
        """Yield turns in order, among them all on `day` and later."""
        first = day - _LONGEST[self.plan.every]  # one that was moved began so long ago at most
        return self._turns(first + more * ONE_DAY for more in range(FARTHEST))

    def _back(self, day: date) -> Iterator[Turn]:
        """Yield the turns of `day` and before, the last first."""
        return self._turns(day - more * ONE_DAY for more in range(FARTHEST))

    def _turns(self, days: Iterator[date]) -> Iterator[Turn]:
        for begins in filter(self._begins, days):
            day = self._comes_on(begins)
            if day is not None:
                yield Turn(day, first_instant(datetime.combine(day, self._at), self.zone), self.starts(begins))

    def _begins(self, day: date) -> bool:
        """Tell whether a digest belongs to a day, whether it may come on it or not."""
        if self.plan.every is Rhythm.MONTH:
            return day.day == min(self.plan.day, monthrange(day.year, day.month)[1])
        return day.weekday() in self._weekdays

    def _comes_on(self, begins: date) -> date | None:
        """Return the day on which a digest of a day may come, before the next one does."""
        if self._may(begins):
            return begins
        if self.plan.every is Rhythm.DAY:
            return None
        for more in range(1, _LONGEST[self.plan.every].days + 1):
            day = begins + more * ONE_DAY
            if self._begins(day):
                return None
            if self._may(day):
                return day
        return None

    def _may(self, day: date) -> bool:
        """Tell whether a day is there, and a working day."""
        usual = self._weekly is None or WEEKDAYS[day.weekday()] in self._weekly
        return self._days.get(day, usual) and self.starts(day) < self.starts(day + ONE_DAY)


_LONGEST = {Rhythm.DAY: timedelta(), Rhythm.WEEK: timedelta(days=6), Rhythm.MONTH: timedelta(days=30)}


def compiled(plan: DigestPlan, calendar: Hours | None = None) -> Schedule:
    """Return a plan ready to be asked, with the days of a calendar; the same plan gives the same again.

    Raises:
        SetupError: what is wrong with it, and what to do.
    """
    return _compiled(msgspec.json.encode((plan, calendar), order="deterministic"))


@lru_cache(maxsize=1024)
def _compiled(written: bytes) -> Schedule:
    plan, calendar = msgspec.json.decode(written, type=tuple[DigestPlan, Hours | None])
    if unknown := sorted(set(plan.on) - set(WEEKDAYS)):
        raise SetupError(f"{unknown[0]!r} is no weekday", f"Use {', '.join(WEEKDAYS)}.")
    if plan.every is Rhythm.MONTH and plan.on:
        raise SetupError("a monthly digest has no weekdays", "Leave `on` out, and say on which `day` of the month.")
    if not 1 <= plan.day <= 31:
        raise SetupError(f"no month has a day {plan.day}", "Use a day from 1 to 31; 31 is the last of any month.")
    found = Schedule(plan, calendar)
    if found.after(date(2026, 1, 1)) is None:
        raise SetupError("it would never be due", "Let some of its weekdays have hours in its calendar.")
    return found


def _time(said: str) -> time:
    found = _TIME.fullmatch(said.strip())
    if found is None:
        raise SetupError(f"{said!r} is no time of day", 'Write it like "09:00".')
    return time(int(found[1]), int(found[2]))
