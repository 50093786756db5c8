"""What the team writes in a thread: heard once, understood as meant, never taken from those who may not speak."""

import pytest

from chatops.model.message import MessageState
from tests.handlers.slack.desk import PNG, Desk


async def test_an_answer_waits_to_leave_and_a_delivery_carries_it(desk: Desk) -> None:
    ts = await desk.li.replies(desk.head, "On its *way* :tada:")
    (answer,) = await desk.messages()
    assert (answer.state, answer.text, answer.source_id) == (MessageState.WAITING, "On its way 🎉", ts)
    assert answer.agent_id == desk.li.id
    assert [found.args["message_id"] for found in await desk.deliveries("reply")] == [answer.id]
    assert len(await desk.deliveries("mark")) == 1


async def test_a_picture_without_words_and_one_with_words_are_answers(desk: Desk) -> None:
    await desk.li.uploads(desk.support, PNG, "label.png", "image/png", thread_ts=desk.head)
    await desk.li.uploads(desk.support, PNG, "box.png", "image/png", thread_ts=desk.head, text="Like this")
    assert await desk.said() == [("waiting", "IMAGE"), ("waiting", "Like this"), ("waiting", "IMAGE")]
    assert [m.content["file"]["name"] for m in await desk.messages() if m.kind == "IMAGE"] == ["label.png", "box.png"]


async def test_a_file_that_no_buyer_can_get_is_refused_privately(desk: Desk) -> None:
    await desk.li.uploads(desk.support, b"%PDF", "terms.pdf", "application/pdf", thread_ts=desk.head)
    assert await desk.said() == []
    assert await desk.whispers() == ["file_type"]


@pytest.mark.parametrize("text", ["// he is angry", "note: he is angry", "@Noor he is angry", "@here he is angry"])
async def test_what_is_meant_for_the_team_stays_inside(desk: Desk, text: str) -> None:
    await desk.li.replies(desk.head, text)
    assert await desk.said() == [("note", "he is angry")]
    assert await desk.deliveries("reply") == []


async def test_mentioning_the_bot_is_speaking_to_the_buyer_and_is_heard_once(desk: Desk) -> None:
    await desk.li.replies(desk.head, f"{desk.app.mention} On its way")
    assert await desk.said() == [("waiting", "On its way")]
    await desk.li.replies(desk.head, f"{desk.app.mention} !claim")
    assert (await desk.ticket()).assignee_id == desk.li.id


async def test_an_answer_also_sent_to_the_channel_counts(desk: Desk) -> None:
    await desk.li.posts(desk.support, "On its way", desk.head, also_to_channel=True)
    assert await desk.said() == [("waiting", "On its way")]


async def test_what_is_not_in_the_thread_is_nobodys_answer(desk: Desk) -> None:
    chatter = await desk.li.posts(desk.support, "lunch?")
    await desk.noor.replies(chatter, "yes")
    await desk.li.edits(chatter, "dinner?")
    await desk.noor.invites(desk.world.create_person("Ada"), desk.support)
    assert await desk.said() == []
    assert desk.world.delivery.lost == []


async def test_neither_our_own_posts_nor_other_bots_nor_guests_speak_for_the_shop(desk: Desk) -> None:
    from_us = await desk.shows(text="Mia says: hello?")
    await desk.redrawn(from_us)
    desk.says_as(desk.world.install_app("reminders"), "Reminder: answer Mia")
    desk.says_from(desk.world.create_person("Guest"), "T0OTHER", "I am not of this shop")
    assert await desk.said() == []
    assert desk.world.delivery.lost == []
    assert desk.support.all_messages[from_us].text == "Changed"


async def test_an_edit_within_the_window_changes_the_answer_and_a_deletion_takes_it_back(desk: Desk) -> None:
    ts = await desk.li.replies(desk.head, "On its wya")
    await desk.world.settled()
    await desk.li.edits(ts, "On its way")
    assert await desk.said() == [("waiting", "On its way")]
    await desk.li.deletes(ts)
    assert await desk.said() == [("withdrawn", "On its way")]


@pytest.mark.parametrize("text", ["@Noor what now?", "// what now?"])
async def test_an_answer_edited_into_a_note_does_not_leave(desk: Desk, text: str) -> None:
    ts = await desk.li.replies(desk.head, "what now?")
    await desk.world.settled()
    await desk.li.edits(ts, text)
    assert sorted(await desk.said()) == [("note", "what now?"), ("withdrawn", "what now?")]
    assert await desk.deliveries("reply") == []
    await desk.li.edits(ts, f"{text} Please help")
    assert ("note", "what now? Please help") in await desk.said()


async def test_an_edit_that_overtakes_its_message_wins(desk: Desk) -> None:
    desk.world.delivery.hold()
    ts = await desk.li.replies(desk.head, "first")
    await desk.li.edits(ts, "second")
    await desk.li.edits(ts, "third")
    desk.world.delivery.release(shuffled=True)
    assert await desk.said() == [("waiting", "third")]


async def test_a_deletion_that_overtakes_its_message_wins(desk: Desk) -> None:
    desk.world.delivery.hold()
    ts = await desk.li.replies(desk.head, "oh no")
    await desk.li.deletes(ts)
    desk.world.delivery.release(shuffled=True)
    assert await desk.said() == []


async def test_an_event_that_comes_twice_makes_one_answer(desk: Desk) -> None:
    desk.world.delivery.duplicate_next()
    await desk.li.replies(desk.head, "On its way")
    assert await desk.said() == [("waiting", "On its way")]
    assert len(await desk.deliveries("reply")) == 1


async def test_colleagues_from_another_workspace_of_the_organization_may_speak_guests_of_a_shared_channel_not(
    deaf_desk: Desk,
) -> None:
    is_colleague = deaf_desk.context.is_colleague
    ours, theirs = deaf_desk.world.team.id, "T0OTHER"
    shared, organization = {"is_ext_shared_channel": True}, {"enterprise_id": "E0ORG"}
    assert is_colleague({"user": "U1", "team": ours}, shared)
    assert not is_colleague({"user": "U1", "team": ours, "user_team": theirs}, shared)
    assert not is_colleague({"user": "U1"}, shared)
    assert not is_colleague({"user": "U1", "team": theirs}, shared | organization)
    assert is_colleague({"user": "U1", "team": theirs}, organization)
    assert not is_colleague({"user": "U1", "team": theirs}, {})
    assert not is_colleague({"user": "USLACKBOT", "team": ours}, {})
