"""A mistyped order goes to nobody, and what was refused is heard again when it is edited."""

from dataclasses import replace

import pytest

from chatops.desk import hearing
from chatops.model.shop import RoutePosture
from chatops.model.ticket import TicketState
from chatops.store import Transaction
from tests.desk.scenes import SUPPORT, BuyerThere, Desk, Teammate, a_picture, a_route


@pytest.mark.parametrize("typed", ["!resovle", "!refund 20", "！退款", "> !Claim-it", "\u200b!x", "1. !helpme"])
def test_a_mistyped_order_is_refused_privately(desk: Desk, asked: BuyerThere, li: Teammate, typed: str) -> None:
    source = li.says(typed, asked)
    desk.passes(seconds=10)
    assert (asked.heard, desk.written(source), li.whispers) == ([], [], ["unknown_order"])
    assert desk.ticket(asked).state == TicketState.OPEN


@pytest.mark.parametrize("typed", ["!!!", "! Great", "Great!", "!1", "Great !news"])
def test_an_exclamation_mark_is_no_order(desk: Desk, asked: BuyerThere, li: Teammate, typed: str) -> None:
    li.says(typed, asked)
    desk.passes(seconds=10)
    assert asked.heard == [typed]


def test_a_mistyped_order_is_not_kept_as_a_note_either(tx: Transaction) -> None:
    careful = Desk(tx, a_route(posture=RoutePosture.INTERNAL))
    ana, kim = careful.buyer("ana"), careful.teammate("kim")
    ana.says("Hello")
    careful.carry_out()
    source = kim.says("!resovle", ana)
    assert (kim.whispers, careful.written(source)) == (["unknown_order"], [])


def test_with_a_teammate_in_it_it_stays_a_note(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("!urgent", asked, to_team=True)
    assert desk.written(source) == [("!urgent", "note")]


@pytest.mark.parametrize("first", ["!resovle", ""])
def test_what_was_refused_is_sent_when_it_is_edited_into_an_answer(
    desk: Desk, asked: BuyerThere, li: Teammate, first: str
) -> None:
    source = li.says(first, asked)
    li.edits(source, "On its way", asked, edit_id="1")
    desk.passes(seconds=1)
    li.edits(source, "It is on its way", asked, edit_id="2")
    li.edits(source, "On its way", asked, edit_id="1")  # told again
    desk.passes(seconds=10)
    assert asked.heard == ["It is on its way"]


def test_a_mistyped_order_may_be_corrected(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("!resovle", asked)
    li.edits(source, "!resolv", asked, edit_id="1")
    li.edits(source, "!resolve", asked, edit_id="2")
    li.edits(source, "!reopen", asked, edit_id="3")  # the order was followed: it is done with
    assert li.whispers == ["unknown_order", "unknown_order"]
    assert desk.ticket(asked).state == TicketState.RESOLVED


def test_a_file_that_is_taken_out_of_a_refused_answer_lets_it_go(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("See here", asked, [a_picture("invoice.pdf", "application/pdf")])
    assert li.whispers == ["file_type"]
    heard = li._said(source, "See here", asked, (a_picture(),), to_team=False)
    hearing.edited(desk.tx, replace(heard, edit_id="1"), desk.now)
    desk.passes(seconds=10)
    assert asked.heard == ["See here", "IMAGE"]


def test_an_answer_that_was_edited_into_a_mistyped_order_goes_as_it_is_edited_then(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    source = li.says("On its way", asked)
    li.edits(source, "!resovle", asked, edit_id="1")
    desk.passes(seconds=10)
    assert asked.heard == []
    li.edits(source, "It left today", asked, edit_id="2")
    desk.passes(seconds=10)
    assert asked.heard == ["It left today"]
    assert desk.written(source) == [("On its way", "withdrawn"), ("It left today", "sent")]


def test_what_has_left_does_not_go_again(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("On its way", asked)
    desk.passes(seconds=10)
    li.edits(source, "!resovle", asked, edit_id="1")
    li.edits(source, "On its way!", asked, edit_id="2")
    desk.passes(seconds=10)
    assert asked.heard == ["On its way"]


def test_what_was_refused_and_deleted_is_not_heard_by_a_late_edit(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("!resovle", asked)
    li.deletes(source)
    li.edits(source, "On its way", asked, edit_id="1")
    desk.passes(seconds=10)
    assert (asked.heard, desk.written(source)) == ([], [])


def test_nothing_is_sent_for_an_order_that_was_followed(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("!claim", asked)
    li.edits(source, "On its way", asked, edit_id="1")
    desk.passes(seconds=10)
    assert (asked.heard, SUPPORT in desk.channels) == ([], True)
