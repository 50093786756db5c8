"""Clocks run, stand still, warn and break by what happens to their ticket."""

from datetime import timedelta

import pytest

from chatops.catalog import Verb
from chatops.desk import alarms, definitions
from chatops.desk.definitions import Defined
from chatops.model import clock as clocks
from chatops.model.clock import Clock
from chatops.model.definition import DefinitionKind
from chatops.model.facts import SenderRole
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
    return desk


def of(desk: Desk, buyer: BuyerThere) -> dict[str, Clock]:
    return {one.target: one for one in clocks.of_ticket(desk.tx, SHOP, desk.ticket(buyer).id)}


def states(desk: Desk, buyer: BuyerThere) -> dict[str, str]:
    return {name: f"{one.state.value} {one.cycle}" for name, one in of(desk, buyer).items()}


def told(desk: Desk) -> list[str]:
    """Let everything be said that is due, and return what the threads were told."""
    while alarms.raise_due(desk.tx, desk.now):
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
    assert due == desk.now + timedelta(hours=8) - timedelta(minutes=3, seconds=5)
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


def test_an_answer_that_is_heard_of_late_was_in_time(promised: Desk, mia: BuyerThere) -> None:
    desk = promised
    mia.says("Where is my parcel?")
    desk.passes(minutes=6)
    assert "clock_breached" in told(desk)
    mia.is_told("On its way", at=NOON + timedelta(minutes=4))
    assert states(desk, mia)["first_response"] == "met 1"
    assert of(desk, mia)["first_response"].breached_at is None


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
