"""An answer that says what it must not is held back, until its writer or a lead lets it go."""

import pytest

from chatops.catalog import Verb
from chatops.model.agent import Role
from chatops.model.message import Held
from chatops.outbox import Kind
from chatops.rules import languages
from tests.desk.scenes import BuyerThere, Desk, Teammate, a_picture

WARNED = "Sorry, we cannot change the colour"
BLOCKED = "Write us on WhatsApp"


@pytest.fixture
def lead(desk: Desk) -> Teammate:
    return desk.teammate("ada", Role.LEAD)


@pytest.fixture
def waiting(desk: Desk, mia: BuyerThere) -> BuyerThere:
    """A buyer whose ticket has a thread."""
    mia.says("Can I still change the colour please?")
    desk.carry_out()
    return mia


def test_what_a_rule_warns_of_waits_until_its_writer_sends_it_anyway(
    desk: Desk, waiting: BuyerThere, li: Teammate
) -> None:
    li.says(WARNED, waiting)
    desk.passes(minutes=1)
    assert waiting.heard == []
    assert desk.message(WARNED).fault == Held.LINT
    assert desk.channels["C0SUPPORT"][-1] == f"! {WARNED}"
    li.presses(Verb.SEND_ANYWAY, desk.message(WARNED))
    desk.carry_out()
    assert waiting.heard == [WARNED]
    assert [line for line in desk.history(waiting) if line in {"lint", "sent_anyway"}] == ["lint", "sent_anyway"]


def test_what_a_rule_stops_needs_a_lead(desk: Desk, waiting: BuyerThere, li: Teammate, lead: Teammate) -> None:
    li.says(BLOCKED, waiting)
    desk.passes(minutes=1)
    held = desk.message(BLOCKED)
    assert held.fault == Held.LINT_BLOCK
    li.presses(Verb.SEND_ANYWAY, held)
    li.presses(Verb.APPROVE, held)
    assert li.whispers == ["not_waiting", "not_allowed"]
    assert waiting.heard == []
    lead.presses(Verb.APPROVE, held)
    desk.carry_out()
    assert waiting.heard == [BLOCKED]


def test_an_edit_that_mends_it_lets_it_go_with_its_picture(desk: Desk, waiting: BuyerThere, li: Teammate) -> None:
    source = li.says(WARNED, waiting, files=[a_picture()])
    desk.passes(minutes=1)
    assert waiting.heard == []
    li.edits(source, "You can choose blue or red instead", waiting)
    desk.passes(minutes=1)
    assert waiting.heard == ["You can choose blue or red instead", "IMAGE"]


def test_an_edit_during_the_undo_window_is_looked_at_too(desk: Desk, waiting: BuyerThere, li: Teammate) -> None:
    source = li.says("One moment please", waiting)
    li.edits(source, BLOCKED, waiting)
    desk.passes(minutes=1)
    assert waiting.heard == []
    assert desk.written(source) == [(BLOCKED, "failed")]


def test_a_note_that_is_sent_after_all_is_looked_at(desk: Desk, waiting: BuyerThere, li: Teammate) -> None:
    li.says(f"// {BLOCKED}", waiting)
    li.presses(Verb.SEND_NOTE, desk.message(BLOCKED))
    desk.passes(minutes=1)
    assert waiting.heard == []


def test_what_is_too_long_as_well_can_be_split_once_it_may_go(desk: Desk, waiting: BuyerThere, li: Teammate) -> None:
    long = "We cannot change it. " + "Please choose another colour. " * 80
    li.says(long, waiting)
    li.presses(Verb.SEND_ANYWAY, desk.message(long.strip()))
    desk.passes(minutes=1)
    assert waiting.heard == []
    assert li.whispers == ["too_long"]
    li.presses(Verb.SPLIT, desk.message(long.strip()))
    desk.passes(minutes=1)
    assert len(waiting.heard) == 2


def test_another_language_than_the_buyers_is_asked_about_once_in_a_ticket(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    mia.says("cuándo me devuelven el dinero por favor")
    desk.carry_out()
    li.says("Your money is on its way", mia)
    desk.passes(minutes=1)
    held = desk.message("Your money is on its way")
    assert (held.fault, mia.heard) == (Held.LINT, [])
    li.presses(Verb.SEND_ANYWAY, held)
    li.says("It takes three days at most", mia)
    desk.passes(minutes=1)
    assert mia.heard == ["Your money is on its way", "It takes three days at most"]


def test_a_held_answer_that_is_dropped_never_leaves(desk: Desk, waiting: BuyerThere, li: Teammate) -> None:
    li.says(BLOCKED, waiting)
    li.presses(Verb.DROP, desk.message(BLOCKED))
    desk.passes(minutes=1)
    assert waiting.heard == []
    assert desk.waiting(Kind.REPLY) == []


def test_an_answer_never_waits_for_the_model_that_tells_languages(
    desk: Desk, waiting: BuyerThere, li: Teammate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "is_loaded", lambda: False)
    monkeypatch.setattr(languages, "_model", lambda: pytest.fail("it was asked"))
    for text, fault in ((BLOCKED, Held.LINT_BLOCK), ("您好，马上发货", Held.LINT), ("Your bank in 3 days", "")):
        li.says(text, waiting)
        assert desk.message(text).fault == fault
