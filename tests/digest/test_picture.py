"""The picture of a digest: what stands where, in whose words; it is read without colours, and in any language."""

import json
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops import drawing
from chatops.digest import measures, picture
from chatops.digest.panels import panel
from chatops.digest.section import Chart, Points, Shape, Unit
from chatops.errors import Unavailable
from chatops.i18n import LANGUAGES, language
from tests.digest.pictures import chart, golden, other, specification, strange, usual, whole, words


def layers(one: Chart, kind: str) -> list[dict[str, Any]]:
    [shown] = specification([one])["vconcat"]
    return [layer for layer in shown["layer"] if layer["mark"]["type"] == kind]


def keys(shown: Any) -> Iterator[str]:
    for key, value in shown.items() if isinstance(shown, dict) else enumerate(shown):
        yield str(key)
        if isinstance(value, dict | list):
            yield from keys(value)


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_every_language_has_its_words_where_somebody_last_read_them(tongue: str) -> None:
    path, text = golden(tongue)
    assert path.read_text(encoding="utf-8") == text


def test_a_picture_stays_as_it_was_looked_at() -> None:
    path, text = whole()
    assert path.read_text(encoding="utf-8") == text


def test_what_misses_its_line_is_seen_without_colours_and_explained() -> None:
    kept, missed = layers(
        Chart("", "", Shape.COLUMNS, Unit.SHARE, (Points("", (("a", 0.95), ("b", 0.8))),), 0.9), "bar"
    )
    assert "stroke" not in kept["mark"]
    assert missed["mark"]["stroke"] == picture.LIGHT.bad
    assert missed["mark"]["fill"] == picture.LIGHT.paper
    said = list(words(specification([other()[0]])))
    assert {"at least 90%", "missed"} <= set(said)


def test_a_line_has_a_gap_where_nothing_was_measured() -> None:
    gone = chart("", Shape.LINES, ("1", 1), ("2", 2), ("3", None), ("4", 4))
    assert [[one["v"] for one in line["data"]["values"]] for line in layers(gone, "line")] == [[1, 2], [4]]


def test_of_ten_thousand_tags_the_most_frequent_are_shown() -> None:
    tags = next(one for one in strange() if one.title == "Tags")
    [shown] = picture.chosen([tags])
    assert [value for _label, value in shown.points[0].values] == [976] * 8
    assert shown.title == "Tags (8 of 10,000)"
    assert shown.shape is Shape.BARS


def test_charts_without_anything_are_left_out_and_the_first_ones_win() -> None:
    empty = [Chart("", "", Shape.LINES, Unit.COUNT, ()), chart("", Shape.COLUMNS, ("00", None)), chart("", Shape.BARS)]
    assert picture.chosen(empty) == []
    assert [one.title for one in picture.chosen([*empty, *strange()])] == [one.title for one in strange()[:4]]


def test_every_section_has_its_turn_before_one_has_two() -> None:
    volume, targets, answers = ([chart(f"{name} {at}", Shape.COLUMNS, ("1", 1)) for at in (1, 2)] for name in "vta")
    empty = chart("nothing", Shape.COLUMNS, ("1", None))
    told = picture.in_turn([volume, [], targets, [empty, *answers[:1]], [chart("asked", Shape.BARS, ("size", 3))]])
    assert [one.title for one in told] == ["v 1", "t 1", "a 1", "asked", "v 2", "t 2"]


def test_who_cannot_see_it_reads_its_sentences_as_far_as_there_is_room() -> None:
    charts = usual()
    assert picture.alt(charts[:1]) == "Messages from buyers by hour: Most was written from 8:00 PM on."
    assert len(picture.alt([chart("x" * 300, Shape.COLUMNS, ("1", 1))] * 4)) <= picture.MOST_ALT


def test_names_are_words_whatever_they_are() -> None:
    said = " ".join(words(specification([strange()[6]])))
    assert "<script>" in said
    assert not {"🌟", "\u202e"} & set(said)


def test_what_is_read_from_the_right_is_mirrored() -> None:
    hours = usual()[0]
    left, right = (panel(hours, picture.LIGHT, mirrored=mirrored) for mirrored in (False, True))

    def begins(shown: dict[str, Any]) -> float:
        columns = next(layer for layer in shown["layer"] if layer["mark"]["type"] == "bar")
        return float(columns["encoding"]["x"]["scale"]["range"][0])

    assert begins(left) < 100
    assert begins(right) > 396
    assert (left["title"]["anchor"], right["title"]["anchor"]) == ("start", "end")


@settings(max_examples=60)
@given(
    st.sampled_from(Shape),
    st.sampled_from([unit for unit in Unit if unit is not Unit.SHARE]),
    st.lists(st.floats(0, 1e15) | st.none(), min_size=1, max_size=30),
    st.none() | st.floats(0, 1e9),
)
def test_a_scale_has_few_lines_and_holds_every_value(
    shape: Shape, unit: Unit, values: list[float | None], limit: float | None
) -> None:
    one = Chart("", "", shape, unit, (Points("", tuple((str(at), value) for at, value in enumerate(values))),), limit)
    ticks = measures.ticks(one)
    assert 2 <= len(ticks) <= measures.MOST_TICKS + 2
    assert all(ticks[0] <= value <= ticks[-1] * (1 + 1e-9) for value in values if value is not None)
    assert json.dumps(specification([one]))


async def test_it_is_drawn_for_the_width_of_a_phone_from_nothing_but_itself() -> None:
    shown = specification(usual(), dark=True)
    assert not {"url", "href"} & set(keys(shown))
    drawn = await drawing.chart(shown)
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", drawn[16:24])
    assert width == 1080
    assert height < 2400  # the screen of a phone, at its full width


async def test_a_chart_that_asks_for_a_file_is_refused() -> None:
    with language("en"), pytest.raises(Unavailable, match="picture_not_drawn"):
        await drawing.chart({"data": {"url": "file:///etc/hostname"}, "mark": "bar"})
