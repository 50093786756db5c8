"""Clocks run, stand still, warn and break by what happens to their ticket."""

from datetime import timedelta

import msgspec
import pytest

from chatops.catalog import Verb
from chatops.desk import alarms, auditing, clocks, definitions, recounting, tickets
from chatops.desk.definitions import Defined
from chatops.model import clock as questions
from chatops.model.clock import Clock
from chatops.model.definition import DefinitionKind
from chatops.model.facts import SenderRole
from chatops.model.preview import Preview, preview
from chatops.rules.clock import ClockState
from chatops.rules.hours import Hours
from chatops.rules.targets import Match, Metric, Pause, ServiceLevel, Target, Urgency
from tests.desk.scenes import NOON, SHOP, BuyerThere, Desk, Teammate

FIRST = Target(Metric.FIRST_RESPONSE, "5m", warn=("1m left",), urgency=Urgency.CHANNEL)
NEXT = Target(Metric.NEXT_RESPONSE, "15m", urgency=Urgency.CHANNEL)
WHOLE = Target(Metric.RESOLUTION, "8h", pause=(Pause.BUYER, Pause.SNOOZE), urgency=Urgency.CHANNEL)
PLATFORM = Target(Metric.PLATFORM_RESPONSE, warn=("4h left",), urgency=Urgency.CHANNEL)
ALL = ServiceLevel((FIRST, NEXT, WHOLE, PLATFORM))


def promise(desk: Desk, level: ServiceLevel, name: str = "all") -> None:
    """Let the desk promise something from now on."""
    definitions.define(desk.tx, Defined(DefinitionKind.SERVICE_LEVEL, name, level), None, desk.now)


@pytest.fixture
def promised(desk: Desk) -> Desk:
    """A desk that promises everything there is to promise."""
    promise(desk, ALL)
    assert told(desk) == []
    return desk


def of(desk: Desk, buyer: BuyerThere) -> dict[str, Clock]:
    return {one.target: one for one in questions.of_ticket(desk.tx, SHOP, desk.ticket(buyer).id)}


def states(desk: Desk, buyer: BuyerThere) -> dict[str, str]:
    return {name: f"{one.state.value} {one.cycle}" for name, one in of(desk, buyer).items()}


def told(desk: Desk) -> list[str]:
    """Let everything be said that is due, and return what the threads were told."""
    while recounting.move_due(desk.tx, desk.now) or alarms.raise_due(desk.tx, desk.now):
        pass
    desk.carry_out()
    return [about for about, _ in desk.told]


