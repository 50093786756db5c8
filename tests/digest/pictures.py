"""Charts as digests have them, and as they never should: `python -m tests.digest.pictures` writes the goldens.

A golden holds all words of a language's picture in their order; one English picture is kept whole, too.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chatops.digest import picture
from chatops.digest.scope import Window
from chatops.digest.section import Chart, Points, Reading, Section, Shape, Unit
from chatops.digest.sections.clocks import SECTION as CLOCKS
from chatops.digest.sections.clocks import Clocks, Kept
from chatops.digest.sections.responses import SECTION as RESPONSES
from chatops.digest.sections.responses import Responses, Speed
from chatops.digest.sections.volume import SECTION as VOLUME
from chatops.digest.sections.volume import Split, Volume
from chatops.i18n import LANGUAGES, current, language, named_day, short_day
from chatops.rules.targets import Metric
from tests.digest.sample_words import ENGLISH, WORDS

GOLDENS = Path(__file__).parent / "goldens"
SUNDAY = date(2026, 11, 22)
NIGHT = datetime(2026, 11, 21, tzinfo=UTC)
READING = Reading("T0TEAM", Window(NIGHT, NIGHT + timedelta(days=1), ZoneInfo("Europe/London")))
MINUTE = 60_000.0
HOURS = (3, 1, 0, 0, 0, 2, 4, 9, 21, 30, 28, 33, 41, 38, 29, 31, 44, 52, 61, 88, 97, 90, 47, 12)
KEPT = (0.97, 0.93, 0.88, 0.91, None, 0.85, 0.94, 0.99, 0.96, 0.87, 0.83, 0.92, 0.95, 0.964)


def usual() -> list[Chart]:
    """Return the charts of the product's own sections on an ordinary day, in the language being spoken."""
    levels = {"logistics": 148, "presale": 61, "quality": 42, "": 9}
    volume = Volume(260, sum(HOURS), HOURS, levels=Split(levels, levels))
    waits = tuple(
        (count, None if count == 0 else int((1 + (hour - 9) ** 2 / 12) * MINUTE)) for hour, count in enumerate(HOURS)
    )
    answers = Responses(Speed(214, 180_000, 1_500_000), Speed(301, 60_000, 900_000), waits)
    metrics = (Metric.FIRST_RESPONSE, 206, 8), (Metric.NEXT_RESPONSE, 280, 21), (Metric.PLATFORM_RESPONSE, 214, 0)
    kept = Clocks({metric.value: Kept(met, late) for metric, met, late in metrics})
    shown: tuple[tuple[Section[Any], Any], ...] = (VOLUME, volume), (RESPONSES, answers), (CLOCKS, kept)
    return picture.in_turn(section.charts(facts, READING) for section, facts in shown)


def other() -> list[Chart]:
    """Return charts of the other shapes there are: a line that should be kept, rows side by side, long names."""
    words = WORDS.get(current(), ENGLISH)
    days = [SUNDAY - timedelta(days=14 - place) for place in range(14)]
    kept = tuple((short_day(day), share) for day, share in zip(days, KEPT, strict=True))
    title, essence, first, after = words.answers
    lengths = (
        Points(first, tuple((shop, many * MINUTE) for shop, many in (("maomao-gb", 3), ("maomao-id", 9)))),
        Points(after, tuple((shop, many * MINUTE) for shop, many in (("maomao-gb", 1.5), ("maomao-id", 4)))),
    )
    asked = tuple(zip(words.about, (42.0, 31.0, 12.0, 7.0, 0.0), strict=True))
    return [
        Chart(*words.kept, Shape.LINES, Unit.SHARE, (Points("", kept),), limit=0.9),
        Chart(title, essence, Shape.COLUMNS, Unit.LENGTH, lengths, limit=5 * MINUTE, below_is_good=True),
        Chart(*words.asked, Shape.BARS, Unit.COUNT, (Points("", asked),)),
    ]


def strange() -> list[Chart]:
    """Return charts that nobody would draw, in three pictures' worth."""
    four = tuple(
        Points(name, tuple((short_day(SUNDAY - timedelta(days=day)), 40.0 + (day * place) % 7) for day in range(14)))
        for place, name in enumerate(("maomao-gb", "A very long name of a shop", "Ärger 店", "متجر"), 3)
    )
    return [
        chart("One value", Shape.COLUMNS, ("14", 1)),
        chart("Zeros only", Shape.COLUMNS, *((f"{hour:02}", 0) for hour in range(24))),
        chart("Huge and tiny", Shape.COLUMNS, ("Mon", 1), ("Tue", 123_456_789), ("Wed", 7_999_999_999), ("Thu", 0)),
        chart("Mostly nothing", Shape.LINES, ("1", None), ("2", 5), ("3", None), ("4", 9), ("5", 8), ("6", None)),
        chart("Tags", Shape.COLUMNS, *((f"tag {place}", place % 977) for place in range(10_000))),
        Chart("Four shops", "", Shape.LINES, Unit.COUNT, four),
        chart('<b>Markup</b> & "quotes" 🌟 \u202eturned 한국', Shape.BARS, ("<script>alert(1)</script>", 3), ("🌟", 2)),
        Chart(
            "Long lengths and a title that is much too long for one line of a picture, and goes on and on",
            "And its sentence is long as well, so it takes two lines at least, and it may take no more than three.",
            Shape.BARS, Unit.LENGTH, (Points("", (("Weeks", 20 * 86_400_000.0), ("Less", 900.0))),), 7_200_000.0, True,
        ),
    ]  # fmt: skip


def chart(title: str, shape: Shape, *values: tuple[str, float | None]) -> Chart:
    """Return a chart of counts with one row."""
    return Chart(title, f"{title}, in a sentence.", shape, Unit.COUNT, (Points("", values),))


def specification(charts: list[Chart], *, dark: bool = False) -> dict[str, Any]:
    """Return a picture of charts below the name of a day."""
    return picture.specification(charts, title=named_day(SUNDAY - timedelta(days=1)), dark=dark)


def words(shown: Any) -> Iterator[str]:
    """Yield every word of a picture."""
    if isinstance(shown, dict):
        for key, value in shown.items():
            if key in {"t", "text", "subtitle"} and not isinstance(value, dict):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from words(value)
    elif isinstance(shown, list):
        for one in shown:
            yield from words(one)


def golden(tongue: str) -> tuple[Path, str]:
    """Return where the words of a language's picture are kept, and what they are now."""
    with language(tongue):
        return GOLDENS / f"{tongue}.txt", "\n".join(
            [*dict.fromkeys(words([specification(usual()), specification(other())])), ""]
        )


def whole() -> tuple[Path, str]:
    """Return where the whole picture of every shape is kept, and what it is now."""
    with language("en"):
        return GOLDENS / "picture.json", json.dumps(specification(other()), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, text in (*map(golden, LANGUAGES), whole()):
        path.write_text(text, encoding="utf-8")
