"""Clocks: how far a promise to a buyer has run, and whether it was kept.

A ticket's clocks follow from what happened to it, in the order in which it was heard: `Line.hear` counts the next
thing, `replayed` everything anew. What is heard late still counts for the instant at which it happened. Time itself
does only one thing, it breaks a promise: `as_of`. Instants and lengths are integer milliseconds; lengths are open time
of the promise's calendar.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from chatops.rules.answers import AnswerKind
from chatops.rules.hours import LONGEST_SEARCH, Calendar, Stretch
from chatops.rules.targets import RESPONSES, Excuse, Metric, Pause, Promise


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    BREACHED = "breached"  # nothing came in time; it counts on
    MET = "met"
    MET_LATE = "met_late"
    CANCELLED = "cancelled"


class Happening(StrEnum):
    """What happens to a ticket that its clocks go by."""

    PROMISED = "promised"  # from here on it is these promises
    WAITS = "waits"  # the buyer wants an answer
    ANSWERED = "answered"
    NO_REPLY = "no_reply"  # what the buyer said needs none
    RESOLVED = "resolved"
    REOPENED = "reopened"
    SNOOZED = "snoozed"
    WOKE = "woke"
    CUT_OFF = "cut_off"  # the marketplace cannot be reached
    REACHED = "reached"
    BLOCKED = "blocked"  # the buyer calls nobody any more
    MERGED = "merged"  # another ticket goes on with it
    DEADLINE = "deadline"  # the marketplace named an instant


class Happened(NamedTuple):
    """One thing that happened, and when we heard of it.

    `since`: of promises, since when the buyer waits, if so; of a deadline, when that is; of a wait that another ticket
    hands over, when it does. `excuse`: why the platform does not count what the buyer said, such as a holiday.
    `promises`: those that count from here on, by their keys.
    """

    at: int
    what: Happening
    heard: int
    since: int | None = None
    answer: AnswerKind | None = None
    excuse: Excuse | None = None
    promises: Mapping[str, Promise] = {}


class Count(NamedTuple):
    """A clock: `running` since when it runs, `consumed` what was used up before that, `due` when it runs out."""

    state: ClockState
    limit: int
    started: int
    running: int | None = None
    consumed: int = 0
    due: int | None = None
    met: int | None = None
    breached: int | None = None
    ended: int | None = None
    reason: str = ""
    paused_for: frozenset[Pause] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether it can still be met."""
        return self.state in OPEN


Key = tuple[str, int]  # a promise's key, and for the how many-eth time it is to be kept, from 1
OPEN = frozenset((ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED))
_DONE = frozenset((ClockState.MET, ClockState.MET_LATE))
_COUNTED = frozenset((ClockState.RUNNING, ClockState.PAUSED))
_PAUSES = {
    Happening.ANSWERED: Pause.BUYER,
    Happening.NO_REPLY: Pause.BUYER,
    Happening.SNOOZED: Pause.SNOOZE,
    Happening.CUT_OFF: Pause.PLATFORM_DOWN,
}
_RESUMES = {
    Happening.WAITS: Pause.BUYER,
    Happening.WOKE: Pause.SNOOZE,
    Happening.REACHED: Pause.PLATFORM_DOWN,
}


@dataclass(slots=True)
class Line:
    """A ticket's clocks up to an instant: the promises in force, the clocks, whether anybody has answered yet.

    Of each promise the newest clock is enough to go on.
    """

    promises: Mapping[str, Promise] = field(default_factory=dict)
    clocks: dict[Key, Count] = field(default_factory=dict)
    answered: bool = False

    def hear(self, happened: Happened) -> None:
        """Count something that was heard after everything heard before."""
        newest = dict(sorted(self.clocks))  # of each promise the last cycle
        if happened.what is Happening.PROMISED:
            for key in newest.items():
                self.clocks[key] = _moved(self.clocks[key], self.promises.get(key[0]), happened)
            self.promises = happened.promises
        for promise in self.promises.values():
            newest_of_it = promise.key, newest.get(promise.key, 0)
            self.clocks |= self._counted(promise, newest_of_it, happened)
        self.answered |= happened.what is Happening.ANSWERED and happened.answer is not AnswerKind.AUTOMATIC

    def _counted(self, promise: Promise, newest: Key, happened: Happened) -> dict[Key, Count]:
        """Return the clocks of a promise that something is about, as it leaves them.

        A wait that another ticket hands over would break a second promise where it has lasted too long already: there
        it counts from now on.
        """
        if happened.what is Happening.WAITS and happened.since is not None:
            of_all_of_it = self._counted(promise, newest, happened._replace(since=None))
            if all(count.state is not ClockState.BREACHED for count in of_all_of_it.values()):
                return of_all_of_it
            happened = happened._replace(at=happened.since, since=None)
        held = self.clocks.get(newest)
        if _begins(promise, held, happened, answered=self.answered):
            return {(newest[0], newest[1] + 1): _begun(promise, happened)}
        found = {
            key: _step(as_of(self.clocks[key], happened.at), promise, happened) for key in self._meant(newest, happened)
        }
        if held is not None:  # time has passed for it, also where this was about an earlier one
            found[newest] = as_of(found.get(newest, held), happened.heard)
        return found

    def _meant(self, newest: Key, happened: Happened) -> list[Key]:
        """Return the clocks that something is about: the newest of a promise, for old evidence the ones before it."""
        if newest not in self.clocks:
            return []
        if happened.what is not Happening.ANSWERED or happened.at >= self.clocks[newest].started:
            return [newest]
        return [key for key in self.clocks if key[0] == newest[0] and self.clocks[key].started <= happened.at]


