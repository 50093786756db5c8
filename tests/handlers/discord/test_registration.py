"""What Discord offers is what the catalogue has, in every language, and is sent only when it is not there yet."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chatops.cards.commands import MENUS, by_menu
from chatops.catalog import CATALOG
from chatops.i18n import LANGUAGES, negotiate
from chatops.sandbox.faults import Fault, Trouble
from chatops.store import Store
from handlers.discord.registration import LOCALES, payload
from tests.handlers.discord.desk import Desk, once, open_desk

PUT, LIST = "commands.put", "commands.list"


def owners(commands: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield whatever has a name: commands, sub-commands, arguments."""
    for command in commands:
        yield command
        yield from owners(command.get("options") or [])


def texts(owner: dict[str, Any], key: str) -> list[str]:
    """Return a name or description in every language."""
    return [owner[key], *owner[f"{key}_localizations"].values()]


def names_in(owner: dict[str, Any]) -> list[str]:
    return texts(owner, "name")


def asked(desk: Desk, name: str) -> int:
    """Return how often Discord was asked for something."""
    return sum(request.name == name for request in desk.world.requests)


async def offered(desk: Desk) -> set[str]:
    """Return what people can choose, once it is there."""
    await once(lambda: len(desk.app.commands) == len(payload()))
    return {command["name"] for command in desk.app.commands.values()}


def test_every_verb_of_the_catalogue_can_be_reached_in_discord() -> None:
    registered = {command["name"]: command for command in payload()}
    for entry in CATALOG:
        ways = [entry.button, entry.reactions, entry.command.partition(" ")[0] in registered, entry.verb in MENUS]
        assert any(ways), entry.verb
        if entry.menu:
            assert by_menu(MENUS[entry.verb]()) is entry.verb
    assert by_menu("Something older") is None


def test_every_language_has_its_words() -> None:
    assert {negotiate(locale) for locale in LOCALES} == set(LANGUAGES) - {"en", "ms", "fil", "ar"}
    for owner in owners(payload()):
        assert set(owner["name_localizations"]) == set(LOCALES)


def test_discord_takes_every_name_in_every_language() -> None:
    for owner in owners(payload()):
        if "description" not in owner:  # an entry of a menu, or a choice: they may have blanks
            assert all(1 <= len(name) <= 32 for name in names_in(owner)), owner
            continue
        for name in names_in(owner):
            assert len(name) <= 32
            assert name == name.lower() == unicodedata.normalize("NFC", name)
            assert re.fullmatch(r"[-_'\w\u0e00-\u0e7f]+", name), name
        for told in texts(owner, "description"):
            assert 1 <= len(told) <= 100, told


@pytest.mark.parametrize("locale", [None, *LOCALES])
def test_no_two_commands_have_the_same_name(locale: str | None) -> None:
    def shown(command: dict[str, Any]) -> tuple[int, str]:
        return command["type"], command["name_localizations"][locale] if locale else command["name"]

    assert len({shown(command) for command in payload()}) == len(payload())


async def test_a_new_bot_offers_every_command_in_servers(desk: Desk) -> None:
    assert {"reply", "note", "claim", "resolve", "reopen", "desk", "Reply to the buyer"} <= await offered(desk)
    reply = next(command for command in desk.app.commands.values() if command["name"] == "reply")
    assert reply["name_localizations"]["zh-CN"] == "回复"
    assert reply["contexts"] == [0], "not in a direct conversation with the bot"


async def test_what_is_there_is_not_sent_again(desk: Desk, store: Store) -> None:
    await offered(desk)
    await desk.edge.stop()
    again = type(desk.edge)(desk.config, store, desk.discord, desk.clock, "replica-2")
    await again.start()
    await once(lambda: asked(desk, LIST) == 2)
    await once(again.connected)
    assert asked(desk, PUT) == 1
    await again.stop()


async def test_a_session_that_begins_anew_registers_nothing(desk: Desk) -> None:
    await offered(desk)
    before = asked(desk, LIST)
    desk.world.gateway.invalidate()
    await desk.rests()
    await desk.connected()
    assert (asked(desk, LIST), asked(desk, PUT)) == (before, 1)


async def test_what_somebody_else_changed_is_mended(store: Store) -> None:
    async with open_desk(store, listening=False) as desk:
        await desk.discord.commands.replace(desk.app.id, [*payload()[1:], {"name": "older", "description": "Gone"}])
        await desk.edge.start()
        await once(lambda: asked(desk, PUT) == 2)
        assert "older" not in await offered(desk)


async def test_what_fails_is_tried_again_soon(store: Store) -> None:
    async with open_desk(store, listening=False) as desk:
        desk.world.faults.plan(Fault(LIST, Trouble.UNAVAILABLE, times=2))
        await desk.edge.start()
        await once(lambda: asked(desk, LIST) == 1)
        assert desk.app.commands == {}
        desk.world.time.skip(timedelta(seconds=5))
        await once(lambda: asked(desk, LIST) == 2)
        desk.world.time.skip(timedelta(seconds=10))
        assert "reply" in await offered(desk)
