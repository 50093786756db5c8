"""From a typed command line to the `data` of an interaction, after the checks of Discord's client."""

from collections.abc import Mapping
from typing import Any

from chatops.sandbox.discord.command_checks import BOOLEAN, GROUP, INTEGER, NUMBER, STRING
from chatops.sandbox.discord.message import Json

KINDS = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: float}


def named(command: Json) -> Json:
    """Return what every command interaction tells of its command."""
    shown: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return shown | {"guild_id": command["guild_id"]} if "guild_id" in command else shown


def typed(command: Json, rest: str, options: Mapping[str, Any], focused: str | None = None) -> Json:
    """Return the data of a slash command.

    Leading words of `rest` choose sub-commands, what is left is the first option's text; `options` name the others.
    `focused` is the option that is still being typed, which needs no other one to be there.
    """
    path, known = [], command["options"]
    while known and known[0]["type"] <= GROUP:
        word, _, rest = rest.partition(" ")
        chosen = next((option for option in known if option["name"] == word), None)
        if chosen is None:
            offered = ", ".join(option["name"] for option in known)
            raise AssertionError(f"/{command['name']} has no sub-command {word!r}; it has {offered}")
        path.append(chosen)
        known = chosen.get("options") or []
    given = dict(options)
    if rest.strip():
        if not known:
            raise AssertionError(f"/{command['name']} takes nothing, and {rest!r} was typed")
        given.setdefault(known[0]["name"], rest.strip())
    filled = _filled(command["name"], known, given, focused)
    for step in reversed(path):
        filled = [{"name": step["name"], "type": step["type"], "options": filled}]
    return named(command) | ({"options": filled} if filled else {})


def _filled(name: str, known: list[Json], given: dict[str, Any], focused: str | None) -> list[Json]:
    if unknown := given.keys() - {option["name"] for option in known}:
        raise AssertionError(f"/{name} has no option {', '.join(sorted(unknown))}")
    filled = []
    for option in known:
        if option["name"] in given:
            filled.append(_value(option, given[option["name"]], typing=option["name"] == focused))
        elif option.get("required") and focused is None:
            raise AssertionError(f"/{name} wants {option['name']}")
    return filled


def _value(option: Json, value: Any, *, typing: bool) -> Json:
    own: Json = {"name": option["name"], "type": option["type"]}
    if typing:
        if not option.get("autocomplete"):
            raise AssertionError(f"{option['name']} offers nothing while one types")
        return own | {"value": str(value), "focused": True}
    if option["type"] not in KINDS:
        return own | {"value": str(getattr(value, "id", value))}
    for choice in option.get("choices") or []:
        if value in {choice["name"], choice["value"]}:
            return own | {"value": choice["value"]}
    if option.get("choices"):
        raise AssertionError(f"{option['name']} is one of {', '.join(choice['name'] for choice in option['choices'])}")
    fits = isinstance(value, KINDS[option["type"]])
    if isinstance(value, str):
        fits &= option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000)
    if not fits:
        raise AssertionError(f"{option['name']} does not take {value!r}")
    return own | {"value": value}
