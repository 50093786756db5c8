"""What people type who ask how days went."""

from datetime import date

import pytest

from chatops.rules.asked_time import Form, asked

SUNDAY = date(2026, 11, 22)
DAYS = {
    "": ("11-22", "11-22"),
    "now": ("11-22", "11-22"),
    "Yesterday": ("11-21", "11-21"),
    "week": ("11-16", "11-22"),
    "last week": ("11-09", "11-15"),
    "LAST  WEEK": ("11-09", "11-15"),
    "this month": ("11-01", "11-22"),
    "last month": ("10-01", "10-31"),
    "7 days": ("11-15", "11-21"),
    "30d": ("10-23", "11-21"),
    "2026-11-03": ("11-03", "11-03"),
    "2026-11-01..2026-11-07": ("11-01", "11-07"),
    "2026-11-01 – 2026-12-07": ("11-01", "11-22"),
    "昨天": ("11-21", "11-21"),
    "上个月": ("10-01", "10-31"),
    "kemarin": ("11-21", "11-21"),
    "เมื่อวาน": ("11-21", "11-21"),
    "hom qua": ("11-21", "11-21"),
    "la semana pasada": ("11-09", "11-15"),
    "7 días": ("11-15", "11-21"),
    "vergangene": ("11-22", "11-22"),
    "letzte Woche": ("11-09", "11-15"),
    "la semaine dernière": ("11-09", "11-15"),
    "先週": ("11-09", "11-15"),
    "أمس": ("11-21", "11-21"),
}


@pytest.mark.parametrize(("words", "days"), DAYS.items())
def test_days_are_named_as_people_name_them(words: str, days: tuple[str, str]) -> None:
    found = asked(words, SUNDAY)
    assert found is not None
    assert (f"{found.first:%m-%d}", f"{found.last:%m-%d}") == days


@pytest.mark.parametrize("words", ["2026-02-31", "2026-11-23", "2026-11-07..2026-11-01", "0 days", "9999 days"])
def test_days_that_make_no_sense_are_none(words: str) -> None:
    assert asked(words, SUNDAY) is None


HOURS = {
    "2026-11-11 20:00..22:00": ("11-11 20:00", "11-11 22:00"),
    "2026-11-11 20:00..2026-11-12 02:00": ("11-11 20:00", "11-12 02:00"),
    "2026-11-11T20:00 – 2026-11-12T02:00": ("11-11 20:00", "11-12 02:00"),
    "2026-11-11 20.00-24.00": ("11-11 20:00", "11-12 00:00"),
    "2026-11-11 22:00..2:30": ("11-11 22:00", "11-12 02:30"),
    "20:00..22:00": ("11-22 20:00", "11-22 22:00"),
    "20:00…22:00 yesterday": ("11-21 20:00", "11-21 22:00"),
    "昨天 20:00..22:00": ("11-21 20:00", "11-21 22:00"),
    "kemarin 20.00–22.00": ("11-21 20:00", "11-21 22:00"),
}


@pytest.mark.parametrize(("words", "hours"), HOURS.items())
def test_hours_of_a_day_may_go_on_past_midnight(words: str, hours: tuple[str, str]) -> None:
    found = asked(f"maomao-gb {words} csv", SUNDAY)
    assert found is not None
    assert found.hours is not None
    assert tuple(f"{at:%m-%d %H:%M}" for at in found.hours) == hours
    assert (found.rest, found.form) == ("maomao-gb", Form.CSV)


@pytest.mark.parametrize(
    "words",
    [
        "2026-11-11 25:00..26:00",
        "2026-11-11 20:60..22:00",
        "2026-11-11 20:00..20:00",
        "2026-11-11 20:00..2026-11-10 22:00",
        "2026-11-11 20:00..2026-02-31 22:00",
        "20:00..2026-11-12 02:00",
        "2026-11-23 20:00..22:00",
        "last week 20:00..22:00",
        "7 days 20:00..22:00",
        "2025-11-01 20:00..2026-11-12 02:00",
    ],
)
def test_hours_that_make_no_sense_are_none(words: str) -> None:
    assert asked(words, SUNDAY) is None


def test_the_other_words_say_how_and_whose() -> None:
    found = asked("last week maomao-gb compare csv here ranked me", SUNDAY)
    assert found is not None
    assert (found.form, found.compare, found.here, found.ranked, found.mine) == (Form.CSV, True, True, True, True)
    assert found.rest == "maomao-gb"
    plain = asked("equipo Übersee", SUNDAY)
    assert plain is not None
    assert (plain.rest, plain.form, plain.compare) == ("equipo Übersee", Form.POST, False)
