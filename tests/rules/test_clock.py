"""Clocks: what follows from what happened, in the order in which it was heard."""

from collections.abc import Mapping, Sequence

import pytest

from chatops.rules.alarms import BREACH, alarms, gravest
from chatops.rules.answers import AnswerKind
from chatops.rules.clock import ClockState, Happened, Happening, as_of, consumed, replayed
from chatops.rules.targets import Excuse, Metric, Target, Urgency
from chatops.rules.walltime import HOUR, MINUTE
from tests.rules.promises import FIRST, LONG, NEXT, PLATFORM, SHORT_DAYS, WHOLE, at, office, promised, shown


def told(story: str, *targets: Target) -> list[Happened]:
    """Return a story: lines of an instant, what happened, and what there is to say of it; `@` when it was heard."""
    lines = [Happened(0, Happening.PROMISED, 0, promises=promised(*targets))]
    for line in story.strip().splitlines():
        day, time, what, *more = line.split()
        happened = Happened(at(f"{day} {time}"), Happening(what), at(f"{day} {time}"))
        for word in more:
            if word.startswith("@"):
                happened = happened._replace(heard=at(f"{day} {word[1:]}"))
            elif word == "holiday":
                happened = happened._replace(excuse=Excuse(word))
            else:
                happened = happened._replace(answer=AnswerKind(word))
        lines.append(happened)
    return lines


def view(heard: Sequence[Happened], now: str) -> list[str]:
    """Return how the clocks stood at an instant: state, when due and met, open minutes used up, when they warn."""
    line = replayed(one for one in heard if one.heard <= at(now))
    found = []
    for (name, _), clock in line.clocks.items():
        count, promise = as_of(clock, at(now)), line.promises[name]
        warns = [shown(one.at) for one in alarms(clock, promise) if one.name != BREACH]
        used = consumed(count, promise.calendar, at(now)) / MINUTE
        found.append(f"{count.state} due {shown(count.due)} met {shown(count.met)} used {used:g} warns {warns}")
    return found


