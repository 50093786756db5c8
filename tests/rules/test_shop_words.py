"""When shops are on holiday, as leads type it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from chatops.rules.shop_words import HolidaySaid, holiday

SHOPS = ["maomao-gb", "Tea House"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("maomao-gb 2026-12-24 .. 2027-01-02", HolidaySaid(("maomao-gb",), (date(2026, 12, 24), date(2027, 1, 2)))),
        ("all 2026-12-25", HolidaySaid(tuple(SHOPS), (date(2026, 12, 25), date(2026, 12, 25)))),
        ("tea house 2026-12-24 – 2026-12-26", HolidaySaid(("Tea House",), (date(2026, 12, 24), date(2026, 12, 26)))),
        ("off tea house", HolidaySaid(("Tea House",), None)),
        ("全部 取消", HolidaySaid(tuple(SHOPS), None)),
        ("maomao-gb 2026-02-31", None),
        ("maomao-gb 2026-12-26 .. 2026-12-24", None),
        ("maomao-gb 2026-12-26 .. 2028-12-24", None),
        ("2026-12-24", None),
        ("off", None),
        ("off maomao-gb tomorrow", None),
        ("", None),
    ],
)
def test_which_days(words: str, said: HolidaySaid | None) -> None:
    assert holiday(words, SHOPS) == said


def test_the_days_are_those_of_the_shop_and_the_last_one_counts() -> None:
    said = holiday("2026-10-24 .. 2026-10-25", SHOPS[:1])
    assert said is not None
    start, end = datetime(2026, 10, 23, 23, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)
    assert said.span(ZoneInfo("Europe/London")) == (start, end)
