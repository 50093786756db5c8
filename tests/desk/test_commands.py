"""What the team does by a command, and what happens where it types unread."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chatops.catalog import Verb
from chatops.desk import commands, hearing
from chatops.desk.commands import Ordered
from chatops.errors import Refusal, Refused
from chatops.model.agent import Role
from chatops.model.shop import RoutePosture
from chatops.store import Transaction
from tests.desk.scenes import SUPPORT, TEAM, BuyerThere, Desk, Teammate, a_route

Says = Callable[..., str]


@pytest.fixture
def says(desk: Desk) -> Says:
    """Say something by a command that is for a purpose; returns the id of the message that shows it."""

    def said(who: Teammate, text: str, to: BuyerThere, purpose: Verb, **facts: Any) -> str:
        source = desk._stamp()
        plain = who._said(source, text, to, (), to_team=facts.pop("to_team", False))
        hearing.said(desk.tx, replace(plain, purpose=purpose, **facts), desk.now)
        return source

    return said


def orders(desk: Desk, who: Teammate, verb: Verb, about: BuyerThere) -> Refusal | None:
    """Give a command in the buyer's thread; return why it was not obeyed."""
    came_of_it = commands.ordered(desk.tx, Ordered(TEAM, desk.thread(about).id, who.name, verb), desk.now)
    if isinstance(came_of_it, Refused):
        return came_of_it.reason
    assert came_of_it == verb
    return None


def test_an_answer_by_command_goes_to_the_buyer(desk: Desk, asked: BuyerThere, li: Teammate, says: Says) -> None:
    source = says(li, "On its way", asked, Verb.REPLY)
    desk.passes(seconds=5)
    assert asked.heard == ["On its way"]
    assert desk.written(source) == [("On its way", "sent")]


@pytest.mark.parametrize("text", ["check with Ana", "// check with Ana", "!claim"])
def test_a_note_by_command_never_leaves(desk: Desk, asked: BuyerThere, li: Teammate, says: Says, text: str) -> None:
    source = says(li, text, asked, Verb.NOTE)
    desk.passes(hours=1)
    assert asked.heard == []
    assert desk.written(source) == [(text.removeprefix("// "), "note")]
    assert desk.ticket(asked).assignee_id is None


@pytest.mark.parametrize(("text", "to_team"), [("// check with Ana", False), ("@noor can you look?", True)])
def test_what_looks_like_a_note_stays_inside_although_it_was_said_as_an_answer(
    desk: Desk, asked: BuyerThere, li: Teammate, says: Says, text: str, to_team: bool
) -> None:
    says(li, text, asked, Verb.REPLY, to_team=to_team)
    desk.passes(hours=1)
    assert asked.heard == []
    assert li.whispers == ["note_kept"]


def test_where_words_stay_inside_an_answer_by_command_is_sent_on_purpose(tx: Transaction) -> None:
    careful = Desk(tx, a_route(SUPPORT, RoutePosture.INTERNAL))
    mia, li = careful.buyer("mia"), careful.teammate("li")
    mia.says("Where is my parcel?")
    careful.carry_out()
    plain = li._said(careful._stamp(), "On its way", mia, (), to_team=False)
    hearing.said(tx, replace(plain, purpose=Verb.REPLY), careful.now)
    careful.passes(seconds=5)
    assert mia.heard == ["On its way"]


def test_a_command_claims_resolves_and_reopens(desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate) -> None:
    assert orders(desk, li, Verb.CLAIM, asked) is None
    assert desk.ticket(asked).assignee_id == "li"
    assert orders(desk, noor, Verb.CLAIM, asked) is Refusal.ALREADY_CLAIMED
    assert orders(desk, li, Verb.REOPEN, asked) is Refusal.NOT_RESOLVED
    assert orders(desk, li, Verb.RESOLVE, asked) is None
    assert orders(desk, li, Verb.RESOLVE, asked) is Refusal.ALREADY_RESOLVED
    assert orders(desk, li, Verb.REOPEN, asked) is None
    assert desk.history(asked) == ["opened", "claimed", "resolved", "reopened"]
    assert li.whispers == noor.whispers == [], "whoever gives a command waits for its answer"


