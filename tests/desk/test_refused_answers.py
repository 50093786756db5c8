"""Answers that do not leave as they are: too long, or refused by the marketplace."""

from chatops.catalog import Verb
from chatops.model import message as messages
from chatops.model.message import MessageState
from chatops.store import lanes
from tests.desk.scenes import NOON, SHOP, SUPPORT, BuyerThere, Desk, Teammate

LONG = "word " * 900  # 4,500 characters


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


def test_a_copy_is_given_to_whoever_asks(desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate) -> None:
    refused(desk, asked, li)
    noor.presses(Verb.COPY, desk.message("first"))
    assert noor.whispers == ["copied"]


def test_the_words_of_a_refused_answer_may_be_sent_from_seller_center(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    refused(desk, asked, li)
    asked.is_told("first")
    desk.carry_out()
    assert desk.channels[SUPPORT][-1] == "first"
    assert desk.message("second").state == MessageState.WAITING
