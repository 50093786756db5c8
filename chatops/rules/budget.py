"""How many more answers may be late until a stretch of time ends, before a share falls below its line."""

from enum import StrEnum
from math import ceil

import msgspec

EXACT = 1_000  # a line is exact to the tenth of a percent; fractions of it are no floats


class Danger(StrEnum):
    """How near a share is to its line."""

    NEAR = "near"
    BELOW = "below"  # whatever is still to come, if no more comes than is reckoned with


class Budget(msgspec.Struct, frozen=True):
    """What was `kept` and `missed` so far, how many are reckoned with until the end (`coming`), and the `line`.

    Example: 700 kept, 70 missed, 30 to come, a line of 0.9: of 800 in all 80 may be missed, so 10 more.
    """

    kept: int
    missed: int
    coming: int
    line: float

    @property
    def decided(self) -> int:
        """How many there were so far."""
        return self.kept + self.missed

    @property
    def total(self) -> int:
        """How many there are going to be at the end, as far as can be said."""
        return self.decided + self.coming

    @property
    def allowed(self) -> int:
        """How many of all may be missed at most; a share that is exactly on its line is not below it."""
        return self.total * (EXACT - self._line) // EXACT

    @property
    def left(self) -> int:
        """How many more may be missed; less than 0: so many are too many already."""
        return self.allowed - self.missed

    @property
    def in_a_row(self) -> int | None:
        """How many must be kept one after the other from now on for the share to reach its line; None: no number."""
        short = self._line * self.missed - (EXACT - self._line) * self.kept
        if short <= 0:
            return 0
        return ceil(short / (EXACT - self._line)) if self._line < EXACT else None

    @property
    def _line(self) -> int:
        return round(self.line * EXACT)


def danger(budget: Budget, left_percent: int, least: int) -> Danger | None:
    """Tell whether it should be said that a share is about to fall, or has fallen, below its line.

    It is near when something was missed and at most `left_percent` of what may be missed in all is left, and more is to
    come than that: else it cannot fall any more. With 0 nothing is ever said; nor is it of fewer than `least` in all:
    one more or less would be half of them.
    """
    if not left_percent or not budget.missed or budget.total < least:
        return None
    if budget.left < 0:
        return Danger.BELOW
    if budget.left >= budget.coming:
        return None
    return Danger.NEAR if budget.left * 100 <= budget.allowed * left_percent else None
