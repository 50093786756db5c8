"""Hours of business: when somebody is there, and how much of that time passes.

An instant is open when what the wall clock shows lies in a window, so an hour that is skipped has no open time and
one that is shown twice has it twice; no other rule is needed. Compiled, hours are a sorted list of open stretches.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from chatops.errors import SetupError
from chatops.rules import zones
from chatops.rules.walltime import DAY, MINUTE, reading, segments, shown

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_SEARCH = 10 * 366 * DAY  # hours that do not open for so long never do
AT_FIRST = 128 * DAY  # how far hours are worked out on either side of the first instant asked for
_MIDNIGHT = 24 * 60
_WINDOW = re.compile(r"(\d\d?):(\d\d)\s*[-–]\s*(\d\d?):(\d\d)")

Window = tuple[int, int]  # minutes from the midnight its day begins with; beyond 1,440 it ends on the next day
Stretch = tuple[int, int]  # [from, to), milliseconds since 1970


class DayOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"on": "date"}, omit_defaults=True):
    """A day unlike others of its weekday: the windows that begin on it, none when closed; `label` says why."""

    on: date
    hours: tuple[str, ...] = ()
    label: str = ""


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Hours as a person writes them: `weekly` holds windows ("09:00-17:00", "22:00-06:00") by weekday ("mon").

    A window belongs to the day it begins on. `always`: around the clock, whatever else is said.
    """

    timezone: str
    weekly: dict[str, tuple[str, ...]] = {}
    exceptions: tuple[DayOff, ...] = ()
    always: bool = False


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its name.

    Raises:
        SetupError: there is none of this name; the remedy names some that are like it.
    """
    known = zones.named(name)
    if known is None:
        raise SetupError(f"there is no time zone {name!r}", f"Use a name like {zones.near(name) or 'Europe/London'}.")
    return ZoneInfo(known)


def window(text: str) -> Window:
    """Return a window's minutes: "22:00-06:00" is (1320, 1800), "00:00-24:00" the whole day.

    Raises:
        SetupError: it names no times of day, or is empty.
    """
    said = _WINDOW.fullmatch(text.strip())
    start, end = (int(said[at]) * 60 + int(said[at + 1]) for at in (1, 3)) if said else (0, 0)
    good = said is not None and int(said[2]) < 60 and int(said[4]) < 60 and start < _MIDNIGHT and end <= _MIDNIGHT
    if not good or start == end:
        raise SetupError(f"{text!r} are no hours", 'Write them like "09:00-17:00"; "22:00-06:00" ends on the next day.')
    return (start, end) if start < end else (start, end + _MIDNIGHT)


class _Worked(NamedTuple):
    """The days that are worked out, [low, high); `sums` is the open time before each stretch, and of all of them."""

    low: int
    high: int
    starts: list[int]
    ends: list[int]
    sums: list[int]

    def before(self, at: int) -> int:
        """Return the open time before an instant, counted from the first day."""
        place = bisect_right(self.starts, at) - 1
        return 0 if place < 0 else self.sums[place] + min(at, self.ends[place]) - self.starts[place]


class Calendar:
    """Compiled hours: adding, measuring and subtracting open time are two searches in a sorted list.

    What is asked for beyond the days worked out so far is worked out then, and put in place at once: threads share it.
    All instants and durations in milliseconds.
    """

    def __init__(self, where: ZoneInfo, weekly: Mapping[int, Sequence[Window]], days: Mapping[date, Sequence[Window]]):
        self._zone, self._weekly, self._days = where, weekly, days
        self._worked = _Worked(0, 0, [], [], [0])

    def is_open(self, at: int) -> bool:
        """Tell whether an instant is open."""
        worked = self._reach(at, at)
        place = bisect_right(worked.starts, at) - 1
        return place >= 0 and at < worked.ends[place]

    def measure(self, start: int, end: int) -> int:
        """Return how much open time passes between two instants."""
        worked = self._reach(start, end)
        return worked.before(end) - worked.before(start)

    def add(self, at: int, duration: int) -> int | None:
        """Return the earliest instant by which so much open time has passed; None: not within ten years."""
        if duration <= 0:
            return at
        worked = self._reach(at, at)
        while worked.sums[-1] - worked.before(at) < duration:
            if worked.high - at > LONGEST_SEARCH:
                return None
            worked = self._reach(at, worked.high + max(worked.high - at, AT_FIRST))
        total = worked.before(at) + duration
        place = bisect_left(worked.sums, total) - 1
        return worked.starts[place] + total - worked.sums[place]

    def sub(self, at: int, duration: int) -> int | None:
        """Return the latest instant from which so much open time passes until `at`; None: not within ten years."""
        if duration <= 0:
            return at
        worked = self._reach(at, at)
        while worked.before(at) < duration:
            if at - worked.low > LONGEST_SEARCH:
                return None
            worked = self._reach(worked.low - max(at - worked.low, AT_FIRST), at)
        total = worked.before(at) - duration
        place = bisect_right(worked.sums, total) - 1
        return worked.starts[place] + total - worked.sums[place]

    def stretches(self, start: int, end: int) -> list[Stretch]:
        """Return the open stretches within [start, end), in order."""
        worked = self._reach(start, end)
        first, last = bisect_right(worked.ends, start), bisect_left(worked.starts, end)
        return [(max(worked.starts[at], start), min(worked.ends[at], end)) for at in range(first, last)]

    def next_change(self, at: int) -> int | None:
        """Return the next instant after `at` at which it opens or closes; None: not within ten years."""
        for reach in (8 * DAY, AT_FIRST, LONGEST_SEARCH):
            worked = self._reach(at, at + reach)
            opens, closes = bisect_right(worked.starts, at), bisect_right(worked.ends, at)
            edges = [*worked.starts[opens : opens + 1], *worked.ends[closes : closes + 1]]
            if edges and min(edges) < worked.high:
                return min(edges)
        return None

    def _reach(self, start: int, end: int) -> _Worked:
        """Return the days worked out, among them those from `start` to `end`."""
        worked = self._worked
        if worked.low <= start and end < worked.high:
            return worked
        low, high = start - AT_FIRST, end + AT_FIRST
        if worked.low < worked.high:
            low, high = min(worked.low, low), max(worked.high, high)
        joined = merged(sorted(self._open(low, high)))
        sums = [0, *accumulate(end - start for start, end in joined)]
        self._worked = _Worked(low, high, [start for start, _ in joined], [end for _, end in joined], sums)
        return self._worked

    def _open(self, low: int, high: int) -> Iterator[Stretch]:
        for start, end, ahead in segments(self._zone, low, high):
            first = reading(start + ahead).date() - timedelta(days=1)  # its last window may pass midnight
            for on in (first + timedelta(days=more) for more in range((end - start) // DAY + 3)):
                midnight = shown(reading(0).replace(year=on.year, month=on.month, day=on.day)) - ahead
                for opens, closes in self._days.get(on, self._weekly.get(on.weekday(), ())):
                    stretch = max(midnight + opens * MINUTE, start), min(midnight + closes * MINUTE, end)
                    if stretch[0] < stretch[1]:
                        yield stretch


class Always(Calendar):
    """Around the clock."""

    def __init__(self) -> None:
        super().__init__(ZoneInfo("UTC"), {}, {})

    def is_open(self, at: int) -> bool:  # noqa: ARG002 - it is always
        """Tell whether an instant is open."""
        return True

    def measure(self, start: int, end: int) -> int:
        """Return how much time passes."""
        return end - start

    def add(self, at: int, duration: int) -> int:
        """Return the instant so much later."""
        return at + max(duration, 0)

    def sub(self, at: int, duration: int) -> int:
        """Return the instant so much earlier."""
        return at - max(duration, 0)

    def stretches(self, start: int, end: int) -> list[Stretch]:
        """Return all of it."""
        return [(start, end)] if start < end else []

    def next_change(self, at: int) -> None:
        """Return that there is none."""


ALWAYS = Always()


def merged(ordered: Iterable[Stretch]) -> list[Stretch]:
    """Return sorted stretches with those made one that touch or overlap."""
    joined: list[Stretch] = []
    for start, end in ordered:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def compiled(hours: Hours) -> Calendar:
    """Return hours ready to count with; the same hours give the same calendar again.

    Raises:
        SetupError: what is wrong with them: a zone, weekday or window that is none, a date twice, or never open.
    """
    return _compiled(msgspec.json.encode(hours, order="deterministic"))


@lru_cache(maxsize=1024)
def _compiled(written: bytes) -> Calendar:
    hours = msgspec.json.decode(written, type=Hours)
    where = zone(hours.timezone)
    if hours.always:
        return ALWAYS
    if unknown := sorted(set(hours.weekly) - set(WEEKDAYS)):
        raise SetupError(f"{unknown[0]!r} is no weekday", f"Use {', '.join(WEEKDAYS)}.")
    weekly = {at: windows(hours.weekly[name]) for at, name in enumerate(WEEKDAYS) if name in hours.weekly}
    days = {day.on: windows(day.hours) for day in hours.exceptions}
    if len(days) < len(hours.exceptions):
        twice = next(day.on for day in hours.exceptions if sum(day.on == other.on for other in hours.exceptions) > 1)
        raise SetupError(f"{twice} stands among the exceptions twice", "Keep one of the two.")
    if not any((*weekly.values(), *days.values())):
        raise SetupError("these hours are never open", 'Add a window, such as mon = ["09:00-17:00"], or always = true.')
    return Calendar(where, weekly, days)


def windows(texts: Iterable[str]) -> tuple[Window, ...]:
    """Return the windows of a day; those that overlap count once.

    Raises:
        SetupError: one of them is none.
    """
    return tuple(merged(sorted(window(text) for text in texts)))