TIMELINES = {
    "it is due on the next working day": (
        (FIRST,),
        "2026-11-20 15:55 waits",
        "2026-11-20 18:00",
        ["running due 2026-11-23 08:10 met - used 5 warns ['2026-11-23 08:05']"],
    ),
    "an answer in the last moment is in time": (
        (FIRST,),
        "2026-11-18 09:00 waits\n2026-11-18 09:15 answered full",
        "2026-11-18 10:00",
        ["met due 2026-11-18 09:15 met 2026-11-18 09:15 used 15 warns []"],
    ),
    "what nobody wrote is no answer": (
        (FIRST,),
        "2026-11-18 09:00 waits\n2026-11-18 09:00 answered automatic",
        "2026-11-18 09:06",
        ["running due 2026-11-18 09:15 met - used 6 warns ['2026-11-18 09:10']"],
    ),
    "the platform counts nights, weekends and the hour that is shown twice": (
        (PLATFORM,),
        "2026-10-24 20:00 waits",
        "2026-10-25 09:00",
        ["breached due 2026-10-25 08:00 met - used 780 warns ['2026-10-25 07:00']"],
    ),
    "the platform does not count what is said on a holiday": (
        (PLATFORM, FIRST),
        "2026-10-26 20:00 waits holiday",
        "2026-10-26 21:00",
        ["running due 2026-10-27 08:15 met - used 0 warns ['2026-10-27 08:10']"],
    ),
    "what the platform does not count moves no clock of its own that runs": (
        (PLATFORM,),
        "2026-10-26 20:00 waits\n2026-10-26 19:00 waits holiday @20:30",
        "2026-10-26 21:00",
        ["running due 2026-10-27 08:00 met - used 60 warns ['2026-10-27 07:00']"],
    ),
    "a solution stands still while it is the buyer's turn": (
        (WHOLE,),
        "2026-11-18 09:00 waits\n2026-11-18 10:00 answered full",
        "2026-11-19 09:00",
        ["paused due - met - used 60 warns []"],
    ),
    "standing still while nobody is there costs nothing and saves nothing": (
        (WHOLE,),
        "2026-11-18 15:00 waits\n2026-11-18 20:00 answered full\n2026-11-19 03:00 waits",
        "2026-11-19 08:30",
        ["running due 2026-11-19 15:00 met - used 90 warns ['2026-11-19 14:12']"],
    ),
    "a solution is late after Christmas": (
        (LONG,),
        "2026-12-23 14:00 waits",
        "2026-12-28 13:00:01",
        [f"breached due 2026-12-28 13:00 met - used {600 + 1 / 60:g} warns ['2026-12-28 12:00']"],
    ),
    "an answer that was too late stays too late when it is heard": (
        (FIRST,),
        "2026-11-18 09:00 waits\n2026-11-18 09:15:20 answered full @09:16:30",
        "2026-11-18 09:16:30",
        [f"met_late due 2026-11-18 09:15 met 2026-11-18 09:15:20 used {15 + 1 / 3:g} warns []"],
    ),
    "until it is heard the promise is broken": (
        (FIRST,),
        "2026-11-18 09:00 waits\n2026-11-18 09:14:50 answered full @09:16:30",
        "2026-11-18 09:15:30",
        ["breached due 2026-11-18 09:15 met - used 15.5 warns ['2026-11-18 09:10']"],
    ),
    "then it was kept": (
        (FIRST,),
        "2026-11-18 09:00 waits\n2026-11-18 09:14:50 answered full @09:16:30",
        "2026-11-18 09:16:30",
        [f"met due 2026-11-18 09:15 met 2026-11-18 09:14:50 used {15 - 1 / 6:g} warns []"],
    ),
    "a question heard of late was waiting all the time": (
        (FIRST,),
        "2026-11-18 09:00 waits @09:20",
        "2026-11-18 09:20",
        ["breached due 2026-11-18 09:15 met - used 20 warns []"],
    ),
    "what the buyer said first counts, whichever is heard first": (
        (FIRST,),
        "2026-11-18 09:05 waits\n2026-11-18 09:02 waits @09:06",
        "2026-11-18 09:06",
        ["running due 2026-11-18 09:17 met - used 4 warns ['2026-11-18 09:12']"],
    ),
    "each question after the first answer has a clock of its own": (
        (FIRST, NEXT),
        "2026-11-18 09:00 waits\n2026-11-18 09:05 answered full\n2026-11-18 10:00 waits\n"
        "2026-11-18 10:05 answered full\n2026-11-18 11:00 waits",
        "2026-11-18 11:05",
        [
            "met due 2026-11-18 09:15 met 2026-11-18 09:05 used 5 warns []",
            "met due 2026-11-18 10:15 met 2026-11-18 10:05 used 5 warns []",
            "running due 2026-11-18 11:15 met - used 5 warns ['2026-11-18 11:12']",
        ],
    ),
    "who resolves without an answer owes none, and solved it": (
        (FIRST, WHOLE),
        "2026-11-18 09:00 waits\n2026-11-18 09:05 resolved",
        "2026-11-18 10:00",
        [
            "cancelled due 2026-11-18 09:15 met - used 5 warns []",
            "met due 2026-11-19 09:00 met 2026-11-18 09:05 used 5 warns []",
        ],
    ),
    "an answer that leaves as the ticket is resolved was one": (
        (FIRST,),
        "2026-11-18 09:00 waits\n2026-11-18 09:05 resolved\n2026-11-18 09:05:05 answered full",
        "2026-11-18 10:00",
        [f"met due 2026-11-18 09:15 met 2026-11-18 09:05:05 used {5:g} warns []"],
    ),
    "a solution that was none goes on with the time that is left": (
        (WHOLE,),
        "2026-11-18 09:00 waits\n2026-11-18 10:00 resolved\n2026-11-19 09:00 reopened\n2026-11-19 09:00 waits",
        "2026-11-19 09:30",
        ["running due 2026-11-19 16:00 met - used 90 warns ['2026-11-19 15:12']"],
    ),
    "a solution that came late and was none was due when it was": (
        (WHOLE,),
        "2026-11-18 09:00 waits\n2026-11-19 09:30 resolved\n2026-11-19 10:00 reopened",
        "2026-11-19 10:30",
        ["breached due 2026-11-19 09:00 met - used 540 warns []"],
    ),
    "what rests stands still, also while it is the buyer's turn": (
        (WHOLE,),
        "2026-11-18 09:00 waits\n2026-11-18 10:00 snoozed\n2026-11-18 10:30 answered full\n2026-11-18 11:00 woke\n"
        "2026-11-18 12:00 waits",
        "2026-11-18 12:30",
        ["running due 2026-11-19 11:00 met - used 90 warns ['2026-11-19 10:12']"],
    ),
    "nobody waits for a buyer who is blocked": (
        (FIRST, WHOLE),
        "2026-11-18 09:00 waits\n2026-11-18 09:05 blocked",
        "2026-11-18 10:00",
        [
            "cancelled due 2026-11-18 09:15 met - used 5 warns []",
            "cancelled due 2026-11-19 09:00 met - used 5 warns []",
        ],
    ),
}


