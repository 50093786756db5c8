"""Only who may answer can have a page: no observer, no guest found out later, nobody by another workspace's ids."""

from datetime import timedelta

import pytest

from chatops.catalog import Verb
from chatops.desk import definitions, gestures, paging, team
from chatops.desk.definitions import Defined
from chatops.desk.gestures import Reacted
from chatops.model import page as pages
from chatops.model.agent import Agent, Role
from chatops.model.definition import DefinitionKind
from chatops.model.facts import AgentProfile
from chatops.model.page import How, Summons, Why
from chatops.model.workspace import PlatformName, Workspace
from chatops.outbox import Kind
from chatops.rules.escalation import Escalation, PageState, Step
from chatops.rules.targets import Urgency
from tests.desk.scenes import SUPPORT, TEAM, BuyerThere, Desk, Teammate
from tests.desk.test_paging import Paged

GUEST = "U0GUEST"


@pytest.fixture
def paged(desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate) -> Paged:
    """Li and Noor are called about Mia's ticket, by a direct message each."""
    made = Paged(desk)
    assert made.warns(asked)
    desk.carry_out()
    return made


def reacts(desk: Desk, who: str) -> None:
    """Add a reaction to the direct message that rang somebody up."""
    one = pages.newest_summons(desk.tx, TEAM, who)
    assert one is not None
    gestures.reacted(desk.tx, Reacted(TEAM, one.channel_id, one.message_id, who, "eyes", added=True), desk.now)


def test_a_reaction_counts_only_from_who_may_answer(paged: Paged, desk: Desk, asked: BuyerThere) -> None:
    li = team.seen(desk.tx, TEAM, "li", desk.now)
    desk.tx.update(li, role=Role.OBSERVER)
    reacts(desk, "li")
    assert paged.page(asked).state is PageState.CALLING
    reacts(desk, "noor")
    assert (paged.page(asked).state, paged.page(asked).acknowledged_by) == (PageState.ACKNOWLEDGED, "noor")


def test_a_page_that_a_guest_took_before_that_was_known_calls_on(
    paged: Paged, desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    Teammate(desk, GUEST).presses(Verb.TAKE, desk.ticket(asked))
    assert paged.page(asked).acknowledged_by == GUEST
    profile = AgentProfile(GUEST, "Gus", "en-US", "UTC", is_bot=False, is_active=True, is_guest=True)
    desk.now += timedelta(seconds=3)
    team.learned(desk.tx, TEAM, profile, desk.now)
    paged.passes(seconds=1)
    assert paged.page(asked).state is PageState.CALLING
    assert paged.log(asked)[-1] == "12:00 again li noor"


def test_who_leaves_during_a_call_is_called_no_more_and_the_next_ones_at_once(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    paged, second = Paged(desk), desk.buyer("second")
    paged.has_on_call("li")
    second.says("Hello?")
    desk.carry_out()
    paged.warns(asked)
    paged.passes(seconds=5)
    paged.warns(second)  # rings when the minute is over
    paged.passes(seconds=5)
    profile = AgentProfile("li", "Li", "en-US", "UTC", is_bot=False, is_active=False)
    team.learned(desk.tx, TEAM, profile, desk.now)
    paged.passes(minutes=2)
    assert paged.log(asked) == paged.log(second) == ["12:00 step li", "12:00 empty", "12:00 step boss"]
    assert [who for who, about in desk.rung if not about.startswith("!")] == ["li", "boss"]


def test_who_answers_from_another_workspace_is_named_and_not_mentioned_by_an_id_that_means_nothing(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    desk.tx.insert(Workspace(id="T0OTHER", name="other", platform=PlatformName.SLACK, locale="en"))
    far = Agent(workspace_id="T0OTHER", id="U0FAR", name="Far Away", learned_at=desk.now)
    desk.tx.insert(far)
    assert not paging.passed(desk.tx, desk.ticket(asked), far, "agent U0FAR", desk.now), "nobody of theirs was called"
    assert paging.acknowledged(desk.tx, desk.ticket(asked), far, desk.now, How.ANSWERED)
    page = paged.page(asked)
    assert (page.state, page.acknowledged_by) == (PageState.ACKNOWLEDGED, "")
    [told] = [one.args for one in desk.waiting(Kind.TOLD) if one.args["about"] == "page_taken"]
    assert (told["agent_id"], told["name"]) == ("", "Far Away")


def test_where_nobody_of_another_workspace_can_be_called_the_tickets_own_channel_hears_it(
    desk: Desk, asked: BuyerThere
) -> None:
    desk.tx.insert(Workspace(id="T0OTHER", name="other", platform=PlatformName.SLACK, locale="en"))
    far = Escalation("other", (Step(("leads",)),), repeat=0)
    definitions.define(desk.tx, Defined(DefinitionKind.ESCALATION, "far", far), None, desk.now)
    assert paging.summon(desk.tx, desk.ticket(asked), "far", Why.BREACH, Urgency.PAGE, desk.now)
    desk.carry_out()
    assert desk.channels[SUPPORT][-1] == "(fallback)"


def test_in_a_direct_message_the_server_is_meant_that_called(desk: Desk) -> None:
    called, newer = "1111111111111111111", "2222222222222222222"
    for place, learned in ((called, desk.now), (newer, desk.now + timedelta(hours=1))):
        desk.tx.insert(Workspace(id=place, name=place, platform=PlatformName.DISCORD, locale="en"))
        desk.tx.insert(Agent(workspace_id=place, id="7", learned_at=learned))
    message = {"channel_id": "D7", "message_id": "1"}
    desk.tx.insert(Summons(workspace_id=called, agent_id="7", number=1, rung_at=desk.now, **message))
    assert pages.server_of(desk.tx, "7", **message) == called
    assert pages.server_of(desk.tx, "7", "D7", "2") == newer
    assert pages.server_of(desk.tx, "8", **message) is None
