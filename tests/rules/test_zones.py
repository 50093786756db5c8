"""Time zones as people write them."""

import pytest

from chatops.rules.zones import first, known, like, named, near


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin ", "Europe/Berlin"),
        ("bangkok", "Asia/Bangkok"),
        ("Ho Chi Minh", "Asia/Ho_Chi_Minh"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("Europe/Kiev", "Europe/Kyiv"),  # a zone that was renamed has its new name
        ("saigon", "Asia/Ho_Chi_Minh"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Stockholm", "Europe/Stockholm"),  # it shows the clock of Berlin, but is called so
        ("utc", "UTC"),
        ("Atlantis", None),
        ("../etc/passwd", None),
        ("", None),
    ],
)
def test_a_zone_is_known_by_its_name_or_its_city(words: str, zone: str | None) -> None:
    assert named(words) == zone


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Berln", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin"),
        ("new yrok", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Atlantis", ""),  # no "Canada/Atlantic", which is called Halifax today
        ("CET", ""),
        ("x" * 4_000, ""),
        ("", ""),
    ],
)
def test_a_zone_that_was_mistyped_is_guessed(words: str, zone: str) -> None:
    assert near(words) == zone


def test_a_zone_that_only_a_chat_platform_knows_is_none() -> None:
    assert [known(name) for name in ("Asia/Calcutta", "EST5EDT")] == ["Asia/Calcutta", "EST5EDT"]
    assert [known(name) for name in ("Mars/Phobos", "../etc/passwd", "")] == ["", "", ""]


def test_what_is_typed_so_far_brings_the_cities_that_begin_so_first() -> None:
    assert like("bangk") == ["Asia/Bangkok"]
    assert like("paris")[0] == "Europe/Paris"
    assert "America/Argentina/Buenos_Aires" in like("buenos a")
    assert len(like("")) == 25
    assert like("xyz") == []
    assert like("saig") == ["Asia/Ho_Chi_Minh"], "found by its old name"


@pytest.mark.parametrize(
    ("names", "counts"),
    [
        (("Asia/Jakarta", "Europe/London"), "Asia/Jakarta"),
        (("", "Europe/London"), "Europe/London"),
        (("Mars/Olympus", "Europe/London"), "Europe/London"),  # a chat platform may know zones that we do not
        (("", ""), "UTC"),
    ],
)
def test_the_first_zone_that_is_known_counts(names: tuple[str, ...], counts: str) -> None:
    assert first(*names).key == counts
