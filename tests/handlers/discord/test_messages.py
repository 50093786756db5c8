"""What the team writes, changes and deletes in a ticket's post."""

import asyncio

import pytest

from chatops.sandbox.discord import messages as world_messages
from handlers import comparing
from tests.handlers.discord.desk import Desk, all_messages, once
from tests.handlers.slack.desk import eventually


async def test_what_a_colleague_writes_in_the_post_goes_to_the_buyer(desk: Desk) -> None:
    await desk.says(desk.li, "On its **way**")
    assert await desk.said() == [("waiting", "On its way")]


async def test_what_is_written_elsewhere_is_none_of_our_business(desk: Desk) -> None:
    lunch = desk.world.create_channel("lunch")
    await desk.li.posts(lunch, "Pizza?")
    assert await desk.said() == []


async def test_a_ticket_is_given_to_whoever_is_mentioned_and_the_buyer_hears_nothing(desk: Desk) -> None:
    await desk.says(desk.li, f"!assign <@{desk.noor.id}>")
    assert (await desk.ticket()).assignee_id == desk.noor.id
    assert await desk.said() == []


async def test_other_bots_and_our_own_echo_are_not_colleagues(desk: Desk) -> None:
    stranger = desk.world.install_app("stranger")
    world_messages.post(desk.world.server, desk.post, stranger.bot, "Buy followers", {})
    await desk.shows(text="ours")
    assert await desk.said() == []


async def test_notes_and_words_to_a_teammate_stay_inside(desk: Desk) -> None:
    await desk.says(desk.li, "// she is angry")
    await desk.says(desk.li, f"<@{desk.noor.id}> can you look?")
    await desk.says(desk.li, "@everyone who knows this?")
    assert [state for state, _ in await desk.said()] == ["note", "note", "note"]


async def test_what_answers_a_colleague_stays_inside_however_the_colleague_said_it(desk: Desk) -> None:
    await once(lambda: desk.app.commands)
    for line in ("/note", "/reply"):
        said = await desk.li.runs(desk.post, line, text="She asked twice")
        assert said.original
        await desk.noor.posts(desk.post, "Really?", answering=said.original.id)
    typed = await desk.says(desk.li, "// and once more")
    await desk.noor.posts(desk.post, "Really?", answering=typed)
    assert [state for state, words in await desk.said() if words == "Really?"] == ["note"] * 3


async def test_what_answers_the_buyers_words_goes_to_the_buyer(desk: Desk) -> None:
    buyers = await desk.shows(text="Where is my parcel?")
    await desk.noor.posts(desk.post, "On its way", answering=buyers)
    assert await desk.said() == [("waiting", "On its way")]


async def test_an_edit_changes_what_waits(desk: Desk) -> None:
    answer = await desk.says(desk.li, "12 punds")
    await desk.comes_to_say(("waiting", "12 punds"))
    await desk.li.edits(answer, "12 pounds")
    await desk.comes_to_say(("waiting", "12 pounds"))


async def test_a_deleted_answer_never_leaves(desk: Desk) -> None:
    answer = await desk.says(desk.li, "Oh no")
    await desk.comes_to_say(("waiting", "Oh no"))
    await desk.li.deletes(answer)
    await desk.comes_to_say(("withdrawn", "Oh no"))


async def test_answers_that_overtake_each_other_on_their_way_keep_their_order(desk: Desk) -> None:
    desk.world.carrier.hold()
    await desk.says(desk.li, "first")
    await desk.says(desk.noor, "second")
    desk.world.carrier.release(shuffled=True)
    await desk.comes_to_say(("waiting", "first"), ("waiting", "second"))


async def test_what_is_told_twice_counts_once(desk: Desk) -> None:
    desk.world.carrier.duplicate_next()
    await desk.says(desk.li, "On its way")
    assert await desk.said() == [("waiting", "On its way")]


async def test_twenty_answers_at_once_keep_their_order(desk: Desk) -> None:
    for number in range(20):
        await desk.says(desk.li, f"line {number}")
    assert [words for _, words in await desk.said()] == [f"line {number}" for number in range(20)]


async def test_a_deletion_does_not_wait_for_what_was_written_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await desk.says(desk.li, "Oh no")
    await desk.comes_to_say(("waiting", "Oh no"))
    slow = asyncio.Event()

    async def late(*_: object, **__: object) -> None:
        await slow.wait()

    monkeypatch.setattr(comparing, "first", late)
    desk.edge._catch_up._channels.context.gap.open_anew()  # type: ignore[union-attr]  # it is there: the desk listens
    await desk.says(desk.noor, "One moment")
    await desk.li.deletes(answer)

    async def taken_back() -> bool:
        return ("withdrawn", "Oh no") in [
            (message.state.value, message.text) for message in await desk.store.read(all_messages)
        ]

    await eventually(taken_back)
    slow.set()


async def test_an_answer_to_a_note_given_by_command_stays_inside(desk: Desk) -> None:
    await desk.noor.runs(desk.post, "/note", text="She is a known fraudster")
    await desk.rests()
    note = next(
        message for message in desk.post.messages.values() if message.embeds and "fraudster" in str(message.embeds)
    )
    await desk.li.posts(desk.post, "agreed, refuse the refund", answering=note)
    assert [state for state, _ in await desk.said()] == ["note", "note"]


async def test_what_stood_in_a_thread_before_we_knew_it_is_ours_is_heard_first(desk: Desk) -> None:
    desk.world.carrier.lose_next()
    await desk.says(desk.li, "first")
    await desk.says(desk.noor, "second")
    await desk.comes_to_say(("waiting", "first"), ("waiting", "second"))
