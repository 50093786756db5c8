"""Forms: what they mean stands in them, and nothing that was written into one is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatops.model import agent as agents
from chatops.model.agent import Agent, Role
from chatops.refs import ticket_ref
from chatops.sandbox.discord.modals import Modal
from chatops.sandbox.discord.reading import visible
from chatops.store import Store
from chatops.store.transaction import Transaction
from tests.handlers.discord.desk import Desk, once
from tests.handlers.slack.desk import SHOP, TICKET

MENU = "Reply to the buyer"


@pytest.fixture
async def form(desk: Desk) -> Modal:
    """The form on Li's screen."""
    await once(lambda: desk.app.commands)
    await desk.li.uses(MENU, desk.head)
    return await desk.li.expects_modal()


async def test_a_form_asks_for_the_answer_in_the_language_of_the_client(desk: Desk, form: Modal) -> None:
    assert (form.title, list(form.inputs)) == (MENU, ["text"])
    assert form.custom_id == f"reply:{ticket_ref(SHOP, TICKET)}"
    assert form.inputs["text"]["max_length"] == 2000
    await desk.noor.changes(locale="th")
    await desk.noor.uses(MENU, desk.head)
    assert (await desk.noor.expects_modal()).title == "ตอบผู้ซื้อ"


async def test_what_was_written_goes_to_the_buyer(desk: Desk, form: Modal) -> None:
    assert (await desk.li.submits(form, {"text": "  On its way\n\nSee you!  "})).acked
    assert await desk.said() == [("waiting", "On its way\n\nSee you!")]
    assert "undo_offer" in await desk.whispers()


async def test_a_form_that_stayed_open_while_we_restarted_is_heard(desk: Desk, store: Store, form: Modal) -> None:
    await desk.edge.stop()
    desk.world.time.skip(timedelta(hours=1))
    desk.edge = type(desk.edge)(desk.config, store, desk.discord, desk.clock, "replica-2")
    await desk.edge.start()
    await desk.connected()
    assert (await desk.li.submits(form, {"text": "On its way"})).acked
    assert await desk.said() == [("waiting", "On its way")]
    await desk.edge.stop()


async def test_a_form_of_another_version_gives_the_words_back(desk: Desk, form: Modal) -> None:
    for older in ("teleport:749/1", "reply", ""):
        form.custom_id = older
        await desk.li.submits(form, {"text": "On its way"})
        told = await desk.li.expects_ephemeral("nothing was done")
        assert "On its way" in visible(told)
        desk.world.server.ephemerals.clear()
    assert await desk.said() == []


async def test_a_form_sent_outside_of_a_ticket_gives_the_words_back(desk: Desk, form: Modal) -> None:
    elsewhere = desk.world.create_channel("elsewhere")
    await desk.li.submits(replace(form, channel=elsewhere), {"text": "On its way"})
    assert "On its way" in visible(await desk.li.expects_ephemeral("in the thread of a ticket"))
    assert list(elsewhere.messages) == []


async def test_blanks_are_no_answer(desk: Desk, form: Modal) -> None:
    await desk.li.submits(form, {"text": " \n "})
    await desk.li.expects_ephemeral("there are no words")
    assert await desk.said() == []


async def test_who_may_not_answer_gets_the_words_back(desk: Desk, form: Modal) -> None:
    await desk.store.write(_only_looks, desk.world.server.id, desk.li.id)
    await desk.li.submits(form, {"text": "On its way"})
    refused = await desk.li.expects_ephemeral("You may not do this here.")
    assert "On its way" in visible(refused)
    assert await desk.said() == []
    await desk.store.write(_may_answer, desk.world.server.id, desk.li.id)
    assert (await desk.li.clicks(refused, "Edit again")).acked
    again = await desk.li.expects_modal()
    assert again.inputs["text"]["value"] == "On its way"
    await desk.li.submits(again)
    assert await desk.said() == [("waiting", "On its way")]


def _only_looks(tx: Transaction, server_id: str, agent_id: str) -> None:
    tx.insert(Agent(workspace_id=server_id, id=agent_id, role=Role.OBSERVER))


def _may_answer(tx: Transaction, server_id: str, agent_id: str) -> None:
    agent = agents.get(tx, server_id, agent_id)
    assert agent
    tx.update(agent, role=Role.AGENT)
