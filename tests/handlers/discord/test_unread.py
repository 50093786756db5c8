"""Where we may not read what people type: nothing of it leaves, and commands do what typing does elsewhere."""

import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatops.sandbox.discord.reading import visible
from chatops.store import Store
from tests.handlers.discord.desk import QUICK, Desk, all_messages, once, open_desk

CONTENT = 1 << 15  # the intent without which nothing typed is read


@pytest.fixture(params=[False, True], ids=["portal off", "portal on"])
async def unread(store: Store, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """The desk of a bot that may not read messages, or shall not although Discord's portal would let it."""
    async with open_desk(store, listening=False) as desk:
        if not request.param:
            desk.app.intents &= ~CONTENT
        await listens_unread(desk)
        await once(lambda: desk.app.commands)
        yield desk
        await desk.edge.stop()


async def listens_unread(desk: Desk) -> None:
    """Start a replica that may not read messages, and let it catch up."""
    await listens(desk, reading=False)


async def listens(desk: Desk, *, reading: bool) -> None:
    """Start another replica, and let it catch up."""
    config: Any = desk.config.model_copy(update={"discord_message_content": reading})
    desk.edge = type(desk.edge)(config, desk.store, desk.discord, desk.clock, secrets.token_hex(4), QUICK)
    await desk.edge.start()
    await desk.connected()
    await desk.edge.caught_up()


async def test_what_is_typed_unread_never_leaves_and_its_writer_is_told_once(unread: Desk) -> None:
    await unread.says(unread.li, "On its way")
    await unread.says(unread.li, "Hello?")
    assert await unread.said() == []
    assert await unread.whispers() == ["unread"]


async def test_a_question_to_the_bot_or_about_its_card_stays_inside_where_nothing_typed_is_read(unread: Desk) -> None:
    await unread.says(unread.li, f"<@{unread.app.id}> she is a pain")
    await unread.noor.posts(unread.post, "So she is", answering=unread.head)
    assert await unread.said() == []
    assert await unread.whispers() == ["unread", "unread"]


async def test_what_was_typed_unread_stays_inside_once_the_bot_may_read(unread: Desk) -> None:
    typed = [await unread.says(unread.li, "Internal one"), await unread.says(unread.li, "Internal two")]
    await unread.rests()
    await unread.edge.stop()
    unread.app.intents |= CONTENT
    await listens(unread, reading=True)
    await unread.li.edits(typed[0], "Internal after all")
    assert await unread.said() == []
    await unread.says(unread.li, "On its way")
    await unread.comes_to_say(("waiting", "On its way"))
    await unread.li.uses("Send to the buyer", typed[1])
    await unread.comes_to_say(("waiting", "On its way"), ("waiting", "Internal two"))


async def test_what_was_typed_unread_while_nobody_listened_stays_inside_once_the_bot_may_read(unread: Desk) -> None:
    await unread.edge.stop()
    typed = await unread.says(unread.li, "Internal one")
    await unread.li.edits(await unread.says(unread.li, "Internal two"), "Internal too")
    await listens_unread(unread)
    assert await unread.whispers() == ["unread"]
    await unread.edge.stop()
    unread.app.intents |= CONTENT
    await listens(unread, reading=True)
    await unread.li.edits(typed, "Internal after all")
    assert await unread.said() == []


async def test_the_catch_up_hears_nothing_that_it_may_not_read(unread: Desk) -> None:
    await unread.says(unread.li, "On its way")
    await unread.li.runs(unread.post, "/reply", text="By command")
    await unread.rests()
    await unread.edge.catch_up()
    assert await unread.said() == [("waiting", "By command")]


async def test_what_was_typed_unread_is_sent_from_its_menu(unread: Desk) -> None:
    said = await unread.says(unread.li, "On **its** way")
    await unread.li.uses("Send to the buyer", said)
    assert await unread.said() == [("waiting", "On its way")]
    [message] = await unread.store.read(all_messages)
    assert message.source_id == said
    await unread.li.edits(said, "It is lost")
    await unread.comes_to_say(("withdrawn", "On its way"))


async def test_an_edit_that_nobody_heard_takes_an_answer_back_that_was_typed_unread(unread: Desk) -> None:
    desk = unread
    changed, same = await desk.says(desk.li, "It costs 5"), await desk.says(desk.li, "It costs 6")
    await desk.li.edits(same, "It costs 7")
    await desk.rests()
    for said in (changed, same):
        await desk.li.uses("Send to the buyer", said)
    await desk.comes_to_say(("waiting", "It costs 5"), ("waiting", "It costs 7"))
    await desk.edge.stop()
    await desk.li.edits(changed, "It costs 8")
    await listens_unread(desk)
    await desk.comes_to_say(("withdrawn", "It costs 5"), ("waiting", "It costs 7"))


async def test_an_order_that_was_typed_unread_and_is_sent_from_its_menu_is_answered(unread: Desk) -> None:
    said = await unread.says(unread.li, "!claim")
    await unread.li.uses("Send to the buyer", said)
    await unread.li.expects_ephemeral("Taken over")
    assert (await unread.ticket()).assignee_id == unread.li.id


async def test_where_nothing_typed_is_read_help_says_so(unread: Desk) -> None:
    await unread.li.runs(unread.post, "/desk help")
    told = await unread.li.expects_ephemeral("/reply")
    assert "!claim" not in visible(told)
    assert "Write in this thread" not in visible(told)
