"""Who reads: the language that everything inside `with language(…)` is said in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

SOURCE = "en"  # the sentences in the code are English; every other language has a catalogue
LANGUAGES = (SOURCE, "zh_Hans", "id", "th", "vi", "es", "ms", "fil", "pt_BR", "de", "fr", "it", "ja", "ar")

_BY_PRIMARY_TAG = MappingProxyType({name.partition("_")[0]: name for name in LANGUAGES} | {"in": "id", "tl": "fil"})
_WISH = re.compile(r"(?P<tag>[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)(\s*;\s*q=(?P<weight>[01](\.[0-9]{0,3})?))?")
_current: ContextVar[str] = ContextVar("language", default=SOURCE)


def negotiate(locale_tag: str) -> str:
    """Return which of `LANGUAGES` serves a reader of `locale_tag` (`zh-CN`, `es_MX`, …) best; English if none does."""
    primary = locale_tag.strip().replace("_", "-").partition("-")[0].lower()
    return _BY_PRIMARY_TAG.get(primary, SOURCE)


def liked_best(accept_language: str) -> str:
    """Return which of our languages a browser likes best (RFC 9110, 12.5.4); English when it names none of them."""
    wishes = [wish for piece in accept_language.split(",") if (wish := _WISH.fullmatch(piece.strip()))]
    for wish in sorted(wishes, key=lambda wish: float(wish["weight"] or 1), reverse=True):
        ours = negotiate(wish["tag"])
        if float(wish["weight"] or 1) and (ours != SOURCE or wish["tag"].lower().partition("-")[0] == SOURCE):
            return ours
    return SOURCE


def current() -> str:
    """Return the language being spoken, one of `LANGUAGES`."""
    return _current.get()


@contextmanager
def language(locale_tag: str) -> Iterator[None]:
    """Speak the language of `locale_tag` inside the block; blocks nest, and concurrent work does not notice."""
    token = _current.set(negotiate(locale_tag))
    try:
        yield
    finally:
        _current.reset(token)
