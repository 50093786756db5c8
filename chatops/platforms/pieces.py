"""A card as several messages, so that nothing of it is left out where one message does not hold it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from chatops.platforms.cutting import split
from chatops.ui import Card, Controls, Divider, Fields, Inline, Line, Paragraph, Part, Quote, Small, Strong

FIELDS, ROW = 10, 5  # of a part too long for any message
WORDS = 500  # characters of such a one; escaped to the last of them they fit into one line anywhere
SHORT = 60  # characters that a name, a time or a way there has at the most, near enough
MOST_PIECES = 12  # who would read on? what is left is shortened visibly in the last one

Holds = Callable[[Card], bool]
"""Tells whether one message of a platform shows all of a card."""


def pieces(card: Card, holds: Holds) -> list[Card]:
    """Return cards that show all of a card in its order, the first under its title; itself where one message holds it.

    They part between two subjects where there is a divider, else never before a button nor behind a heading.
    """

    def fits(parts: tuple[Part, ...]) -> bool:
        return holds(replace(card, parts=parts))

    if fits(card.parts) or not fits(()):  # what is too long is its title
        return [card]
    rest = tuple(part for one in card.parts for part in ((one,) if fits((one,)) else _smaller(one)))
    found: list[Card] = []
    while rest and len(found) < MOST_PIECES - 1:
        cut = _cut(rest, fits)
        found.append(_piece(card, rest[:cut], first=not found))
        rest = rest[cut:]
    return [*found, _piece(card, rest, first=False)] if rest else found


def _piece(card: Card, parts: tuple[Part, ...], *, first: bool) -> Card:
    while parts and isinstance(parts[0], Divider):
        parts = parts[1:]
    return replace(card, parts=parts) if first else replace(card, title="", parts=parts, labels=(), unlabelled=())


def _cut(parts: tuple[Part, ...], fits: Callable[[tuple[Part, ...]], bool]) -> int:
    """Return how many of the first parts go into one message."""
    low, high = 1, len(parts)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(parts[:middle]) else (low, middle - 1)
    if low == len(parts):
        return low
    dividers = [at for at in range(1, low + 1) if isinstance(parts[at], Divider)]
    if dividers:
        return dividers[-1]
    return next((at for at in range(low, 0, -1) if not _torn(parts[at - 1], parts[at])), low)


def _torn(before: Part, after: Part) -> bool:
    heading = isinstance(before, Paragraph) and all(isinstance(piece, Strong) for piece in before.line)
    return heading or isinstance(after, Controls)


def _smaller(part: Part) -> tuple[Part, ...]:
    """Return a part as several of which any message holds each."""
    match part:
        case Fields(fields=fields):
            return tuple(Fields(fields[at : at + FIELDS]) for at in range(0, len(fields), FIELDS))
        case Controls(controls=controls):
            return tuple(Controls(controls[at : at + ROW]) for at in range(0, len(controls), ROW))
        case Quote(text=text):
            return tuple(map(Quote, split(text, WORDS)))
        case Paragraph(line=line):
            return tuple(map(Paragraph, _lines(line)))
        case Small(line=line):
            return tuple(map(Small, _lines(line)))
    return (part,)


def _lines(line: Line) -> Iterator[Line]:
    row: list[Inline] = []
    for piece in line:
        for words in split(piece, WORDS) if isinstance(piece, str) else (piece,):
            if row and sum(map(_length, row)) + _length(words) > WORDS:
                yield tuple(row)
                row = []
            row.append(words)
    yield tuple(row)


def _length(piece: Inline) -> int:
    return len(piece) if isinstance(piece, str) else SHORT
