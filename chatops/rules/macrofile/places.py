"""The names that parts and languages have in a file, and an entry's parts as words."""

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from chatops.rules.languages import LANGUAGES
from chatops.rules.macrofile.entry import MacroEntry, Part, Problem

OTHER_TAGS = {"tl": "fil", "in": "id", "zh-cn": "zh", "zh-hans": "zh"}  # what people and old software write
TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}))?", re.IGNORECASE)
BETWEEN_WORDS = re.compile(r"[,，、;；\n]+")
PARTS = {part.value: part for part in Part}


def locale_of(name: str) -> str | None:
    """Return a language tag as we write it ("PT_br" → "pt-BR"), None when it is no language a buyer here speaks."""
    tag = name.strip().replace("_", "-")
    found = TAG.fullmatch(OTHER_TAGS.get(tag.lower(), tag))
    if found is None:
        return None
    language, script, region = (part or "" for part in found.groups())
    language = OTHER_TAGS.get(language.lower(), language.lower())
    if language not in LANGUAGES:
        return None
    return "-".join(part for part in (language, script.title(), region.upper()) if part)


def no_language(line: int, name: str) -> Problem:
    """Say that a language is not known."""
    return Problem(line, f"{name!r} is no language", f"Use one of {', '.join(LANGUAGES)} (or with a region: pt-BR).")


def no_part(line: int, name: str, known: Iterable[str]) -> Problem:
    """Say that there is nothing of this name, and what may have been meant."""
    near = get_close_matches(name.lower(), known := list(known), 1)
    remedy = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}."
    return Problem(line, f"there is no {name!r}", remedy)


def said_by(part: Part, text: str) -> tuple[str, ...]:
    """Return the things a list in one cell names: acts go line by line, the others also by commas."""
    things = text.split("\n") if part is Part.ACTS else BETWEEN_WORDS.split(text)
    return tuple(word for thing in things if (word := thing.strip()))


def place_of(entry: MacroEntry, part: Part, locale: str = "") -> tuple[str, ...]:
    """Return what an entry says at a place, () for nothing."""
    match part:
        case Part.KEYWORDS:
            return entry.keywords.get(locale, ())
        case Part.TEXT:
            return (entry.texts[locale],) if locale in entry.texts else ()
        case Part.SIGNED_OFF:
            signed = entry.signed_off.get(locale)
            return (f"{signed.by} {signed.on.isoformat()}",) if signed else ()
        case Part.ARCHIVED:
            return ("yes",) if entry.archived else ()
    said = getattr(entry, part.value)
    if isinstance(said, tuple):
        return said
    text = said.isoformat() if isinstance(said, date) else said
    return (text,) if text else ()