@pytest.mark.parametrize(("targets", "story", "now", "expected"), TIMELINES.values(), ids=TIMELINES)
def test_a_clock_follows_from_what_happened(
    targets: tuple[Target, ...], story: str, now: str, expected: list[str]
) -> None:
    assert view(told(story, *targets), now) == expected


@pytest.mark.parametrize(
    ("since", "now", "before", "after", "state"),
    [
        ("2026-11-20 15:55", "2026-11-21 10:00", {"2026-11-23": ()}, "2026-11-24 08:10", ClockState.RUNNING),
        ("2026-12-31 10:59", "2027-01-02 10:00", {"2027-01-01": None}, "2027-01-01 08:14", ClockState.BREACHED),
    ],
    ids=["a day off more", "a day off less"],
)
def test_hours_that_somebody_corrects_are_right_from_where_the_clock_runs(
    since: str, now: str, before: Mapping[str, tuple[str, ...] | None], after: str, state: ClockState
) -> None:
    days = {day: hours for day, hours in {**SHORT_DAYS, **before}.items() if hours is not None}
    story = [
        *told(f"{since} waits", FIRST),
        Happened(at(now), Happening.PROMISED, at(now), promises=promised(FIRST, calendar=office(days))),
    ]
    count = replayed(story).clocks["first_response", 1]
    assert (shown(count.due), count.state) == (after, state)
    assert [alarm.name for alarm in alarms(count, promised(FIRST)["first_response"])][-1] == BREACH


def test_time_used_up_stays_used_up_by_another_promise() -> None:
    around_the_clock = promised(Target(Metric.FIRST_RESPONSE, "30m"))
    moves = Happened(at("2026-11-20 17:00"), Happening.PROMISED, at("2026-11-20 17:00"), promises=around_the_clock)
    line = replayed([*told("2026-11-20 15:50 waits", FIRST), moves])
    assert shown(line.clocks["first_response", 1].due) == "2026-11-20 17:20", "ten open minutes were over"


@pytest.mark.parametrize(
    ("targets", "due", "state"),
    [
        ((WHOLE, FIRST), "2026-11-19 09:00", ClockState.BREACHED),
        ((Target(Metric.RESOLUTION, "6h", "office"),), "2026-11-19 09:00", ClockState.BREACHED),
        ((Target(Metric.RESOLUTION, "6h"),), "2026-11-19 09:00", ClockState.BREACHED),
        ((LONG,), "2026-11-19 11:30", ClockState.RUNNING),
    ],
    ids=["the same", "a shorter one", "in other hours", "a longer one"],
)
def test_a_solution_that_came_late_and_was_none_stays_late_unless_another_promise_leaves_it_time(
    targets: tuple[Target, ...], due: str, state: ClockState
) -> None:
    moves = Happened(at("2026-11-19 10:30"), Happening.PROMISED, at("2026-11-19 10:30"), promises=promised(*targets))
    story = told("2026-11-18 09:00 waits\n2026-11-19 09:30 resolved\n2026-11-19 10:00 reopened", WHOLE)
    count = replayed([*story, moves]).clocks["resolution", 1]
    assert (shown(count.due), count.state) == (due, state)
    assert count.breached == (count.due if state is ClockState.BREACHED else None)


