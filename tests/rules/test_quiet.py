"""Quiet hours as people type them."""

import pytest

from chatops.rules.quiet import hours


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22-8", "22:00-08:00"),
        (" 22:30 – 07:00 ", "22:30-07:00"),
        ("22.30~7", "22:30-07:00"),
        ("22h-8h30", "22:00-08:30"),
        ("22点－8点", "22:00-08:00"),
        ("２２：００－８：００", "22:00-08:00"),
        ("12-14", "12:00-14:00"),
        ("20-24", "20:00-00:00"),
        ("off", ""),
        ("apagado", None),
        ("", None),
        ("22", None),
        ("8-8", None),
        ("0-24", None),
        ("25-8", None),
        ("22:60-8", None),
        ("24:30-8", None),
        ("10pm-8am", None),
        ("-8-22", None),
        ("22-8" + " " * 50 + "x", "22:00-08:00"),
    ],
)
def test_what_is_typed_is_two_times_of_the_day_or_is_refused(typed: str, meant: str | None) -> None:
    assert hours(typed) == meant
