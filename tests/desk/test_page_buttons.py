"""Two people are called at once, and both press a button: who was faster has it, and keeps it."""

from datetime import timedelta

import pytest

from chatops.catalog import Verb
from chatops.desk import definitions, paging
from chatops.desk.definitions import Defined
from chatops.model import page as pages
from chatops.model.agent import Role
from chatops.model.definition import DefinitionKind
from chatops.model.page import Page, Why
from chatops.model.team import Team
from chatops.rules.escalation import Escalation, PageState, Step
from chatops.rules.targets import Urgency
from tests.desk.scenes import TEAM, BuyerThere, Desk, Teammate
from tests.desk.test_paging import Paged


@pytest.fixture
def page(desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate) -> Page:
    """Li and Noor are called about Mia's ticket."""
    spec = Escalation("team", (Step((f"agent {li.name}", f"agent {noor.name}"), "5m"),))
    definitions.define(desk.tx, Defined(DefinitionKind.ESCALATION, "front", spec), None, desk.now)
    assert paging.summon(desk.tx, desk.ticket(asked), "front", Why.ASKED, Urgency.PAGE, desk.now)
    return now(desk, asked)


def now(desk: Desk, asked: BuyerThere) -> Page:
    ticket = desk.ticket(asked)
    found = pages.open_page(desk.tx, ticket.shop_id, ticket.id)
    assert found is not None
    return found


@pytest.mark.usefixtures("page")
def test_who_takes_a_page_second_is_told_who_has_it(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    li.presses(Verb.TAKE, desk.ticket(asked))
    noor.presses(Verb.TAKE, desk.ticket(asked))
    noor.presses(Verb.LATER, desk.ticket(asked))
    assert noor.whispers == ["already_claimed", "not_called"]
    assert desk.ticket(asked).assignee_id == "li"
    assert now(desk, asked).acknowledged_by == "li"
    assert now(desk, asked).ends_at == desk.kept + timedelta(minutes=30), "nobody cut it short"
    li.presses(Verb.LATER, desk.ticket(asked))
    assert now(desk, asked).ends_at == desk.kept + timedelta(minutes=10), "except who has it"


@pytest.mark.usefixtures("page")
def test_who_has_the_ticket_and_does_not_answer_can_be_stood_in_for(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    li.presses(Verb.TAKE, desk.ticket(asked))
    desk.now += timedelta(minutes=31)
    paging.climb_due(desk.tx, desk.now)
    assert now(desk, asked).state is PageState.CALLING
    noor.presses(Verb.TAKE, desk.ticket(asked))
    assert (desk.ticket(asked).assignee_id, noor.whispers) == ("noor", [])


def test_who_passed_a_page_on_is_not_called_again_and_who_put_it_off_is(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    paged = Paged(desk)
    paged.has_on_call("noor")
    paged.warns(asked)
    desk.carry_out()
    noor.says("!pass li", asked)
    paged.passes(minutes=1)
    paging.crew_changed(desk.tx, desk.now)  # in another rotation, say
    paged.passes(minutes=1)
    assert paged.boss.presses(Verb.LATER, desk.ticket(asked))
    paged.passes(minutes=11)
    rung = [who for who, about in desk.rung if not about.startswith("!")]
    assert rung == ["noor", "li", "boss"]
    assert paged.log(asked)[-2:] == ["12:02 acknowledged boss", "12:12 again boss"]


@pytest.mark.usefixtures("page")
def test_a_page_is_not_passed_to_a_team_that_nobody_is_in(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!pass team nobody", asked)
    assert li.whispers == ["no_such_person"]
    assert now(desk, asked).called == ["agent li", "agent noor"], "they are called still"
    desk.tx.insert(Team(workspace_id=TEAM, name="Night shift", mention="S0NIGHT"))
    li.says("!pass team night shift", asked)
    assert now(desk, asked).called == ["team Night shift"]


@pytest.mark.usefixtures("page")
def test_a_page_is_not_passed_to_oneself(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    for whom in ("me", "li", "<@li>"):
        li.says(f"!pass {whom}", asked)
    assert li.whispers == ["not_to_oneself"] * 3
    assert now(desk, asked).called == ["agent li", "agent noor"], "they are called still, and not again"


@pytest.mark.usefixtures("page")
def test_a_lead_may_take_it_all_the_same(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.presses(Verb.TAKE, desk.ticket(asked))
    desk.teammate("ana", Role.LEAD).presses(Verb.TAKE, desk.ticket(asked))
    assert desk.ticket(asked).assignee_id == "ana"
