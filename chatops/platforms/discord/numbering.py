"""Buttons that say the same, told apart: Discord shows them below all words, far from the line they belong to."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from chatops.ui import Button, Card, Controls, Fields, Menu, Paragraph, Part, Picture, Quote, Small, Strong

WORDS = (Paragraph, Small, Quote, Fields, Picture)


def numbered(card: Card, most: int) -> Card:
    """Return a card in which buttons of one label carry a number, and so does the line above each.

    Numbered ones share a row of `most`, for a row of its own for each would leave no place for the sixth.
    """
    alike = _alike(card)
    return replace(card, parts=tuple(_numbered(card.parts, alike, most))) if alike else card


def _alike(card: Card) -> set[str]:
    """Return the labels of several buttons that do different things."""
    presses: defaultdict[str, set[str]] = defaultdict(set)
    for button in _buttons(card.parts):
        presses[button.label].add(button.press.encode())
    return {label for label, meant in presses.items() if len(meant) > 1}


def _buttons(parts: tuple[Part, ...]) -> Iterator[Button]:
    for part in parts:
        if isinstance(part, Controls):
            yield from (control for control in part.controls if isinstance(control, Button))


def _numbered(parts: tuple[Part, ...], alike: set[str], most: int) -> list[Part]:
    written: list[Part] = []
    row: int | None = None  # where the last numbered controls stand
    line, number = -1, 0  # which words were numbered last, and how
    for part in parts:
        if not isinstance(part, Controls) or alike.isdisjoint(one.label for one in _buttons((part,))):
            written.append(part)
            continue
        above = max((at for at, one in enumerate(written) if isinstance(one, WORDS)), default=-1)
        if above != line or line < 0:
            number += 1
            line = _number(written, above, number)
        controls = tuple(_named(control, number) for control in part.controls)
        before = written[row] if row is not None else None
        if row is not None and isinstance(before, Controls) and len(before.controls) + len(controls) <= most:
            written[row] = Controls((*before.controls, *controls))
        else:
            row = len(written)
            written.append(Controls(controls))
    return written


def _number(written: list[Part], above: int, number: int) -> int:
    """Write a number before the words that stand at `above`; return where these words are."""
    sign = Strong(f"{number}.")
    words = written[above] if above >= 0 else None
    if isinstance(words, Paragraph | Small):
        written[above] = replace(words, line=(sign, " ", *words.line))
        return above
    at = max(above, 0)
    written.insert(at, Paragraph((sign,)))
    return at + 1 if above >= 0 else at


def _named(control: Button | Menu, number: int) -> Button | Menu:
    if isinstance(control, Button):
        return replace(control, label=f"{number}. {control.label}")
    return replace(control, placeholder=f"{number}. {control.placeholder}")
