"""Waits: since when a buyer had waited for each answer they got, told from what was said and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Answer(NamedTuple):
    """An answer of a person: when it was written, and when the buyer had it."""

    id: str
    written: int
    at: int


class Wait(NamedTuple):
    """What an answer ended; `since` None: nobody waited for it. `first`: nobody had answered before."""

    since: int | None
    first: bool


def waits(asked: Sequence[int], answers: Iterable[Answer], let_go: Sequence[int]) -> Mapping[str, Wait]:
    """Return what each answer ended, in order; `let_go`: when somebody said that none was needed, or that it is over.

    An answer is for what was said until it was written; what was said after that waits for the next one. Instants are
    milliseconds.
    """
    found: dict[str, Wait] = {}
    dealt_with = -1
    for answer in sorted(answers, key=lambda one: (one.at, one.id)):
        dealt_with = max([dealt_with, *(at for at in let_go if at < answer.at)])
        since = min((at for at in asked if dealt_with < at <= answer.written), default=None)
        found[answer.id] = Wait(since, first=not found)
        dealt_with = max(dealt_with, answer.written)
    return found