def test_a_command_that_is_heard_twice_counts_once(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    once = Ordered(TEAM, desk.thread(asked).id, li.name, Verb.RESOLVE, id="1")
    assert commands.ordered(desk.tx, once, desk.now) == Verb.RESOLVE
    assert orders(desk, li, Verb.REOPEN, asked) is None
    assert commands.ordered(desk.tx, once, desk.now) is None
    assert desk.history(asked) == ["opened", "resolved", "reopened"]


def test_who_may_not_is_told_before_anything_is_shown(desk: Desk, asked: BuyerThere) -> None:
    eve = desk.teammate("eve", Role.OBSERVER)
    assert orders(desk, eve, Verb.CLAIM, asked) is Refusal.NOT_ALLOWED
    refused = commands.objection(desk.tx, TEAM, "eve", Verb.REPLY)
    assert refused is not None
    assert refused.reason is Refusal.NOT_ALLOWED
    assert commands.objection(desk.tx, TEAM, "eve", Verb.HELP) is None
    assert commands.objection(desk.tx, TEAM, "somebody new", Verb.REPLY) is None


def types_unread(desk: Desk, who: Teammate, text: str, to: BuyerThere) -> str:
    """Type something where we may not read; returns the id of the message."""
    source = desk._stamp()
    hearing.said(desk.tx, replace(who._said(source, text, to, (), to_team=False), unread=True), desk.now)
    return source


def test_who_types_unread_is_told_once_in_each_thread(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    budi = desk.buyer("budi")
    budi.says("Halo")
    desk.carry_out()
    for buyer in (asked, asked, budi):
        types_unread(desk, li, "What a pain", buyer)
    assert li.whispers == ["unread", "unread"]
    desk.passes(hours=1)
    assert asked.heard == budi.heard == []


def test_what_was_typed_unread_is_not_heard_again_but_can_be_sent(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = types_unread(desk, li, "It costs 5", asked)
    shown = li._said(source, "It costs 5", asked, (), to_team=False)
    assert not hearing.said(desk.tx, shown, desk.now)
    li.edits(source, "It costs 6", asked, edit_id="1")
    desk.passes(seconds=5)
    assert asked.heard == []
    assert commands.sent(desk.tx, replace(shown, purpose=Verb.REPLY), "gesture", desk.now)
    desk.passes(seconds=5)
    assert asked.heard == ["It costs 5"]


def test_what_was_typed_unread_and_deleted_is_not_sent_any_more(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = types_unread(desk, li, "It costs 5", asked)
    li.deletes(source)
    shown = replace(li._said(source, "It costs 5", asked, (), to_team=False), purpose=Verb.REPLY)
    assert not commands.sent(desk.tx, shown, "gesture", desk.now)
    desk.passes(seconds=5)
    assert asked.heard == []


def edits_unread(desk: Desk, who: Teammate, source: str, about: BuyerThere, edit_id: str = "1") -> None:
    """Edit a message where the platform keeps its words from us."""
    hidden = replace(who._said(source, "", about, (), to_team=False), unread=True, edit_id=edit_id)
    hearing.edited(desk.tx, hidden, desk.now)


def test_an_edit_that_cannot_be_read_takes_the_answer_back(
    desk: Desk, asked: BuyerThere, li: Teammate, says: Says
) -> None:
    source = says(li, "It costs 5", asked, Verb.REPLY)
    edits_unread(desk, li, source, asked)
    desk.passes(seconds=5)
    assert asked.heard == []
    assert li.whispers == ["undo_offer", "withdrawn"]
    edits_unread(desk, li, source, asked)
    edits_unread(desk, li, source, asked, "2")
    assert li.whispers == ["undo_offer", "withdrawn"]


def test_an_edit_that_cannot_be_read_and_comes_too_late_changes_nothing(
    desk: Desk, asked: BuyerThere, li: Teammate, says: Says
) -> None:
    source = says(li, "It costs 5", asked, Verb.REPLY)
    desk.passes(seconds=5)
    edits_unread(desk, li, source, asked)
    assert asked.heard == ["It costs 5"]
    assert li.whispers == ["undo_offer", "edit_too_late"]


def test_an_edit_that_cannot_be_read_makes_no_answer_of_what_was_none(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    edits_unread(desk, li, desk._stamp(), asked)
    desk.passes(seconds=5)
    assert (asked.heard, li.whispers) == ([], ["unread"])


def test_what_was_edited_before_it_was_sent_from_its_menu_stays_sent(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    source = desk._stamp()
    shown = replace(li._said(source, "It costs 7", asked, (), to_team=False), purpose=Verb.REPLY, edit_id="1")
    assert commands.sent(desk.tx, shown, "gesture", desk.now)
    edits_unread(desk, li, source, asked, "1")
    desk.passes(seconds=5)
    assert asked.heard == ["It costs 7"]
