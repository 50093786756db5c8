"""How a page climbs: whom it calls and when, beside what a person would have written down who watches the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chatops.errors import SetupError
from chatops.rules import escalation, quiet
from chatops.rules.escalation import (
    Call,
    Cause,
    Climb,
    Escalation,
    PageState,
    Present,
    Rung,
    Step,
    WhenEmpty,
    act,
    begun,
    ladder,
    rings_at,
)
from chatops.rules.walltime import HOUR, MINUTE
from chatops.times import from_milliseconds, to_milliseconds

STANDARD = Escalation(
    "team",
    (
        Step(("rotation desk",), "5m"),
        Step(("agent lead",), "10m"),
        Step(("channel escalations",), "15m"),
    ),
    repeat=1,
)
WEEKDAY_THEN_LEAD = Escalation("team", (Step(("rotation weekdays",), "5m"), Step(("agent lead",), "10m")), repeat=0)
NOBODY = Escalation("team", (Step(("rotation empty",), "5m"), Step(("rotation weekdays",), "5m")), repeat=2)

# who is on call from when on
SHIFTS = {
    "desk": (("2026-10-05 07:00", "uma"), ("2026-10-12 07:00", "vik"), ("2026-10-19 07:00", "uma")),
    "weekdays": (("2026-11-16 00:00", "wen"), ("2026-11-21 00:00", ""), ("2026-11-23 00:00", "wen")),
    "empty": (("2026-01-01 00:00", ""),),
}


def ms(text: str) -> int:
    return to_milliseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def clock(at: int) -> str:
    return from_milliseconds(at).strftime("%H:%M:%S")


def crew(rung: Rung, at: int, shifts: Mapping[str, Sequence[tuple[str, str]]] = SHIFTS) -> Present:
    people, changes = [], []
    for whom in rung.notify:
        if whom.way != "rotation":
            people.append(f"#{whom.name}" if whom.way == "channel" else whom.name)
            continue
        there = [person for since, person in shifts[whom.name] if ms(since) <= at]
        people += [person for person in there[-1:] if person]
        changes += [ms(since) for since, _ in shifts[whom.name] if ms(since) > at]
    return Present(tuple(people), min(changes, default=None))


def watched(
    policy: Escalation, opened: str, until: str, happens: Mapping[str, str] | None = None
) -> list[tuple[str, int, int, str, tuple[str, ...]]]:
    """Let a page climb until an instant; what happens at the instant of a timer happens first."""
    plan, end = ladder(policy), ms(until)
    climb, calls = begun(plan, ms(opened), crew)
    pending = sorted((ms(at), what) for at, what in (happens or {}).items())
    while True:
        due = climb.next_at
        if pending and (due is None or pending[0][0] <= due):
            at, what = pending.pop(0)
            climb, more = _happens(plan, climb, at, what)
        elif due is not None and due <= end:
            climb, more = act(plan, climb, due, crew)
        else:
            return [(clock(one.at), one.loop, one.step, one.cause.value, one.people) for one in calls]
        calls += more


def _happens(plan: escalation.Ladder, climb: Climb, at: int, what: str) -> escalation.Moved:
    verb, _, whom = what.partition(" ")
    match verb:
        case "acknowledge" | "snooze":
            lasts = 10 * MINUTE if verb == "snooze" else None
            return escalation.acknowledged(plan, climb, at, lasts, whom), []
        case "others":  # are on call, somewhere
            return act(plan, replace(climb, changes_at=at), at, crew)
        case "rises":
            return escalation.risen(plan, climb, at, crew)
        case "pass":
            return escalation.passed(plan, climb, at, whom)
        case "leaves" | "unreachable":
            return (escalation.left if verb == "leaves" else escalation.unreachable)(plan, climb, at, whom, crew)
    raise AssertionError(what)


def test_climbs_from_the_person_on_call_to_the_lead_to_the_channel_twice_and_then_gives_up() -> None:
    assert watched(STANDARD, "2026-10-14 10:00", "2026-10-14 12:00") == [
        ("10:00:00", 0, 0, "step", ("vik",)),
        ("10:05:00", 0, 1, "step", ("lead",)),
        ("10:15:00", 0, 2, "step", ("#escalations",)),
        ("10:30:00", 1, 0, "step", ("vik",)),
        ("10:35:00", 1, 1, "step", ("lead",)),
        ("10:45:00", 1, 2, "step", ("#escalations",)),
        ("11:00:00", 1, 2, "exhausted", ()),
    ]


def test_calls_whoever_comes_on_call_while_it_waits_and_keeps_the_next_step_where_it_was() -> None:
    assert watched(STANDARD, "2026-10-12 06:57", "2026-10-12 07:03") == [
        ("06:57:00", 0, 0, "step", ("uma",)),
        ("07:00:00", 0, 0, "handover", ("vik",)),
        ("07:02:00", 0, 1, "step", ("lead",)),
    ]


def test_does_not_wait_at_a_step_that_has_nobody() -> None:
    assert watched(WEEKDAY_THEN_LEAD, "2026-11-22 05:00", "2026-11-22 05:30") == [
        ("05:00:00", 0, 0, "empty", ()),
        ("05:00:00", 0, 1, "step", ("lead",)),
        ("05:10:00", 0, 1, "exhausted", ()),
    ]


def test_does_not_wait_for_somebody_whose_shift_ends_when_nobody_comes_after() -> None:
    assert watched(WEEKDAY_THEN_LEAD, "2026-11-20 23:58", "2026-11-21 00:30") == [
        ("23:58:00", 0, 0, "step", ("wen",)),
        ("00:00:00", 0, 0, "empty", ()),
        ("00:00:00", 0, 1, "step", ("lead",)),
        ("00:10:00", 0, 1, "exhausted", ()),
    ]


def test_tells_the_fallback_at_once_when_nobody_is_there_and_asks_again_every_five_minutes() -> None:
    empty = [(0, "empty"), (1, "empty"), (1, "fallback")]
    assert watched(NOBODY, "2026-11-22 05:00", "2026-11-22 06:00") == [
        *[("05:00:00", 0, step, cause, ()) for step, cause in empty],
        *[("05:05:00", 1, step, cause, ()) for step, cause in empty],
        *[("05:10:00", 2, step, cause, ()) for step, cause in empty],
        ("05:15:00", 2, 1, "exhausted", ()),
    ]


def test_a_step_may_wait_for_the_next_shift_when_it_begins_in_time() -> None:
    step = Step(("rotation weekdays",), "10m", WhenEmpty.WAIT)
    policy = Escalation("team", (step, Step(("agent lead",))), repeat=0)
    assert watched(policy, "2026-11-22 23:55", "2026-11-23 00:06") == [
        ("23:55:00", 0, 0, "empty", ()),
        ("00:00:00", 0, 0, "handover", ("wen",)),
        ("00:05:00", 0, 1, "step", ("lead",)),
    ]
    too_early = watched(policy, "2026-11-22 23:49", "2026-11-22 23:49")
    assert too_early == [("23:49:00", 0, 0, "empty", ()), ("23:49:00", 0, 1, "step", ("lead",))]


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        pytest.param(
            {"2026-10-14 10:05": "acknowledge"},  # at the very instant of the next step: whoever answers is first
            ["10:00:00 step vik", "10:35:00 again vik", "10:40:00 step lead"],
            id="the acknowledgement runs out",
        ),
        pytest.param(
            {"2026-10-14 10:01": "snooze"},
            ["10:00:00 step vik", "10:11:00 again vik", "10:16:00 step lead", "10:26:00 step #escalations"],
            id="put off for ten minutes",
        ),
        pytest.param(
            {"2026-10-14 10:02": "rises"},
            [
                "10:00:00 step vik",
                "10:02:00 risen vik",
                "10:07:00 step lead",
                "10:17:00 step #escalations",
                "10:32:00 step vik",
                "10:37:00 step lead",
            ],
            id="it becomes worse",
        ),
        pytest.param(
            {"2026-10-14 10:01": "acknowledge", "2026-10-14 10:02": "rises"},
            ["10:00:00 step vik", "10:31:00 again vik", "10:36:00 step lead"],
            id="it becomes worse when somebody has it",
        ),
        pytest.param(
            {"2026-10-14 10:02": "pass ana"},
            [
                "10:00:00 step vik",
                "10:02:00 passed ana",
                "10:07:00 step lead",
                "10:17:00 step #escalations",
                "10:32:00 step vik",
                "10:37:00 step lead",
            ],
            id="passed on",
        ),
        pytest.param(
            {
                "2026-10-14 10:01": "pass ana",
                "2026-10-14 10:02": "others",
                "2026-10-14 10:03": "rises",
                "2026-10-14 10:04": "snooze ana",
            },
            [
                "10:00:00 step vik",
                "10:01:00 passed ana",
                "10:03:00 risen ana",
                "10:14:00 again ana",
                "10:19:00 step lead",
                "10:29:00 step #escalations",
            ],
            id="whoever passed it on is called no more",
        ),
        pytest.param(
            {"2026-10-14 10:01": "snooze ana"},
            ["10:00:00 step vik", "10:11:00 again ana", "10:16:00 step lead", "10:26:00 step #escalations"],
            id="put off by somebody who was not called",
        ),
        pytest.param(
            {"2026-10-14 10:01": "pass ana", "2026-10-14 10:02": "leaves ana", "2026-10-14 10:03": "leaves ana"},
            [
                "10:00:00 step vik",
                "10:01:00 passed ana",
                "10:02:00 step vik",
                "10:07:00 step lead",
                "10:17:00 step #escalations",
                "10:32:00 step vik",
                "10:37:00 step lead",
            ],
            id="whom it was passed to leaves the team",
        ),
        pytest.param(
            {"2026-10-14 10:00:02": "unreachable vik"},
            [
                "10:00:00 step vik",
                "10:00:02 step lead",
                "10:10:02 step #escalations",
                "10:25:02 step vik",
                "10:30:02 step lead",
            ],
            id="the person on call cannot be reached",
        ),
        pytest.param(
            {"2026-10-14 10:00:02": "unreachable ana"},
            [
                "10:00:00 step vik",
                "10:05:00 step lead",
                "10:15:00 step #escalations",
                "10:30:00 step vik",
                "10:35:00 step lead",
            ],
            id="somebody else cannot be reached",
        ),
    ],
)
def test_what_people_do_changes_the_climb(happens: dict[str, str], expected: list[str]) -> None:
    log = watched(STANDARD, "2026-10-14 10:00", "2026-10-14 10:40", happens)
    shown = [f"{at} {cause} {' '.join(people)}" for at, _, _, cause, people in log]
    assert shown == expected


def test_a_page_nobody_answered_begins_anew_when_it_becomes_worse() -> None:
    log = watched(WEEKDAY_THEN_LEAD, "2026-11-22 05:00", "2026-11-22 05:20", {"2026-11-22 05:20": "rises"})
    assert [one[0::3] for one in log[2:]] == [("05:10:00", "exhausted"), ("05:20:00", "empty"), ("05:20:00", "step")]


def test_a_late_look_does_what_is_due_once() -> None:
    plan = ladder(STANDARD)
    climb, _ = begun(plan, ms("2026-10-14 10:00"), crew)
    climb, calls = act(plan, climb, ms("2026-10-14 13:00"), crew)
    assert calls == [Call(ms("2026-10-14 13:00"), 0, 1, Cause.STEP, ("lead",))]
    assert act(plan, climb, ms("2026-10-14 13:00"), crew) == (climb, [])


rungs = some.builds(
    Step,
    some.lists(some.sampled_from(("rotation desk", "rotation weekdays", "rotation empty", "agent lead")), min_size=1)
    .map(dict.fromkeys)
    .map(tuple),
    some.sampled_from(("1m", "5m", "90m")),
    some.sampled_from(WhenEmpty),
)


@given(
    some.lists(rungs, min_size=1, max_size=4),
    some.integers(0, 3),
    some.integers(0, 60 * 24 * 60).map(lambda minutes: ms("2026-10-01 00:00") + minutes * MINUTE),
)
def test_every_climb_ends_and_calls_somebody_or_the_fallback(steps: list[Step], repeat: int, opened: int) -> None:
    plan = ladder(Escalation("team", tuple(steps), repeat=repeat))
    climb, calls = begun(plan, opened, crew)
    while (due := climb.next_at) is not None:
        assert due - opened < 20 * 24 * HOUR
        climb, more = act(plan, climb, due, crew)
        assert climb.next_at is None or climb.next_at > due, "what was due is done"
        calls += more
    assert climb.state is PageState.EXHAUSTED
    assert calls[-1].cause is Cause.EXHAUSTED
    for loop in range(repeat + 1):
        of_loop = [call for call in calls if call.loop == loop]
        assert any(call.people for call in of_loop) != any(call.cause is Cause.FALLBACK for call in of_loop)
        assert [call.step for call in of_loop] == sorted(call.step for call in of_loop)
    assert all(before.at <= after.at for before, after in pairwise(calls))


def rung_up(arrivals: Sequence[str], leading: int) -> list[tuple[str, int]]:
    """Return when somebody's phone rings for pages that come at these instants, and for how many each time."""
    waiting: list[int] = []
    rings: list[tuple[int, int]] = []
    for at in [*map(ms, arrivals), ms("2100-01-01 00:00")]:
        due = rings_at(rings[-1][0] if rings else None, waiting[0], leading=leading) if waiting else None
        if due is not None and due < at:
            rings.append((due, len(waiting)))
            waiting = []
        waiting.append(at)
    return [(clock(at), count) for at, count in rings]


