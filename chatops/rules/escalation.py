"""Escalations: whom a page calls, after how long the next ones, and what happens when nobody is there.

A page climbs. Where it stands is a `Climb`; every function here takes one and returns the next, and whom to call now.
Nothing is asked of a clock or a database: instants and lengths are integer milliseconds, and who can be called for a
step is what `Crew` answers.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import msgspec

from chatops.errors import SetupError
from chatops.rules.durations import milliseconds
from chatops.rules.walltime import MINUTE

BUNDLE = MINUTE  # nobody is rung up more often; what comes in between joins the list they have


class WhenEmpty(StrEnum):
    """What a step does that reaches nobody."""

    SKIP = "skip"
    WAIT = "wait"  # until somebody comes on call, at most as long as the step


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom to call, and how long to wait for them.

    `notify`: "rotation NAME", "agent ID", "team NAME", "leads", "channel ID" or "outlet NAME".
    """

    notify: tuple[str, ...]
    wait: str = "5m"
    when_empty: WhenEmpty = WhenEmpty.SKIP


class Escalation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Steps that a page climbs in a workspace (by its name), `repeat` times more, until somebody acknowledges it.

    An acknowledgement lasts `acknowledged_for`; a loop that reached nobody begins again after `loop_at_least`.
    `fallback`: the channel that hears of it when nobody could be reached, "" the ticket's own.
    """

    workspace: str
    steps: tuple[Step, ...]
    fallback: str = ""
    repeat: int = 1
    acknowledged_for: str = "30m"
    loop_at_least: str = "5m"


class Way(StrEnum):
    """What a step's `notify` names."""

    ROTATION = "rotation"
    AGENT = "agent"
    TEAM = "team"
    LEADS = "leads"
    CHANNEL = "channel"
    OUTLET = "outlet"  # a way out beside the chat


class Whom(NamedTuple):
    """One entry of a step's `notify`; `name` is "" for the leads."""

    way: Way
    name: str


class Rung(NamedTuple):
    """A step, ready to climb."""

    notify: tuple[Whom, ...]
    wait: int
    when_empty: WhenEmpty


class Ladder(NamedTuple):
    """An escalation, ready to climb."""

    rungs: tuple[Rung, ...]
    repeat: int
    acknowledged_for: int
    loop_at_least: int


@lru_cache(maxsize=256)
def ladder(escalation: Escalation) -> Ladder:
    """Return an escalation ready to climb.

    Raises:
        SetupError: what is wrong with it: no steps, a step for nobody, a length of time that is none.
    """
    if not escalation.steps:
        raise SetupError("it has no steps", 'Add one like { notify = ["rotation front desk"], wait = "5m" }.')
    if not 0 <= escalation.repeat <= MOST_LOOPS:
        raise SetupError(f"repeat is {escalation.repeat}", f"Use a number from 0 to {MOST_LOOPS}.")
    rungs = tuple(Rung(_notify(step), milliseconds(step.wait), step.when_empty) for step in escalation.steps)
    lasts, loop = milliseconds(escalation.acknowledged_for), milliseconds(escalation.loop_at_least)
    return Ladder(rungs, escalation.repeat, lasts, loop)


MOST_LOOPS = 20


def _notify(step: Step) -> tuple[Whom, ...]:
    if not step.notify:
        raise SetupError("a step calls nobody", 'Say whom: "rotation NAME", "agent ID", "team NAME", "leads"…')
    return tuple(_whom(text) for text in step.notify)


def _whom(text: str) -> Whom:
    way, _, name = " ".join(text.split()).partition(" ")
    if way not in list(Way) or (way == Way.LEADS) == bool(name):
        raise SetupError(
            f"{text!r} is nobody to call",
            'Write "rotation NAME", "agent ID", "team NAME", "leads" or "channel ID".',
        )
    return Whom(Way(way), name)


class PageState(StrEnum):
    """How far a page has come."""

    CALLING = "calling"
    ACKNOWLEDGED = "acknowledged"  # until the acknowledgement runs out
    EXHAUSTED = "exhausted"  # everybody was called, nobody answered
    OVER = "over"


class Cause(StrEnum):
    """Why somebody is called, or why nobody is."""

    STEP = "step"
    EMPTY = "empty"  # the step has nobody to call
    HANDOVER = "handover"  # they came on call while the page was calling
    AGAIN = "again"  # the acknowledgement ran out without an answer
    RISEN = "risen"  # it matters more now than when they were called
    PASSED = "passed"  # somebody passed the page on to them
    FALLBACK = "fallback"  # a whole loop reached nobody
    EXHAUSTED = "exhausted"


