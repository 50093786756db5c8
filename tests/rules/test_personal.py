"""No word that could tell who wrote a question comes out, however it is dressed; ordinary questions do, as they are."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chatops.rules.personal import LONGEST, alike, shareable, words

LABELLED = Path(__file__).parents[1] / "bench" / "labelled.toml"
QUESTION = ("does it come in black, ", " or is it only in blue?")
PERSONAL = (
    "+62 812-3456-7890", "081234567890", "+66 81 234 5678", "(0)20 7946 0958", "+84.912.345.678", "0912 345 678",
    "mia@example.com", "mia.chen(at)example.co.id", "mia at gmail dot com", "@mia.chen", "https://example.com/mia",
    "www.example.com", "bit.ly/3xYz", "example .com", "t.me/miachen", "577086512123755123", "GB00123456789",
    "GB29 NWBK 6016 1331 9268 19", "4111 1111 1111 1111", "SW1A 1AA", "12 Baker Street", "Jl. Sudirman 5", "90210",
    "12/03/1990", "zero eight one two three", "four-four seven-nine", "ที่อยู่ ลาดพร้าว",
    "kosong lapan satu dua", "whatsapp miachen", "my name is mia",
    "<@U0MIA>", "<https://example.com|here>", "[here](example)", "`code`", "#channel", "**bold**", "mia_chen",
)  # fmt: skip
NAMES = "Mia Chen", "小明王", "Jürgen Weiß", "สมชาย", "محمد"
HIDDEN = "\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff", "\ufe0f", "\u034f", "\u0335", "\u20e3", "\u202e", "\u2067"
LIKE = {"a": "а", "e": "е", "o": "ο", "i": "і", "c": "с", "m": "м", "0": "٠", "1": "๑", "2": "２", "8": "₈", "@": "＠"}


def wide(sign: str) -> str:
    """Return a sign as wide as a Chinese one."""
    return chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign


def bold(sign: str) -> str:
    """Return a sign as mathematicians write it."""
    for first, last, begin in (("a", "z", 0x1D41A), ("A", "Z", 0x1D400), ("0", "9", 0x1D7CE)):
        if first <= sign <= last:
            return chr(begin + ord(sign) - ord(first))
    return sign


@some.composite
def dressed(draw: some.DrawFn, token: str) -> str:
    """Draw a token in some Unicode dress: other forms of its signs, and signs between them that nobody sees."""
    form = some.sampled_from((str, str, wide, bold, lambda sign: LIKE.get(sign, sign), str.upper))
    between = some.sampled_from(("", "", "", *HIDDEN))
    return "".join(draw(form)(sign) + draw(between) for sign in token)


@given(some.data())
@settings(max_examples=400)
def test_nothing_personal_comes_out_in_any_dress(data: some.DataObject) -> None:
    token = data.draw(some.sampled_from((*PERSONAL, *NAMES)))
    shown = data.draw(dressed(token))
    assert shareable(shown.join(QUESTION), NAMES) == ""
    assert shareable(f"{shown}?", NAMES) == ""


@given(some.text(max_size=200), some.text(min_size=1, max_size=20))
@settings(max_examples=200)
def test_whatever_is_written_what_comes_out_is_short_and_plain(text: str, name: str) -> None:
    said = shareable(f"is it {text}", (name,))
    assert len(said) <= LONGEST
    assert not set(said) & set("@#<>[]{}*_`~|\\:;+=$^\n\r\t")
    assert shareable(said, (name,)) == said  # whoever reads it again finds nothing more
    assert sum(map(str.isdigit, said)) <= 6
    assert not said or alike(name) not in words(said)


@pytest.mark.parametrize(
    "language", ["en", "zh", "id", "ms", "th", "vi", "fil", "es", "pt", "de", "fr", "it", "ja", "ar"]
)
def test_most_of_what_buyers_ask_is_let_through_in_every_language(language: str) -> None:
    asked = tomllib.loads(LABELLED.read_text(encoding="utf-8"))[language]
    through = [one for one in asked if shareable(one, ("Mia Chen",), nouns=language == "de")]
    assert len(through) >= 0.85 * len(asked)  # what is left out names a place, or asks to change an address


@pytest.mark.parametrize(
    "asked",
    [
        "What size should I take for 170 cm and 65 kg?", "Do you have it in XL or 2XL?", "Is it 100% cotton?",
        "S, M, L?", "How long is the cable, 1.5 m?", "Does it have a plug for the UK?", "¿Qué talla es para 170 cm?",
    ],
)  # fmt: skip
def test_sizes_and_measures_are_no_secrets(asked: str) -> None:
    assert shareable(asked, ("Mia Chen",)) == asked


@pytest.mark.parametrize(
    "asked",
    [
        "What did Sarah say?",
        "where is my order",
        "Is it for MARTIN",
        "M i a wants it",
        "is it ok for M.i.a",
        "🇸🇦🇷🇦🇭 size?",
        "hi",
    ],
)
def test_names_that_nobody_knows_and_the_team_s_are_left_out(asked: str) -> None:
    assert shareable(asked, ("Order Desk",)) == ""


def test_questions_are_alike_but_for_capitals_signs_and_blanks() -> None:
    assert alike("What SIZE is it?") == alike("what size  is it…")
    assert words("这个防水吗 size 42") == {"这个", "个防", "防水", "水吗", "size"}