def test_rings_at_once_and_then_at_most_once_a_minute() -> None:
    assert rung_up(("2026-11-18 10:00:00", "2026-11-18 10:01:00", "2026-11-18 10:02:01"), 0) == [
        ("10:00:00", 1), ("10:01:00", 1), ("10:02:01", 1),
    ]  # fmt: skip
    burst = [f"2026-11-18 08:00:0{second}" for second in range(4)]
    assert rung_up([*burst, "2026-11-18 08:01:10"], 2_000) == [("08:00:02", 3), ("08:01:02", 1), ("08:02:02", 1)]
    assert rung_up(burst, 0) == [("08:00:00", 1), ("08:01:00", 3)]


def test_who_was_rung_up_by_a_clock_that_was_ahead_does_not_wait_until_then() -> None:
    now = ms("2026-11-18 10:00")
    assert rings_at(ms("2026-11-19 10:00"), now) == now
    assert rings_at(now + 200, now) == now + 60_200, "another replica's clock is never quite ours"


@pytest.mark.parametrize(
    ("hours", "zone", "at", "ends"),
    [
        ("22:00-07:00", "America/New_York", "2027-03-14 05:30", "2027-03-14 11:00"),  # a night without its third hour
        ("22:00-01:30", "America/New_York", "2026-11-01 05:40", None),  # 01:40, the first time
        ("22:00-01:30", "America/New_York", "2026-11-01 06:10", "2026-11-01 06:30"),  # 01:10, the second time
        ("22:00-08:00", "Asia/Jakarta", "2026-11-18 01:00", None),  # eight o'clock is loud
        ("22:00-08:00", "", "2026-11-18 00:00", None),
        ("", "Asia/Jakarta", "2026-11-18 00:00", None),
    ],
)
def test_quiet_hours_are_those_that_the_persons_clock_shows(hours: str, zone: str, at: str, ends: str | None) -> None:
    assert quiet.until(hours, zone, ms(at)) == (ms(ends) if ends else None)


@pytest.mark.parametrize(
    "wrong",
    [
        Escalation("team", ()),
        Escalation("team", (Step(()),)),
        Escalation("team", (Step(("everybody",)),)),
        Escalation("team", (Step(("rotation",)),)),
        Escalation("team", (Step(("leads U1",)),)),
        Escalation("team", (Step(("leads",), "soon"),)),
        Escalation("team", (Step(("leads",)),), repeat=21),
        Escalation("team", (Step(("leads",)),), acknowledged_for="0m"),
    ],
)
def test_an_escalation_that_cannot_be_climbed_is_refused(wrong: Escalation) -> None:
    with pytest.raises(SetupError) as refused:
        ladder(wrong)
    assert refused.value.remedy
