"""Presses and reactions: stateless, acknowledged in time, counted once."""

import pytest

from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.refs import ticket_ref
from chatops.ui import Confirm
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
