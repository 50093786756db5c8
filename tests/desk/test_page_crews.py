"""Others are on call while a page calls: who went off it keeps nobody waiting, and who is on call may be reached."""

import pytest

from chatops.desk import paging, shifts, team
from chatops.model import agent as agents
from chatops.model.facts import AgentProfile
from chatops.model.page import How, Why
from chatops.rules.escalation import Step
from chatops.rules.targets import Urgency
from tests.desk.scenes import TEAM, BuyerThere, Desk, Teammate
from tests.desk.test_paging import Paged


@pytest.fixture
def paged(desk: Desk, li: Teammate, noor: Teammate) -> Paged:
    """Li alone is on call, then the boss; Noor may stand in."""
    made = Paged(desk)
    assert (li.name, noor.name) == ("li", "noor")
    made.has_on_call("li")
    return made


def absent(desk: Desk, name: str) -> None:
    """Let somebody say that they are not there for three hours."""
    agent = agents.get(desk.tx, TEAM, name)
    assert agent is not None
    shifts.absent(desk.tx, agent, "3h", desk.now)


def leaves(desk: Desk, name: str) -> None:
    """Let somebody's account be closed."""
    profile = AgentProfile(name, name.title(), "en-US", "UTC", is_bot=False, is_active=False)
    team.learned(desk.tx, TEAM, profile, desk.now)


def test_the_next_ones_are_called_at_once_when_the_only_one_on_call_says_they_are_absent(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.warns(asked)
    paged.passes(minutes=1)
    absent(desk, "li")
    paged.passes(minutes=1)
    assert paged.log(asked) == ["12:00 step li", "12:01 empty", "12:01 step boss"]


@pytest.mark.parametrize("how", ["is absent", "has done their shift"])
def test_who_went_off_is_not_rung_up_for_what_joined_a_message_of_theirs(
    paged: Paged, desk: Desk, asked: BuyerThere, how: str
) -> None:
    paged.has_on_call("li", "noor")
    paged.passes(hours=23, minutes=59, seconds=30)
    second = desk.buyer("second")
    second.says("Hello?")
    paged.warns(asked)
    paged.passes(seconds=5)
    paged.warns(second)  # rings when the minute is over
    if how == "is absent":
        absent(desk, "li")
    paged.passes(minutes=2)
    rung = [about for who, about in desk.rung if who == "li" and not about.startswith("!")]
    assert rung == [desk.ticket(asked).id]


def test_who_is_called_the_instant_a_promise_breaks_because_nobody_else_is_there_is_called_once(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.warns(asked, minutes=1)
    paged.passes(minutes=1)
    absent(desk, "li")
    paged.passes(seconds=0)
    paged.warns(asked, Why.BREACH, minutes=0)
    paged.passes(minutes=2)
    assert paged.log(asked) == ["12:00 step li", "12:01 empty", "12:01 step boss", "12:01 joined"]
    assert [who for who, about in desk.rung if not about.startswith("!")] == ["li", "boss"]
    paged.warns(asked, Why.BREACH, Urgency.LOUD, minutes=0)
    assert paged.log(asked)[-1] == "12:03 risen boss"


def test_while_somebody_else_of_the_step_is_there_the_step_keeps_its_time(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.has_on_call("li+noor")
    paged.warns(asked)
    absent(desk, "li")
    paged.passes(minutes=4)
    assert paged.log(asked) == ["12:00 step li noor"]
    leaves(desk, "noor")
    paged.passes(seconds=1)
    assert paged.log(asked)[1:] == ["12:04 empty", "12:04 step boss"]


@pytest.mark.parametrize("how", ["leaves", "takes no message"])
def test_who_went_off_is_not_waited_for_when_who_came_cannot_be_reached(
    paged: Paged, desk: Desk, asked: BuyerThere, how: str
) -> None:
    paged.has_on_call("li", "noor")
    paged.passes(hours=23, minutes=58)
    desk.deaf = {"noor"} if how == "takes no message" else set()
    paged.warns(asked)
    paged.passes(minutes=2)
    if how == "leaves":
        leaves(desk, "noor")
    paged.passes(seconds=1)
    assert paged.log(asked)[0::3] == ["11:58 step li", "12:00 step boss"]


def test_whom_no_message_reaches_is_not_tried_again_with_each_change_of_shifts(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.has_on_call("li+noor")
    desk.deaf = {"noor"}
    paged.warns(asked)
    paged.passes(seconds=1)
    paging.crew_changed(desk.tx, desk.now)
    paged.passes(minutes=1)
    assert paged.log(asked) == ["12:00 step li noor", "12:00 unreachable noor"]
    absent(desk, "li")
    paged.passes(seconds=1)
    assert paged.log(asked)[2:] == ["12:01 empty", "12:01 step boss"]


def test_whom_no_message_reached_is_tried_again_when_it_all_begins_again(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.escalates((Step(("rotation desk",), "5m"),), repeat=1)
    desk.deaf = {"li"}
    paged.warns(asked)
    paged.passes(seconds=1)
    desk.deaf.clear()
    paged.passes(minutes=5)
    assert paged.log(asked) == ["12:00 step li", "12:00 unreachable li", "12:00 fallback", "12:05 step li"]
    assert [who for who, about in desk.rung if not about.startswith("!")] == ["li"]


@pytest.mark.parametrize("has_it", [True, False])
def test_who_asks_for_a_page_has_everybody_tried(paged: Paged, desk: Desk, asked: BuyerThere, has_it: bool) -> None:
    paged.has_on_call("li+noor")
    desk.deaf = {"noor"}
    paged.warns(asked)
    paged.passes(minutes=1)
    li = agents.get(desk.tx, TEAM, "li")
    assert li is not None
    if has_it:
        paging.acknowledged(desk.tx, desk.ticket(asked), li, desk.now, How.TAKEN)
    desk.deaf.clear()
    paged.passes(minutes=2)
    paged.warns(asked, Why.ASKED, minutes=None)
    assert paged.log(asked)[-1] == "12:03 risen li noor"


def test_whom_no_message_reached_is_tried_with_the_next_step_also_when_that_comes_early(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.escalates((Step(("rotation desk",), "5m"), Step(("agent li", "leads"), "10m")))
    desk.deaf = {"li"}
    paged.warns(asked)
    desk.carry_out()
    assert paged.log(asked)[:3] == ["12:00 step li", "12:00 unreachable li", "12:00 step li boss"]


def test_who_is_reached_after_all_stays_called_when_a_shift_changes(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    paged.has_on_call("li+noor")
    paged.escalates((Step(("rotation desk",), "5m"), Step(("rotation desk", "leads"), "10m")))
    desk.deaf = {"li"}
    paged.warns(asked)
    paged.passes(minutes=4)
    desk.deaf.clear()
    paged.passes(minutes=2)
    paging.crew_changed(desk.tx, desk.now)
    paged.passes(minutes=1)
    assert paged.log(asked)[-1] == "12:05 step li noor boss"
    assert set(paged.page(asked).called) == {"agent li", "agent noor", "agent boss"}


def test_who_fell_asleep_after_they_were_called_keeps_their_time_whoever_elses_shift_changes(
    paged: Paged, desk: Desk, asked: BuyerThere
) -> None:
    desk.knows(paged.boss, quiet="13:01-20:00", timezone="Europe/London")
    paged.escalates((Step(("agent boss",), "5m"), Step(("rotation desk",), "5m")))
    paged.warns(asked, minutes=60)
    paged.passes(minutes=2)
    paging.crew_changed(desk.tx, desk.now)
    paged.passes(minutes=4)
    assert paged.log(asked) == ["12:00 step boss", "12:05 step li"]
