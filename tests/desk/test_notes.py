"""What is meant for the team stays with the team."""

import pytest

from chatops.catalog import Verb
from chatops.model.agent import Role
from chatops.model.shop import RoutePosture
from chatops.store import Transaction
from tests.desk.scenes import SUPPORT, BuyerThere, Desk, Teammate, a_route


@pytest.mark.parametrize("prefix", ["// ", "//", "note: ", "NOTE:", "  // "])
def test_a_note_never_leaves(desk: Desk, asked: BuyerThere, li: Teammate, prefix: str) -> None:
    source = li.says(f"{prefix}check with Ana", asked)
    desk.passes(hours=1)
    assert asked.heard == []
    assert desk.written(source) == [("check with Ana", "note")]
    assert desk.channels[SUPPORT] == ["(card)", "Where is my parcel?"]
    assert li.whispers == []


def test_a_text_that_mentions_a_teammate_is_a_note(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("@noor can you look?", asked, to_team=True)
    desk.passes(hours=1)
    assert asked.heard == []
    assert desk.written(source) == [("@noor can you look?", "note")]


def test_a_note_may_be_changed_and_stays_one(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("// check with Ana", asked)
    li.edits(source, "// check with Noor", asked)
    assert desk.written(source) == [("check with Noor", "note")]
    li.edits(source, "check with everybody", asked)
    desk.passes(seconds=5)
    assert desk.written(source) == [("check with everybody", "note")]
    assert asked.heard == []


def test_a_deleted_note_is_gone(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("// check with Ana", asked)
    li.deletes(source)
    assert desk.written(source) == [("check with Ana", "withdrawn")]
    assert li.whispers == []


@pytest.mark.parametrize(("text", "to_team"), [("// she is angry", False), ("she is angry", True)])
def test_an_answer_may_become_a_note_while_it_waits(
    desk: Desk, asked: BuyerThere, li: Teammate, text: str, to_team: bool
) -> None:
    source = li.says("she is angry", asked)
    li.edits(source, text, asked, to_team=to_team)
    desk.passes(seconds=5)
    assert asked.heard == []
    assert ("she is angry", "note") in desk.written(source)
    li.edits(source, "// she is very angry", asked)
    assert ("she is very angry", "note") in desk.written(source)


def test_an_answer_that_left_does_not_become_a_note(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("she is angry", asked)
    desk.passes(seconds=5)
    li.edits(source, "// she is angry", asked)
    assert desk.written(source) == [("she is angry", "sent")]
    assert li.whispers[-1] == "edit_too_late"


@pytest.fixture
def careful(tx: Transaction) -> Desk:
    """A desk where plain text stays inside unless it is sent on purpose."""
    return Desk(tx, a_route(SUPPORT, RoutePosture.INTERNAL))


def test_in_a_careful_channel_plain_text_is_kept_and_sent_on_a_click(careful: Desk) -> None:
    mia, li = careful.buyer("mia"), careful.teammate("li")
    mia.says("Where is my parcel?")
    careful.carry_out()
    source = li.says("On its way", mia)
    careful.passes(seconds=5)
    assert mia.heard == []
    assert li.whispers == ["note_kept"]
    note = careful.message("On its way")
    li.presses(Verb.SEND_NOTE, note)
    careful.passes(seconds=5)
    assert mia.heard == ["On its way"]
    assert sorted(state for _, state in careful.written(source)) == ["sent", "withdrawn"]
    li.presses(Verb.SEND_NOTE, note)
    assert li.whispers[-1] == "stale"
    careful.passes(seconds=5)
    assert mia.heard == ["On its way"]


def test_a_note_may_be_sent_taken_back_and_sent_again(careful: Desk) -> None:
    mia, li = careful.buyer("mia"), careful.teammate("li")
    mia.says("Where is my parcel?")
    careful.carry_out()
    source = li.says("On its way", mia)
    note = careful.message("On its way")
    li.presses(Verb.SEND_NOTE, note)
    li.edits(source, "// wait, is it?", mia)
    careful.passes(seconds=5)
    assert mia.heard == []
    li.presses(Verb.SEND_NOTE, note)
    careful.passes(seconds=5)
    assert mia.heard == ["wait, is it?"]


def test_in_a_careful_channel_an_observer_is_refused_too(careful: Desk) -> None:
    mia, eve = careful.buyer("mia"), careful.teammate("eve", Role.OBSERVER)
    mia.says("Where is my parcel?")
    careful.carry_out()
    source = eve.says("On its way", mia)
    assert eve.whispers == ["not_allowed"]
    assert careful.written(source) == []
