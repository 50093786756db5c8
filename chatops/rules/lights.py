"""What a shop aims at, and how far a figure is from it: a light is never told by its colour alone."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec

from chatops.rules.durations import milliseconds

A_LITTLE = 0.1  # of the limit: who misses it by no more is near


class Light(StrEnum):
    """How a figure stands to its limit."""

    KEPT = "kept"
    NEAR = "near"  # missed, by a tenth of it at most
    MISSED = "missed"
    NONE = "none"  # there was nothing to count


class Aim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a figure should come to since a day, in some markets, or all: `at_most` a time, or `at_least` a share.

    `source` says where it is written, `review` when to look again; `days`: over how many days the figure is counted,
    the last of them a Sunday.
    """

    figure: str
    since: date
    source: str
    review: date
    markets: tuple[str, ...] = ()
    at_most: str = ""
    at_least: float = 0.0
    days: int = 7

    @property
    def limit(self) -> float:
        """The limit, of a length in milliseconds."""
        return float(milliseconds(self.at_most)) if self.at_most else self.at_least


def aim_of(aims: Iterable[Aim], figure: str, market: str, on: date) -> Aim | None:
    """Return what counts for a figure in a market on a day: what is for the market, then the newest; None: nothing."""
    fitting = [
        one for one in aims if one.figure == figure and one.since <= on and (not one.markets or market in one.markets)
    ]
    return max(fitting, key=lambda one: (bool(one.markets), one.since), default=None)


def light(value: float | None, limit: float, *, at_most: bool = False) -> Light:
    """Return how a value stands to a limit that it should reach, or (`at_most`) not exceed."""
    if value is None:
        return Light.NONE
    if value <= limit if at_most else value >= limit:
        return Light.KEPT
    near = value <= limit * (1 + A_LITTLE) if at_most else value >= limit * (1 - A_LITTLE)
    return Light.NEAR if near else Light.MISSED