def replayed(happenings: Iterable[Happened]) -> Line:
    """Return what follows from everything that happened, in the order in which it was heard."""
    line = Line()
    for happened in happenings:
        line.hear(happened)
    return line


def ran(happenings: Iterable[Happened], key: Key, until: int) -> list[Stretch]:
    """Return the stretches during which a clock ran, whether its calendar was open or not."""
    line, found = Line(), list[Stretch]()
    for happened in happenings:
        before = line.clocks.get(key)
        line.hear(happened)
        if before is not None and before.running is not None and line.clocks[key].running != before.running:
            found.append((before.running, max(happened.at, before.running)))
    last = line.clocks.get(key)
    return found if last is None or last.running is None else [*found, (last.running, until)]


class Rest(NamedTuple):
    """From when until when (None: it still does) a clock stood still, and why."""

    start: int
    end: int | None
    why: frozenset[Pause]


def rested(happenings: Iterable[Happened], key: Key) -> list[Rest]:
    """Return when a clock stood still, in order."""
    line, found = Line(), list[Rest]()
    rest = Rest(0, None, frozenset())
    for happened in happenings:
        line.hear(happened)
        clock = line.clocks.get(key)
        if clock is None or clock.paused_for == rest.why:
            continue
        at = max(happened.at, clock.started, rest.start)
        if rest.why and at > rest.start:
            found.append(rest._replace(end=at))
        rest = Rest(at, None, clock.paused_for)
    return [*found, rest] if rest.why else found


def as_of(count: Count, at: int) -> Count:
    """Return a clock as it stood at an instant, if nothing had happened since: broken when its time was over."""
    if count.due is None or count.running is None:
        return count
    over = at > count.due
    state, breached = (ClockState.BREACHED, count.breached or count.due) if over else (ClockState.RUNNING, None)
    if (count.state, count.breached) == (state, breached):  # as nearly always
        return count
    return count._replace(state=state, breached=breached)


def consumed(count: Count, calendar: Calendar, at: int) -> int:
    """Return how much open time a clock has used up."""
    return count.consumed + (0 if count.running is None else calendar.measure(count.running, max(at, count.running)))


def _begins(promise: Promise, held: Count | None, happened: Happened, *, answered: bool) -> bool:
    """Tell whether a new clock starts."""
    if promise.metric is Metric.PLATFORM_DEADLINE:
        asked = happened.what is Happening.DEADLINE
    else:
        asked = happened.what is Happening.WAITS or (happened.what is Happening.PROMISED and happened.since is not None)
    anew = held is None or held.state is ClockState.CANCELLED
    if not asked or (held is not None and held.is_open):
        return False
    match promise.metric:
        case Metric.FIRST_RESPONSE:
            return anew and not answered
        case Metric.NEXT_RESPONSE:
            return answered
        case Metric.PLATFORM_RESPONSE:
            return happened.excuse not in promise.excuses
        case Metric.RESOLUTION:
            return anew
        case Metric.PLATFORM_DEADLINE:
            return True


def _begun(promise: Promise, happened: Happened) -> Count:
    if happened.what is Happening.DEADLINE:
        return _deadline(Count(ClockState.RUNNING, 0, happened.at, happened.at), happened)
    since = happened.at if happened.since is None else happened.since
    return as_of(_run(Count(ClockState.RUNNING, promise.limit, since), promise, since), happened.heard)


