"""What Discord accepts as a command."""

import re
from typing import Any

from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.refusals import invalid

SLASH, ON_PERSON, ON_MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, PERSON, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
MOST = {SLASH: 100, ON_PERSON: 15, ON_MESSAGE: 15}
MOST_OPTIONS = 25
LONGEST_COMMAND = 8000  # names, descriptions and values together
SLASH_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")  # with the signs of Devanagari and Thai
KNOWN = {
    "name", "name_localizations", "description", "description_localizations", "options", "default_member_permissions",
    "dm_permission", "default_permission", "type", "nsfw", "contexts", "integration_types", "id", "handler",
}  # fmt: skip
LOCALES = {
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
}  # fmt: skip


def check_command(command: Any, path: str) -> None:
    """Refuse (50035) what Discord does not register."""
    if not isinstance(command, dict):
        raise invalid(path or "command", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    if unknown := command.keys() - KNOWN:
        raise invalid(_at(path, min(unknown)), "UNKNOWN_FIELD", "This field is not known")
    kind = command.get("type", SLASH)
    if kind not in MOST:
        raise invalid(_at(path, "type"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3}.")
    _check_names(command, path, slash=kind == SLASH)
    if kind != SLASH and (command.get("description") or command.get("options")):
        raise invalid(_at(path, "description"), "APPLICATION_COMMAND_CONTEXT_NO_DESCRIPTION", "Must be empty")
    _check_options(command.get("options") or [], path, depth=0)
    if _letters(command) > LONGEST_COMMAND:
        raise invalid(_at(path, "options"), "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")


def _check_names(owner: Json, path: str, *, slash: bool) -> None:
    names = {"name": owner.get("name")} | _localised(owner, "name", path)
    for key, name in names.items():
        fits = isinstance(name, str) and 1 <= len(name) <= 32 and name == name.strip()
        if not fits or (slash and (not SLASH_NAME.fullmatch(str(name)) or name != str(name).lower())):
            raise invalid(_at(path, key), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    if slash:
        for key, text in ({"description": owner.get("description")} | _localised(owner, "description", path)).items():
            if not isinstance(text, str) or not 1 <= len(text) <= 100:
                raise invalid(_at(path, key), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def _localised(owner: Json, key: str, path: str) -> Json:
    texts = owner.get(f"{key}_localizations") or {}
    if unknown := texts.keys() - LOCALES:
        raise invalid(_at(path, f"{key}_localizations"), "BASE_TYPE_CHOICES", f"{min(unknown)} is no locale")
    return {f"{key}_localizations.{locale}": text for locale, text in texts.items()}


def _check_options(options: list[Json], path: str, depth: int) -> None:
    if len(options) > MOST_OPTIONS:
        raise invalid(_at(path, "options"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    optional_seen = False
    for number, option in enumerate(options):
        here = _at(path, f"options.{number}")
        _check_names(option, here, slash=True)
        if option.get("type") not in range(SUBCOMMAND, ATTACHMENT + 1) or (option["type"] == GROUP and depth > 0):
            raise invalid(f"{here}.type", "BASE_TYPE_CHOICES", "Value must be one of the option types.")
        if option["type"] <= GROUP:
            _check_options(option.get("options") or [], here, depth + 1)
        elif option.get("required") and optional_seen:
            raise invalid(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must come first")
        optional_seen |= not option.get("required")
        _check_choices(option, here)
    if len({option["name"] for option in options}) < len(options):
        raise invalid(_at(path, "options"), "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Names must be unique")


def _check_choices(option: Json, path: str) -> None:
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        raise invalid(f"{path}.choices", "APPLICATION_COMMAND_OPTION_CHOICES_AUTOCOMPLETE", "Choices or autocomplete")
    if len(choices) > MOST_OPTIONS or any(not 1 <= len(choice["name"]) <= 100 for choice in choices):
        raise invalid(f"{path}.choices", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")


def _letters(owner: Json) -> int:
    """Count what Discord counts: names, descriptions and values, the longest of each language."""
    longest = sum(
        max(len(str(text)) for text in (owner.get(key) or "", *(owner.get(f"{key}_localizations") or {}).values()))
        for key in ("name", "description")
    )
    values = sum(len(str(choice.get("value", ""))) + _letters(choice) for choice in owner.get("choices") or [])
    return longest + values + sum(_letters(option) for option in owner.get("options") or [])


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
