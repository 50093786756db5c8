"""Words from left to right in a language that is written from right to left: isolated, they rearrange nothing.

Without it a name, a time or `!claim` in an Arabic sentence would be shown in pieces and out of order. What stands in
isolation counts for nothing where a chat finds out in which direction a line begins.
"""

import re
import unicodedata

from chatops.i18n.formats import right_to_left

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

_WORD = r"[!/@#]?[A-Za-z0-9](?:[\w./:@+–-]*\w)?"
_STRETCH = re.compile(rf"{_WORD}(?: {_WORD})*", re.ASCII)


def isolated(words: str) -> str:
    """Return somebody's or something's words fit to stand in a sentence of the language being spoken."""
    if not right_to_left() or not _left_to_right(words):
        return words
    return f"{FIRST_STRONG_ISOLATE}{words}{POP_ISOLATE}"


def apart(pattern: str) -> str:
    """Return a sentence's own words with everything in it isolated that is written from left to right."""
    if not right_to_left():
        return pattern
    return _STRETCH.sub(lambda found: found[0] if found[0].isdecimal() else isolated(found[0]), pattern)


def _left_to_right(words: str) -> bool:
    """Tell whether words would turn around what is beside them; ours of several scripts are settled already."""
    found = {unicodedata.bidirectional(sign) for sign in words}
    return not found.isdisjoint({"L", "EN"}) and found.isdisjoint({"R", "AL", "FSI"})
