"""Arithmetic on words for a buyer."""

BUYER_LIMIT = 2000  # characters of one shop chat message; TikTok does not say in which unit it counts


def buyer_length(text: str) -> int:
    """Return how long a text is for the marketplace: code points or UTF-16 units, whichever are more."""
    return max(len(text), len(text.encode("utf-16-le")) // 2)


def split_for_buyer(text: str, limit: int = BUYER_LIMIT) -> list[str]:
    """Cut a text into parts that each fit one message; at a paragraph, line, sentence or word end where there is one.

    Joined with whitespace ignored, the parts are the text. No part is empty.
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
    """Return how many code points from the start fit the limit, without cutting a joined character apart."""
    room = len(text[:limit].encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore"))
    while room > 1 and room < len(text) and text[room] in "\u200d\ufe0f":
        room -= 1
    return room


def _last(text: str, mark: str, room: int) -> int:
    """Return the end of the last `mark` in the second half of the room, 0 when there is none."""
    found = text.rfind(mark, room // 2, room)
    return 0 if found < 0 else found + len(mark)
