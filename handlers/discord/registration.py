"""What people can choose in Discord, made from the catalogue, in every language Discord and the product share.

Discord keeps the commands of an application, so they are read at the start and replaced only when they differ: a new
name counts against two hundred a day, and nobody's client has to learn anew what has not changed. Comparing with what
is there, and not with what we remember to have sent, also mends what somebody else changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import structlog

from chatops.cards import commands as cards
from chatops.cards import forms
from chatops.catalog import CATALOG, Argument, Entry, Takes
from chatops.errors import PlatformError
from chatops.i18n import language
from handlers.discord.context import Context

Json = dict[str, Any]

# Discord's names of our languages that are not the default, English; it has no Malay, Filipino or Arabic.
LOCALES = ("zh-CN", "zh-TW", "id", "th", "vi", "es-ES", "es-419", "pt-BR", "de", "fr", "it", "ja")
SLASH, ON_MESSAGE = 1, 3
SUB_COMMAND, TEXT = 1, 3
CLOSED = {Takes.LANGUAGE, Takes.LEVEL, Takes.PRIORITY}
IN_SERVERS = {"contexts": [0], "integration_types": [0]}
log = structlog.get_logger(__name__)


async def sync(context: Context) -> bool:
    """Let Discord offer what the catalogue has; False when it could not be asked: what it has stays meanwhile."""
    application_id, wanted = context.ours.application_id, payload()
    try:
        if not _same(wanted, await context.discord.commands.all(application_id)):
            await context.discord.commands.replace(application_id, wanted)
            log.info("commands_registered", count=len(wanted))
    except PlatformError as error:
        log.warning("commands_not_registered", error=str(error))
        return False
    return True


@cache
def payload() -> list[Json]:
    """Return every command and menu entry as Discord takes them."""
    by_command: dict[str, list[Entry]] = {}
    for entry in CATALOG:
        if entry.command:
            by_command.setdefault(entry.command.partition(" ")[0], []).append(entry)
    slash = [_slash(name, entries) for name, entries in by_command.items()]
    menus = [{"type": ON_MESSAGE, **_named(cards.MENUS[entry.verb]), **IN_SERVERS} for entry in CATALOG if entry.menu]
    return slash + menus


def _slash(name: str, entries: Sequence[Entry]) -> Json:
    """Return one slash command, with its sub-commands if it has any."""
    options = list(_arguments(entries[0])) if entries[0].command == name else [_sub_command(one) for one in entries]
    return {"type": SLASH, **_told(name, name), "options": options, **IN_SERVERS}


def _sub_command(entry: Entry) -> Json:
    name = entry.command.partition(" ")[2]
    return {"type": SUB_COMMAND, **_told(name, entry.command), "options": list(_arguments(entry))}


def _arguments(entry: Entry) -> Iterator[Json]:
    argument: Argument | None = entry.argument
    if argument is not None:
        told = _told(argument.name, f"{entry.command} {argument.name}")
        yield {"type": TEXT, **told, "required": not argument.optional, **_offered(argument)}


def _offered(argument: Argument) -> Json:
    """Return what Discord offers while one types: a closed list by itself, anything else it asks us for."""
    if argument.takes in CLOSED:
        return {"choices": [_choice(argument.takes, number) for number in range(len(forms.fixed(argument.takes)))]}
    asked = {"autocomplete": True} if argument.takes is not Takes.WORDS else {}
    return {"max_length": argument.limit, **asked}


def _choice(takes: Takes, number: int) -> Json:
    return {**_named(lambda: forms.fixed(takes)[number].label), "value": forms.fixed(takes)[number].value}


def _told(name: str, about: str) -> Json:
    """Return a name and what it is about."""
    return {**_named(cards.NAMES[name]), **_described(cards.EXPLANATIONS[about])}


def _named(said: Callable[[], str]) -> Json:
    return {"name": _in_english(said), "name_localizations": _in_others(said)}


def _described(said: Callable[[], str]) -> Json:
    return {"description": _in_english(said), "description_localizations": _in_others(said)}


def _in_english(said: Callable[[], str]) -> str:
    with language("en"):
        return said()


def _in_others(said: Callable[[], str]) -> dict[str, str]:
    found = {}
    for locale in LOCALES:
        with language(locale):
            found[locale] = said()
    return found


def _same(wanted: Sequence[Json], there: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether Discord has exactly these commands; what it adds to each of its own accord is no difference."""
    if len(wanted) != len(there):
        return False
    kept = {(command.get("type", SLASH), command.get("name")): command for command in there}
    return all(_kept(command, kept.get((command["type"], command["name"]))) for command in wanted)


def _kept(wanted: Any, there: Any) -> bool:
    """Tell whether everything wanted is there; Discord may leave out what is empty."""
    if isinstance(wanted, dict):
        return all(_kept(value, (there or {}).get(name)) for name, value in wanted.items())
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], dict):
        found = there or []
        return len(wanted) == len(found) and all(map(_kept, wanted, found))
    return bool(wanted == there or (not wanted and not there))
