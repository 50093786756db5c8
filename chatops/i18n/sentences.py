"""Looking sentences up, and filling their placeholders."""

import string
from collections.abc import Iterator, Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from chatops.i18n.directions import apart, isolated
from chatops.i18n.formats import number, right_to_left
from chatops.i18n.reader import SOURCE, current

T = TypeVar("T")

LOCALES = Path(__file__).parent / "locales"
_PATTERN = string.Formatter()


def catalogue(language: str) -> Path:
    """Return where a language's translations are kept."""
    return LOCALES / language / "LC_MESSAGES" / "chatops.po"


@cache
def _translations(language: str) -> NullTranslations:
    """Read a catalogue once; reading takes some milliseconds, so nothing needs to be compiled beforehand."""
    if language == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    with catalogue(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _(sentence: str, /, **facts: str | int) -> str:
    """Return a sentence in the reader's language with its `{placeholders}` filled."""
    return _filled(_translations(current()).gettext(sentence), facts)


def ngettext(one: str, many: str, count: int, /, **facts: str | int) -> str:
    """Return the sentence that fits `count`, which fills `{count}`."""
    return _filled(_translations(current()).ngettext(one, many, count), {"count": count, **facts})


def weave(sentence: str, /, **parts: T) -> tuple[str | T, ...]:
    """Return a sentence as a line: its words, with `parts` (moments, mentions, …) standing where their names are."""
    return tuple(_woven(_translations(current()).gettext(sentence), parts))


def _woven(pattern: str, parts: Mapping[str, str | T]) -> Iterator[str | T]:
    for words, name, _spec, _conversion in _PATTERN.parse(pattern):
        if words:
            yield apart(words)
        if name is not None:
            part = parts[name]
            yield isolated(part) if isinstance(part, str) else part


def _filled(pattern: str, facts: Mapping[str, str | int]) -> str:
    written = {name: isolated(fact) if isinstance(fact, str) else number(fact) for name, fact in facts.items()}
    if not right_to_left():
        return pattern.format(**written)
    return "".join(apart(words) + (written[name] if name else "") for words, name, *_rest in _PATTERN.parse(pattern))
