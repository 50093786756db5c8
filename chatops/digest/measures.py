"""Values of charts in the reader's words, and where the lines of a scale lie."""

from itertools import chain
from math import ceil, floor

from chatops.digest.section import Chart, Shape, Unit
from chatops.digest.tables import as_told
from chatops.i18n import compact, length, money, number, share
from chatops.rules.walltime import DAY, HOUR, MINUTE, SECOND

MOST_TICKS = 4  # above the first
_LENGTHS = (
    *(SECOND * many for many in (1, 2, 5, 10, 15, 30)),
    *(MINUTE * many for many in (1, 2, 5, 10, 15, 30)),
    *(HOUR * many for many in (1, 2, 3, 6, 12)),
)
_LONG = 10_000  # numbers from here on are shortened


def said(value: float, unit: Unit, currency: str = "") -> str:
    """Return a value as it stands beside a bar: as short as it is still read at a glance; `currency`: of money."""
    if unit is Unit.MONEY and currency:
        return money(f"{value:.2f}".removesuffix(".00"), currency)
    if unit is Unit.SHARE:
        return share(value)
    if unit is Unit.LENGTH:
        return length(as_told(value))
    return compact(value) if abs(value) >= _LONG or value % 1 else number(round(value))


def ticks(chart: Chart) -> list[float]:
    """Return where the lines of a chart's scale lie; the first and the last one are its ends.

    Columns and bars begin at nothing. A line of shares begins below its lowest one, or the days between 95 and 99 %
    would look alike.
    """
    values = [value for row in chart.points for _label, value in row.values if value is not None]
    values = [*values, *([] if chart.limit is None else [chart.limit])]
    lowest, highest = min(values, default=0.0), max(values, default=0.0)
    first = min(lowest, 0.0)
    if chart.unit is Unit.SHARE:
        if chart.shape is Shape.LINES and lowest > 0.5:
            first = floor(lowest * 10 - 0.5) / 10
        highest = 1.0 if highest <= 1 and (first or highest > 0.5) else highest
    step = _step((highest - first) / MOST_TICKS, chart.unit)
    begin = floor(first / step + 1e-9)
    return [place * step for place in range(begin, max(ceil(highest / step - 1e-9), begin + 1) + 1)]


def _step(least: float, unit: Unit) -> float:
    """Return the smallest round step that is not below `least`."""
    if unit is Unit.LENGTH and least <= _LENGTHS[-1]:
        return next(step for step in _LENGTHS if step >= least)
    whole = {Unit.COUNT: 1.0, Unit.MONEY: 1.0, Unit.SHARE: 0.01, Unit.LENGTH: float(DAY)}[unit]
    scales = chain.from_iterable((whole * power, whole * power * 2, whole * power * 5) for power in _powers())
    return next(step for step in scales if step >= least)


def _powers() -> list[float]:
    return [10.0**power for power in range(300)]