def test_a_desk_that_promises_nothing_counts_nothing(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    assert of(desk, mia) == {}
    assert alarms.next_at(desk.tx) is None


def test_each_promise_is_counted_by_what_it_is_about(promised: Desk, mia: BuyerThere, li: Teammate) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.carry_out()
    assert states(desk, mia) == {
        "first_response": "running 1",
        "resolution": "running 1",
        "platform_response": "running 1",
    }
    desk.passes(minutes=3)
    li.says("It left Jakarta", to=mia)
    desk.passes(seconds=5)
    assert states(desk, mia) == {
        "first_response": "met 1",
        "resolution": "paused 1",
        "platform_response": "met 1",
    }
    desk.passes(hours=20)
    mia.says("And today?")
    assert states(desk, mia) == {
        "next_response": "running 1",
        "resolution": "running 1",
        "platform_response": "running 2",
        "first_response": "met 1",
    }
    due = of(desk, mia)["resolution"].due_at
    assert due == desk.kept + timedelta(hours=8) - timedelta(minutes=3, seconds=5)
    li.presses(Verb.RESOLVE, desk.ticket(mia))
    assert states(desk, mia)["resolution"] == "met 1"
    assert states(desk, mia)["next_response"] == "cancelled 1"
    assert alarms.next_at(desk.tx) is None


def test_time_runs_out_with_a_warning_before(promised: Desk, mia: BuyerThere, li: Teammate) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.passes(minutes=3, seconds=40)
    assert told(desk) == []
    desk.passes(seconds=20)
    assert told(desk) == ["clock_warns"]
    desk.passes(seconds=60)
    assert told(desk) == ["clock_warns"], "the last moment is in time"
    desk.passes(seconds=1)
    assert told(desk) == ["clock_warns", "clock_breached"]
    assert of(desk, mia)["first_response"].breached_at == NOON + timedelta(minutes=5)
    li.says("Sorry!", to=mia)
    desk.passes(seconds=5)
    assert states(desk, mia)["first_response"] == "met_late 1"
    assert told(desk) == ["clock_warns", "clock_breached"]


def test_who_must_be_called_waits_for_none_of_those_who_are_only_told(desk: Desk) -> None:
    calls = Match(tags=("vip",))
    urgent = ServiceLevel(
        (msgspec.structs.replace(FIRST, warn=(), urgency=Urgency.PAGE),), match=calls, escalation="up"
    )
    promise(desk, urgent, "1 vip")
    promise(desk, ServiceLevel((msgspec.structs.replace(FIRST, warn=()),)), "2 all")
    for number in range(3):
        desk.buyer(f"b{number}").says("Where is my parcel?")
    vip = desk.buyer("vip")
    vip.says("Where is mine?")
    tickets.change(desk.tx, desk.ticket(vip), desk.now, tags=["vip"])
    desk.passes(minutes=6)
    late = timedelta(minutes=1) - timedelta(milliseconds=1)
    assert alarms.raise_due(desk.tx, desk.kept) == [late]
    assert of(desk, vip)["first_response"].state is ClockState.BREACHED
    assert alarms.raise_due(desk.tx, desk.kept, 2) == [late] * 2
    assert alarms.raise_due(desk.tx, desk.kept, 2) == [late]
    assert alarms.raise_due(desk.tx, desk.now) == []
    assert told(desk) == ["clock_breached"] * 4, "nobody could be called, so the thread is told"


def test_an_answer_that_is_heard_of_late_was_in_time(promised: Desk, mia: BuyerThere) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.passes(minutes=6)
    assert "clock_breached" in told(desk)
    mia.is_told("On its way", at=NOON + timedelta(minutes=4))
    assert states(desk, mia)["first_response"] == "met 1"
    assert of(desk, mia)["first_response"].breached_at is None


def test_an_answer_that_is_heard_of_after_a_later_one_lets_nobody_wait(
    promised: Desk, mia: BuyerThere, li: Teammate
) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.passes(minutes=6)
    mia.says("Hello?")
    desk.passes(minutes=1)
    li.says("It left Jakarta", to=mia)
    desk.passes(seconds=5)
    before, answered_at = states(desk, mia), desk.ticket(mia).answered_at
    assert before["first_response"] == "met_late 1"
    mia.is_told("One moment, I will look", at=NOON + timedelta(minutes=2))
    assert states(desk, mia) == {**before, "first_response": "met 1"}, "it was in time, and the later one counts"
    assert (desk.ticket(mia).waiting_since, desk.ticket(mia).answered_at) == (None, answered_at)


def test_what_another_clock_dates_in_the_future_was_said_when_it_is_heard(
    promised: Desk, mia: BuyerThere, li: Teammate
) -> None:
    desk = promised
    mia.says("Where is my parcel?", at=NOON + timedelta(days=1))
    assert of(desk, mia)["first_response"].due_at == NOON + timedelta(minutes=5)
    desk.passes(minutes=1)
    li.says("It left Jakarta", to=mia)
    desk.passes(seconds=5)
    assert states(desk, mia) == {"first_response": "met 1", "resolution": "paused 1", "platform_response": "met 1"}
    assert desk.ticket(mia).waiting_since is None
    assert desk.ticket(mia).answered_at == desk.kept


@pytest.mark.parametrize("ahead", [timedelta(seconds=90), timedelta(days=1)])
def test_a_machine_s_clock_that_was_ahead_and_is_set_right_breaks_no_promise_for_good(
    promised: Desk, mia: BuyerThere, ahead: timedelta
) -> None:
    desk, budi = promised, promised.buyer("budi")
    mia.says("Where is my parcel?")
    desk.now += ahead
    said = told(desk)
    assert ("clock_breached" in said) == (ahead > timedelta(minutes=5)), "by what it shows, they are late"
    desk.now -= ahead
    budi.says("Halo?")
    desk.passes(minutes=3)
    mia.is_told("On its way")
    assert states(desk, mia)["first_response"] == "met 1"
    assert of(desk, mia)["first_response"].breached_at is None
    desk.passes(minutes=1)
    assert told(desk) == [*said, "clock_warns"]
    desk.passes(minutes=1, seconds=1)
    assert told(desk) == [*said, "clock_warns", "clock_breached"]
    assert states(desk, budi)["first_response"] == "breached 1"


def test_a_greeting_stops_our_clock_and_not_the_platforms(promised: Desk, mia: BuyerThere, li: Teammate) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.carry_out()
    mia.is_told("We will be with you soon", role=SenderRole.ROBOT)
    assert states(desk, mia)["first_response"] == "running 1"
    li.says("Hi dear!", to=mia)
    desk.passes(seconds=5)
    assert states(desk, mia)["first_response"] == "met 1"
    assert states(desk, mia)["platform_response"] == "running 1"
    assert told(desk) == ["clock_goes_on", "clock_goes_on"]


def test_who_asks_on_after_an_automatic_answer_that_counts_waits_again(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    whole = msgspec.structs.replace(WHOLE, automatic_counts=True)
    promise(desk, ServiceLevel((msgspec.structs.replace(NEXT, automatic_counts=True), whole)))
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("It left Jakarta", to=mia)
    desk.passes(minutes=1)
    mia.says("And when will it be here?")
    mia.is_told("We will be with you soon", role=SenderRole.ROBOT)
    assert states(desk, mia) == {"next_response": "met 1", "resolution": "paused 1"}
    desk.passes(minutes=10)
    mia.says("Hello?")
    assert states(desk, mia) == {"next_response": "running 2", "resolution": "running 1"}
    assert of(desk, mia)["next_response"].due_at == desk.kept + timedelta(minutes=15)


def test_what_a_ticket_is_promised_follows_what_it_is(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    quick = ServiceLevel((Target(Metric.FIRST_RESPONSE, "2m"),), Match(priorities=("urgent",)))
    promise(desk, quick, "quick")
    promise(desk, ServiceLevel((FIRST,)), "rest")
    mia.says("Where is my parcel?")
    desk.passes(minutes=3)
    assert of(desk, mia)["first_response"].due_at == NOON + timedelta(minutes=5)
    li.says("!priority urgent", to=mia)
    assert of(desk, mia)["first_response"].due_at == NOON + timedelta(minutes=2)
    assert told(desk) == ["clock_breached"]
    li.says("!priority normal", to=mia)
    assert states(desk, mia)["first_response"] == "running 1"
    assert of(desk, mia)["first_response"].due_at == NOON + timedelta(minutes=5)


def open_on(*days: str) -> Hours:
    return Hours("UTC", dict.fromkeys(days, ("09:00-17:00",)))


def test_open_tickets_follow_what_leads_change_and_keep_what_was_used_up(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    mia.says("Where is my parcel?")  # on a Monday at noon
    desk.passes(hours=1)
    office = Defined(DefinitionKind.CALENDAR, "office", open_on("mon", "tue", "wed"))
    within = Defined(
        DefinitionKind.SERVICE_LEVEL,
        "all",
        ServiceLevel((msgspec.structs.replace(FIRST, within="8h", calendar="office"),)),
    )
    assert preview(desk.tx, [office, within], desk.now) == Preview(open=0, move=1, breached=0)
    definitions.apply(desk.tx, [office, within], desk.now)
    assert told(desk) == []
    assert of(desk, mia)["first_response"].due_at == NOON + timedelta(hours=24), "what buyers wait for already counts"
    shut = Defined(DefinitionKind.CALENDAR, "office", open_on("mon", "wed"))
    assert preview(desk.tx, [shut, within], desk.now) == Preview(open=1, move=1, breached=0)
    definitions.apply(desk.tx, [shut, within], desk.now)
    assert told(desk) == []
    assert of(desk, mia)["first_response"].due_at == NOON + timedelta(hours=48)
    quick = Defined(DefinitionKind.SERVICE_LEVEL, "all", ServiceLevel((FIRST,)))
    assert preview(desk.tx, [shut, quick], desk.now) == Preview(open=1, move=1, breached=1)
    definitions.apply(desk.tx, [shut, quick], desk.now)
    assert told(desk) == []
    desk.passes(seconds=1)
    assert told(desk) == ["clock_breached"]
    [raised] = [one for one in questions.alarms_of(desk.tx, SHOP, desk.ticket(mia).id) if one.spoke]
    assert raised.retroactive
    definitions.apply(desk.tx, [], desk.now)
    assert told(desk) == ["clock_breached"]
    assert states(desk, mia) == {"first_response": "cancelled 1"}


def test_a_ticket_that_is_opened_again_counts_by_what_is_promised_now(
    promised: Desk, mia: BuyerThere, li: Teammate
) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.presses(Verb.RESOLVE, desk.ticket(mia))
    whole = msgspec.structs.replace(WHOLE, within="2h")
    quick = ServiceLevel((msgspec.structs.replace(FIRST, within="2m"), whole))
    definitions.apply(desk.tx, [Defined(DefinitionKind.SERVICE_LEVEL, "quick", quick)], desk.now)
    assert told(desk) == []
    desk.passes(hours=1)
    mia.says("It is still not here")
    dues = {name: one.due_at for name, one in of(desk, mia).items() if one.is_open}
    assert dues == {
        "first_response": desk.kept + timedelta(minutes=2),
        "resolution": desk.kept + timedelta(hours=2),
    }
    assert auditing.rebuild(desk.tx, desk.ticket(mia), desk.now, keep=False) == []


def test_who_counts_by_older_time_zones_leaves_it_to_the_others(promised: Desk, mia: BuyerThere) -> None:
    desk = promised
    assert recounting.time_zones_agree(desk.tx, "2026f", desk.now)
    assert not recounting.time_zones_agree(desk.tx, "2025b", desk.now)
    assert recounting.time_zones_agree(desk.tx, "2026f", desk.now)
    assert recounting.move_due(desk.tx, desk.now) == 0
    mia.says("Where is my parcel?")
    assert recounting.time_zones_agree(desk.tx, "2027a", desk.now)
    assert recounting.move_due(desk.tx, desk.now) == 1, "the same hours may be others now"


def test_what_the_sweeper_does_twice_changes_nothing(promised: Desk, mia: BuyerThere) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.passes(minutes=6)
    assert told(desk) == ["clock_breached"]
    before = of(desk, mia)["first_response"]
    desk.tx.update(before, heeded=-1, next_alarm_at=desk.now, state=ClockState.RUNNING)
    assert told(desk) == ["clock_breached"]
    assert of(desk, mia)["first_response"].next_alarm_at is None
    spoken = [(one.alarm, one.spoke) for one in questions.alarms_of(desk.tx, SHOP, desk.ticket(mia).id)]
    assert sorted(spoken) == [("1m left of 300000", False), ("breach", True)]


def test_a_deadline_of_the_platform_is_counted_from_where_it_is_named(desk: Desk, mia: BuyerThere) -> None:
    promise(desk, ServiceLevel((Target(Metric.PLATFORM_DEADLINE, warn=("24h left",), urgency=Urgency.CHANNEL),)))
    mia.says("I want to send it back")
    clocks.deadline(desk.tx, desk.ticket(mia), NOON + timedelta(days=3), desk.now)
    assert of(desk, mia)["platform_deadline"].due_at == NOON + timedelta(days=3)
    desk.passes(days=2)
    assert told(desk) == ["clock_warns"]


def test_who_is_told_what_wait_and_rest_mean(promised: Desk, mia: BuyerThere, li: Teammate) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("!snooze 2h", to=mia)
    assert states(desk, mia)["resolution"] == "paused 1"
    mia.says("Hello?")
    assert states(desk, mia)["resolution"] == "running 1"
    li.says("!no-reply", to=mia)
    assert states(desk, mia) == {
        "first_response": "cancelled 1",
        "platform_response": "cancelled 1",
        "resolution": "paused 1",
    }
    mia.says("I do want an answer")
    assert states(desk, mia) == {
        "first_response": "running 2",
        "platform_response": "running 2",
        "resolution": "running 1",
    }


def test_what_clocks_show_follows_from_what_was_recorded(promised: Desk, mia: BuyerThere, li: Teammate) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.passes(minutes=6)
    assert told(desk) == ["clock_breached"]
    li.says("On its way", to=mia)
    desk.passes(minutes=1)
    mia.says("When?")
    li.says("!priority high", to=mia)
    ticket = desk.ticket(mia)
    assert auditing.rebuild(desk.tx, ticket, desk.now, keep=False) == []
    before = questions.every(desk.tx, SHOP, ticket.id)
    one, *others = questions.every(desk.tx, SHOP, ticket.id)
    desk.tx.update(one, consumed=1, state=ClockState.RUNNING)
    for other in others:
        questions.forget(desk.tx, other)
    assert len(auditing.rebuild(desk.tx, ticket, desk.now, keep=False)) == len(before)
    assert len(auditing.rebuild(desk.tx, ticket, desk.now, keep=True)) == len(before)
    assert [row.count for row in questions.every(desk.tx, SHOP, ticket.id)] == [row.count for row in before]
    assert told(desk) == ["clock_breached"], "nothing is said twice"


def test_a_clock_that_would_never_speak_is_found_and_one_that_should_have_is_told(
    promised: Desk, mia: BuyerThere
) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.tx.update(of(desk, mia)["first_response"], next_alarm_at=None)
    found = auditing.look(desk.tx, desk.now)
    assert (found.mended, found.overdue.number) == (1, 0)
    desk.passes(minutes=6)
    found = auditing.look(desk.tx, desk.now)
    assert (found.mended, found.overdue.number, found.overdue.since) == (0, 1, NOON + timedelta(minutes=5))
