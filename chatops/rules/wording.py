"""Finding words in what people write, as leads note them down in a file of rules.

Small and capital letters and accents are the same; `*` at the end of a word stands for any ending, `#` for a number,
`...` for a few words in between. Words stand by language; those under "*" count in every one.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

ANY = "*"  # where a language stands: every one
_LETTER = "[0-9a-z_ß-ɏ]"  # of scripts that part words
_LATIN = re.compile(_LETTER)
FEW_WORDS, FEW_SIGNS = 6, 20  # that `...` may stand for; signs in scripts that do not part words
_SIGNS = {"*": rf"{_LETTER}*", "#": r"\d[\d.,]*"}
_PART = re.compile(r"\.\.\.|\*|#|\s+|[^\s*#.]+|\.")
_PLAIN = {"đ": "d", "ł": "l", "ø": "o", "ı": "i"}

Words = Mapping[str, Sequence[str]]


class Span(NamedTuple):
    """Where something stands in a text: from `start` up to, not including, `end`."""

    start: int
    end: int


@lru_cache(maxsize=32)  # one text is looked through by many rules
def plain(text: str) -> str:
    """Return a text in small letters without accents, letter by letter at the same places (of its NFC form)."""
    return "".join(map(_plain, unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    small = letter.lower()
    small = small if len(small) == 1 else letter
    first = unicodedata.normalize("NFKD", small)[0] if unicodedata.category(letter)[0] in "LN" else letter
    return _PLAIN.get(first, first)


def found(words: Words, text: str, language: str = "") -> list[Span]:
    """Return where words of a language stand in a text; while the language is not known, of every one."""
    languages = (ANY, language) if language else tuple(words)
    wanted = [each for one in languages for each in words.get(one, ())]
    if not wanted:
        return []
    return [Span(*hit.span()) for hit in _pattern(tuple(wanted)).finditer(plain(text))]


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_one(word) for word in sorted(set(words), key=len, reverse=True)))


def _one(word: str) -> str:
    """Return the pattern of one entry: it begins and ends where a word does, in scripts that part words."""
    parts = _PART.findall(re.sub(r"\s*(?:\.\.\.|…)\s*", "...", plain(word.strip())))
    pattern = ""
    for before, part in zip(["", *parts], parts, strict=False):
        if part == "...":
            parted = _LATIN.match(before[-1:])
            pattern += rf"\s+(?:\S+\s+){{0,{FEW_WORDS}}}?" if parted else rf".{{0,{FEW_SIGNS}}}?"
        else:
            pattern += r"\s+" if part.isspace() else _SIGNS.get(part) or re.escape(part)
    opens = rf"(?<!{_LETTER})" if _LATIN.match(parts[0][0]) else ""
    closes = rf"(?!{_LETTER})" if _LATIN.match(parts[-1][-1]) else ""
    return f"{opens}{pattern}{closes}"
