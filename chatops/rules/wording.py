"""Finding words in what people write, as leads note them down in a file of rules.

Small and capital letters and accents are the same; only in Vietnamese, where accents make other words, they are not, as
soon as the text has any. `*` at the end of a word stands for any ending, `#` for a number, `...` for a few words in
between, `(one|other)` for either. Words stand by language; those under "*" count in every one.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

from chatops.rules.languages import LANGUAGES

ANY = "*"  # where a language stands: every one
TONAL = "vi"  # accents make other words
DEEPEST = 9  # brackets inside each other
FEW_WORDS, FEW_SIGNS = 6, 20  # that `...` may stand for; signs in scripts that do not part words
_LETTER = "[0-9a-z_ß-ɏḀ-ỿ]"  # of scripts that part words
_LATIN = re.compile(_LETTER)
_SIGNS = {"*": rf"{_LETTER}*", "#": r"\d[\d.,]*", "(": "(?:", ")": ")", "|": "|"}
_PART = re.compile(r"\.\.\.|[*#()|.]|\s+|[^\s*#.()|]+")
_PLAIN = {"đ": "d", "ł": "l", "ø": "o", "ı": "i"}

Words = Mapping[str, Sequence[str]]


class Span(NamedTuple):
    """Where something stands in a text: from `start` up to, not including, `end`."""

    start: int
    end: int


@lru_cache(maxsize=32)  # one text is looked through by many rules
def plain(text: str) -> str:
    """Return a text in small letters without accents, letter by letter at the same places (of its NFC form)."""
    return "".join(map(_plain, small(text)))


@lru_cache(maxsize=32)
def small(text: str) -> str:
    """Return a text in small letters, letter by letter at the same places (of its NFC form)."""
    return "".join(map(_small, unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=4096)
def _small(letter: str) -> str:
    lower = letter.lower()
    return lower if len(lower) == 1 else letter


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    first = unicodedata.normalize("NFKD", letter)[0] if unicodedata.category(letter)[0] in "LN" else letter
    return _PLAIN.get(first, first)


def found(words: Words, text: str, language: str = "", among: Collection[str] = ()) -> list[Span]:
    """Return where words of a language stand in a text.

    While the language is not known, words of those it is `among` count, else of every one.
    """
    spans: set[Span] = set()
    for one in (ANY, language) if language else (ANY, *among) if among else tuple(words):
        entries = tuple(words.get(one, ()))
        exact = one == TONAL and plain(text) != small(text)
        if entries:
            spans |= {
                Span(*hit.span()) for hit in _pattern(entries, exact).finditer(small(text) if exact else plain(text))
            }
    return sorted(spans)


class Nonsense(NamedTuple):
    """What of a rule makes no sense, and the sentence that says so."""

    found: str
    said: str


def mistake(words: Words) -> Nonsense | None:
    """Return what makes no sense in the words of a rule, None if all does: an unknown language, an empty entry."""
    for language, entries in words.items():
        if language != ANY and language not in LANGUAGES:
            return Nonsense(language, f"no language is called {language!r}")
        for entry in entries:
            bare = re.sub(r"\.\.\.|[*#()|\s]", "", plain(entry))
            if not any(letter.isalnum() for letter in bare):
                return Nonsense(entry, f"{entry!r} says nothing")
            if not _paired(entry):
                return Nonsense(entry, f"{entry!r} has brackets that do not belong together")
    return None


def _paired(entry: str) -> bool:
    """Tell whether every bracket has its other half, few inside each other: a pattern can be made of all else.

    Making it would tell, too, but that of a whole file takes a while, and somebody's first message waits for it.
    """
    inside = list(accumulate({"(": 1, ")": -1}.get(sign, 0) for sign in entry))
    return inside[-1] == 0 and all(0 <= depth <= DEEPEST for depth in inside)


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...], exact: bool) -> re.Pattern[str]:  # noqa: FBT001 - a cache's key
    entries = [_one((small if exact else plain)(word)) for word in sorted(set(words), key=len, reverse=True)]
    # what stands around an entry takes the longest to compile: it is stated once for all that are alike
    alike = groupby(entries, key=lambda one: (one.opens, one.closes))
    return re.compile(
        "|".join(f"{opens}(?:{'|'.join(one.pattern for one in ones)}){closes}" for (opens, closes), ones in alike)
    )


class _Entry(NamedTuple):
    """The pattern of an entry, and what must stand before and after it."""

    opens: str
    pattern: str
    closes: str


def _one(word: str) -> _Entry:
    """Return the pattern of one entry: it begins and ends where a word does, in scripts that part words."""
    parts = _PART.findall(re.sub(r"\s*(?:\.\.\.|…)\s*", "...", word.strip()))
    pattern = ""
    for place, part in enumerate(parts):
        if part == "...":
            parted = _LATIN.match(next(iter(re.findall(r"\w", "".join(parts[:place])[::-1])), ""))
            pattern += rf"\s+(?:\S+\s+){{0,{FEW_WORDS}}}?" if parted else rf".{{0,{FEW_SIGNS}}}?"
        else:
            pattern += r"\s+" if part.isspace() else _SIGNS.get(part) or re.escape(part)
    letters = re.findall(r"\w", word)
    opens = rf"(?<!{_LETTER})" if letters and _LATIN.match(letters[0]) and not parts[0].startswith(".") else ""
    closes = rf"(?!{_LETTER})" if letters and _LATIN.match(letters[-1]) else ""
    return _Entry(opens, pattern, closes)
