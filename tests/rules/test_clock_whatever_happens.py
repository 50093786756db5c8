"""Clocks: what is true whatever happens, in whichever order it is heard."""

from collections.abc import Iterator, Mapping, Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as some

from chatops.rules.alarms import BREACH, alarms
from chatops.rules.answers import AnswerKind
from chatops.rules.clock import ClockState, Count, Happened, Happening, Line, as_of, consumed, ran, replayed
from chatops.rules.hours import Calendar
from chatops.rules.targets import Metric, Promise, Target
from chatops.rules.walltime import MINUTE
from tests.rules.promises import FIRST, NEXT, PLATFORM, WHOLE, at, office, promised

GAPS = some.integers(0, 300)  # minutes
WHATS = some.sampled_from(
    [Happening.WAITS] * 3
    + [Happening.ANSWERED] * 3
    + [Happening.RESOLVED, Happening.REOPENED, Happening.SNOOZED, Happening.WOKE, Happening.NO_REPLY, Happening.BLOCKED]
)
STORIES = some.lists(some.tuples(GAPS, WHATS, some.sampled_from(AnswerKind), some.integers(0, 30)), max_size=14)
EVERYTHING = promised(FIRST, NEXT, WHOLE, PLATFORM)
SHORTER = promised(Target(Metric.FIRST_RESPONSE, "5m"), WHOLE)
MONDAY = at("2026-10-23 13:00")  # a weekend with a change of the clocks is near


def lived(story: Sequence[tuple[int, Happening, AnswerKind, int]], *, late: bool = True) -> Iterator[Happened]:
    """Yield what happened, some of it heard late, as it was heard."""
    now = MONDAY
    yield Happened(now, Happening.PROMISED, now, promises=EVERYTHING)
    for number, (gap, what, answer, lateness) in enumerate(story):
        now += gap * MINUTE
        evidence = what in (Happening.WAITS, Happening.ANSWERED) and late
        kind = answer if what is Happening.ANSWERED else None
        yield Happened(now - lateness * MINUTE * evidence, what, now, answer=kind)
        if late and number == 5:
            yield Happened(now, Happening.PROMISED, now, promises=SHORTER)
        if late and number == 8:
            yield Happened(now, Happening.PROMISED, now, now - MINUTE, promises=EVERYTHING)


@given(STORIES)
@example([(0, Happening.WAITS, AnswerKind.FULL, 0)] * 6 + [(6, Happening.ANSWERED, AnswerKind.FULL, 7)])  # before all
@settings(max_examples=150)
def test_whatever_happens_a_row_goes_on_as_if_all_was_counted_anew(
    story: Sequence[tuple[int, Happening, AnswerKind, int]],
) -> None:
    heard = list(lived(story))
    rows: dict[tuple[str, int], Count] = {}
    promises_in_force: Mapping[str, Promise] = {}
    answered = False
    for number, happened in enumerate(heard, 1):
        newest = dict(sorted(rows))
        old = happened.what is Happening.ANSWERED and any(happened.at < rows[key].started for key in newest.items())
        kept = {key: count for key, count in rows.items() if old or newest[key[0]] == key[1]}
        line = Line(promises_in_force, kept, answered)  # as the desk reads it from its rows
        line.hear(happened)
        rows |= line.clocks
        promises_in_force, answered = line.promises, line.answered
        anew = replayed(heard[:number])
        assert anew.clocks == rows
        for (name, _), count in rows.items():
            holds(count, anew.promises.get(name), happened.heard)
        for name, newest_cycle in dict(sorted(rows)).items():
            cycles = [rows[name, cycle] for cycle in range(1, newest_cycle + 1)]
            assert not any(count.is_open for count in cycles[:-1]), "one at a time, and no number is left out"


@given(STORIES, some.integers(0, 24 * 60))
@settings(max_examples=80)
def test_a_wait_that_another_ticket_hands_over_breaks_nothing_by_that(
    story: Sequence[tuple[int, Happening, AnswerKind, int]], minutes: int
) -> None:
    heard = list(lived(story))
    now = heard[-1].heard + MINUTE
    handed_over = Happened(now - minutes * MINUTE, Happening.WAITS, now, since=now)
    before, after = replayed(heard), replayed([*heard, handed_over])
    broken = {key for key, count in after.clocks.items() if count.state is ClockState.BREACHED}
    assert broken <= {key for key, count in before.clocks.items() if as_of(count, now).state is ClockState.BREACHED}
    for (name, _), count in after.clocks.items():
        holds(count, after.promises.get(name), now)


def holds(count: Count, promise: Promise | None, now: int) -> None:
    """Assert what is true of every clock at any time."""
    runs = count.state in (ClockState.RUNNING, ClockState.BREACHED)
    assert (count.running is not None) == runs
    assert not runs or count.due is not None
    assert (count.state is ClockState.PAUSED) == bool(count.paused_for)
    assert count.state is not ClockState.PAUSED or count.due is None
    assert count.is_open == (count.ended is None)
    assert (count.state is ClockState.MET) == (count.met is not None and count.breached is None)
    assert (count.state is ClockState.MET_LATE) == (count.met is not None and count.breached is not None)
    if runs and promise is not None and count.running is not None:
        if count.due is None or count.due >= count.running:  # not broken before it was opened again
            assert count.due == promise.calendar.add(count.running, count.limit - count.consumed)
        assert (count.state is ClockState.BREACHED) == (count.due is not None and now > count.due)
        assert alarms(count, promise)[-1].name == BREACH
    elif promise is not None:
        assert alarms(count, promise) == []


@given(STORIES)
@settings(max_examples=80)
def test_a_solution_is_counted_as_a_walk_from_minute_to_minute_counts_it(
    story: Sequence[tuple[int, Happening, AnswerKind, int]],
) -> None:
    heard = [one for one in lived(story, late=False) if one.what not in (Happening.BLOCKED, Happening.REOPENED)]
    end = heard[-1].heard + 60 * MINUTE
    line, calendar = replayed(heard), office()
    used = _walked(heard, end, calendar)
    count = line.clocks.get(("resolution", 1))
    assert used == (None if count is None else consumed(count, calendar, end) // MINUTE)
    if count is not None:
        spans = ran(heard, ("resolution", 1), end)
        assert used == sum(calendar.measure(*span) for span in spans) // MINUTE


def _walked(heard: Sequence[Happened], end: int, calendar: Calendar) -> int | None:
    """Return how many minutes somebody counts who looks at every minute what is so at that minute."""
    coming = iter(heard[1:])
    following = next(coming, None)
    used, waits_for, solved, started = 0, set[str](), False, False
    for minute in range(heard[0].at, end, MINUTE):
        while following is not None and following.at <= minute:
            broken = used >= 8 * 60  # a broken promise does not stand still any more
            match following.what:
                case Happening.WAITS:
                    started, solved = True, False
                    waits_for.discard("buyer")
                case Happening.RESOLVED if started:
                    solved = True
                    waits_for.clear()
                case Happening.NO_REPLY if started and not solved and not broken:
                    waits_for.add("buyer")
                case Happening.ANSWERED if started and not solved and not broken:
                    if following.answer is not AnswerKind.AUTOMATIC:
                        waits_for.add("buyer")
                case Happening.SNOOZED if started and not solved and not broken:
                    waits_for.add("snooze")
                case Happening.WOKE:
                    waits_for.discard("snooze")
            following = next(coming, None)
        used += started and not solved and not waits_for and calendar.is_open(minute)
    return used if started else None
