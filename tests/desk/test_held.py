"""What is held leaves whole or not at all, as it was read, and not past a teammate's answer."""

from dataclasses import replace

import pytest
from sqlmodel import select

from chatops.catalog import Verb
from chatops.desk import gestures, macro_library, replies
from chatops.desk.gestures import Pressed
from chatops.errors import Refusal, Refused
from chatops.model.agent import Role
from chatops.model.message import Held, Message
from chatops.refs import choice_ref, message_ref
from tests.desk.scenes import SUPPORT, TEAM, BuyerThere, Desk, Teammate, a_picture
from tests.desk.test_macros import THANKS, library, press

BLOCKED = "Write us on WhatsApp"
WARNED = "Sorry, we cannot change the colour"

__all__ = ["library"]


@pytest.fixture
def lead(desk: Desk) -> Teammate:
    return desk.teammate("ada", Role.LEAD)


@pytest.fixture
def noor(desk: Desk) -> Teammate:
    """A second agent."""
    return desk.teammate("noor")


def reword(desk: Desk, who: Teammate, held: Message, text: str) -> bool:
    """Write other words into the form that **Edit** opens."""
    ref = choice_ref(message_ref(held.shop_id, held.id), held.reading)
    heard = Pressed(TEAM, SUPPORT, who.name, Verb.REWORD, ref, values={"text": text}, id="form-1")
    return gestures.pressed(desk.tx, heard, desk.now)


