"""What an agent writes in the thread reaches the buyer, once the undo window is over, in order, once."""

from datetime import timedelta

import pytest

from chatops.catalog import Verb
from chatops.desk import hearing, intake, outcome, setup
from chatops.model import message as messages
from chatops.model.facts import ChatFile
from chatops.model.ticket import TicketState
from chatops.outbox import Kind
from chatops.store import Transaction, lanes
from tests.desk.scenes import NOON, SHOP, SUPPORT, UNDO, BuyerThere, Desk, Teammate, a_picture, a_plan, a_route


def test_an_answer_leaves_when_the_undo_window_is_over(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("On its way", asked)
    desk.passes(seconds=4.999)
    assert asked.heard == []
    assert desk.written(source) == [("On its way", "waiting")]
    desk.passes(milliseconds=1)
    assert asked.heard == ["On its way"]
    assert desk.written(source) == [("On its way", "sent")]
    ticket = desk.ticket(asked)
    assert (ticket.waiting_since, ticket.answered_at) == (None, NOON + UNDO)
    assert desk.marked == [source, source]
    assert desk.history(asked) == ["opened", "answered"]


def test_the_undo_window_is_the_teams_choice(tx: Transaction) -> None:
    desk = Desk(tx)
    mia = desk.buyer("mia")
    li = desk.teammate("li")
    setup.apply(tx, a_plan(a_route(), undo_seconds=30), desk.now)
    mia.says("Hello")
    desk.carry_out()
    li.says("Hi", mia)
    desk.passes(seconds=29)
    assert mia.heard == []
    desk.passes(seconds=1)
    assert mia.heard == ["Hi"]


def test_answers_leave_in_the_order_they_were_written(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    for text in ("one", "two", "three"):
        li.says(text, asked)
        desk.now += timedelta(milliseconds=1)
    desk.passes(seconds=5)
    assert asked.heard == ["one", "two", "three"]


def test_the_same_chat_message_heard_twice_is_one_answer(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("On its way", asked)
    li.says("On its way", asked, source=source)
    desk.passes(seconds=5)
    assert asked.heard == ["On its way"]


def test_a_text_outside_our_threads_is_none_of_our_business(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    said = hearing.Said("T0TEAM", SUPPORT, "1.000001", "1.000002", "li", "lunch?")
    assert not hearing.said(desk.tx, said, desk.now)
    assert desk.waiting(Kind.REPLY) == []


def test_words_and_pictures_leave_together(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("Like this one?", asked, [a_picture("a.jpg"), a_picture("b.png", "image/png")])
    desk.passes(seconds=5)
    assert asked.heard == ["Like this one?", "IMAGE", "IMAGE"]
    assert desk.written(source) == [("Like this one?", "sent"), ("IMAGE", "sent"), ("IMAGE", "sent")]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (a_picture("contract.pdf", "application/pdf"), "file_type"),
        (a_picture(size=10 * 1024 * 1024 + 1), "file_too_large"),
    ],
)
def test_a_file_the_marketplace_does_not_take_holds_everything_back(
    desk: Desk, asked: BuyerThere, li: Teammate, file: ChatFile, reason: str
) -> None:
    li.says("See here", asked, [file])
    assert li.whispers == [reason]
    desk.passes(seconds=5)
    assert asked.heard == []


def test_nothing_at_all_is_refused(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("  ", asked)
    assert li.whispers == ["empty"]


def test_no_answer_leaves_through_a_shop_that_is_not_connected(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    intake.shop_disconnected(desk.tx, SHOP, desk.now, "seller")
    li.says("On its way", asked)
    assert li.whispers == ["shop_disconnected"]


def test_an_answer_to_a_resolved_ticket_leaves_and_the_ticket_stays_resolved(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    li.says("!resolve", asked)
    li.says("One more thing", asked)
    desk.passes(seconds=5)
    assert asked.heard == ["One more thing"]
    assert desk.ticket(asked).state == TicketState.RESOLVED


def test_a_buyer_who_wrote_after_the_answer_was_written_still_waits(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    li.says("On its way", asked)
    desk.passes(seconds=2)
    late = asked.writes("And the second one?")
    desk.passes(seconds=3)
    asked.is_heard(late)
    assert desk.ticket(asked).waiting_since == NOON + timedelta(seconds=2)


# Changing one's mind


def test_an_edit_within_the_window_changes_the_answer_and_opens_a_new_window(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    source = li.says("On ist way", asked)
    desk.passes(seconds=4)
    li.edits(source, "On its way", asked)
    desk.passes(seconds=4)
    assert asked.heard == []
    desk.passes(seconds=1)
    assert asked.heard == ["On its way"]


def test_an_edit_after_the_window_changes_nothing_and_the_writer_is_told(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    source = li.says("On ist way", asked)
    desk.passes(seconds=5)
    li.edits(source, "On its way", asked)
    assert "edit_too_late" in li.whispers
    desk.passes(seconds=5)
    assert asked.heard == ["On ist way"]


def test_an_edit_that_changes_nothing_opens_no_new_window(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("See https://example.com/track", asked)
    desk.passes(seconds=4)
    li.edits(source, "See https://example.com/track", asked)
    desk.passes(seconds=1)
    assert asked.heard == ["See https://example.com/track"]
    assert "edit_too_late" not in li.whispers


def test_an_edit_that_takes_all_words_away_takes_the_answer_back(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("oops", asked)
    li.edits(source, "", asked)
    desk.passes(seconds=5)
    assert asked.heard == []


def test_a_deleted_answer_does_not_leave(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("oops", asked, [a_picture()])
    li.deletes(source)
    desk.passes(seconds=5)
    assert asked.heard == []
    assert desk.written(source) == [("oops", "withdrawn"), ("IMAGE", "withdrawn")]


def test_whoever_deletes_too_late_is_told_that_it_stays(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("oops", asked)
    desk.passes(seconds=5)
    li.deletes(source)
    assert li.whispers[-1] == "delete_too_late"
    assert asked.heard == ["oops"]


def test_undo_is_offered_and_works_until_the_answer_left(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("oops", asked)
    assert li.whispers == ["undo_offer"]
    assert li.presses(Verb.UNDO, desk.message("oops"))
    assert li.whispers[-1] == "withdrawn"
    desk.passes(seconds=5)
    assert asked.heard == []

    li.says("On its way", asked)
    desk.passes(seconds=5)
    li.presses(Verb.UNDO, desk.message("On its way"))
    assert li.whispers[-1] == "delete_too_late"
    assert asked.heard == ["On its way"]


def test_what_was_taken_back_lets_the_next_answer_pass(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("oops", asked)
    li.says("On its way", asked)
    li.deletes(source)
    desk.passes(seconds=5)
    assert asked.heard == ["On its way"]


def test_an_answer_in_a_workers_hands_cannot_be_taken_back(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("oops", asked)
    desk.now += UNDO
    claimed = lanes.claim(
        desk.tx,
        owner="another",
        now=desk.now,
        lease=timedelta(minutes=2),
        lanes=9,
        per_lane=9,
        limits=lambda _: None,
    )
    assert "reply" in [hand.deliveries[0].kind for hand in claimed]
    li.deletes(source)
    assert desk.written(source) == [("oops", "waiting")]


def test_hearing_twice_that_it_was_sent_changes_nothing(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("On its way", asked)
    desk.passes(seconds=5)
    sent = desk.message("On its way")
    outcome.sent(desk.tx, SHOP, sent.id, "another", desk.now)
    outcome.failed(desk.tx, SHOP, sent.id, "too_late", desk.now)
    assert desk.message("On its way").external_id == sent.external_id
    assert desk.history(asked) == ["opened", "answered"]


def test_an_agents_picture_keeps_the_name_the_marketplace_gave_it(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("", asked, [a_picture()])
    [picture] = messages.from_source(desk.tx, "T0TEAM", SUPPORT, source)
    outcome.uploaded(desk.tx, SHOP, picture.id, {"url": "https://images.example/1", "width": 4, "height": 3})
    [picture] = messages.from_source(desk.tx, "T0TEAM", SUPPORT, source)
    assert picture.content["url"] == "https://images.example/1"
    assert picture.content["file"]["name"] == "parcel.jpg"


def test_an_edit_that_was_overtaken_by_a_later_one_changes_nothing(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("On ist way", asked)
    li.edits(source, "On its way!", asked, edit_id="17.2")
    li.edits(source, "On its way", asked, edit_id="17.1")
    desk.passes(seconds=5)
    assert asked.heard == ["On its way!"]


def test_an_edit_may_overtake_the_message_itself(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.edits("17.000001", "On its way", asked)
    li.says("On ist way", asked, source="17.000001")
    desk.passes(seconds=5)
    assert asked.heard == ["On its way"]


def test_a_deletion_may_overtake_the_message_itself(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    hearing.deleted(desk.tx, "T0TEAM", SUPPORT, "17.000001", desk.now, desk.thread(asked).external_id)
    li.says("oops", asked, source="17.000001")
    desk.passes(seconds=5)
    assert asked.heard == []
