"""What an agent writes in the thread reaches the buyer, once the undo window is over, in order, once."""

from datetime import timedelta

import pytest

from chatops.catalog import Verb
from chatops.desk import hearing, intake, replies, setup
from chatops.model import message as messages
from chatops.model.facts import ChatFile
from chatops.model.message import MessageState
from chatops.model.ticket import TicketState
from chatops.outbox import Kind
from chatops.store import Transaction, lanes
from tests.desk.scenes import NOON, SHOP, SUPPORT, UNDO, BuyerThere, Desk, Teammate, a_picture, a_plan, a_route

LONG = "word " * 900  # 4,500 characters


@pytest.fixture
def asked(desk: Desk, mia: BuyerThere) -> BuyerThere:
    """Mia has asked something, and the thread is there."""
    mia.says("Where is my parcel?")
    desk.carry_out()
    return mia


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
    asked.says("And the second one?")
    desk.passes(seconds=3)
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
    source = li.says("See https://example.com", asked)
    desk.passes(seconds=4)
    li.edits(source, "See https://example.com", asked)
    desk.passes(seconds=1)
    assert asked.heard == ["See https://example.com"]
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


# Too long


def test_a_text_that_is_too_long_is_refused_with_its_length(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says(LONG, asked)
    desk.passes(seconds=5)
    assert asked.heard == []
    [(about, facts)] = desk.whispers["li"]
    assert (about, facts["reason"], facts["length"], facts["limit"], facts["parts"]) == (
        "refusal",
        "too_long",
        len(LONG.strip()),
        2000,
        3,
    )
    assert desk.written(source) == [(LONG.strip(), "failed")]
    li.presses(Verb.RETRY, desk.message(LONG.strip()))
    assert li.whispers[-1] == "not_waiting"


def test_a_text_that_is_too_long_is_split_on_a_click(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says(LONG, asked)
    li.presses(Verb.SPLIT, desk.message(LONG.strip()))
    desk.passes(seconds=5)
    assert len(asked.heard) == 3
    assert " ".join(asked.heard) == LONG.strip()
    assert {state for _, state in desk.written(source)} == {"sent"}
    found = messages.from_source(desk.tx, "T0TEAM", SUPPORT, source)
    li.presses(Verb.SPLIT, found[0])
    assert li.whispers[-1] == "stale"


def test_the_parts_of_a_split_text_are_taken_back_together(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says(LONG, asked)
    li.presses(Verb.SPLIT, desk.message(LONG.strip()))
    li.deletes(source)
    desk.passes(seconds=5)
    assert asked.heard == []


def test_editing_a_split_text_replaces_all_its_parts(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says(LONG, asked)
    li.presses(Verb.SPLIT, desk.message(LONG.strip()))
    li.edits(source, LONG, asked)  # a preview of a link came: the words are the same
    li.edits(source, "In short: tomorrow", asked)
    desk.passes(seconds=5)
    assert asked.heard == ["In short: tomorrow"]


def test_a_text_that_is_too_long_may_be_shortened(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says(LONG, asked)
    li.edits(source, "In short: tomorrow", asked)
    desk.passes(seconds=5)
    assert asked.heard == ["In short: tomorrow"]


def test_an_answer_may_grow_too_long_by_an_edit(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("In short", asked)
    li.edits(source, LONG, asked)
    desk.passes(seconds=5)
    assert asked.heard == []
    assert li.whispers[-1] == "too_long"
    assert desk.written(source) == [(LONG.strip(), "failed")]


def test_a_text_that_is_too_long_may_be_given_up(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says(LONG, asked)
    li.presses(Verb.DROP, desk.message(LONG.strip()))
    assert desk.written(source) == [(LONG.strip(), "withdrawn")]


# When the marketplace says no


def refused(desk: Desk, buyer: BuyerThere, li: Teammate) -> list[str]:
    """Two answers: the first was refused, so the second waits behind it."""
    sources = [li.says("first", buyer), li.says("second", buyer)]
    desk.trouble = "sensitive_words"
    desk.passes(seconds=5)
    desk.trouble = None
    desk.passes(hours=1)
    return sources


def test_a_refused_answer_is_told_in_the_thread_and_holds_those_behind_it(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    refused(desk, asked, li)
    assert asked.heard == []
    assert desk.channels[SUPPORT][-1] == "! first"
    failed = desk.message("first")
    assert (failed.state, failed.fault) == (MessageState.FAILED, "sensitive_words")
    assert desk.ticket(asked).waiting_since == NOON
    assert desk.message("second").state == MessageState.WAITING


def test_try_again_sends_it_and_those_behind_it(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    refused(desk, asked, li)
    li.presses(Verb.RETRY, desk.message("first"))
    desk.carry_out()
    assert asked.heard == ["first", "second"]
    li.presses(Verb.RETRY, desk.message("first"))
    assert li.whispers[-1] == "not_waiting"
    assert asked.heard == ["first", "second"]


def test_a_refused_answer_may_be_given_up(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    refused(desk, asked, li)
    li.presses(Verb.DROP, desk.message("first"))
    desk.carry_out()
    assert asked.heard == ["second"]
    assert desk.message("first").state == MessageState.WITHDRAWN
    li.presses(Verb.DROP, desk.message("first"))
    assert li.whispers[-1] == "not_waiting"


def test_a_refused_answer_may_be_deleted(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    first, _ = refused(desk, asked, li)
    li.deletes(first)
    desk.carry_out()
    assert asked.heard == ["second"]


def test_an_answer_held_behind_a_refused_one_may_be_deleted(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    _, second = refused(desk, asked, li)
    li.deletes(second)
    li.presses(Verb.RETRY, desk.message("first"))
    desk.carry_out()
    assert asked.heard == ["first"]


def test_a_refused_answer_may_be_reworded_and_keeps_its_place(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    first, _ = refused(desk, asked, li)
    li.edits(first, "politely", asked)
    desk.carry_out()
    assert asked.heard == []
    desk.passes(seconds=5)
    assert asked.heard == ["politely", "second"]


def test_a_reworded_answer_may_still_be_taken_back(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    first, _ = refused(desk, asked, li)
    li.edits(first, "politely", asked)
    li.presses(Verb.UNDO, desk.message("politely"))
    desk.carry_out()
    assert asked.heard == ["second"]


def test_giving_up_touches_no_other_answer_when_somebody_cleared_the_lane(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    refused(desk, asked, li)
    lanes.drop_head(desk.tx, f"buyer:{SHOP}/{asked.conversation}", desk.now)  # `chatops deliveries drop`
    li.presses(Verb.DROP, desk.message("first"))
    desk.carry_out()
    assert asked.heard == ["second"]


def test_try_again_works_even_when_somebody_cleared_the_lane(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    refused(desk, asked, li)
    lanes.drop_head(desk.tx, f"buyer:{SHOP}/{asked.conversation}", desk.now)
    desk.carry_out()
    li.presses(Verb.RETRY, desk.message("first"))
    desk.carry_out()
    assert asked.heard == ["second", "first"]


def test_new_answers_wait_behind_a_refused_one(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    refused(desk, asked, li)
    li.says("third", asked)
    desk.passes(seconds=5)
    assert asked.heard == []
    li.presses(Verb.DROP, desk.message("first"))
    desk.carry_out()
    assert asked.heard == ["second", "third"]


def test_other_buyers_are_not_held(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    refused(desk, asked, li)
    ana = desk.buyer("ana")
    ana.says("In stock?")
    desk.carry_out()
    li.says("Yes", ana)
    desk.passes(seconds=5)
    assert ana.heard == ["Yes"]


def test_hearing_twice_that_it_was_sent_changes_nothing(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("On its way", asked)
    desk.passes(seconds=5)
    sent = desk.message("On its way")
    replies.sent(desk.tx, SHOP, sent.id, "another", desk.now)
    replies.failed(desk.tx, SHOP, sent.id, "too_late", desk.now)
    assert desk.message("On its way").external_id == sent.external_id
    assert desk.history(asked) == ["opened", "answered"]


def test_a_copy_is_given_to_whoever_asks(desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate) -> None:
    refused(desk, asked, li)
    noor.presses(Verb.COPY, desk.message("first"))
    assert noor.whispers == ["copied"]


def test_an_agents_picture_keeps_the_name_the_marketplace_gave_it(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("", asked, [a_picture()])
    [picture] = messages.from_source(desk.tx, "T0TEAM", SUPPORT, source)
    replies.uploaded(desk.tx, SHOP, picture.id, {"url": "https://images.example/1", "width": 4, "height": 3})
    [picture] = messages.from_source(desk.tx, "T0TEAM", SUPPORT, source)
    assert picture.content["url"] == "https://images.example/1"
    assert picture.content["file"]["name"] == "parcel.jpg"
