"""What the platform's own clock does not count: what is asked on the shop's holiday, or in answer to the seller."""

from datetime import UTC, datetime

import pytest

from chatops.catalog import Verb
from chatops.desk import auditing
from chatops.model.agent import Role
from chatops.rules.targets import Metric, ServiceLevel, Target, Urgency
from tests.desk.scenes import BuyerThere, Desk, Teammate
from tests.desk.test_asking import answer
from tests.desk.test_clocks import promise, states, told

PLATFORM = Target(Metric.PLATFORM_RESPONSE, "12h", urgency=Urgency.CHANNEL)
FIRST = Target(Metric.FIRST_RESPONSE, "15m", urgency=Urgency.CHANNEL)
NEXT = Target(Metric.NEXT_RESPONSE, "15m", urgency=Urgency.CHANNEL)


@pytest.fixture
def lead(desk: Desk) -> Teammate:
    """Somebody who may say when the shop is on holiday; everything is promised."""
    promise(desk, ServiceLevel((FIRST, NEXT, PLATFORM)))
    assert told(desk) == []
    return desk.teammate("noor", Role.LEAD)


def notes(desk: Desk, buyer: BuyerThere | None, verb: Verb = Verb.SLA) -> list[str]:
    lines = answer(desk, verb, "", buyer, "noor").summary.replace("\u202f", " ").splitlines()
    return [line for line in lines if "does not count" in line]


def test_what_is_asked_on_a_holiday_is_promised_by_the_team_alone(
    desk: Desk, mia: BuyerThere, li: Teammate, lead: Teammate
) -> None:
    ana = desk.buyer("ana")
    ana.says("Hello?")
    desk.carry_out()
    li.says("!holiday 2026-05-05", to=ana)
    lead.says("!holiday maomao-gb soon", to=ana)
    lead.says("!holiday maomao-gb 2026-05-05 .. 2026-05-06", to=ana)
    assert (li.whispers, lead.whispers) == (["not_allowed"], ["holiday_unclear", "asked"])
    assert notes(desk, None, Verb.SHOPS) == [
        "maomao-gb · holiday mode from May 5, 2026, 12:00 AM (BST) until May 7, 2026, 12:00 AM (BST): "
        "TikTok does not count what buyers ask then"
    ]
    assert states(desk, ana) == {"first_response": "running 1", "platform_response": "running 1"}, "asked before"
    desk.now = datetime(2026, 5, 6, 22, 0, tzinfo=UTC)
    mia.says("Where is my parcel?")
    assert states(desk, mia) == {"first_response": "running 1"}
    assert notes(desk, mia) == ["TikTok does not count that the buyer waits: they asked while holiday mode was on."]
    li.says("!level complaint", to=mia)
    promise(desk, ServiceLevel((FIRST, PLATFORM)))
    told(desk)
    assert "platform_response" not in states(desk, mia), "another promise does not make it count"
    li.says("It left Jakarta", to=mia)
    desk.passes(hours=2)
    assert notes(desk, mia) == []
    mia.says("And today?")
    assert states(desk, mia)["platform_response"] == "running 1"
    assert auditing.rebuild(desk.tx, desk.ticket(mia), desk.now, keep=False) == []


def test_a_holiday_that_ends_early_ends_at_once(desk: Desk, mia: BuyerThere, lead: Teammate) -> None:
    ana = desk.buyer("ana")
    ana.says("Hello?")
    desk.carry_out()
    lead.says("!holiday 2026-05-04 .. 2026-05-06", to=ana)
    early = mia.writes("Where is my parcel?")
    desk.passes(minutes=10)
    lead.says("!holiday off all", to=ana)
    assert notes(desk, None, Verb.SHOPS) == []
    mia.is_heard(early)
    assert states(desk, mia) == {"first_response": "running 1"}, "it was asked while the holiday lasted"
    bo = desk.buyer("bo")
    bo.says("Hello?")
    assert states(desk, bo) == {"first_response": "running 1", "platform_response": "running 1"}


def test_an_answer_to_what_the_seller_began_is_not_counted_until_the_buyer_asks_again(
    desk: Desk, mia: BuyerThere, li: Teammate, lead: Teammate
) -> None:
    mia.is_told("Would you like the blue one, too?")
    desk.passes(minutes=1)
    mia.says("How much is it?")
    assert states(desk, mia) == {"first_response": "running 1"}
    desk.carry_out()
    assert notes(desk, mia) == ["TikTok does not count that the buyer waits: the shop began this conversation."]
    li.says("12 pounds", to=mia)
    desk.passes(minutes=1)
    mia.says("And the red one?")
    assert states(desk, mia)["platform_response"] == "running 1"
