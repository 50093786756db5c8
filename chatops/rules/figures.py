"""Numbers that say how something usually is."""

from collections.abc import Mapping, Sequence
from math import ceil


def quantile(ordered: Sequence[float], part: float) -> float | None:
    """Return the least of some values, in rising order, that `part` of them (0 to 1) do not exceed; None of nothing.

    The nearest rank, so it is always a value that occurred: of 1, 2, 3, 10 the median (0.5) is 2, the 90th
    percentile (0.9) is 10.
    """
    return ordered[max(ceil(part * len(ordered)) - 1, 0)] if ordered else None


def quantile_of(counts: Mapping[int, int], part: float) -> int | None:
    """Return the same of values that are counted: how often each occurred."""
    left = max(ceil(part * sum(counts.values())), 1)
    for value in sorted(counts):
        left -= counts[value]
        if left <= 0:
            return value
    return None


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole as a number between 0 and 1; None of nothing."""
    return part / whole if whole else None
