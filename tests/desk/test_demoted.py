"""What somebody wrote who may not speak to buyers any more."""

from chatops.desk import setup
from chatops.model.agent import Agent, Role
from tests.desk.scenes import TEAM, BuyerThere, Desk, Teammate


def demotes(desk: Desk, who: Teammate) -> None:
    """Let somebody only look on from now on."""
    setup._appoint(desk.tx, [Agent(workspace_id=TEAM, id=who.name, role=Role.OBSERVER)], desk.now)


def test_an_answer_edited_by_somebody_who_may_not_answer_any_more_is_taken_back(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    source = li.says("It costs 5", asked)
    demotes(desk, li)
    li.edits(source, "Go away, thief", asked)
    desk.passes(seconds=60)
    assert asked.heard == []
    assert desk.written(source) == [("It costs 5", "withdrawn")]
    assert li.whispers == ["undo_offer", "not_allowed"]


def test_a_refused_answer_is_not_sent_by_an_edit_of_somebody_who_may_not_answer_any_more(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    source = li.says("word " * 900, asked)
    demotes(desk, li)
    li.edits(source, "In short: tomorrow", asked)
    desk.passes(seconds=60)
    assert asked.heard == []
    assert li.whispers == ["too_long", "not_allowed"]
