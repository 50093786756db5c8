"""One chart as Vega-Lite draws it: lines of the scale, columns, lines or bars, what misses its line, and all words.

Widths and heights are in units of half a pixel. Things stand where they are told, by their number in the row and by
their value; nothing is left to the library's taste, so charts below each other line up and mirror.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatops.digest.measures import said, ticks
from chatops.digest.readable import LETTERS, THICK, WIDTH
from chatops.digest.section import Chart, Points, Shape
from chatops.drawing.signs import fitting, wide
from chatops.i18n import _

MARGIN, GAP = 22, 26  # around the picture, and between its panels
TITLE, LINE = 18, 1.3  # a panel's title; a line of it, of its size
PLOT = 130  # height of columns and lines
LEGEND, ABOVE, BELOW = 26, 24, 20  # rows of a legend; for values above the highest column; for labels
ROW, BAR = 24, 18  # of bars: the line of the label; a bar with what is between it and the next
POINTS = ("circle", "diamond", "square", "cross")
DASHES: tuple[list[int], ...] = ([], [8, 4], [3, 3], [10, 3, 2, 3])

SWATCH = {"shape": "square", "size": 160}

Layer = dict[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a picture; `rows` are those of the rows of a chart, `bad` of what misses its line."""

    paper: str
    ink: str
    pale: str
    line: str
    bad: str
    rows: tuple[str, ...]


def panel(chart: Chart, look: Look, *, mirrored: bool) -> Layer:
    """Return one chart with its title and its sentence."""
    drawn = _Panel(chart, look, mirrored)
    layers = drawn.bars() if chart.shape is Shape.BARS else drawn.upright()
    heading = words(chart.title, TITLE, look.ink, mirrored=mirrored)
    below = words(chart.essence, LETTERS, look.pale, mirrored=mirrored)
    sentence = {"subtitle": below["text"], "subtitleColor": look.pale, "subtitleFontSize": LETTERS}
    title = heading | (sentence if chart.essence else {})
    return {"width": WIDTH, "height": drawn.height, "title": title, "layer": list(layers)}


def words(said: str, size: float, colour: str, *, mirrored: bool) -> Layer:
    """Return a title that keeps to the width of the picture."""
    lines = [turned(line, mirrored=mirrored) for line in wrapped(said, size, WIDTH)]
    side = {"anchor": "end", "align": "right"} if mirrored else {"anchor": "start", "align": "left"}
    return {
        "text": lines, **side, "frame": "group", "color": colour, "fontSize": size, "fontWeight": "normal",
        "lineHeight": size * LINE, "subtitleLineHeight": LETTERS * LINE, "subtitlePadding": 4, "offset": 8,
    }  # fmt: skip


def wrapped(said: str, size: float, width: float) -> list[str]:
    """Return words in at most three lines of a width; what has no blanks is parted anywhere but before a dot."""
    lines = [""]
    for word in said.split(" "):
        line = f"{lines[-1]} {word}".strip()
        if wide(line, size) <= width:
            lines[-1] = line
            continue
        lines += [word] if lines[-1] else []
        lines[-1] = lines[-1] or word
        while wide(lines[-1], size) > width:
            kept = fitting(lines[-1], size, width - size).removesuffix("…")
            lines[-1:] = [kept, lines[-1][len(kept) :]]
    return [*lines[:2], fitting(" ".join(lines[2:]), size, width)] if len(lines) > 2 else lines


def turned(said: str, *, mirrored: bool) -> str:
    """Return words that are read from the right as a whole, whatever they begin with."""
    return f"\N{RIGHT-TO-LEFT ISOLATE}{said}\N{POP DIRECTIONAL ISOLATE}" if mirrored else said


