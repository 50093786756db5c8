"""Commands and menus: words are shown in the thread and heard there, everything else is answered to one person."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from chatops.catalog import Verb
from chatops.desk import macro_library, setup
from chatops.model.agent import Agent, Role
from chatops.model.message import Message
from chatops.platforms.discord.spoken import spoken
from chatops.rules.macrofile import MacroEntry
from chatops.sandbox.discord.message import Message as Shown
from chatops.sandbox.discord.reading import visible
from chatops.sandbox.faults import Fault, Trouble
from chatops.store import Store
from chatops.store.transaction import Transaction
from chatops.times import SystemTime
from handlers.discord.registration import payload
from tests.handlers.discord.desk import Desk, once, open_desk, slow_database

TOO_LATE = timedelta(seconds=4)


@pytest.fixture
async def offered(desk: Desk) -> Desk:
    """The desk once people can choose its commands."""
    await once(lambda: desk.app.commands)
    return desk


def newest(desk: Desk) -> Shown:
    """Return the newest message of the post."""
    return list(desk.post.messages.values())[-1]


async def test_an_answer_by_command_stands_in_the_thread_and_leaves(offered: Desk) -> None:
    desk = offered
    await desk.li.runs(desk.post, "/reply", text="**On its way!** :)")
    assert await desk.said() == [("waiting", "On its way! :)")]
    shown = newest(desk)
    assert "Li" in visible(shown)
    assert "On its way!" in visible(shown)
    [message] = await desk.store.read(_messages)
    assert (message.source_id, message.agent_id) == (shown.id, desk.li.id)
    assert desk.world.server.pings == []


def _messages(tx: Transaction) -> list[Message]:
    return tx.all(Message, select(Message))


async def test_whoever_answers_by_command_is_told_privately_what_becomes_of_it(offered: Desk) -> None:
    await offered.li.runs(offered.post, "/reply", text="On its way")
    assert "undo_offer" in await offered.whispers()
    agent = await offered.store.read(_agent, offered.world.server.id, offered.li.id)
    assert agent.trigger
    assert agent.locale == "en-US"


def _agent(tx: Transaction, server_id: str, agent_id: str) -> Agent:
    found = tx.get(Agent, server_id, agent_id)
    assert found is not None
    return found


async def test_answers_by_command_and_typed_ones_keep_their_order(offered: Desk) -> None:
    desk = offered
    await desk.says(desk.li, "one")
    await desk.li.runs(desk.post, "/reply", text="two")
    await desk.says(desk.li, "three")
    await desk.comes_to_say(("waiting", "one"), ("waiting", "two"), ("waiting", "three"))


async def test_an_answer_by_command_is_heard_although_we_ended_right_after_showing_it(store: Store) -> None:
    async with open_desk(store, listening=False) as desk:
        await desk.discord.commands.replace(desk.app.id, payload())
        running = asyncio.create_task(desk.li.runs(desk.post, "/reply", text="On its way"))
        await once(lambda: desk.world.interactions.begun)
        [begun] = desk.world.interactions.begun.values()
        await desk.discord.answers.openly(f"{begun.id}:{begun.token}", spoken("Li", "On its way", Verb.REPLY))
        assert (await running).acked
        await desk.edge.start()
        await desk.connected()
        await desk.edge.caught_up()
        assert await desk.said() == [("waiting", "On its way")]


async def test_a_note_by_command_stands_in_the_thread_and_stays_inside(offered: Desk) -> None:
    await offered.li.runs(offered.post, "/note", text="She asked twice already")
    assert await offered.said() == [("note", "She asked twice already")]
    assert "She asked twice already" in visible(newest(offered))


async def test_an_answer_by_command_that_looks_like_a_note_stays_inside(offered: Desk) -> None:
    await offered.li.runs(offered.post, "/reply", text="// check with Noor")
    assert await offered.said() == [("note", "check with Noor")]
    assert "note_kept" in await offered.whispers()


async def test_claim_resolve_and_reopen_by_command(offered: Desk) -> None:
    desk = offered
    await desk.noor.runs(desk.post, "/claim")
    await desk.noor.expects_ephemeral("The ticket is yours.")
    assert (await desk.ticket()).assignee_id == desk.noor.id
    await desk.li.runs(desk.post, "/claim")
    await desk.li.expects_ephemeral("has already claimed this ticket")
    await desk.noor.runs(desk.post, "/resolve")
    await desk.noor.expects_ephemeral("The ticket is resolved.")
    assert (await desk.ticket()).state.value == "resolved"
    await desk.noor.runs(desk.post, "/reopen")
    await desk.noor.expects_ephemeral("The ticket is open again.")
    assert (await desk.ticket()).state.value == "open"
    assert await desk.whispers() == []


async def test_private_answers_speak_the_language_of_the_persons_client(offered: Desk) -> None:
    await offered.noor.changes(locale="es-ES")
    await offered.noor.runs(offered.post, "/claim")
    await offered.noor.expects_ephemeral("El ticket es tuyo.")


async def test_help_by_command_names_the_commands(offered: Desk) -> None:
    await offered.li.runs(offered.post, "/desk help")
    await offered.li.expects_ephemeral("/reply")
    await offered.noor.runs(offered.world.create_channel("elsewhere"), "/desk help")
    await offered.noor.expects_ephemeral("/reply")


async def test_a_zone_is_told_by_command_or_form_and_shown_on_the_own_page(offered: Desk) -> None:
    desk = offered
    zones = await desk.li.asks_options(desk.post, "/desk zone", "zone", "bangk")
    assert zones == [{"name": "Asia/Bangkok", "value": "Asia/Bangkok"}]
    await desk.li.runs(desk.post, "/desk zone", zone="Atlantis")
    assert "Atlantis" in visible(await desk.li.expects_ephemeral("there is no such time zone"))
    await desk.li.runs(desk.world.create_channel("elsewhere"), "/desk zone", zone="bangkok")
    own = await desk.li.expects_ephemeral("Asia/Bangkok")
    await desk.li.clicks(own, "My languages")
    form = await desk.li.expects_modal()
    await desk.li.submits(form, {"text": "th en"})
    await desk.li.expects_ephemeral("Thai, English")
    agent = await desk.store.read(_agent, desk.world.server.id, desk.li.id)
    assert (agent.timezone, agent.languages) == ("Asia/Bangkok", ["th", "en"])


async def test_while_a_command_is_typed_discord_offers_what_fits(offered: Desk) -> None:
    desk = offered
    thanks = MacroEntry(id="thanks", name="Thank you", folder="Closing", texts={"en": "Thank you!"})
    await desk.store.write(macro_library.apply, [thanks], desk.clock.now())
    assert await desk.noor.asks_options(desk.post, "/macro", "macro", "tha") == [
        {"name": "Closing · Thank you", "value": "thanks"}
    ]
    await desk.store.write(_appoint, Agent(workspace_id=desk.world.server.id, id=desk.noor.id, role=Role.LEAD))
    await desk.store.write(_named, desk.noor.id, "Noor")
    assert await desk.li.asks_options(desk.post, "/assign", "who", "no") == [
        {"name": "Noor", "value": f"<@{desk.noor.id}>"}
    ]
    assert {"name": "Tomorrow at nine", "value": "tomorrow 9"} in await desk.li.asks_options(
        desk.post, "/snooze", "when", ""
    )
    await desk.li.runs(desk.post, "/assign", who=f"<@{desk.noor.id}>")
    await desk.li.runs(desk.post, "/level", level="Quality")
    ticket = await desk.ticket()
    assert (ticket.assignee_id, ticket.level) == (desk.noor.id, "quality")


def _named(tx: Transaction, agent_id: str, name: str) -> None:
    tx.execute(update(Agent).where(col(Agent.id) == agent_id).values(name=name))


async def test_outside_of_a_ticket_nothing_typed_is_lost(offered: Desk) -> None:
    elsewhere = offered.world.create_channel("elsewhere")
    await offered.li.runs(elsewhere, "/reply", text="On its way")
    told = await offered.li.expects_ephemeral("This works in the thread of a ticket.")
    assert "On its way" in visible(told)
    assert await offered.said() == []
    assert list(elsewhere.messages) == []


async def test_what_buyers_wrote_is_found_only_where_their_tickets_are(offered: Desk) -> None:
    general = offered.world.create_channel("general")
    await offered.li.runs(general, "/find", words="Mia")
    await offered.li.expects_ephemeral("This works in the thread of a ticket.")
    await offered.li.runs(general, "/queue")
    await offered.li.expects_ephemeral("Yours")
    await offered.li.runs(offered.post, "/find", words="Mia")
    await offered.li.expects_ephemeral("Found for Mia")


async def test_who_may_not_answer_is_told_before_anything_is_shown(offered: Desk) -> None:
    desk = offered
    await desk.store.write(_appoint, Agent(workspace_id=desk.world.server.id, id=desk.noor.id, role=Role.OBSERVER))
    before = list(desk.post.messages)
    await desk.noor.runs(desk.post, "/reply", text="On its way")
    told = await desk.noor.expects_ephemeral("You may not do this here.")
    assert "On its way" in visible(told)
    await desk.noor.runs(desk.post, "/claim")
    assert list(desk.post.messages) == before
    assert await desk.said() == []
    assert (await desk.ticket()).assignee_id is None


def _appoint(tx: Transaction, agent: Agent) -> None:
    setup._appoint(tx, [agent], SystemTime().now())


async def test_words_whose_showing_is_in_doubt_are_shown_once(offered: Desk) -> None:
    desk = offered
    desk.world.faults.plan(Fault("interactions.callback", Trouble.DROP_AFTER))
    await desk.li.runs(desk.post, "/reply", text="On its way")
    assert await desk.said() == [("waiting", "On its way")]
    desk.world.faults.plan(Fault("interactions.callback", Trouble.DROP_BEFORE))
    await desk.li.runs(desk.post, "/reply", text="And another")
    await desk.comes_to_say(("waiting", "On its way"), ("waiting", "And another"))


async def test_words_that_discord_does_not_take_are_given_back_privately(offered: Desk) -> None:
    desk = offered
    desk.world.faults.plan(Fault("interactions.callback", Trouble.ERROR, code="50013"))
    await desk.li.runs(desk.post, "/reply", text="On its way")
    assert "On its way" in visible(await desk.li.expects_ephemeral("Not sent"))
    assert await desk.said() == []


async def test_words_that_come_too_late_for_discord_are_given_back_in_the_thread(offered: Desk) -> None:
    desk = offered
    desk.world.faults.plan(Fault("interactions.callback", Trouble.ERROR, code="10062", times=2))
    running = asyncio.create_task(desk.li.runs(desk.post, "/reply", text="On its way"))
    await once(lambda: "Not sent" in visible(newest(desk)))
    desk.world.time.skip(TOO_LATE)
    assert not (await running).acked
    assert "On its way" in visible(newest(desk))
    assert await desk.said() == []


async def test_a_command_of_an_older_version_says_that_it_is_gone(offered: Desk) -> None:
    desk = offered
    desk.world.commands.put(desk.app, None, {"name": "shrug", "description": "An older command"})
    await desk.li.runs(desk.post, "/shrug")
    await desk.li.expects_ephemeral("nothing was done")


async def test_a_command_that_is_told_twice_counts_once(offered: Desk) -> None:
    offered.world.carrier.duplicate_next(1)
    await offered.li.runs(offered.post, "/reply", text="On its way")
    assert await offered.said() == [("waiting", "On its way")]
    assert sum("On its way" in visible(message) for message in offered.post.messages.values()) == 1
    offered.world.carrier.duplicate_next(1)
    await offered.li.runs(offered.post, "/claim")
    await offered.li.expects_ephemeral("The ticket is yours.")
    await offered.rests()
    assert len(offered.li.ephemerals) == 1


async def test_commands_are_answered_in_time_although_the_database_is_not(
    offered: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, free = offered, slow_database(offered, monkeypatch)
    assert (await desk.li.runs(desk.post, "/claim")).acked
    assert (await desk.li.runs(desk.post, "/reply", text="On its way")).acked
    free.set()
    assert await desk.said() == [("waiting", "On its way")]
    assert (await desk.ticket()).assignee_id == desk.li.id


async def test_a_command_that_fails_after_it_was_promised_an_answer_says_so(
    offered: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> Any:
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr(offered.store, "write", broken)
    assert (await offered.li.runs(offered.post, "/claim")).acked
    await offered.li.expects_ephemeral("Something unexpected happened")


# Menus


async def test_a_form_from_a_messages_menu_answers_the_buyer(offered: Desk) -> None:
    desk = offered
    await desk.li.uses("Reply to the buyer", desk.head)
    form = await desk.li.expects_modal()
    await desk.li.submits(form, {"text": "On its way"})
    assert await desk.said() == [("waiting", "On its way")]
    assert "Li" in visible(newest(desk))


async def test_an_answer_is_taken_back_and_copied_from_its_menu(offered: Desk) -> None:
    desk = offered
    said = await desk.says(desk.li, "On its way")
    await desk.comes_to_say(("waiting", "On its way"))
    await desk.li.uses("Take it back", said)
    await desk.comes_to_say(("withdrawn", "On its way"))
    await desk.li.uses("Copy the words", said)
    assert [about for about in await desk.whispers() if about != "undo_offer"] == ["withdrawn", "copied"]


async def test_a_note_is_sent_from_its_menu(offered: Desk) -> None:
    desk = offered
    note = await desk.says(desk.li, "// On its way")
    await desk.comes_to_say(("note", "On its way"))
    await desk.noor.uses("Send to the buyer", note)
    assert sorted(await desk.said()) == [("waiting", "On its way"), ("withdrawn", "On its way")]


async def test_a_menu_on_what_nobody_of_the_team_wrote_changes_nothing(offered: Desk) -> None:
    desk = offered
    for name in ("Take it back", "Copy the words", "Send to the buyer"):
        await desk.li.uses(name, desk.head)
        await desk.li.expects_ephemeral("what somebody of your team wrote")
        desk.world.server.ephemerals.clear()
    assert await desk.said() == []
