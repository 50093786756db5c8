"""Which limit counts where and when, and how a figure stands to it."""

from datetime import date

import pytest

from chatops.rules.lights import Aim, Light, aim_of, light

OLD = Aim("official", date(2020, 1, 1), "a page", date(2027, 1, 1), at_least=0.8)
NEW = Aim("official", date(2026, 5, 4), "a page", date(2027, 1, 1), at_least=0.7)
THAI = Aim("official", date(2025, 8, 15), "a page", date(2027, 1, 1), ("TH",), at_least=0.85)
SOON = Aim("first_answer", date(2020, 1, 1), "the team", date(2027, 1, 1), at_most="5m")


@pytest.mark.parametrize(
    ("market", "on", "found"),
    [
        ("GB", date(2026, 5, 3), OLD),
        ("GB", date(2026, 5, 4), NEW),
        ("TH", date(2026, 5, 4), THAI),
        ("TH", date(2025, 8, 14), OLD),
        ("", date(2026, 5, 3), OLD),
        ("GB", date(2019, 1, 1), None),
    ],
)
def test_what_is_for_a_market_counts_there_and_else_the_newest(market: str, on: date, found: Aim | None) -> None:
    assert aim_of([SOON, NEW, THAI, OLD], "official", market, on) == found


@pytest.mark.parametrize(
    ("value", "limit", "at_most", "shown"),
    [
        (None, 0.95, False, Light.NONE),
        (0.95, 0.95, False, Light.KEPT),
        (0.949, 0.95, False, Light.NEAR),
        (0.85, 0.95, False, Light.MISSED),
        (SOON.limit, SOON.limit, True, Light.KEPT),
        (SOON.limit + 1, SOON.limit, True, Light.NEAR),
        (SOON.limit * 1.2, SOON.limit, True, Light.MISSED),
    ],
)
def test_a_figure_is_kept_nearly_or_missed(value: float | None, limit: float, at_most: bool, shown: Light) -> None:
    assert light(value, limit, at_most=at_most) is shown