class _Panel:
    """The layers of one chart."""

    def __init__(self, chart: Chart, look: Look, mirrored: bool) -> None:  # noqa: FBT001 - private
        self.chart, self.look, self.mirrored = chart, look, mirrored
        self.rows = chart.points
        self.labels = [label for label, _value in self.rows[0].values]
        self.ticks = ticks(chart)
        self.legend = list(self._legend())
        self.top = LEGEND * (1 + max((place["row"] for place in self.legend), default=-1))
        many = len(self.rows)
        self.row = ROW + many * BAR + 4
        self.height = self.top + (len(self.labels) * self.row if chart.shape is Shape.BARS else ABOVE + PLOT + BELOW)
        self.gutter = max(wide(self._plain(tick), LETTERS) for tick in self.ticks) + 10
        self.colours = [look.rows[at % len(look.rows)] for at in range(many)]

    def upright(self) -> Iterator[Layer]:
        """Yield the layers of columns and lines."""
        yield from self._scale()
        columns = self.chart.shape is Shape.COLUMNS
        yield from self._columns() if columns else self._lines()
        yield from self._limit()
        yield from self._over_columns() if columns else self._last()
        yield from self._labels()
        yield from self._keys()

    def bars(self) -> Iterator[Layer]:
        """Yield the layers of bars that lie below their labels."""
        room = WIDTH - self._widest() - 12
        across = self._x({"domain": [self.ticks[0], self.ticks[-1]], "range": self._sides(3, room), "nice": False})
        beside: list[Layer] = []
        for at, row in enumerate(self.rows):
            tops = [self.top + place * self.row + ROW + at * BAR for place in range(len(row.values))]
            found = [
                {"v": max(value, 0), "y": top, "b": top + BAR - 4, "bad": self._bad(value), "t": self._said(value)}
                for (_label, value), top in zip(row.values, tops, strict=True)
                if value is not None
            ]
            zero = {"datum": self.ticks[0]}
            ends = {"x": {"field": "v", **across}, "x2": zero, "y": self._down("y"), "y2": {"field": "b"}}
            yield from self._split(found, at, {"type": "bar", "cornerRadiusEnd": 3}, ends)
            place = {"x": {"field": "v", **across}, "y": self._down("y")}
            beside += self._grounded(self._text(found, place, "t", side=6, drop=BAR / 2 - 2))
        names = [{"t": self._cut(label), "y": self.top + place * self.row} for place, label in enumerate(self.labels)]
        above = {"x": {"value": self._side(0)}, "y": self._down("y")}
        if self.chart.limit is not None:
            ends = {"y": {"value": self.top + 4}, "y2": {"value": self.height - 6}}
            line = {"data": {"values": [{"v": self.chart.limit}]}, "mark": self._dashed()}
            yield line | {"encoding": {"x": {"field": "v", **across}, **ends}}
        yield from beside
        yield self._text(names, above, "t", drop=ROW / 2 - 1)
        yield from self._keys()

    # The scale, the labels and the legend.

    def _scale(self) -> Iterator[Layer]:
        values = [
            {"v": tick, "t": self._turned(said(tick, self.chart.unit, self.chart.currency))} for tick in self.ticks
        ]
        inner, outer = self._sides(self.gutter, WIDTH - 3)
        yield {
            "data": {"values": values},
            "mark": {"type": "rule", "color": self.look.line, "strokeWidth": 1},
            "encoding": {"x": {"value": inner}, "x2": {"value": outer}, "y": self._up("v")},
        }
        yield self._text(values, {"x": {"value": self._side(0)}, "y": self._up("v")}, "t", pale=True)

    def _labels(self) -> Iterator[Layer]:
        room = (WIDTH - self.gutter) / len(self.labels)
        cut = [fitting(label, LETTERS, 110) or label[:1] for label in self.labels]
        widest = max(wide(label, LETTERS) for label in cut) + 10
        every = next((step for step in (1, 2, 3, 4, 6, 7, 8, 12) if step * room >= widest), len(self.labels))
        values = [
            {"i": place, "t": self._turned(label)} for place, label in enumerate(cut) if place % every == 0 and label
        ]
        low = {"value": self.height - BELOW / 2 + 4}
        yield self._text(values, {"x": self._along(), "y": low}, "t", align="center", pale=True)

    def _legend(self) -> Iterator[dict[str, Any]]:
        """Yield what is explained above a chart: its rows if there are several, its line, and what misses it."""
        items = [(at, row.name) for at, row in enumerate(self.rows) if len(self.rows) > 1]
        if self.chart.limit is not None:
            kept = self._plain(self.chart.limit)
            items.append(
                (
                    -1,
                    _("at most {value}", value=kept) if self.chart.below_is_good else _("at least {value}", value=kept),
                )
            )
            if any(self._bad(value) for row in self.rows for _label, value in row.values):
                items.append((-2, _("missed")))
        x, line = 0.0, 0
        for kind, name in items:
            shown = fitting(name, LETTERS, WIDTH - 40)
            width = 28 + wide(shown, LETTERS) + 18
            if x and x + width > WIDTH:
                x, line = 0.0, line + 1
            yield {"kind": kind, "t": self._turned(shown), "x": x, "row": line, "y": line * LEGEND + LEGEND / 2}
            x += width

    def _keys(self) -> Iterator[Layer]:
        lines = self.chart.shape is Shape.LINES
        for place in self.legend:
            y, kind = {"value": place["y"]}, place["kind"]
            if kind == -1:
                ends = {
                    "x": {"value": self._side(place["x"] + 3)},
                    "x2": {"value": self._side(place["x"] + 22)},
                    "y": y,
                }
                yield {"data": {"values": [{}]}, "mark": self._dashed(), "encoding": ends}
            else:
                mark = self._point(max(kind, 0), bad=kind == -2) | ({} if lines else SWATCH)
                at = {"x": {"value": self._side(place["x"] + 11)}, "y": y}
                yield {"data": {"values": [{}]}, "mark": mark, "encoding": at}
            yield self._text([place], {"x": {"value": self._side(place["x"] + 28)}, "y": y}, "t", pale=True)

    def _limit(self) -> Iterator[Layer]:
        if self.chart.limit is not None:
            inner, outer = self._sides(self.gutter, WIDTH - 3)
            yield {
                "data": {"values": [{"v": self.chart.limit}]},
                "mark": self._dashed(),
                "encoding": {"x": {"value": inner}, "x2": {"value": outer}, "y": self._up("v")},
            }

    # What is measured.

    def _columns(self) -> Iterator[Layer]:
        thick = self._thick()
        for at, row in enumerate(self.rows):
            ends = {"x": self._along(), "y": self._up("v"), "y2": {"datum": max(self.ticks[0], 0)}}
            width = max(thick - (5 if len(self.rows) > 1 else 2), 2)
            mark = {"type": "bar", "width": width, "xOffset": self._shift(at), "cornerRadiusEnd": 2}
            yield from self._split(self._values(row), at, mark, ends)

    def _over_columns(self) -> Iterator[Layer]:
        """Yield the values of columns: all of them, or the highest where there is no room."""
        room = (WIDTH - self.gutter) / len(self.labels) if len(self.rows) == 1 else self._thick() + 4
        every = all(wide(self._plain(value), LETTERS) <= room for row in self.rows for _label, value in row.values)
        for at, row in enumerate(self.rows):
            values = self._values(row)
            highest = sorted(values, key=lambda one: -one["v"])[: 1 if len(self.rows) == 1 else 0]
            if every:
                yield from self._told(values, align="center", side=self._shift(at), drop=-11)
            elif highest:
                yield from self._told(highest, align="center", side=self._inwards(highest[0]), drop=-11)

    def _inwards(self, one: Row) -> float:
        """Return how far words above a column are moved so that they keep to the panel."""
        each, half = (WIDTH - self.gutter) / len(self.labels), wide(self._plain(one["v"]), LETTERS) / 2
        centre: float = self.gutter + each * (one["i"] + 0.5)
        inside = min(max(centre, self.gutter + half), WIDTH - half - 3)
        return (inside - centre) * (-1 if self.mirrored else 1)

    def _lines(self) -> Iterator[Layer]:
        for at, row in enumerate(self.rows):
            values = self._values(row)
            colour, place = self.colours[at], {"x": self._along(), "y": self._up("v")}
            for piece in _pieces(values):
                mark = {"type": "line", "color": colour, "strokeWidth": 3, "strokeDash": DASHES[at % len(DASHES)]}
                yield {"data": {"values": piece}, "mark": mark, "encoding": place}
            for bad in (False, True):
                found = [one for one in values if one["bad"] is bad]
                if found:
                    yield {"data": {"values": found}, "mark": self._point(at, bad=bad), "encoding": place}

    def _last(self) -> Iterator[Layer]:
        """Yield the last value of a line that stands alone, on the side from which the line does not come."""
        if len(self.rows) == 1:
            values = self._values(self.rows[0])
            falls = len(values) > 1 and values[-1]["v"] < values[-2]["v"] and values[-1]["v"] >= self.ticks[1]
            side = "left" if self.mirrored else "right"
            yield from self._told(values[-1:], align=side, side=-8 if self.mirrored else 8, drop=17 if falls else -15)

    def _told(self, values: Sequence[Row], *, align: str, side: float, drop: float) -> Iterator[Layer]:
        """Yield values beside what they measure."""
        place = {"x": self._along(), "y": self._up("v")}
        yield from self._grounded(self._text(values, place, "t", align=align, side=side, drop=drop))

    def _grounded(self, words: Layer) -> Iterator[Layer]:
        """Yield words on a ground of their own: a dashed line may run there."""
        ground = {"stroke": self.look.paper, "strokeWidth": 5, "strokeJoin": "round", "color": self.look.paper}
        yield words | {"mark": words["mark"] | ground}
        yield words

    def _thick(self) -> float:
        return min((WIDTH - self.gutter) / len(self.labels) * 0.8 / len(self.rows), THICK)

    def _shift(self, at: int) -> float:
        return (at - (len(self.rows) - 1) / 2) * self._thick() * (-1 if self.mirrored else 1)

    def _values(self, row: Points) -> list[dict[str, Any]]:
        return [
            {"i": place, "v": value, "bad": self._bad(value), "t": self._said(value)}
            for place, (_label, value) in enumerate(row.values)
            if value is not None
        ]

    def _split(self, values: Iterable[Row], at: int, mark: Layer, place: Layer) -> Iterator[Layer]:
        """Yield columns or bars: full ones, and hollow ones for what misses its line."""
        for bad in (False, True):
            found = [one for one in values if one["bad"] is bad]
            fill = (
                {"fill": self.look.paper, "stroke": self.look.bad, "strokeWidth": 2.5}
                if bad
                else {"color": self.colours[at]}
            )
            if found:
                yield {"data": {"values": found}, "mark": mark | fill, "encoding": place}

    # Where things stand, and how they look.

    def _bad(self, value: float | None) -> bool:
        if value is None or self.chart.limit is None:
            return False
        return value > self.chart.limit if self.chart.below_is_good else value < self.chart.limit

    def _point(self, at: int, *, bad: bool) -> Layer:
        if bad:
            return {
                "type": "point", "shape": "triangle-down", "size": 130, "filled": True, "opacity": 1,
                "fill": self.look.paper, "stroke": self.look.bad, "strokeWidth": 2.5,
            }  # fmt: skip
        shape = POINTS[at % len(POINTS)]
        return {"type": "point", "shape": shape, "size": 70, "filled": True, "opacity": 1, "color": self.colours[at]}

    def _dashed(self) -> Layer:
        return {"type": "rule", "color": self.look.ink, "strokeWidth": 2, "strokeDash": [6, 4]}

    def _text(
        self,
        values: Sequence[Row],
        place: Layer,
        field: str,
        *,
        align: str = "",
        side: float = 0,
        drop: float = 0,
        pale: bool = False,
    ) -> Layer:
        """Return words: `side` away from where they stand, towards the end of the line, and `drop` below it."""
        way = -1 if self.mirrored and not align else 1
        mark = {
            "type": "text", "align": align or ("right" if self.mirrored else "left"), "baseline": "middle",
            "dx": side * way, "dy": drop, "color": self.look.pale if pale else self.look.ink, "fontSize": LETTERS,
        }  # fmt: skip
        return {"data": {"values": list(values)}, "mark": mark, "encoding": place | {"text": {"field": field}}}

    def _up(self, field: str) -> Layer:
        ends = {"domain": [self.ticks[0], self.ticks[-1]], "nice": False, "zero": False}
        scale = ends | {"range": [self.height - BELOW, self.top + ABOVE]}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    def _down(self, field: str) -> Layer:
        scale = {"domain": [0, self.height], "range": [0, self.height], "nice": False}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    def _along(self) -> Layer:
        scale = {"type": "band", "domain": list(range(len(self.labels))), "range": self._sides(self.gutter, WIDTH - 3)}
        return {"field": "i", "type": "ordinal", "axis": None, "scale": scale | {"padding": 0}}

    def _x(self, scale: Layer) -> Layer:
        return {"type": "quantitative", "axis": None, "scale": scale | {"zero": False}}

    def _side(self, x: float) -> float:
        return WIDTH - x if self.mirrored else x

    def _sides(self, *x: float) -> list[float]:
        return [self._side(each) for each in x]

    def _widest(self) -> float:
        return max(wide(self._plain(value), LETTERS) for row in self.rows for _label, value in row.values)

    def _plain(self, value: float | None) -> str:
        return "" if value is None else said(value, self.chart.unit, self.chart.currency)

    def _said(self, value: float | None) -> str:
        return self._turned(self._plain(value))

    def _cut(self, label: str) -> str:
        return self._turned(fitting(label, LETTERS, WIDTH))

    def _turned(self, text: str) -> str:
        return turned(text, mirrored=self.mirrored)


def _pieces(values: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield a row's values in pieces without gaps."""
    piece: list[Row] = []
    for one in values:
        if piece and one["i"] != piece[-1]["i"] + 1:
            yield piece
            piece = []
        piece.append(one)
    yield piece
