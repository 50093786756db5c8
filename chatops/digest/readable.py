"""What of a chart can be told apart on a phone: long charts are cut, words are written in signs that the fonts have."""

from dataclasses import replace

from chatops.digest.measures import said
from chatops.digest.section import Chart, Points, Shape
from chatops.drawing.signs import legible, wide
from chatops.i18n import _

MOST_BARS, MOST_LABELS, MOST_ROWS = 8, 62, 4
MOST_NAMED = 8  # labels below columns that are all written
WIDTH, LETTERS, THICK = 496, 14, 60  # of a panel; of what is written in it; of a column at most


def readable(chart: Chart) -> Chart:
    """Return a chart as it can be shown; without points where there is nothing to show.

    Of bars the longest are kept, of days the latest. Columns become bars when there is no room for their names
    or for what they say.
    """
    rows = tuple(_clean(row) for row in chart.points if any(value is not None for _label, value in row.values))
    rows = tuple(sorted(rows, key=_total, reverse=True)[:MOST_ROWS]) if len(rows) > MOST_ROWS else rows
    shape = Shape.BARS if chart.shape is Shape.COLUMNS and _crowded(rows, chart) else chart.shape
    labels = [label for label, _value in rows[0].values] if rows else []
    if shape is Shape.BARS and len(labels) > MOST_BARS:
        first = rows[0].values
        kept = sorted(range(len(labels)), key=lambda at: -(first[at][1] or 0))[:MOST_BARS]
    else:
        kept = list(range(len(labels)))[-MOST_LABELS:]
    rows = tuple(replace(row, values=tuple(row.values[at] for at in kept if at < len(row.values))) for row in rows)
    title = legible(chart.title)
    if len(kept) < len(labels):
        title = _("{title} ({count} of {all})", title=title, count=len(kept), all=len(labels))
    return replace(chart, title=title, essence=legible(chart.essence), shape=shape, points=rows)


def _clean(row: Points) -> Points:
    return Points(legible(row.name), tuple((legible(label) or (label and "–"), value) for label, value in row.values))


def _total(row: Points) -> float:
    return sum(value or 0 for _label, value in row.values)


def _crowded(rows: tuple[Points, ...], chart: Chart) -> bool:
    labels = [label for row in rows[:1] for label, _value in row.values]
    if len(labels) > MOST_LABELS:
        return True
    room = WIDTH / max(len(labels), 1) - 8
    told = [
        said(value, chart.unit, chart.currency) for row in rows for _label, value in row.values if value is not None
    ]
    return len(labels) <= MOST_NAMED and (
        any(wide(label, LETTERS) > room for label in labels)
        or any(wide(value, LETTERS) > min(room * 0.8 / len(rows), THICK) + 4 for value in told)
    )
