"""Pages at the desk: who is called when, who has it, and what becomes of it, with one clock for everybody."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from chatops.catalog import Verb
from chatops.desk import definitions, handovers, paging
from chatops.desk.definitions import Defined
from chatops.model import agent as agents
from chatops.model import page as pages
from chatops.model.agent import Role
from chatops.model.definition import DefinitionKind
from chatops.model.page import How, NoticeState, Page, Why
from chatops.model.team import Team
from chatops.rules.escalation import Escalation, PageState, Step
from chatops.rules.rotation import Layer, Rotation, Unit
from chatops.rules.targets import Urgency
from chatops.store.instants import earliest
from chatops.ui import Small, Strong
from tests.desk.scenes import NIGHT, NOON, SUPPORT, TEAM, BuyerThere, Desk, Teammate
from tests.desk.test_asking import answer, called

NEXT = earliest(*pages.NEXT_AT)
STEPS = (Step(("rotation desk",), "5m"), Step(("agent boss",), "10m"))


class Paged:
    """A desk with an escalation: whoever is on call, then the boss, then the night's channel."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.boss = desk.teammate("boss", Role.LEAD)
        self.escalates(STEPS)
        self.has_on_call("li+noor")

    def escalates(self, steps: Sequence[Step], repeat: int = 0) -> None:
        """Define what a page climbs."""
        spec = Escalation("team", tuple(steps), fallback=NIGHT, repeat=repeat)
        definitions.define(self.desk.tx, Defined(DefinitionKind.ESCALATION, "front", spec), None, self.desk.now)

    def has_on_call(self, *members: str, unit: Unit = Unit.DAY) -> None:
        """Let people be on call in turn from now on."""
        start = NOON.replace(tzinfo=None)
        spec = Rotation("team", "UTC", (Layer(members, start, unit),))
        definitions.define(self.desk.tx, Defined(DefinitionKind.ROTATION, "desk", spec), None, self.desk.now)

    def warns(
        self, buyer: BuyerThere, why: Why = Why.WARN, urgency: Urgency = Urgency.PAGE, minutes: int | None = 30
    ) -> bool:
        """Let a promise about the buyer's ticket call for somebody."""
        due_at = None if minutes is None else self.desk.now + timedelta(minutes=minutes)
        return paging.summon(self.desk.tx, self.desk.ticket(buyer), "front", why, urgency, self.desk.now, due_at)

    def passes(self, **time: float) -> None:
        """Let time pass, with whatever is due at its own instant."""
        until = self.desk.now + timedelta(**time)
        while (due := self.desk.tx.scalar(NEXT)) is not None and due <= until:
            self.desk.now = max(due, self.desk.now)
            while paging.climb_due(self.desk.tx, self.desk.now) + paging.ring_due(self.desk.tx, self.desk.now):
                pass
            self.desk.carry_out()
        self.desk.now = until
        self.desk.carry_out()

    def page(self, buyer: BuyerThere) -> Page:
        """Return the newest page about the buyer's ticket."""
        ticket = self.desk.ticket(buyer)
        found = pages.get(
            self.desk.tx, ticket.shop_id, ticket.id, pages.count_of(self.desk.tx, ticket.shop_id, ticket.id)
        )
        assert found is not None
        return found

    def log(self, buyer: BuyerThere) -> list[str]:
        """Return what happened to it."""
        return [
            " ".join([one.at.strftime("%H:%M"), one.what, *(person.partition(" ")[2] for person in one.people)])
            for one in pages.records(self.desk.tx, self.page(buyer))
        ]


@pytest.fixture
def paged(desk: Desk, li: Teammate, noor: Teammate) -> Paged:
    """The desk of these stories."""
    assert (li.name, noor.name) == ("li", "noor")
    return Paged(desk)


