"""The coming weeks of a rotation as a picture: a row a week, a bar a turn, what nobody covers hatched in red.

Colours are those that people who see few of them tell apart (Okabe and Ito), names stand in the bars, and a gap is a
pattern, not only a colour. Letters are large enough for a phone, on which the picture is a third as wide.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from html import escape
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatops.drawing import family
from chatops.drawing.signs import fitting, legible, wide
from chatops.i18n import _, current, short_day, weekday
from chatops.model.oncall_feed import Stint
from chatops.rules.walltime import HOUR, first_instant
from chatops.times import to_milliseconds

WIDTH, MARGIN, LABEL = 1080, 30, 138
DAY = (WIDTH - 2 * MARGIN - LABEL) / 7
HEAD, LANE, BAR, NUMBERS = 190, 62, 52, 34  # of the page; of a turn; of a bar in it; of the row of day numbers
PALETTE = ("#56B4E9", "#E69F00", "#F0E442", "#CC79A7", "#009E73", "#BBBBBB", "#0072B2")
ON_DARK = {"#0072B2"}
INK, PALE, LINE, RED = "#1A1A1A", "#6B6B6B", "#D9D9D9", "#C1121F"


class _Week(NamedTuple):
    """Seven days from a Monday: the instants at which they begin and the last one ends."""

    monday: date
    edges: tuple[int, ...]

    def x(self, at: int) -> float:
        """Return where an instant stands; a day of 23 hours is as wide as any."""
        for place, (start, end) in enumerate(zip(self.edges, self.edges[1:], strict=False)):
            if at < end:
                return MARGIN + LABEL + DAY * (place + max(at - start, 0) / (end - start))
        return MARGIN + LABEL + DAY * 7


class _Bar(NamedTuple):
    start: int
    end: int
    lane: int
    who: str  # "": nobody


def drawn(rotation: str, zone: ZoneInfo, stints: Sequence[Stint], now: datetime, weeks: int = 5) -> str:
    """Return a picture of the weeks from now on as SVG, its days those of `zone`, its words the reader's."""
    pages = [_week(now.astimezone(zone).date(), number, zone) for number in range(weeks)]
    names = {one.agent.id: legible(one.agent.name) or legible(one.agent.id) for one in stints if one.agent}
    shown = [one for one in stints if one.end > to_milliseconds(now)]
    colours = {who: place for place, who in enumerate(dict.fromkeys(one.agent.id for one in shown if one.agent))}
    parts, y = list(_heading(rotation, zone, pages)), float(HEAD)
    for page in pages:
        row, height = _row(page, shown, names, colours, y, to_milliseconds(now))
        parts += row
        y += height
    legend, y = _legend(names, colours, y + 24, gaps=any(one.agent is None for one in shown))
    return _page([*parts, *legend], y + MARGIN)


def _week(today: date, number: int, zone: ZoneInfo) -> _Week:
    monday = today + timedelta(days=7 * number - today.weekday())
    days = (datetime.combine(monday + timedelta(days=day), time()) for day in range(8))
    return _Week(monday, tuple(first_instant(day, zone) for day in days))


def _page(parts: Sequence[str], height: float) -> str:
    stripes = "".join(
        f'<pattern id="s{place}" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="14" height="14" fill="{colour}"/><rect width="4" height="14" fill="#ffffff" opacity="0.7"/>'
        "</pattern>"
        for place, colour in enumerate(PALETTE)
    )
    gap = (
        '<pattern id="gap" width="16" height="16" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
        f'<rect width="16" height="16" fill="#ffffff"/><rect width="6" height="16" fill="{RED}"/></pattern>'
    )
    size = f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
    fonts = f'font-family="{family(current())}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {fonts}><defs>{stripes}{gap}</defs>'
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def _heading(rotation: str, zone: ZoneInfo, pages: Sequence[_Week]) -> Iterator[str]:
    title = _("On call: {rotation}", rotation=rotation)
    first, last = pages[0].monday, pages[-1].monday + timedelta(days=6)
    yield _text(MARGIN, 62, legible(title), 44, INK, most=WIDTH - 2 * MARGIN)
    yield _text(MARGIN, 108, f"{short_day(first)} – {short_day(last)} · {zone.key}", 28, PALE)
    for place in range(7):
        day = first + timedelta(days=place)
        yield _text(MARGIN + LABEL + DAY * (place + 0.5), HEAD - 18, weekday(day), 28, INK, anchor="middle")


