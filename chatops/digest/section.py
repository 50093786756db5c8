"""What a section of a digest is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

import msgspec

from chatops.digest.scope import Narrow, Scope, Window
from chatops.store.transaction import Transaction
from chatops.ui import Part, Tone

F = TypeVar("F", bound=msgspec.Struct)


class Unit(StrEnum):
    """What a figure counts in."""

    COUNT = "count"
    SHARE = "share"  # of one: 0.964 is shown as 96.4 %, and never without its denominator
    LENGTH = "length"  # milliseconds
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Figure(Generic[F]):
    """One number of a section, by the `key` that `/stats` and exports know it by.

    `counted` says in a sentence of the reader's language how it is counted; `value` reads it from the numbers, None
    where there is nothing to count. `of` reads the denominator of a share, `currency` that of money (ISO 4217).
    `not_of`: what it cannot be narrowed down to.
    """

    key: str
    unit: Unit
    name: Callable[[], str]
    counted: Callable[[], str]
    value: Callable[[F], float | None]
    of: Callable[[F], int] | None = None
    currency: Callable[[F], str] | None = None
    not_of: frozenset[Narrow] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """For whom a section is shown: people of `workspace_id`, days and hours of the window's zone.

    `digest` is the number of the digest that it belongs to.
    """

    workspace_id: str
    window: Window
    ranked: bool = False  # whether people may be put in an order
    until_today: bool = False  # whether it was counted on the day after the window's last one
    digest: int | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """One row of a chart: its name, and a value for each label; None where there is nothing."""

    name: str
    values: tuple[tuple[str, float | None], ...]


class Shape(StrEnum):
    """How the rows of a chart are drawn."""

    COLUMNS = "columns"
    LINES = "lines"
    BARS = "bars"  # lying down, for long labels


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart of a digest's picture, in the reader's language; `limit` is a line that should be kept.

    `currency` is that of money. `essence` says in one sentence what there is to see, for those who cannot.
    """

    title: str
    essence: str
    shape: Shape
    unit: Unit
    points: tuple[Points, ...]
    limit: float | None = None
    below_is_good: bool = False  # which side of the limit
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Section(Generic[F]):
    """One subject of a digest.

    `count` returns the numbers of a window, None where there is nothing to say: they hold ids and counts, never words
    or names. `parts` shows kept numbers, with those of the window `before` beside them when they are to be compared.
    `headline` returns its sentence at the top of a digest, as short as can be; without numbers what that means, if it
    means anything. `tone` is how they feel, if in any way; where no section has anything to say, `quiet` is what that
    means of this one. `place` orders the sections, `headline_place` the sentences at the top where they stand
    otherwise; a digest of what it is `not_of` has none; one `on_request` stands in those alone that name it, one
    `in_hours` in those of a few hours. `private` names what its numbers hold, at any depth, that stands in no file;
    `of_now` what is only known of the moment of counting: None in those of the window before.
    """

    key: str
    place: int
    title: Callable[[], str]
    facts: type[F]
    count: Callable[[Transaction, Scope, Window], F | None]
    parts: Callable[[Transaction, F, F | None, Reading], Sequence[Part]]
    charts: Callable[[F, Reading], Sequence[Chart]] = lambda _facts, _reading: ()
    figures: Sequence[Figure[F]] = ()
    headline: Callable[[F | None, Reading], str | None] = lambda _facts, _reading: None
    headline_place: int | None = None
    tone: Callable[[F], Tone | None] = lambda _facts: None
    quiet: Callable[[], str] | None = None
    not_of: frozenset[Narrow] = frozenset()
    on_request: bool = False
    in_hours: bool = False
    private: frozenset[str] = frozenset()
    of_now: frozenset[str] = frozenset()

    def fits(self, scope: Scope) -> bool:
        """Tell whether a digest of a scope has it."""
        return not self.not_of & scope.narrowed

    def frozen(self, facts: F) -> dict[str, Any]:
        """Return numbers as they are kept: without what is only known of now where nobody looked for it."""
        kept: dict[str, Any] = _known(msgspec.to_builtins(facts), self.of_now)
        return kept

    def read(self, kept: Mapping[str, Any], *, before: bool = False) -> F:
        """Read kept numbers; of a window `before`, without what is only known of now, whoever wrote it down."""
        return msgspec.convert({**kept, **dict.fromkeys(self.of_now)} if before else kept, self.facts)


def _known(kept: Any, of_now: frozenset[str]) -> Any:
    """Return numbers without the None of what is only known of now: where it stood, versions before cannot read it."""
    if isinstance(kept, dict):
        return {key: _known(one, of_now) for key, one in kept.items() if one is not None or key not in of_now}
    return [_known(one, of_now) for one in kept] if isinstance(kept, list | tuple) else kept