def _step(held: Count, promise: Promise, happened: Happened) -> Count:
    """Return what something makes of a clock."""
    what, at = happened.what, happened.at
    responds = promise.metric in RESPONSES
    if what in (Happening.BLOCKED, Happening.MERGED) or (responds and what in (Happening.NO_REPLY, Happening.RESOLVED)):
        return _ended(held, promise, ClockState.CANCELLED, at, what.value) if held.is_open else held
    if what is (Happening.ANSWERED if responds else Happening.RESOLVED):
        return _met(held, promise, happened)
    if what is Happening.DEADLINE and promise.metric is Metric.PLATFORM_DEADLINE:
        return _deadline(held, happened)
    counts = happened.excuse not in promise.excuses
    if what is Happening.WAITS and counts and held.is_open and at < held.started == held.running:
        return _run(held._replace(started=at), promise, at)  # what the buyer said first counts
    if what in (Happening.WAITS, Happening.REOPENED) and not responds and held.state in _DONE:
        return _again(held, promise, max(at, held.ended or at))
    return _resumed(_paused(held, promise, happened), promise, _RESUMES.get(what), at)


def _met(held: Count, promise: Promise, happened: Happened) -> Count:
    """End a clock by what it was to be met by.

    Evidence that it was met in time also corrects one that ended late, or unmet because the ticket was resolved.
    """
    what, at = happened.what, happened.at
    if what is Happening.ANSWERED and happened.answer not in promise.counts:
        return held
    resolved = held.state is ClockState.CANCELLED and held.reason == Happening.RESOLVED
    corrects = (resolved or held.state is ClockState.MET_LATE) and held.due is not None and at <= held.due
    if not held.is_open and not corrects:
        return held
    late = held.state is ClockState.BREACHED
    met = _ended(held, promise, ClockState.MET_LATE if late else ClockState.MET, at, what.value)
    return met._replace(met=at, breached=met.breached if late else None)


def _ended(held: Count, promise: Promise, state: ClockState, at: int, reason: str) -> Count:
    used = consumed(held, promise.calendar, at)
    return held._replace(state=state, running=None, consumed=used, ended=at, reason=reason, paused_for=frozenset())


def _paused(held: Count, promise: Promise, happened: Happened) -> Count:
    why = _PAUSES.get(happened.what)
    counts = happened.what is not Happening.ANSWERED or happened.answer in promise.counts
    if why is None or why not in promise.pause or not counts or held.state not in _COUNTED:
        return held
    used, why_so_far = consumed(held, promise.calendar, happened.at), held.paused_for
    return held._replace(state=ClockState.PAUSED, running=None, due=None, consumed=used, paused_for=why_so_far | {why})


def _resumed(held: Count, promise: Promise, why: Pause | None, at: int) -> Count:
    if why not in held.paused_for:
        return held
    held = held._replace(paused_for=held.paused_for - {why})
    return held if held.paused_for else _run(held, promise, max(at, held.started))


def _run(held: Count, promise: Promise, at: int) -> Count:
    """Let a clock run from an instant on."""
    due = promise.calendar.add(at, held.limit - held.consumed)
    if due is None:  # the calendar has no open hour left
        due = at + LONGEST_SEARCH
    return held._replace(state=ClockState.RUNNING, running=at, due=due)


def _again(held: Count, promise: Promise, at: int) -> Count:
    """Let a clock go on whose ticket was not done after all; one that was broken by then stays so, since it was."""
    again = held._replace(met=None, ended=None, reason="")
    if held.state is ClockState.MET_LATE:
        return again._replace(state=ClockState.BREACHED, running=at)
    return _run(again, promise, at)


def _deadline(held: Count, happened: Happened) -> Count:
    """Let a clock run out at the instant that the marketplace named."""
    due = happened.at if happened.since is None else happened.since
    return as_of(held._replace(limit=due - held.started, due=due), happened.heard) if held.is_open else held


def _moved(held: Count, old: Promise | None, happened: Happened) -> Count:
    """Let an open clock go on by another promise: what it used up stays used up.

    By the same calendar it is counted anew from where it runs, so that hours somebody corrected are right from then.
    One that was broken before its ticket was opened again stays broken when it was, unless it has time left now.
    """
    if not held.is_open or old is None:
        return held
    new = happened.promises.get(old.key)
    if new is None:
        return _ended(as_of(held, happened.at), old, ClockState.CANCELLED, happened.at, "no_promise")
    held = held._replace(limit=new.limit or held.limit)
    if held.running is None:
        held = held._replace(paused_for=held.paused_for & new.pause)
        return held if held.paused_for else as_of(_run(held, new, happened.at), happened.heard)
    since, was_over = held.running, held.due is not None and held.due < held.running
    if old.calendar_name != new.calendar_name:
        held, since = held._replace(consumed=consumed(held, old.calendar, happened.at)), happened.at
    if was_over and held.consumed >= held.limit:
        return held._replace(running=since)
    return as_of(_run(held._replace(breached=None), new, since), happened.heard)
