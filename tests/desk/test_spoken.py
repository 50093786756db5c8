"""What the team says through us, and not by a message of its own: our post in the thread stands for it."""

from chatops.catalog import Verb
from chatops.desk import hearing, replies, shown
from chatops.model import agent as agents
from chatops.model.message import Message
from chatops.outbox import Kind
from tests.desk.scenes import SUPPORT, TEAM, BuyerThere, Desk, Teammate

LONG = "A word too many. " * 150


def say(desk: Desk, li: Teammate, to: BuyerThere, text: str) -> Message:
    agent = agents.get(desk.tx, TEAM, li.name)
    assert agent is not None
    [written] = replies.write(desk.tx, desk.thread(to), agent, "press-1", text, (), desk.now, posted=False)
    return written


def test_the_post_carries_the_mark_and_the_answer_leaves_when_the_undo_window_is_over(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    say(desk, li, asked, "It is on its way")
    assert desk.message("It is on its way").source_id is None
    desk.carry_out()
    assert desk.channels[SUPPORT][-1] == "It is on its way"
    post = desk.message("It is on its way").source_id
    assert post is not None
    assert desk.marked == [post]
    desk.passes(seconds=6)
    assert asked.heard == ["It is on its way"]
    assert desk.marked == [post, post]


def test_undo_works_before_the_post_stands_and_then_it_never_does(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    written = say(desk, li, asked, "Wrong words")
    assert li.presses(Verb.UNDO, written)
    desk.passes(seconds=6)
    assert asked.heard == []
    assert desk.waiting(Kind.MARK) == []
    assert "withdrawn" in li.whispers


def test_deleting_the_post_takes_the_answer_back(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    say(desk, li, asked, "Wrong words")
    desk.carry_out()
    hearing.deleted(desk.tx, TEAM, SUPPORT, desk.message("Wrong words").source_id or "", desk.now)
    desk.passes(seconds=6)
    assert asked.heard == []


def test_deleted_before_its_id_was_known_it_is_taken_back(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    written = say(desk, li, asked, "Wrong words")
    thread = desk.thread(asked)
    hearing.deleted(desk.tx, TEAM, SUPPORT, "1770.1", desk.now, thread_id=thread.external_id)
    shown.spoken(desk.tx, thread, written, "1770.1", desk.now)
    desk.passes(seconds=6)
    assert asked.heard == []


def test_all_parts_of_what_was_split_before_it_was_shown_are_marked_together(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    written = say(desk, li, asked, LONG)
    assert li.presses(Verb.SPLIT, written)
    desk.passes(seconds=6)
    assert len(asked.heard) == 2
    [post] = {desk.message(part).source_id for part in asked.heard}
    assert post is not None
    assert set(desk.marked) == {post}
