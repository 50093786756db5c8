"""How a text typed into a thread begins, where that says what it is for."""

import re
from functools import cache

_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0f\ufeff"
_ALIKE = {"/": "[/\uff0f\u2044\u2215]", ":": rf"[\s{_UNSEEN}]*[:\uff1a\ufe55]", "!": "[!\uff01]"}
_BEFORE = rf"(?:[\s{_UNSEEN}>•◦▪-]|\d{{1,3}}[.)])*"
_ORDER = re.compile(rf"{_BEFORE}[!\uff01][{_UNSEEN}]*[^\W\d_]")


@cache
def opening(word: str) -> re.Pattern[str]:
    """Return how a text opens with a word: `//` and `note:` wherever they touch it, `!claim` standing alone."""
    letters = f"[{_UNSEEN}]*".join(_ALIKE.get(letter, letter) for letter in word)
    end = rf"(?![^\s{_UNSEEN}])" if word.startswith("!") else ""
    return re.compile(_BEFORE + letters + end, re.IGNORECASE)


def looks_like_order(text: str) -> bool:
    """Tell whether a text opens as an order does, with `!` and a letter: nobody begins an answer to a buyer so."""
    return _ORDER.match(text) is not None
