"""🔒 keeps an answer inside that has not left, 📌 puts a message on the ticket's card."""

from chatops.catalog import Verb
from chatops.model.agent import Role
from chatops.model.message import MessageState
from tests.desk.scenes import BuyerThere, Desk, Teammate, a_picture


def test_a_lock_keeps_an_answer_inside_that_has_not_left_and_it_can_still_be_sent(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    source = li.says("I think we lost it", asked, files=[a_picture()])
    noor = desk.teammate("noor")
    desk.passes(seconds=1)
    assert noor.reacts("lock", asked, post=source)
    desk.passes(minutes=1)
    assert asked.heard == []
    note = desk.message("I think we lost it")
    assert (note.state, note.agent_id) == (MessageState.NOTE, "li")
    li.presses(Verb.SEND_NOTE, note)
    desk.passes(minutes=1)
    assert asked.heard == ["I think we lost it"]


def test_a_lock_on_what_the_buyer_has_is_too_late(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("It is on its way", asked)
    desk.passes(minutes=1)
    li.reacts("lock", asked, post=source)
    assert li.whispers[-1] == "delete_too_late"
    assert desk.written(source) == [("It is on its way", "sent")]


def test_a_pin_shows_a_buyers_or_a_teammates_words_on_the_card_until_it_is_taken_away(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    note = li.says("// Gift for her mother, handle with care", asked)
    redrawn = len(desk.redrawn)
    li.reacts("pushpin", asked, post=note)
    desk.carry_out()
    assert desk.ticket(asked).pinned == [desk.message("Gift for her mother, handle with care").id]
    assert len(desk.redrawn) > redrawn
    li.reacts("pushpin", asked, post=note, added=False)
    assert desk.ticket(asked).pinned == []
    assert desk.history(asked)[-2:] == ["pinned", "unpinned"]


def test_the_card_itself_cannot_be_pinned_and_an_onlooker_pins_nothing(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    assert not li.reacts("pushpin", asked)
    note = li.says("// Call her Mia", asked)
    guest = desk.teammate("gus", Role.OBSERVER)
    guest.reacts("pushpin", asked, post=note)
    assert desk.ticket(asked).pinned == []
    assert guest.whispers == ["not_allowed"]