class Present(NamedTuple):
    """Who can be called for a step, and when that changes next as far as anybody knows.

    `asleep`: who could be, too, were it not for their quiet hours.
    """

    people: tuple[str, ...]
    changes_at: int | None = None
    asleep: tuple[str, ...] = ()


Crew = Callable[[Rung, int], Present]


class Call(NamedTuple):
    """Whom to call, or that nobody is there; the fallback and the last word go to a channel, so to nobody by name."""

    at: int
    loop: int
    step: int
    cause: Cause
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Climb:
    """Where a page stands; `step` is the number of steps while a loop that reached nobody waits for the next one.

    `reached`: an earlier step of this loop called somebody; `called`: whom this one has; `passed`: in place of the
    people it names. `ends_at`: when its time, or the acknowledgement, is over; `changes_at`: when its people change
    before that.
    """

    state: PageState
    step: int
    loop: int
    loop_began: int
    reached: bool
    called: tuple[str, ...]
    ends_at: int
    changes_at: int | None = None
    passed: bool = False

    @property
    def next_at(self) -> int | None:
        """When there is something to do, unless somebody does something before."""
        if self.state not in (PageState.CALLING, PageState.ACKNOWLEDGED):
            return None
        return self.ends_at if self.changes_at is None else min(self.ends_at, self.changes_at)


Moved = tuple[Climb, list[Call]]


def begun(plan: Ladder, now: int, crew: Crew) -> Moved:
    """Begin to climb."""
    start = Climb(PageState.CALLING, step=0, loop=0, loop_began=now, reached=False, called=(), ends_at=now)
    return _call(plan, start, now, crew, Cause.STEP)


def act(plan: Ladder, climb: Climb, now: int, crew: Crew) -> Moved:
    """Do what is due, if anything is: once, however late it is."""
    if climb.next_at is None or now < climb.next_at:
        return climb, []
    if climb.state is PageState.ACKNOWLEDGED:
        return _call(plan, replace(climb, step=min(climb.step, len(plan.rungs) - 1)), now, crew, Cause.AGAIN)
    if now < climb.ends_at:
        return _hand_over(plan, climb, now, crew)
    return _next(plan, climb, now, crew)


def acknowledged(plan: Ladder, climb: Climb, at: int, lasts: int | None = None, again: str = "") -> Climb:
    """Let somebody have it: nobody else is called until the acknowledgement runs out.

    `again`: who wants to be called then, whether this step called them or not.
    """
    ends = at + (plan.acknowledged_for if lasts is None else lasts)
    held = replace(climb, state=PageState.ACKNOWLEDGED, ends_at=ends, changes_at=None)
    return replace(held, called=(again,), passed=True) if again and again not in climb.called else held


def risen(plan: Ladder, climb: Climb, now: int, crew: Crew, *, asked: bool = False, since: int | None = None) -> Moved:
    """Call again because it matters more now: whom this step calls, or from the beginning when all were called.

    Who has acknowledged it is called again only when somebody `asked` for that; else they see it on what they have. So
    does whom a step called that began when it mattered so much already, if that is known: `since` when it does.
    """
    if climb.state is PageState.EXHAUSTED or climb.step == len(plan.rungs):
        return begun(plan, now, crew)
    if since is not None and climb.ends_at - plan.rungs[climb.step].wait >= since:
        return climb, []
    if climb.state is PageState.CALLING or asked:
        return _call(plan, climb, now, crew, Cause.RISEN)
    return climb, []


def passed(plan: Ladder, climb: Climb, now: int, person: str) -> Moved:
    """Call one more person in place of those who were; if they do not answer either, the climb goes on from here."""
    step = min(climb.step, len(plan.rungs) - 1)
    ends = now + plan.rungs[step].wait
    moved = replace(climb, state=PageState.CALLING, step=step, called=(person,), passed=True)
    return replace(moved, ends_at=ends, changes_at=None), [Call(now, climb.loop, step, Cause.PASSED, (person,))]


def unreachable(plan: Ladder, climb: Climb, now: int, person: str, crew: Crew) -> Moved:
    """Go on at once when the last one whom this step could call cannot be reached."""
    if climb.state is not PageState.CALLING or person not in climb.called:
        return climb, []
    rest = _without(climb, person)
    return (rest, []) if rest.called else _next(plan, rest, now, crew)


