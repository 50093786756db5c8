"""The picture of a rotation: turns in their place, gaps hatched; what a person wrote does no more than be read."""

import struct
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as Tree
from zoneinfo import ZoneInfo

import pytest

from chatops import drawing
from chatops.cards import rota_picture, rota_post
from chatops.errors import Unavailable
from chatops.i18n import LANGUAGES, language
from chatops.model.agent import Agent
from chatops.model.oncall_feed import Stint
from chatops.times import to_milliseconds

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 18, 10, tzinfo=UTC)  # a Wednesday; on the 29th the clock is turned forward
SVG = "{http://www.w3.org/2000/svg}"
HOUR = timedelta(hours=1)


def stint(start: datetime, hours: float, name: str = "") -> Stint:
    agent = Agent(workspace_id="T0TEAM", id=f"U0{name.upper()}", name=name) if name else None
    return Stint(to_milliseconds(start), to_milliseconds(start + timedelta(hours=hours)), agent)


def picture(*stints: Stint, weeks: int = 2) -> Tree.Element:
    return Tree.fromstring(rota_picture.drawn("front", BERLIN, stints, NOW, weeks))  # noqa: S314 - our own


def texts(shown: Tree.Element) -> list[str]:
    return [text.text or "" for text in shown.iter(f"{SVG}text")]


def bars(shown: Tree.Element) -> list[tuple[float, float]]:
    """Return where the turns and gaps of the weeks begin and end, left to right, without the legend's."""
    found = [rect for rect in shown.findall(f"{SVG}rect") if rect.get("rx") in {"4", "8"}]
    return [(float(rect.get("x", 0)), float(rect.get("x", 0)) + float(rect.get("width", 0))) for rect in found]


def test_a_turn_stands_where_its_days_are_and_goes_on_in_the_next_week() -> None:
    [first, second] = bars(picture(stint(NOW, 7 * 24, "Li")))
    left, day = rota_picture.MARGIN + rota_picture.LABEL, rota_picture.DAY
    assert first == pytest.approx((left + day * (2 + 11 / 24) + 2, left + 7 * day - 2), abs=0.2)
    assert second == pytest.approx((left + 2, left + day * (2 + 11 / 24) - 2), abs=0.2)


def test_a_gap_is_hatched_named_and_in_the_legend_and_a_covered_rotation_has_none() -> None:
    gap = picture(stint(NOW, 48, "Li"), stint(NOW + 48 * HOUR, 48))
    assert texts(gap).count("nobody") == 2
    assert [rect.get("fill") for rect in gap.iter(f"{SVG}rect")].count("url(#gap)") == 2
    covered = picture(stint(NOW, 24 * 14, "Li"))
    assert "nobody" not in texts(covered)


def test_those_on_call_together_stand_below_each_other_and_each_has_a_colour() -> None:
    names = ["Li", "Noor", "Ana", "Budi", "Som", "Ng", "Max", "Zoe", "Ida"]
    shown = picture(*(stint(NOW, 24, name) for name in names))
    rows = [rect for rect in shown.findall(f"{SVG}rect") if rect.get("rx") == "8"]
    assert len({rect.get("y") for rect in rows}) == len({rect.get("fill") for rect in rows}) == len(names)
    assert set(names) <= set(texts(shown))


def test_a_day_of_another_length_says_so_and_is_as_wide_as_any() -> None:
    shown = picture(stint(datetime(2026, 3, 28, 23, tzinfo=UTC), 23, "Li"))
    assert "29 (23 h)" in texts(shown)
    [(start, end)] = bars(shown)
    assert end - start == pytest.approx(rota_picture.DAY - 4, abs=0.2)


def test_what_was_is_not_shown_and_names_that_do_not_fit_are_cut() -> None:
    shown = picture(stint(NOW - 48 * HOUR, 24, "Gone"), stint(NOW, 24, "Maximiliane von Hohenzollern"))
    assert "Gone" not in " ".join(texts(shown))
    assert any(text.startswith("Maxi") and text.endswith("…") for text in texts(shown))


def test_a_short_turn_says_at_least_an_initial() -> None:
    shown = picture(stint(NOW, 8, "Noor"), stint(NOW + 8 * HOUR, 1, "Li"))
    assert "N" in texts(shown)
    assert "L" not in texts(shown)


@pytest.mark.parametrize("name", ['<script>"&', "</text></svg>", "Li 🌟\u202e", "李小龙", "สมชาย"])
def test_a_name_is_words_whatever_it_is(name: str) -> None:
    shown = picture(stint(NOW, 24 * 14, name))
    assert {element.tag.removeprefix(SVG) for element in shown.iter()} <= {
        "svg",
        "defs",
        "pattern",
        "rect",
        "text",
        "g",
    }
    assert "\u202e" not in "".join(texts(shown))
    assert any(text and text in name for text in texts(shown))


def test_who_has_only_pictures_for_a_name_is_known_by_their_id() -> None:
    assert texts(picture(stint(NOW, 24 * 14, "🌟"))).count("U0") == 3


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_words_beside_the_picture_name_the_gaps_in_every_language(locale: str) -> None:
    gaps = [stint(NOW + number * 24 * HOUR, 2) for number in range(7)]
    with language(locale):
        card = rota_post.card("front", gaps, NOW, NOW + timedelta(weeks=5))
        assert rota_picture.drawn("front", BERLIN, gaps, NOW)
    assert "7" in card.summary
    assert len(card.parts) == 1 + rota_post.NAMED + 1
    covered = rota_post.card("front", [stint(NOW, 24 * 35, "Li")], NOW, NOW + timedelta(weeks=5))
    assert covered.summary == "On call: front. Somebody is on call at every minute until April 22, 2026."


async def test_it_becomes_a_picture_of_the_width_that_phones_show_well() -> None:
    with language("zh-CN"):
        drawn = await drawing.png(
            rota_picture.drawn("前台", BERLIN, [stint(NOW, 48, "李小龙"), stint(NOW, 24, "สมชาย")], NOW)
        )
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", drawn[16:20])[0] == rota_picture.WIDTH


async def test_what_cannot_be_drawn_is_told_and_takes_nothing_along(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable):
        await drawing.png("<svg")
    monkeypatch.setattr(drawing, "PATIENCE", 0.0)
    with pytest.raises(Unavailable, match="picture_not_drawn"):
        await drawing.png('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
