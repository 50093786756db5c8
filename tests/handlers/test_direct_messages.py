"""What the product writes to one person can be pressed there, and does the same as anywhere else."""

from collections.abc import AsyncIterator

import pytest

from chatops.cards.verbs import button, label
from chatops.catalog import SELF, Verb
from chatops.model import agent as agents
from chatops.platforms.ports import PersonRef
from chatops.sandbox.discord.people import Person as DiscordPerson
from chatops.store import Keyring, Store, generate_key, open_store
from chatops.times import SystemTime
from chatops.ui import Card, Controls
from tests.handlers.discord import desk as discord
from tests.handlers.slack import desk as slack

QUESTION = Card(summary="When may nobody call you?", parts=(Controls((button(Verb.QUIET, SELF),)),))


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    """A started store on an empty database."""
    opened = open_store(sqlite_url, time=SystemTime(), keys=Keyring([generate_key()]))
    await opened.start()
    yield opened
    await opened.close()


async def test_a_button_of_a_direct_message_in_slack_opens_its_form(store: Store) -> None:
    async with slack.open_desk(store) as desk:
        await desk.context.slack.direct(PersonRef(desk.world.team.id, desk.li.id), QUESTION, "d-1")
        asked = await desk.li.is_paged("When may nobody call you?")
        assert (await desk.li.clicks(asked, label(Verb.QUIET))).acked
        form = await desk.li.expects_modal()
        wrong = await desk.li.submits(form, {"text": {"text": "at night"}})
        assert "write the hours like" in str((wrong.body or {})["errors"])
        assert (await desk.li.submits(form, {"text": {"text": "22-8"}})).acked
        found = await store.read(agents.get, desk.world.team.id, desk.li.id)
        assert found is not None
        assert found.quiet == "22:00-08:00"


async def test_a_button_of_a_direct_message_in_discord_is_of_the_server_that_the_person_is_known_in(
    store: Store,
) -> None:
    async with discord.open_desk(store) as desk:
        home = desk.world.server.id
        await desk.says(desk.li, "// I am here")
        await desk.said()
        await desk.discord.direct(PersonRef(home, desk.li.id), QUESTION, "d-1")
        await _fills_in(desk.li, "at night")
        await desk.li.expects_ephemeral("write the hours like")
        await _fills_in(desk.li, "22-8")
        await desk.rests()
        found = await store.read(agents.get, home, desk.li.id)
        assert found is not None
        assert found.quiet == "22:00-08:00"


async def _fills_in(person: DiscordPerson, hours: str) -> None:
    asked = await person.is_paged("")
    assert (await person.clicks(asked, label(Verb.QUIET))).acked
    assert (await person.submits(await person.expects_modal(), {"text": hours})).acked