@pytest.mark.parametrize(
    ("asked", "speaks"),
    [
        ("2026-11-21 20:00", "2026-11-21 20:00"),  # it ends on Sunday: nobody comes before, so at once
        ("2026-11-19 20:00", "2026-11-19 20:00"),  # it ends on Friday as they begin: Thursday was the last open hour
        ("2026-11-20 01:00", "2026-11-20 12:00"),  # it ends on Friday at two in the afternoon
    ],
)
def test_the_platforms_clock_speaks_while_somebody_is_there_to_hear_it(asked: str, speaks: str) -> None:
    promise = promised(Target(Metric.PLATFORM_RESPONSE, "", "office", ()))["platform_response"]
    story = [Happened(0, Happening.PROMISED, 0, promises={"platform_response": promise})]
    count = replayed([*story, Happened(at(asked), Happening.WAITS, at(asked))]).clocks["platform_response", 1]
    closing, breach = alarms(count, promise)
    assert shown(closing.at) == speaks
    assert breach.at == at(asked) + 12 * HOUR + MINUTE // 2 + 1


def test_of_what_was_missed_the_gravest_speaks_alone() -> None:
    promise = promised(Target(Metric.FIRST_RESPONSE, "15m", "office", ("3m left", "1m left")))["first_response"]
    story = [Happened(0, Happening.PROMISED, 0, promises={"first_response": promise})]
    asked = at("2026-11-18 09:00")
    count = replayed([*story, Happened(asked, Happening.WAITS, asked)]).clocks["first_response", 1]
    due = [alarm for alarm in alarms(count, promise) if alarm.at <= at("2026-11-18 09:14:30")]
    assert [shown(alarm.at) for alarm in due] == ["2026-11-18 09:12", "2026-11-18 09:14"]
    assert gravest(due) == due[1]
    assert gravest(alarms(count, promise)).name == BREACH


def test_a_warning_that_calls_people_is_not_kept_silent_by_a_later_one_that_does_not() -> None:
    warns = "5m left loud", "3m left page", "1m left channel"
    promise = promised(Target(Metric.FIRST_RESPONSE, "15m", "office", warns))["first_response"]
    asked = at("2026-11-18 09:00")
    story = [
        Happened(0, Happening.PROMISED, 0, promises={"first_response": promise}),
        Happened(asked, Happening.WAITS, asked),
    ]
    missed = alarms(replayed(story).clocks["first_response", 1], promise)[:-1]
    assert [one.urgency for one in missed] == [Urgency.LOUD, Urgency.PAGE, Urgency.CHANNEL]
    assert gravest(missed).urgency is Urgency.LOUD
    assert gravest(missed[1:]).urgency is Urgency.PAGE


def test_warnings_are_spread_and_the_breach_is_not() -> None:
    promise = promised(FIRST)["first_response"]
    asked = at("2026-11-18 09:00")
    line = replayed([*told("", FIRST), Happened(asked, Happening.WAITS, asked)])
    spread = [alarms(line.clocks["first_response", 1], promise, seed=seed * 7919) for seed in range(40)]
    warned = {found[0].at for found in spread}
    assert len(warned) > 20
    assert at("2026-11-18 09:09:30") <= min(warned) <= max(warned) <= at("2026-11-18 09:10")
    assert {found[1].at for found in spread} == {at("2026-11-18 09:15") + 1}


def test_a_deadline_is_when_the_platform_says() -> None:
    promise = promised(Target(Metric.PLATFORM_DEADLINE, warn=("24h left",)))
    story = [
        Happened(0, Happening.PROMISED, 0, promises=promise),
        Happened(at("2026-11-18 09:00"), Happening.DEADLINE, at("2026-11-18 09:00"), at("2026-11-21 09:00")),
        Happened(at("2026-11-19 09:00"), Happening.DEADLINE, at("2026-11-19 09:00"), at("2026-11-22 09:00")),
    ]
    line = replayed(story)
    assert [shown(one.at) for one in alarms(line.clocks["platform_deadline", 1], promise["platform_deadline"])][:1] == [
        "2026-11-21 09:00"
    ]
    line.hear(Happened(at("2026-11-20 09:00"), Happening.RESOLVED, at("2026-11-20 09:00")))
    assert line.clocks["platform_deadline", 1].state is ClockState.MET
