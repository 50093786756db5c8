"""Arithmetic on words for a buyer."""

from itertools import takewhile
from unicodedata import category

BUYER_LIMIT = 2000  # characters of one shop chat message; TikTok does not say in which unit it counts
JOINER = "\u200d"
REGIONAL_A, REGIONAL_Z = "\U0001f1e6", "\U0001f1ff"  # two of them are a flag
WRITTEN_BEHIND = "\u0e33\u0eb3"  # Thai and Lao am: letters to Unicode, marks to a reader
PALEST, DARKEST = "\U0001f3fb", "\U0001f3ff"  # skin tones


def buyer_length(text: str) -> int:
    """Return how long a text is for the marketplace: code points or UTF-16 units, whichever are more."""
    return len(text) + sum(character > "\uffff" for character in text)


def split_for_buyer(text: str, limit: int = BUYER_LIMIT) -> list[str]:
    """Cut a text into parts that each fit one message; at a paragraph, line, sentence or word end where there is one.

    Joined with whitespace ignored, the parts are the text. No part is empty. `limit` is 2 or more.
    """
    parts = []
    rest = text.strip()
    while buyer_length(rest) > limit:
        room = _fitting(rest, limit)
        end = next((cut for mark in ("\n\n", "\n", ". ", "。", " ") if (cut := _last(rest, mark, room))), room)
        parts.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [*parts, rest] if rest else parts


def _fitting(text: str, limit: int) -> int:
    """Return how many code points from the start fit the limit, without cutting apart what is seen as one character.

    Where a single character fills more than half of the limit, it is cut all the same.
    """
    room = length = 0
    while (length := length + buyer_length(text[room])) <= limit:
        room += 1
    whole = room
    while whole > room // 2 and _one_character(text, whole):
        whole -= 1
    return whole if whole > room // 2 else room


def _one_character(text: str, cut: int) -> bool:
    """Say whether a cut before `text[cut]` goes through something that is seen as one character."""
    before, after = text[cut - 1], text[cut]
    marks = category(after).startswith("M") or after in WRITTEN_BEHIND
    if marks or JOINER in (before, after) or PALEST <= after <= DARKEST:
        return True
    if not (REGIONAL_A <= before <= REGIONAL_Z and REGIONAL_A <= after <= REGIONAL_Z):
        return False
    letters = list(takewhile(lambda letter: REGIONAL_A <= letter <= REGIONAL_Z, reversed(text[:cut])))
    return len(letters) % 2 == 1


def _last(text: str, mark: str, room: int) -> int:
    """Return the end of the last `mark` in the second half of the room, 0 when there is none.

    Blanks at its end need no room: they are not sent.
    """
    found = text.rfind(mark, room // 2, room + len(mark) - len(mark.rstrip()))
    return 0 if found < 0 else found + len(mark)