def _row(
    week: _Week,
    stints: Sequence[Stint],
    names: dict[str, str],
    colours: dict[str, int],
    y: float,
    now: int,
) -> tuple[list[str], float]:
    """Return the drawing of one week and how high it is."""
    bars = list(_bars(week, stints))
    lanes = max((bar.lane for bar in bars), default=0) + 1
    height = NUMBERS + lanes * LANE + 10
    found = [
        *_days(week, y, height, now),
        _text(MARGIN, y + NUMBERS + 38, short_day(week.monday), 28, INK, most=LABEL - 8),
    ]
    for bar in bars:
        left, right = week.x(max(bar.start, now)), week.x(bar.end)
        top = y + NUMBERS + bar.lane * LANE
        if bar.who:
            found += _turn(left, right - left, top, names[bar.who], colours[bar.who])
        else:
            found += _gap(left, right - left, top, lanes * LANE - (LANE - BAR))
    if week.edges[0] <= now < week.edges[-1]:
        found.append(f'<rect x="{week.x(now) - 2:.1f}" y="{y:.1f}" width="4" height="{height:.1f}" fill="{INK}"/>')
    return found, height


def _bars(week: _Week, stints: Sequence[Stint]) -> Iterator[_Bar]:
    """Yield what stands in a week; turns at the same time stand below each other."""
    free: list[int] = []  # until when each lane is taken
    for one in stints:
        start, end = max(one.start, week.edges[0]), min(one.end, week.edges[-1])
        if start < end:
            lane = next((place for place, until in enumerate(free) if until <= start), len(free))
            free[lane : lane + 1] = [end]
            yield _Bar(start, end, lane, one.agent.id if one.agent else "")


def _days(week: _Week, y: float, height: float, now: int) -> Iterator[str]:
    yield f'<rect x="{MARGIN}" y="{y:.1f}" width="{WIDTH - 2 * MARGIN}" height="2" fill="{LINE}"/>'
    for place, (start, end) in enumerate(zip(week.edges, week.edges[1:], strict=False)):
        x, day = MARGIN + LABEL + DAY * place, week.monday + timedelta(days=place)
        if start <= now < end:
            yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{DAY:.1f}" height="{height:.1f}" fill="#EEF3F8"/>'
        yield f'<rect x="{x:.1f}" y="{y:.1f}" width="2" height="{height:.1f}" fill="{LINE}"/>'
        hours = (end - start) / HOUR
        said = str(day.day) if hours == 24 else f"{day.day} ({hours:g} h)"
        yield _text(x + 8, y + 27, said, 22, PALE)


def _turn(x: float, width: float, y: float, name: str, place: int) -> Iterator[str]:
    colour = PALETTE[place % len(PALETTE)]
    fill = colour if place < len(PALETTE) else f"url(#s{place % len(PALETTE)})"
    yield f'<rect x="{x + 2:.1f}" y="{y:.1f}" width="{max(width - 4, 2):.1f}" height="{BAR}" rx="8" fill="{fill}"/>'
    said = fitting(name, 28, width - 16) or (name[:1] if width > 36 else "")
    if said:
        ink = "#ffffff" if colour in ON_DARK and place < len(PALETTE) else INK
        yield _text(x + 10, y + 36, said, 28, ink)


def _gap(x: float, width: float, y: float, height: float) -> Iterator[str]:
    yield (
        f'<rect x="{x + 2:.1f}" y="{y:.1f}" width="{max(width - 4, 3):.1f}" height="{height:.1f}" rx="4" '
        f'fill="url(#gap)" stroke="{RED}" stroke-width="4"/>'
    )
    said = _("nobody")
    if (needed := wide(said, 28) + 20) <= width - 12:
        yield f'<rect x="{x + 8:.1f}" y="{y + 8:.1f}" width="{needed:.1f}" height="{BAR - 16}" rx="6" fill="#ffffff"/>'
        yield _text(x + 18, y + 36, said, 28, RED)


def _legend(names: dict[str, str], colours: dict[str, int], y: float, *, gaps: bool) -> tuple[list[str], float]:
    """Return the names of the colours, and where they end."""
    found: list[str] = []
    x = float(MARGIN)
    for who in [*colours, *([""] if gaps else [])]:
        said = fitting(names[who] if who else _("nobody"), 28, WIDTH / 2)
        width = 56 + wide(said, 28) + 36
        if x > MARGIN and x + width > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 52
        chip = _turn(x, 44, y, "", colours[who]) if who else _gap(x, 44, y, BAR)
        found += [
            f'<g transform="translate(0 {y * 0.3:.1f}) scale(1 0.7)">{"".join(chip)}</g>',
            _text(x + 54, y + 30, said, 28, INK),
        ]
        x += width
    return found, y + 52


def _text(x: float, y: float, said: str, size: int, fill: str, *, anchor: str = "start", most: float = WIDTH) -> str:
    said = escape(fitting(said, size, most))
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}">{said}</text>'
