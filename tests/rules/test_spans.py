"""From when until when, as people say it of being on call."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chatops.rules.spans import span

LONDON, AZORES, BEIRUT = ZoneInfo("Europe/London"), ZoneInfo("Atlantic/Azores"), ZoneInfo("Asia/Beirut")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday


def meant(words: str, now: datetime = NOW, zone: ZoneInfo = LONDON) -> str:
    found = span(words, now, zone)
    return " - ".join(f"{one.astimezone(zone):%a %d.%m. %H:%M}" for one in found) if found else ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tomorrow 9 .. tomorrow 17:00", "Wed 25.11. 09:00 - Wed 25.11. 17:00"),
        ("morgen 9 .. morgen 17:00", "Wed 25.11. 09:00 - Wed 25.11. 17:00"),
        ("tomorrow 9 .. day after tomorrow 9", "Wed 25.11. 09:00 - Thu 26.11. 09:00"),
        ("monday 9 .. next friday 17:00", "Mon 30.11. 09:00 - Fri 04.12. 17:00"),
        ("tomorrow 9 .. today 8", "Wed 25.11. 09:00 - Tue 24.11. 08:00"),
        ("tomorrow 9 .. 17:00", "Wed 25.11. 09:00 - Wed 25.11. 17:00"),
        ("tomorrow 22 .. 6", "Wed 25.11. 22:00 - Thu 26.11. 06:00"),
        ("tomorrow 9 .. 3h", "Wed 25.11. 09:00 - Wed 25.11. 12:00"),
        ("friday 9 .. monday 9", "Fri 27.11. 09:00 - Mon 30.11. 09:00"),
        ("next week wednesday 9 .. friday 9", "Wed 02.12. 09:00 - Fri 04.12. 09:00"),
        ("monday 9 .. monday 9", "Mon 30.11. 09:00 - Mon 07.12. 09:00"),
        ("24.12. 9 .. 2.1. 9", "Thu 24.12. 09:00 - Sat 02.01. 09:00"),
    ],
)
def test_behind_the_dots_today_is_today_and_an_hour_or_a_weekday_the_next_one(words: str, expected: str) -> None:
    assert meant(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("today", "Tue 24.11. 00:00 - Wed 25.11. 00:00"),
        ("tomorrow", "Wed 25.11. 00:00 - Thu 26.11. 00:00"),
        ("tuesday", "Tue 24.11. 00:00 - Wed 25.11. 00:00"),
        ("friday", "Fri 27.11. 00:00 - Sat 28.11. 00:00"),
        ("2026-12-24", "Thu 24.12. 00:00 - Fri 25.12. 00:00"),
        ("2026-12-24 .. 2026-12-27", "Thu 24.12. 00:00 - Mon 28.12. 00:00"),
        ("24.12. - 27.12.", "Thu 24.12. 00:00 - Mon 28.12. 00:00"),
        ("freitag .. freitag", "Fri 27.11. 00:00 - Sat 28.11. 00:00"),
        ("friday .. 17:00", "Fri 27.11. 00:00 - Fri 27.11. 17:00"),
        ("friday 17:00 .. sunday", "Fri 27.11. 17:00 - Mon 30.11. 00:00"),
        ("tomorrow .. 3 days", "Wed 25.11. 00:00 - Sat 28.11. 00:00"),
        ("next week", "Mon 30.11. 00:00 - Mon 07.12. 00:00"),
        ("next month", "Tue 01.12. 00:00 - Fri 01.01. 00:00"),
    ],
)
def test_a_day_without_an_hour_is_meant_whole(words: str, expected: str) -> None:
    assert meant(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("3h", "Tue 24.11. 12:00 - Tue 24.11. 15:00"),
        ("2 days", "Tue 24.11. 12:00 - Thu 26.11. 12:00"),
        ("friday 9", "Tue 24.11. 12:00 - Fri 27.11. 09:00"),
        ("tonight", "Tue 24.11. 12:00 - Tue 24.11. 18:00"),
    ],
)
def test_a_length_or_an_hour_alone_begins_now(words: str, expected: str) -> None:
    assert meant(words) == expected


def test_a_day_has_all_its_hours_when_the_clock_is_turned_at_midnight() -> None:
    found = span("2026-10-25", NOW.replace(month=10), AZORES)
    assert found == (datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 26, 1, tzinfo=UTC)), "midnight twice"
    assert meant("2026-03-29", NOW.replace(month=3), BEIRUT) == "Sun 29.03. 01:00 - Mon 30.03. 00:00"


@pytest.mark.parametrize(
    "words", ["", "soonish", "2026-02-30", "9 .. 10 .. 11", "monday .. soonish", f"9{' ' * 4_000}.. 10"]
)
def test_what_means_no_stretch_is_not_guessed(words: str) -> None:
    assert span(words, NOW, LONDON) is None
