"""An answer that crosses with a teammate's, or with what the buyer writes meanwhile, waits for a second look."""

import pytest

from chatops.catalog import Verb
from chatops.desk import setup
from tests.desk.scenes import BuyerThere, Desk, Teammate, a_picture, a_plan, a_route


@pytest.fixture
def noor(desk: Desk) -> Teammate:
    """A second agent."""
    return desk.teammate("noor")


def notices(desk: Desk) -> list[str]:
    """Return the words of the answers that the team was asked about in the thread."""
    return [said.removeprefix("! ") for posts in desk.channels.values() for said in posts if said.startswith("! ")]


def test_the_second_of_two_who_answer_is_asked_before_it_goes(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    li.says("On its way", asked)
    desk.passes(seconds=2)
    source = noor.says("It is lost", asked)
    desk.passes(seconds=60)
    assert asked.heard == ["On its way"]
    assert desk.written(source) == [("It is lost", "failed")]
    assert notices(desk) == ["It is lost"]


def test_somebody_who_answers_soon_after_a_teammate_is_asked_and_later_not(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    li.says("On its way", asked)
    desk.passes(seconds=5)
    desk.passes(seconds=29)
    soon = noor.says("It is lost", asked)
    desk.passes(seconds=2)
    later = noor.says("Sorry, I was wrong", asked)
    desk.passes(seconds=10)
    assert (desk.written(soon)[0][1], desk.written(later)[0][1]) == ("failed", "sent")


def test_a_buyer_who_writes_on_after_an_answer_may_be_answered_by_anybody(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    li.says("On its way", asked)
    desk.passes(seconds=6)
    asked.says("When?")
    noor.says("Tomorrow", asked)
    desk.passes(seconds=5)
    assert asked.heard == ["On its way", "Tomorrow"]


def test_somebody_who_goes_on_alone_is_never_asked(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("Let me look", asked)
    li.says("It is on its way", asked)
    desk.passes(seconds=5)
    assert asked.heard == ["Let me look", "It is on its way"]


def test_what_the_buyer_writes_in_the_undo_window_stops_the_answer_and_asks_once(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    source = li.says("We refund you", asked, [a_picture()])
    desk.passes(seconds=3)
    asked.says("I have found it!")
    desk.passes(seconds=60)
    assert asked.heard == []
    assert desk.written(source) == [("We refund you", "failed"), ("IMAGE", "failed")]
    assert notices(desk) == ["We refund you"]
    assert desk.marked[-1] == source


def test_what_was_stopped_leaves_whole_when_somebody_says_so(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("We refund you", asked, [a_picture()])
    asked.says("And hurry")
    li.presses(Verb.SEND_ANYWAY, desk.message("We refund you"))
    desk.passes(seconds=0)
    assert asked.heard == ["We refund you", "IMAGE"]
    assert desk.written(source) == [("We refund you", "sent"), ("IMAGE", "sent")]
    assert "sent_anyway" in desk.history(asked)
    li.presses(Verb.SEND_ANYWAY, desk.message("We refund you"))
    assert asked.heard == ["We refund you", "IMAGE"]
    assert li.whispers[-1] == "not_waiting"


def test_what_was_stopped_leaves_as_it_is_edited(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("We refund you", asked)
    asked.says("I have found it!")
    li.edits(source, "Glad to hear it", asked)
    desk.passes(seconds=5)
    assert asked.heard == ["Glad to hear it"]


def test_what_was_stopped_can_be_dropped_or_deleted(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    dropped, deleted = li.says("We refund you", asked), li.says("All of it", asked)
    asked.says("I have found it!")
    li.presses(Verb.DROP, desk.message("We refund you"))
    li.deletes(deleted)
    desk.passes(seconds=60)
    assert asked.heard == []
    assert [desk.written(source)[0][1] for source in (dropped, deleted)] == ["withdrawn", "withdrawn"]


def test_an_answer_that_only_waits_for_the_marketplace_is_not_stopped(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    desk.trouble = "unavailable"
    li.says("On its way", asked)
    desk.passes(seconds=6)
    desk.trouble = None
    asked.says("Hello?")
    li.presses(Verb.RETRY, desk.message("On its way"))
    desk.passes(seconds=1)
    assert asked.heard == ["On its way"]


def test_what_the_buyer_said_before_but_is_heard_late_stops_nothing(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    before = asked.writes("Hello?")
    desk.passes(seconds=10)
    li.says("On its way", asked)
    asked.is_heard(before)
    desk.passes(seconds=5)
    assert asked.heard == ["On its way"]


def test_context_such_as_a_product_card_stops_nothing(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("On its way", asked)
    asked.says("", kind="BUYER_ENTER_FROM_PRODUCT", content={"product_id": "1"})
    desk.passes(seconds=5)
    assert asked.heard == ["On its way"]


def test_a_team_that_does_not_want_to_be_asked_is_not(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    setup.apply(desk.tx, a_plan(a_route(), crossing_seconds=0), desk.now)
    li.says("On its way", asked)
    noor.says("It is lost", asked)
    asked.says("Hello?")
    desk.passes(seconds=5)
    assert asked.heard == ["On its way", "It is lost"]


def test_a_buyer_s_message_costs_the_same_however_long_the_conversation_is(desk: Desk, asked: BuyerThere) -> None:
    database = desk.tx.connection.connection.driver_connection
    assert database is not None
    ran: list[str] = []
    database.set_trace_callback(ran.append)
    asked.says("Hello?")
    database.set_trace_callback(None)
    plans = [str(database.execute(f"EXPLAIN QUERY PLAN {one}").fetchall()) for one in ran if "FROM message" in one]
    assert plans
    assert all("USING INDEX message_unsettled" in plan for plan in plans)
