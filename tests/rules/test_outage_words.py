"""What leads type when the marketplace cannot be reached."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chatops.rules.outage_words import OutageSaid, outage

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SHOPS = ["maomao-gb", "maomao", "Tea House"]


def at(hour: int, minute: int, day: int = 4) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("on maomao-gb", OutageSaid(True, ("maomao-gb",), None, "")),
        ("on maomao chat is empty", OutageSaid(True, ("maomao",), None, "chat is empty")),
        ("ON tea house since 12:30 chat is empty", OutageSaid(True, ("Tea House",), at(11, 30), "chat is empty")),
        ("down all 9.15", OutageSaid(True, tuple(SHOPS), at(8, 15), "")),
        ("开始 全部 从11:05起 聊天打不开", OutageSaid(True, tuple(SHOPS), at(10, 5), "聊天打不开")),
        ("selesai semua", OutageSaid(False, tuple(SHOPS), None, "")),
        ("off maomao desde 12:59", OutageSaid(False, ("maomao",), at(11, 59), "")),
        ("on maomao API answers 503 since 11:00", OutageSaid(True, ("maomao",), None, "API answers 503 since 11:00")),
        ("on maomao since 13:01", None),  # it is one o'clock in London: this would be most of a day ago
        ("on maomao since 25:00", None),
        ("on maomao since 12:00 .. 12:30", None),  # an end is said by itself: off maomao since 12:30
        ("on maomao since 12:00 until 12:30 chat", None),
        ("on maomao 从12:00到12:30", None),
        ("on elsewhere", None),
        ("on", None),
        ("maomao", None),
        ("", None),
    ],
)
def test_which_shops_and_since_when(words: str, said: OutageSaid | None) -> None:
    assert outage(words, SHOPS, NOW, ZoneInfo("Europe/London")) == said


def test_a_lone_shop_need_not_be_named_and_the_last_time_of_day_counts() -> None:
    past_midnight = datetime(2026, 5, 5, 0, 20, tzinfo=UTC)
    assert outage("on since 23:50 chat", ["maomao"], past_midnight, ZoneInfo("UTC")) == OutageSaid(
        True, ("maomao",), at(23, 50), "chat"
    )


@pytest.mark.parametrize(
    "words", ["on", "on since 12:30", "on 12:30 chat", "on maomao-gb", "on all chat is empty", "off"]
)
def test_a_lone_shop_is_meant_where_no_name_could_stand(words: str) -> None:
    assert outage(words, SHOPS[:1], NOW, ZoneInfo("Europe/London")) is not None


@pytest.mark.parametrize("words", ["on maomao-gp", "on nope", "on nope since 12:30", "off nope", "on chat is empty"])
def test_words_where_its_name_would_stand_may_be_a_mistyped_one(words: str) -> None:
    assert outage(words, SHOPS[:1], NOW, ZoneInfo("Europe/London")) is None