def test_calls_who_is_on_call_then_the_lead_then_cries_out_and_everybody_hears_it_once(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    assert paged.warns(asked)
    paged.passes(minutes=20)
    assert [who for who, about in desk.rung if not about.startswith("!")] == ["li", "noor", "boss"]
    assert [fact for fact in desk.told if fact[0] == "paged"] == [("paged", "li noor"), ("paged", "boss")]
    assert desk.channels[NIGHT] == ["(exhausted)"]
    assert paged.log(asked) == ["12:00 step li noor", "12:05 step boss", "12:15 exhausted"]
    assert paged.page(asked).state is PageState.EXHAUSTED


@pytest.mark.parametrize("way", ["claims", "answers", "has it already and claims again"])
def test_whoever_claims_or_answers_has_it_and_nobody_else_is_called(
    paged: Paged, desk: Desk, asked: BuyerThere, noor: Teammate, way: str
) -> None:
    if way.startswith("has"):
        noor.says("!claim", asked)
    paged.warns(asked)
    desk.passes(minutes=2)
    noor.says("On its way!" if way == "answers" else "!claim", asked)
    paged.passes(minutes=10)
    page = paged.page(asked)
    assert (page.state, page.acknowledged_by) == (PageState.ACKNOWLEDGED, "noor")
    assert page.how is (How.ANSWERED if way == "answers" else How.CLAIMED)
    assert ("page_taken", "noor") in desk.told
    assert "boss" not in dict(desk.rung)
    assert [about[0] for who, about in desk.rung if who == "li"][-1] == "!"  # li reads that somebody has it


def test_calls_again_when_the_acknowledgement_brought_no_answer(paged: Paged, asked: BuyerThere, li: Teammate) -> None:
    paged.warns(asked)
    li.says("!claim", asked)
    paged.passes(minutes=36)
    assert paged.log(asked) == ["12:00 step li noor", "12:00 acknowledged li", "12:30 again li noor", "12:35 step boss"]


@pytest.mark.parametrize(
    ("order", "reason"), [("!resolve", "resolved"), ("!no-reply", "no_reply"), ("!snooze 2h", "snoozed")]
)
def test_a_ticket_that_needs_nobody_calls_nobody(
    paged: Paged, desk: Desk, asked: BuyerThere, li: Teammate, order: str, reason: str
) -> None:
    paged.warns(asked)
    desk.carry_out()
    li.says(order, asked)
    paged.passes(hours=1)
    page = paged.page(asked)
    assert (page.state, page.end_reason, page.next_at) == (PageState.OVER, reason, None)
    assert "boss" not in dict(desk.rung)
    assert paged.warns(asked)  # and if it comes to it again, it is a new one
    assert paged.page(asked).number == 2


def test_a_page_somebody_asked_for_ends_with_an_answer_and_one_a_promise_called_for_with_the_promise(
    paged: Paged, desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    paged.warns(asked, Why.ASKED)
    li.says("On its way!", asked)
    desk.passes(seconds=10)
    assert paged.page(asked).end_reason == "answered"
    paged.warns(asked)
    li.says("It left today!", asked)
    desk.passes(seconds=10)
    assert paged.page(asked).state is PageState.ACKNOWLEDGED
    paging.settle(desk.tx, desk.ticket(asked), "met", desk.now)
    paging.settle(desk.tx, desk.ticket(asked), "met", desk.now)
    assert paged.page(asked).end_reason == "met"


def test_another_promise_joins_the_page_and_only_a_graver_one_calls_again(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.warns(asked, minutes=30)
    paged.passes(minutes=2)
    paged.warns(asked, minutes=3)
    assert paged.page(asked).due_at == desk.kept + timedelta(minutes=3)
    paged.passes(minutes=2)
    paged.warns(asked, Why.BREACH, minutes=0)
    paged.passes(minutes=1)
    assert paged.log(asked) == ["12:00 step li noor", "12:02 joined", "12:04 joined", "12:04 risen li noor"]
    assert pages.count_of(desk.tx, paged.page(asked).shop_id, desk.ticket(asked).id) == 1


def test_a_call_that_nobody_answered_begins_anew_with_the_next_promise(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.warns(asked, Why.BREACH, minutes=0)
    paged.passes(hours=3)
    rung = len(desk.rung)
    paged.warns(asked, minutes=30)
    desk.carry_out()
    assert paged.log(asked)[-3:] == ["12:15 exhausted", "15:00 joined", "15:00 step li noor"]
    assert [who for who, about in desk.rung[rung:] if not about.startswith("!")] == ["li", "noor"]


def test_a_call_that_nobody_answered_begins_anew_with_the_next_shift(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.has_on_call("li", "noor")
    paged.warns(asked)
    paged.passes(hours=24)
    assert paged.log(asked)[-1] == "12:15 exhausted"
    assert handovers.change_due(desk.tx, desk.now)
    assert paged.log(asked)[-1] == "12:00 step noor"


def test_who_asks_is_heard_even_when_somebody_has_it(paged: Paged, desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    paged.warns(asked)
    li.says("!claim", asked)
    paged.boss.says("!page she threatens with a lawyer", asked)
    page = paged.page(asked)
    assert (page.state, page.words, page.asked_by) == (PageState.CALLING, "she threatens with a lawyer", "boss")
    assert paged.log(asked)[-2:] == ["12:00 joined", "12:00 risen li noor"]


def test_many_pages_at_once_ring_once_and_then_once_a_minute(paged: Paged, desk: Desk, li: Teammate) -> None:
    paged.has_on_call("li")
    buyers = [desk.buyer(f"b{number}") for number in range(6)]
    for buyer in buyers:
        buyer.says("Hello?")
    desk.carry_out()
    for buyer in buyers[:5]:
        paged.warns(buyer)
        paged.passes(seconds=1)

    def rings() -> list[list[str]]:
        return [about.split() for who, about in desk.rung if who == "li" and not about.startswith("!")]

    assert [len(about) for about in rings()] == [1]
    assert len(desk.rung[-1][1].split()) == 5  # the others stand in the same message
    assert [who for about, who in desk.told if about == "paged"] == ["li", "Li", "Li", "Li", "Li"]  # named, not called
    li.says("!claim", buyers[1])
    paged.passes(seconds=56)
    assert [len(about) for about in rings()] == [1, 3]
    paged.passes(seconds=70)
    paged.warns(buyers[5])
    paged.passes(seconds=1)
    assert [len(about) for about in rings()] == [1, 3, 1]
    edited = [about for _, about in desk.rung if about.startswith("!")]
    assert edited[-1] == f"!{desk.ticket(buyers[0]).id} {desk.ticket(buyers[1]).id}"  # the others left it


@pytest.mark.parametrize("ahead", [timedelta(seconds=90), timedelta(days=1)])
def test_a_clock_that_was_ahead_and_is_set_right_keeps_nobody_from_being_called(
    paged: Paged, desk: Desk, asked: BuyerThere, ahead: timedelta
) -> None:
    paged.has_on_call("li")
    second, third = desk.buyer("second"), desk.buyer("third")
    for buyer in (second, third):
        buyer.says("Hello?")
    desk.now += ahead
    paged.warns(asked)
    paged.passes(seconds=1)
    paged.warns(second)  # joins the call of a moment ago, and rings when its minute is over
    paged.passes(seconds=1)
    desk.now -= ahead
    paging.clock_set_back(desk.tx, ahead)
    began = len(desk.rung)
    paged.warns(third)
    paged.passes(seconds=1)
    assert ("li", desk.ticket(third).id) in desk.rung[began:], "who is called now is called at once"
    paged.passes(minutes=2)
    rung = [about for who, about in desk.rung[began:] if who == "li" and not about.startswith("!")]
    assert any(desk.ticket(second).id in about for about in rung)
    assert [who for who, _ in desk.rung if who == "boss"] == []
    paged.passes(minutes=3)
    assert [who for who, about in desk.rung if who == "boss"] != [], "and a page climbs when its time is over"


def test_whoever_comes_on_call_during_a_page_is_called_and_keeps_nobody_from_the_next_step(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.has_on_call("li", "noor")
    paged.passes(hours=23, minutes=58)
    paged.warns(asked)
    paged.passes(minutes=6)
    assert paged.log(asked) == ["11:58 step li", "12:00 handover noor", "12:03 step boss"]


def test_who_comes_on_call_the_instant_a_promise_breaks_is_called_once(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.has_on_call("li", "noor")
    paged.passes(hours=23, minutes=58)
    paged.warns(asked, minutes=2)
    paged.passes(seconds=119)
    desk.now += timedelta(seconds=1)
    paging.climb_due(desk.tx, desk.now)
    paged.warns(asked, Why.BREACH, minutes=0)
    paged.passes(minutes=2)
    assert paged.log(asked) == ["11:58 step li", "12:00 handover noor", "12:00 joined", "12:00 risen noor"]
    assert [who for who, about in desk.rung if not about.startswith("!")] == ["li", "noor"]
    assert [fact for fact in desk.told if fact[0] == "paged"] == [("paged", "li"), ("paged", "noor"), ("paged", "Noor")]
    assert [notice.agent_id for notice in pages.notices(desk.tx, paged.page(asked))] == ["li", "noor"]


def test_nobody_on_call_does_not_wait_and_nobody_at_all_is_said_aloud(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    desk.tx.insert(agents.Agent(workspace_id=TEAM, id="nobody-known", is_guest=True))
    paged.has_on_call("nobody-known")
    paged.warns(asked)
    assert paged.log(asked) == ["12:00 empty", "12:00 step boss"]
    paging.settle(desk.tx, desk.ticket(asked), "met", desk.now)
    paged.escalates((Step(("rotation desk",)), Step(("team nobody",))), repeat=1)
    paged.warns(asked)
    paged.passes(minutes=11)
    loop = ["empty", "empty", "fallback"]
    assert paged.log(asked) == [*[f"12:00 {one}" for one in loop], *[f"12:05 {one}" for one in loop], "12:10 exhausted"]
    assert desk.channels[NIGHT] == ["(fallback)", "(fallback)", "(exhausted)"]
    assert [about for about, _ in desk.told].count("page_unheard") == 3


def test_a_person_no_message_reaches_is_passed_over_at_once_and_the_thread_is_told(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    desk.deaf = {"li", "noor"}
    paged.warns(asked)
    desk.carry_out()
    assert desk.rung == [("boss", desk.ticket(asked).id)]
    assert paged.log(asked) == [
        "12:00 step li noor",
        "12:00 unreachable li",
        "12:00 unreachable noor",
        "12:00 step boss",
    ]
    assert [fact for fact in desk.told if fact[0] == "page_refused"] == [
        ("page_refused", "li"),
        ("page_refused", "noor"),
    ]
    states = {one.agent_id: one.state for one in pages.notices(desk.tx, paged.page(asked))}
    assert states == {"li": NoticeState.REFUSED, "noor": NoticeState.REFUSED, "boss": NoticeState.TOLD}


def test_who_asks_later_reads_what_somebody_was_called_for_and_what_came_of_it(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    called(desk, asked, "Mia")
    desk.deaf = {"noor"}
    paged.warns(asked)
    paged.passes(minutes=10)
    parts = answer(desk, Verb.ONCALL, "at 2026-05-04 12:01").parts
    *told, by_whose_clock = [part.line for part in parts if isinstance(part, Small)]
    said = ["".join(piece for piece in line if isinstance(piece, str)) for line in told]
    assert [Strong("Mia") in line for line in told] == [True, True, True], (
        "Li, Noor, and the boss, who is on no rotation"
    )
    assert ["no message reached them" in line for line in said] == [False, True, False]
    assert "the rotation's time" in str(by_whose_clock)


def test_quiet_hours_hold_for_those_who_are_not_on_call_unless_it_would_be_too_late(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    desk.knows(paged.boss, quiet="12:00-13:08", timezone="Europe/London")
    paged.escalates((Step(("agent boss",), "10m"), Step(("rotation desk",), "5m")))
    paged.warns(asked, minutes=60)
    desk.carry_out()
    assert desk.rung == []
    paged.passes(minutes=9)
    assert [who for who, _ in desk.rung] == ["boss"]
    assert [one.ring_at for one in pages.notices(desk.tx, paged.page(asked))] == [desk.kept - timedelta(minutes=1)]


@pytest.mark.parametrize(("urgency", "minutes", "called"), [(Urgency.PAGE, 5, "li"), (Urgency.LOUD, 5, "boss")])
def test_who_would_wake_too_late_is_left_asleep_unless_it_is_loud(
    paged: Paged, desk: Desk, asked: BuyerThere, urgency: Urgency, minutes: int, called: str
) -> None:
    paged.has_on_call("li")
    desk.knows(paged.boss, quiet="12:00-13:08", timezone="Europe/London")
    paged.escalates((Step(("agent boss",), "10m"), Step(("rotation desk",), "5m")))
    paged.warns(asked, urgency=urgency, minutes=minutes)
    desk.carry_out()
    assert [who for who, _ in desk.rung] == [called]


def test_teams_and_channels_are_called_as_a_whole(paged: Paged, desk: Desk, asked: BuyerThere) -> None:
    desk.tx.insert(Team(workspace_id=TEAM, name="Night shift", mention="S0NIGHT"))
    paged.escalates((Step(("team night shift", f"channel {SUPPORT}"), "5m"),))
    paged.warns(asked)
    paged.passes(minutes=1)
    assert desk.channels[SUPPORT][-1] == "(step)"
    assert [about for about, _ in desk.told] == ["paged"]
    assert paged.log(asked) == [f"12:00 step night shift {SUPPORT}"]


def test_without_an_escalation_nobody_is_called(paged: Paged, desk: Desk, asked: BuyerThere) -> None:
    definitions.remove(desk.tx, DefinitionKind.ESCALATION, "front", None, desk.now)
    assert not paged.warns(asked)


def test_a_running_page_climbs_what_it_began_with_whatever_is_changed(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.warns(asked)
    paged.escalates((Step(("agent li",), "1d"),))
    definitions.remove(desk.tx, DefinitionKind.ESCALATION, "front", None, desk.now)
    paged.passes(minutes=6)
    assert paged.log(asked)[-1] == "12:05 step boss"