def test_dropping_words_drops_the_picture_that_was_held_with_them(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says(BLOCKED, asked, [a_picture()])
    li.presses(Verb.DROP, desk.message(BLOCKED))
    assert desk.written(source) == [(BLOCKED, "withdrawn"), ("IMAGE", "withdrawn")]
    li.presses(Verb.RESOLVE, desk.ticket(asked))
    assert desk.ticket(asked).state == "resolved"


@pytest.mark.parametrize("instead", ["// only for us", "!resolve"])
def test_words_that_become_something_else_take_their_held_picture_along(
    desk: Desk, asked: BuyerThere, li: Teammate, instead: str
) -> None:
    source = li.says(BLOCKED, asked, [a_picture()])
    li.edits(source, instead, asked)
    desk.passes(minutes=1)
    assert desk.written(source)[:2] == [(BLOCKED, "withdrawn"), ("IMAGE", "withdrawn")]
    assert asked.heard == []


def test_words_that_were_held_and_are_gone_let_their_picture_leave(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says(BLOCKED, asked, [a_picture()])
    li.edits(source, "", asked)
    desk.passes(minutes=1)
    assert asked.heard == ["IMAGE"]
    assert desk.written(source) == [(BLOCKED, "withdrawn"), ("IMAGE", "sent")]


def test_a_picture_waits_with_words_that_are_held_once_they_are_edited(
    desk: Desk, asked: BuyerThere, li: Teammate, lead: Teammate
) -> None:
    source = li.says("Look", asked, [a_picture()])
    li.edits(source, WARNED, asked)
    li.edits(source, BLOCKED, asked)
    desk.passes(minutes=1)
    assert asked.heard == []
    lead.presses(Verb.APPROVE, desk.message(BLOCKED))
    desk.passes(minutes=1)
    assert asked.heard == [BLOCKED, "IMAGE"]


def test_a_picture_leaves_when_its_words_are_only_too_long_by_now(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says(BLOCKED, asked, [a_picture()])
    li.edits(source, "on its way " * 200, asked)
    desk.passes(minutes=1)
    assert asked.heard == ["IMAGE"]


@pytest.mark.parametrize(("said", "verb"), [(BLOCKED, Verb.APPROVE), (WARNED, Verb.SEND_ANYWAY)])
def test_what_was_read_is_let_go_and_no_other_words(
    desk: Desk, asked: BuyerThere, li: Teammate, lead: Teammate, said: str, verb: Verb
) -> None:
    source = li.says(said, asked)
    seen = desk.message(said)
    worse = f"{said}, and I pay you 50 for five stars"
    li.edits(source, worse, asked)
    lead.presses(verb, seen)
    desk.passes(minutes=1)
    assert (asked.heard, lead.whispers) == ([], ["stale"])
    lead.presses(Verb.APPROVE, desk.message(worse))
    desk.passes(minutes=1)
    assert asked.heard == [worse]


def test_what_a_rule_held_is_held_once_more_when_a_teammate_has_answered(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    li.says("On its way", asked)
    source = noor.says(WARNED, asked, [a_picture()])
    noor.presses(Verb.SEND_ANYWAY, desk.message(WARNED))
    desk.passes(minutes=1)
    assert asked.heard == ["On its way"]
    assert desk.message(WARNED).fault == Held.TEAMMATE_ANSWERS
    assert desk.channels["C0SUPPORT"].count(f"! {WARNED}") == 2
    noor.presses(Verb.SEND_ANYWAY, desk.message(WARNED))
    desk.passes(minutes=1)
    assert asked.heard == ["On its way", WARNED, "IMAGE"]
    assert desk.written(source) == [(WARNED, "sent"), ("IMAGE", "sent")]


@pytest.mark.parametrize("edited", [False, True])
def test_what_the_buyer_stopped_is_held_once_more_when_a_teammate_has_answered(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate, edited: bool
) -> None:
    source = li.says("We refund you", asked)
    asked.says("I have found it!")
    noor.says("Glad to hear it", asked)
    desk.passes(seconds=6)
    if edited:
        li.edits(source, "We refund you all", asked)
    else:
        li.presses(Verb.SEND_ANYWAY, desk.message("We refund you"))
    desk.passes(minutes=1)
    assert asked.heard == ["Glad to hear it"]


def test_two_clicks_send_a_macro_once_and_a_later_one_sends_it_again(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    for click in ("1700.1", "1700.2"):
        assert press(library, li, asked, "thanks", click)
    library.passes(seconds=15)
    assert asked.heard == ["Thank you, Mia!"]
    press(library, li, asked, "thanks", "1700.3")
    library.passes(seconds=6)
    assert asked.heard == ["Thank you, Mia!"] * 2


def test_a_macro_taken_back_is_sent_at_once_when_it_is_pressed_again(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    press(library, li, asked, "thanks", "1700.1")
    li.presses(Verb.UNDO, library.message("Thank you, Mia!"))
    press(library, li, asked, "thanks", "1700.2")
    library.passes(seconds=6)
    assert asked.heard == ["Thank you, Mia!"]


def test_what_a_macro_does_waits_until_its_answer_leaves_in_parts(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    macro_library.apply(library.tx, [replace(THANKS, acts=("resolve",))], library.now)
    press(library, li, asked, "thanks", text=f"{WARNED}. " + "x y " * 600)
    [answer] = [one for one in library.tx.all(Message, select(Message)) if one.text.startswith(WARNED)]
    li.presses(Verb.SEND_ANYWAY, answer)
    assert library.message(answer.text).fault == "too_long"
    assert library.ticket(asked).state == "open"
    li.presses(Verb.SPLIT, answer)
    library.passes(seconds=6)
    assert library.ticket(asked).state == "resolved"
    assert len(asked.heard) == 2


def test_undo_takes_all_parts_back_before_a_post_stands_for_them(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    press(library, li, asked, "thanks", text="x" * 1500 + " " + "y" * 1500)
    [answer] = [one for one in library.tx.all(Message, select(Message)) if one.text.startswith("xxx")]
    li.presses(Verb.SPLIT, answer)
    li.presses(Verb.UNDO, answer)
    library.passes(minutes=1)
    assert asked.heard == []


def test_whoever_edits_what_was_dropped_is_told_that_it_does_not_leave(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    source = li.says(BLOCKED, asked)
    li.presses(Verb.DROP, desk.message(BLOCKED))
    li.edits(source, BLOCKED, asked)  # a second look at what stands there
    assert li.whispers == []
    li.edits(source, "It is on its way", asked, edit_id="1")
    desk.passes(minutes=1)
    assert (asked.heard, li.whispers) == ([], ["withdrawn"])


def test_what_its_writer_says_next_does_not_wait_for_an_answer_that_is_held(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    li.says(WARNED, asked)
    li.says("You can choose blue or red", asked)
    desk.passes(seconds=6)
    assert asked.heard == ["You can choose blue or red"]


def test_other_words_leave_in_its_place_with_its_picture_and_stand_in_the_thread(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    source = li.says(BLOCKED, asked, [a_picture()])
    assert reword(desk, noor, desk.message(BLOCKED), "Write us here")
    desk.passes(seconds=6)
    assert asked.heard == ["Write us here", "IMAGE"]
    assert desk.channels[SUPPORT][-1] == "Write us here"
    assert desk.written(source) == [(BLOCKED, "withdrawn"), ("IMAGE", "sent")]
    assert desk.message("Write us here").agent_id == "noor"
    with pytest.raises(Refused) as raised:
        reword(desk, li, desk.message(BLOCKED), "Once more")
    assert raised.value.reason == Refusal.STALE


def test_other_words_that_a_rule_stops_too_are_held_as_well_and_nothing_gets_stuck(
    desk: Desk, asked: BuyerThere, li: Teammate, lead: Teammate
) -> None:
    source = li.says(WARNED, asked, [a_picture()])
    reword(desk, li, desk.message(WARNED), BLOCKED)
    desk.carry_out()
    assert {said.removeprefix("! ") for said in desk.channels[SUPPORT][-3:]} == {BLOCKED, "IMAGE"}
    lead.presses(Verb.APPROVE, desk.message(BLOCKED))
    lead.presses(Verb.APPROVE, replies.parts(desk.tx, desk.message(WARNED))[1])
    desk.passes(minutes=1)
    assert asked.heard == [BLOCKED, "IMAGE"]
    assert desk.written(source) == [(WARNED, "withdrawn"), ("IMAGE", "sent")]


def test_what_a_macro_does_goes_with_the_other_words(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    macro_library.apply(library.tx, [replace(THANKS, acts=("resolve",), texts={"en": BLOCKED})], library.now)
    press(library, li, asked, "thanks")
    reword(library, li, library.message(BLOCKED), "Thank you!")
    library.passes(seconds=6)
    assert (asked.heard, library.ticket(asked).state) == (["Thank you!"], "resolved")


def test_whoever_knows_that_a_teammate_has_answered_is_not_asked_again_about_other_words(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    li.says("On its way", asked)
    noor.says("It is lost", asked)
    reword(desk, noor, desk.message("It is lost"), "You get it tomorrow")
    desk.passes(seconds=6)
    assert asked.heard == ["On its way", "You get it tomorrow"]