def left(plan: Ladder, climb: Climb, now: int, person: str, crew: Crew) -> Moved:
    """Call this step's people anew when the last one whom it called may not answer any more."""
    if climb.state is not PageState.CALLING or person not in climb.called:
        return climb, []
    rest = _without(climb, person)
    return (rest, []) if rest.called else _call(plan, replace(rest, passed=False), now, crew, Cause.STEP)


def _without(climb: Climb, person: str) -> Climb:
    return replace(climb, called=tuple(one for one in climb.called if one != person))


def _call(plan: Ladder, climb: Climb, now: int, crew: Crew, cause: Cause) -> Moved:
    """Call those of this step, or to whom it was passed, or those of the first step after it that has anybody."""
    calls = []
    for step in range(climb.step, len(plan.rungs)):
        rung, passed = plan.rungs[step], climb.passed and step == climb.step
        people, changes_at, _ = Present(climb.called) if passed else crew(rung, now)
        calls.append(Call(now, climb.loop, step, cause if people else Cause.EMPTY, people))
        ends = now + rung.wait
        if people or (rung.when_empty is WhenEmpty.WAIT and changes_at is not None and changes_at < ends):
            moved = replace(climb, state=PageState.CALLING, step=step, called=people, passed=passed)
            return replace(moved, ends_at=ends, changes_at=changes_at), calls
        cause = Cause.STEP
    ended, more = _end_loop(plan, climb, now, crew)
    return ended, calls + more


def _next(plan: Ladder, climb: Climb, now: int, crew: Crew) -> Moved:
    if climb.step == len(plan.rungs):  # a loop that reached nobody has waited long enough
        return _loop_again(plan, climb, now, crew)
    reached = climb.reached or bool(climb.called)
    after = replace(climb, step=climb.step + 1, reached=reached, called=(), passed=False)
    return _call(plan, after, now, crew, Cause.STEP)


def _end_loop(plan: Ladder, climb: Climb, now: int, crew: Crew) -> Moved:
    if climb.reached:
        return _loop_again(plan, climb, now, crew)
    call = Call(now, climb.loop, len(plan.rungs) - 1, Cause.FALLBACK)
    again = climb.loop_began + plan.loop_at_least
    if again > now:
        waiting = replace(climb, state=PageState.CALLING, step=len(plan.rungs), called=())
        return replace(waiting, ends_at=again, changes_at=None), [call]
    moved, calls = _loop_again(plan, climb, now, crew)
    return moved, [call, *calls]


def _loop_again(plan: Ladder, climb: Climb, now: int, crew: Crew) -> Moved:
    if climb.loop >= plan.repeat:
        last = len(plan.rungs) - 1
        spent = replace(climb, state=PageState.EXHAUSTED, step=last, called=(), ends_at=now, changes_at=None)
        return spent, [Call(now, climb.loop, last, Cause.EXHAUSTED)]
    anew = replace(climb, step=0, loop=climb.loop + 1, loop_began=now, reached=False, called=())
    return _call(plan, anew, now, crew, Cause.STEP)


def _hand_over(plan: Ladder, climb: Climb, now: int, crew: Crew) -> Moved:
    """Call those who came on call, and wait no more for who went off; when that was everybody, go on at once."""
    if climb.step == len(plan.rungs) or climb.passed:  # the loop that comes soon will look; others were passed over
        return replace(climb, changes_at=None), []
    people, changes_at, asleep = crew(plan.rungs[climb.step], now)
    stay = tuple(one for one in climb.called if one in people or one in asleep)  # who sleeps by now was called before
    new = tuple(one for one in people if one not in climb.called)
    if climb.called and not stay + new:
        return _call(plan, replace(climb, reached=True), now, crew, Cause.STEP)
    moved = replace(climb, called=stay + new, changes_at=changes_at)
    return moved, [Call(now, climb.loop, climb.step, Cause.HANDOVER, new)] if new else []


def rings_at(last: int | None, now: int, window: int = BUNDLE, leading: int = 0) -> int:
    """Return when somebody is rung up for a page: at once, or when they were `last` within the window, at its end.

    What lies further ahead than the window was rung by a clock that has been set right since: it silences nobody.
    """
    return now + leading if last is None or last > now + window else max(now + leading, last + window)
