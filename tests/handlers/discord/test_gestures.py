"""Presses and reactions: stateless, acknowledged in time, counted once."""

import asyncio
from typing import Any

import pytest

from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.model.agent import Agent, Role
from chatops.refs import ticket_ref
from chatops.store.transaction import Transaction
from chatops.ui import Button, Confirm, Press
from handlers import asking
from handlers.discord import context
from tests.handlers.discord.desk import Desk, slow_database
from tests.handlers.slack.desk import SHOP, TICKET

REF = ticket_ref(SHOP, TICKET)


async def test_claim_by_button(desk: Desk) -> None:
    pressed = await desk.noor.clicks(desk.head, "Claim")
    assert pressed.acked
    assert (await desk.ticket()).assignee_id == desk.noor.id


async def test_claim_by_reaction_and_give_back(desk: Desk) -> None:
    await desk.li.reacts(desk.head, "👀")
    assert (await desk.ticket()).assignee_id == desk.li.id
    await desk.li.unreacts(desk.head, "👀")
    assert (await desk.ticket()).assignee_id is None


async def test_resolve_by_reaction(desk: Desk) -> None:
    await desk.li.reacts(desk.head, "✅")
    assert (await desk.ticket()).state.value == "resolved"


async def test_a_reaction_that_means_nothing_changes_nothing(desk: Desk) -> None:
    version = (await desk.ticket()).version
    await desk.li.reacts(desk.head, "🎉")
    assert (await desk.ticket()).version == version


async def test_an_old_button_says_privately_that_it_means_nothing(desk: Desk) -> None:
    shown = await desk.shows(button(Verb.CLAIM, ticket_ref(SHOP, "gone.1")))
    await desk.noor.clicks(shown, "Claim")
    await desk.noor.expects_ephemeral("nothing was done")


async def test_a_dangerous_button_asks_first(desk: Desk) -> None:
    doubt = Confirm(title="Sure?", text="It is done twice then.", yes="Yes", no="No")
    shown = await desk.shows(button(Verb.RESOLVE, REF, confirm=doubt))
    await desk.noor.clicks(shown, "Resolve")
    question = await desk.noor.expects_ephemeral("Send it again?")
    assert (await desk.ticket()).state.value == "open"
    await desk.noor.clicks(question, "Send again")
    assert (await desk.ticket()).state.value == "resolved"


async def test_a_press_is_acknowledged_in_time_although_the_database_is_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = slow_database(desk, monkeypatch)
    pressed = await desk.noor.clicks(desk.head, "Claim")
    assert pressed.acked
    free.set()
    assert (await desk.ticket()).assignee_id == desk.noor.id


async def test_a_pack_is_shown_although_it_takes_long_to_see_what_it_would_move(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, read = asyncio.Event(), desk.store.read

    async def late(question: Any, *args: Any) -> Any:
        if question is asking.before:
            await free.wait()
        return await read(question, *args)

    await desk.store.write(_lead, desk.world.server.id, desk.noor.id)
    shown = await desk.shows(Button("Take it", Press(Verb.PROMISES_TAKE, "small-shop")))
    monkeypatch.setattr(desk.store, "read", late)
    monkeypatch.setattr(context, "PROMISE_AFTER", 0.05)
    assert (await desk.noor.clicks(shown, "Take it")).acked
    free.set()
    await desk.noor.expects_ephemeral("Its hours are those of")


def _lead(tx: Transaction, server_id: str, agent_id: str) -> None:
    tx.insert(Agent(workspace_id=server_id, id=agent_id, role=Role.LEAD))
