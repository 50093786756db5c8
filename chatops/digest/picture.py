"""The picture of a digest: its charts below each other, as wide as a phone shows well, in the reader's language.

Everything is a text or a shape in its place before it is drawn, so that no letter depends on what draws it. Colours are
those that people who see few of them tell apart (Okabe and Ito), and none says anything alone: what misses its line is
hollow, or a triangle. The picture brings its background along, and is read on a dark screen as on a light one.
"""

from collections.abc import Iterable, Sequence
from itertools import islice, zip_longest
from typing import Any

from chatops import drawing
from chatops.digest import kept
from chatops.digest.panels import GAP, MARGIN, Look, panel, words
from chatops.digest.readable import readable
from chatops.digest.section import Chart
from chatops.i18n import current, right_to_left
from chatops.model.digest import Digest

MOST = 4  # charts: what the screen of a phone shows at its full width
MOST_ALT = 1_000  # Discord takes 1,024, Slack 2,000
TITLE = 20

LIGHT = Look(
    paper="#FFFFFF", ink="#1A1A1A", pale="#5C5C5C", line="#D9D9D9", bad="#D55E00",
    rows=("#0072B2", "#E69F00", "#009E73", "#CC79A7"),
)  # fmt: skip
DARK = Look(
    paper="#1E1F22", ink="#F2F3F5", pale="#B8BCC4", line="#43464D", bad="#FF8A47",
    rows=("#56B4E9", "#E69F00", "#00B386", "#CC79A7"),
)  # fmt: skip


async def drawn(charts: Sequence[Chart], *, title: str, dark: bool = False) -> bytes:
    """Return the picture of some charts as PNG, 1,080 pixels wide; about a second of a process of its own.

    Raises:
        Unavailable: it could not be drawn now.
    """
    return await drawing.chart(specification(charts, title=title, dark=dark))


def charts_of(digest: Digest) -> list[Chart]:
    """Return the charts of a digest in the order in which a picture has room for them."""
    reading = kept.reading_of(digest)
    return in_turn(one.section.charts(one.facts, reading) for one in kept.shown(digest))


def in_turn(sections: Iterable[Sequence[Chart]]) -> list[Chart]:
    """Return the first chart of each section with something to show, then their second ones, and so on."""
    shown = ([chart for chart in charts if readable(chart).points] for charts in sections)
    return [chart for turn in zip_longest(*shown) for chart in turn if chart is not None]


def chosen(charts: Sequence[Chart]) -> list[Chart]:
    """Return the charts that a picture has room for: the first of those with something to show."""
    return list(islice((shown for shown in map(readable, charts) if shown.points), MOST))


def alt(charts: Sequence[Chart]) -> str:
    """Return in words what there is to see, for those who cannot: whole sentences, at most 1,000 characters."""
    said = ""
    for chart in chosen(charts):
        more = f"{said} {chart.title}: {chart.essence}".strip()
        if len(more) > MOST_ALT:
            break
        said = more
    return said


def specification(charts: Sequence[Chart], *, title: str, dark: bool = False) -> dict[str, Any]:
    """Return charts as Vega-Lite says them; the words are the reader's, what begins on the right is mirrored."""
    look, mirrored = DARK if dark else LIGHT, right_to_left()
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": look.paper,
        "padding": MARGIN,
        "spacing": GAP,
        "title": words(title, TITLE, look.ink, mirrored=mirrored) | {"offset": 20},
        "vconcat": [panel(chart, look, mirrored=mirrored) for chart in chosen(charts)],
        "config": {
            "font": drawing.family(current()),
            "view": {"stroke": None},
            "text": {"fontSize": 14},
        },
    }
