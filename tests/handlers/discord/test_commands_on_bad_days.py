"""Commands when Discord, the database or we are not well: what people wrote is not lost, their orders count once."""

import asyncio
from typing import Any

import pytest

from chatops.sandbox.discord.interaction import Answer
from chatops.sandbox.discord.reading import visible
from chatops.sandbox.faults import Fault, Trouble
from handlers.discord import commands
from tests.handlers.discord.desk import Desk, once, slow_database
from tests.handlers.discord.test_commands import TOO_LATE, newest, offered

__all__ = ["offered"]


def answers(desk: Desk) -> list[Answer | None]:
    """Return how each command was answered first."""
    return [begun.answer for begun in desk.world.interactions.begun.values()]


async def test_words_of_which_discord_tells_nothing_are_given_back_when_they_do_not_stand_there(offered: Desk) -> None:
    desk = offered
    desk.world.faults.plan(Fault("interactions.callback", Trouble.SERVER_ERROR, code="502", times=2))
    await desk.li.runs(desk.post, "/reply", text="On its way")
    assert "On its way" in visible(await desk.li.expects_ephemeral("Not sent"))
    assert await desk.said() == []


async def test_words_of_which_discord_tells_nothing_are_not_given_back_when_they_stand_there(offered: Desk) -> None:
    desk = offered
    desk.world.faults.plan(Fault("interactions.callback", Trouble.DROP_AFTER, code="502", times=2))
    await desk.li.runs(desk.post, "/reply", text="On its way")
    assert await desk.said() == [("waiting", "On its way")]
    assert desk.li.ephemerals == []
    assert "Not sent" not in visible(newest(desk))


async def test_words_given_back_in_view_of_others_stand_there_for_a_moment_only(
    offered: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = offered
    monkeypatch.setattr(commands, "PAUSES", (0.0, 0.0))
    desk.world.faults.plan(Fault("interactions.callback", Trouble.ERROR, code="10062", times=2))
    desk.world.faults.plan(Fault("messages.create", Trouble.DROP_AFTER, code="502"))
    running = asyncio.create_task(desk.li.runs(desk.post, "/reply", text="On its way"))
    await once(lambda: "Not sent" in visible(newest(desk)))
    desk.world.time.skip(TOO_LATE)
    await running
    taken_away = await desk.removals()
    given_back = [message.id for message in desk.post.messages.values() if "Not sent" in visible(message)]
    assert len(given_back) == 1
    assert taken_away == given_back


async def test_a_command_is_done_before_it_is_answered(offered: Desk) -> None:
    desk = offered
    desk.world.faults.plan(Fault("interactions.callback", Trouble.ERROR, code="10062", times=3))
    running = asyncio.create_task(desk.noor.runs(desk.post, "/claim"))
    assert (await desk.ticket()).assignee_id == desk.noor.id
    desk.world.time.skip(TOO_LATE)
    assert not (await running).acked


async def test_nobody_is_promised_an_answer_that_can_be_given_at_once(offered: Desk) -> None:
    desk = offered
    await desk.noor.runs(desk.post, "/claim")
    await desk.noor.expects_ephemeral("The ticket is yours.")
    await desk.li.uses("Take it back", desk.head)
    await desk.li.expects_ephemeral("what somebody of your team wrote")
    assert answers(desk) == [Answer.SAY, Answer.SAY]


async def test_a_database_that_takes_its_time_lets_nobody_wait_without_a_word(
    offered: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, free = offered, slow_database(offered, monkeypatch)
    assert (await desk.noor.runs(desk.post, "/claim")).acked
    free.set()
    await desk.noor.expects_ephemeral("The ticket is yours.")
    assert answers(desk) == [Answer.LATER]
    assert len(desk.noor.ephemerals) == 1


async def test_what_is_sent_from_a_menu_that_is_told_twice_leaves_once(offered: Desk) -> None:
    desk = offered
    note = await desk.says(desk.li, "// On its way")
    await desk.comes_to_say(("note", "On its way"))
    desk.world.carrier.duplicate_next(1)
    await desk.noor.uses("Send to the buyer", note)
    assert sorted(await desk.said()) == [("waiting", "On its way"), ("withdrawn", "On its way")]
    assert [about for about in await desk.whispers() if about != "undo_offer"] == []


async def test_words_that_could_not_be_heard_are_given_back_with_the_incidents_number(
    offered: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = offered
    await desk.li.uses("Reply to the buyer", desk.head)
    form = await desk.li.expects_modal()

    async def broken(*_: Any) -> Any:
        raise RuntimeError("nobody expected this")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.store, "read", broken)
        await desk.li.runs(desk.post, "/reply", text="On its way")
        told = visible(await desk.li.expects_ephemeral("It is not certain"))
        assert "On its way" in told
        assert "Reason" in told
        desk.world.server.ephemerals.clear()
        await desk.li.submits(form, {"text": "By form"})
        assert "By form" in visible(await desk.li.expects_ephemeral("It is not certain"))
    assert await desk.said() == []


async def test_words_that_may_stand_there_are_not_said_to_be_unsent(offered: Desk) -> None:
    desk = offered
    desk.world.faults.plan(Fault("interactions.callback", Trouble.DROP_AFTER, code="502", times=2))
    desk.world.faults.plan(Fault("followups.get", Trouble.SERVER_ERROR, code="502", times=9))
    await desk.li.runs(desk.post, "/reply", text="On its way")
    assert "On its way" in visible(await desk.li.expects_ephemeral("It is not certain that this stands in the thread"))
    assert await desk.said() == [("waiting", "On its way")]
