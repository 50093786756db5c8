"""What is said by a command stands in the thread like a typed message, and is read back as one."""

import asyncio
from typing import Any

from chatops.catalog import Verb
from chatops.platforms.discord.spoken import as_typed, spoken
from tests.platforms.discord.desk import HELLO, Desk

REPLY = {
    "name": "reply",
    "description": "Answer the buyer",
    "options": [{"type": 3, "name": "text", "description": "What to say", "required": True}],
}
WORDS = "**On its way!** @everyone\n<@1> <:shrug:2> \\o/ // 1. [x](https://example.com)"


async def test_the_words_of_a_command_are_read_back_as_its_author_typed_them(desk: Desk) -> None:
    await desk.discord.commands.replace(desk.app.id, [REPLY])
    thread = await desk.opened()
    running = asyncio.create_task(desk.li.runs(desk.below(thread), "/reply", text=WORDS))
    await desk.discord.answers.openly(await desk.pressed(), spoken("Li", WORDS, Verb.REPLY))
    assert (await running).acked
    shown = desk.said(thread)[-1]
    assert shown.embeds[0]["author"]["name"] == "Li"
    assert shown.embeds[0]["description"] == WORDS
    assert desk.world.server.pings == []
    (said,) = [message async for message in desk.discord.payloads_after(thread, thread.thread_id)]
    typed, purpose = as_typed(said, desk.app.bot.id)
    assert purpose is Verb.REPLY
    assert (typed["author"]["id"], typed["content"], typed["id"]) == (desk.li.id, WORDS, shown.id)
    assert typed["type"] == 0
    assert "webhook_id" not in typed


async def test_any_other_message_stays_what_it_is(desk: Desk) -> None:
    thread = await desk.opened()
    await desk.discord.post(thread, HELLO, "d-1")
    await desk.li_writes(thread, "On its way")
    said = [message async for message in desk.discord.payloads_after(thread, thread.thread_id)]
    assert [as_typed(message, desk.app.bot.id) for message in said] == [(message, None) for message in said]


def test_nobody_else_can_make_such_a_message() -> None:
    theirs: dict[str, Any] = {
        "author": {"id": "1"},
        "interaction_metadata": {"user": {"id": "2"}},
        **spoken("Li", "words", Verb.REPLY),
    }
    assert as_typed(theirs, "1")[1] is Verb.REPLY
    assert as_typed(theirs, "9") == (theirs, None)
    assert as_typed(theirs | {"interaction_metadata": None}, "1")[1] is None
    assert as_typed(theirs | {"embeds": [{"url": "https://example.com"}]}, "1")[1] is None


async def test_an_answer_that_comes_later_is_for_one_person_alone(desk: Desk) -> None:
    await desk.discord.commands.replace(desk.app.id, [{"name": "claim", "description": "Claim"}])
    thread = await desk.opened()
    before = desk.said(thread)
    running = asyncio.create_task(desk.li.runs(desk.below(thread), "/claim"))
    trigger = await desk.pressed()
    await desk.discord.answers.later(trigger)
    assert (await running).acked
    assert await desk.discord.whisper(thread, desk.li.id, HELLO, trigger) is None
    await desk.li.expects_ephemeral("where is my parcel?")
    assert len(desk.li.ephemerals) == 1
    assert desk.said(thread) == before


async def test_commands_are_kept_in_every_language(desk: Desk) -> None:
    named = REPLY | {"name_localizations": {"zh-CN": "回复"}}
    await desk.discord.commands.replace(desk.app.id, [named])
    (kept,) = await desk.discord.commands.all(desk.app.id)
    assert kept["name_localizations"] == {"zh-CN": "回复"}
