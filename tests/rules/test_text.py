"""Texts for a buyer: how long they are, and where they are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops.rules.text import BUYER_LIMIT, buyer_length, split_for_buyer

FAMILY = "👨‍👩‍👧‍👦"  # four people, three joiners, one picture: 11 units
THUMB = "👍🏽"  # a skin tone
HEART = "❤️"  # a heart and the wish to see it red
FLAG = "🇹🇭"  # two letters
WHOLE = [FAMILY, THUMB, HEART, FLAG, "e\u0301", "น้ำ", "😀", "a", "字"]


def inked(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("abc", 3), ("字", 1), ("😀", 2), (FAMILY, 11), (FLAG, 4), ("\ud83d", 1), ("a\u200bb", 3), ("\x00", 1)],
)
def test_length_counts_whatever_the_marketplace_may_count(text: str, length: int) -> None:
    assert buyer_length(text) == length


def test_a_text_that_fits_is_left_alone() -> None:
    assert split_for_buyer("x" * BUYER_LIMIT) == ["x" * BUYER_LIMIT]
    assert split_for_buyer("😀" * (BUYER_LIMIT // 2)) == ["😀" * (BUYER_LIMIT // 2)]
    assert split_for_buyer("  hello \n") == ["hello"]


def test_there_is_nothing_in_nothing() -> None:
    assert split_for_buyer("") == []
    assert split_for_buyer(" \n\t") == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("one two\n\nthree four five", ["one two", "three four", "five"]),
        ("one two\nthree. four five", ["one two", "three.", "four five"]),
        ("one. Two three four", ["one. Two", "three four"]),
        ("你好吗。我很好谢谢你们大家", ["你好吗。我很好谢谢你", "们大家"]),
        ("abcdefghijklmnop", ["abcdefghij", "klmnop"]),
        ("one two three", ["one two", "three"]),
    ],
)
def test_cuts_are_made_where_a_reader_would_make_them(text: str, parts: list[str]) -> None:
    assert split_for_buyer(text, 10) == parts


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_nothing_is_lost_but_blanks_and_every_part_fits(text: str, limit: int) -> None:
    parts = split_for_buyer(text, limit)
    assert inked("".join(parts)) == inked(text)
    assert all(0 < buyer_length(part) <= limit for part in parts)
    assert all(part == part.strip() for part in parts)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(min_value=2, max_value=60))
def test_every_part_can_be_written_in_any_encoding(text: str, limit: int) -> None:
    for part in split_for_buyer(text, limit):
        assert part.encode("utf-16-le").decode("utf-16-le") == part


@given(st.lists(st.sampled_from(WHOLE), max_size=80), st.integers(min_value=24, max_value=60))
def test_what_is_seen_as_one_character_is_never_cut_apart(characters: list[str], limit: int) -> None:
    text = "".join(characters)
    cuts, at = [], 0
    for part in split_for_buyer(text, limit):
        at += len(part)
        cuts.append(at)
    borders, at = {0}, 0
    for character in characters:
        at += len(character)
        borders.add(at)
    assert set(cuts) <= borders


@given(st.text(min_size=1), st.integers(min_value=2, max_value=60))
def test_splitting_again_changes_nothing(text: str, limit: int) -> None:
    for part in split_for_buyer(text, limit):
        assert split_for_buyer(part, limit) == [part]


@given(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1), st.integers(min_value=12, max_value=60))
def test_words_stay_whole_where_they_can(words: list[str], limit: int) -> None:
    parts = split_for_buyer(" ".join(words), limit)
    assert [word for part in parts for word in part.split()] == words
    for part, following in pairwise(parts):
        assert buyer_length(part) + 1 + buyer_length(following.split()[0]) > limit


def test_a_single_character_longer_than_the_limit_is_cut_all_the_same() -> None:
    monster = "z" + "\u0301" * 50
    parts = split_for_buyer(monster, 10)
    assert "".join(parts) == monster
    assert all(len(part) <= 10 for part in parts)
    assert len(parts) == 6
