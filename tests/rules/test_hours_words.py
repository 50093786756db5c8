"""Hours of business as people write them into a form."""

from datetime import date, timedelta

import pytest

from chatops.errors import Refusal, Refused
from chatops.i18n import LANGUAGES, language, weekday, weekdays
from chatops.rules.hours import DayOff
from chatops.rules.hours_words import days_off, days_off_written, leaves_a_minute, weekly, weekly_written

OFFICE: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-12:30", "13:30-18:00"))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("mon-fri 09:00-12:30 13:30-18:00", OFFICE),
        ("Monday – Friday: 9.00 - 12.30, 13.30–18.00", dict.fromkeys(OFFICE, ("9:00-12:30", "13:30-18:00"))),
        ("sat-mon 10:00-14:00", dict.fromkeys(("mon", "sat", "sun"), ("10:00-14:00",))),
        ("fri 22:00-06:00\nFRI 10:00-12:00", {"fri": ("22:00-06:00", "10:00-12:00")}),
        ("mittwoch 09:00-12:00", {"wed": ("09:00-12:00",)}),
        ("Mo-Fr 09:00-12:30 13:30-18:00", OFFICE),
        ("segunda-feira – sexta-feira: 09:00-12:30, 13:30-18:00", OFFICE),
        ("lun.-ven. 09:00-12:30 13:30-18:00", OFFICE),
        ("miercoles 09:00-12:00\n周六 10:00-12:00", {"wed": ("09:00-12:00",), "sat": ("10:00-12:00",)}),
        ("Thứ Hai-Thứ Ba 09:00-12:00", dict.fromkeys(("mon", "tue"), ("09:00-12:00",))),
        ("tues 09:00-12:00", {"tue": ("09:00-12:00",)}),
        ("", {}),
    ],
)
def test_days_of_the_week_are_read(text: str, read: dict[str, tuple[str, ...]]) -> None:
    assert weekly(text, weekdays()) == read


def test_no_name_means_one_day_in_one_language_and_another_in_another() -> None:
    for tag in LANGUAGES:
        with language(tag):
            week = [date(2026, 11, 23) + timedelta(days=day) for day in range(7)]  # from a Monday on
            for name in ([weekday(on) for on in week], [weekday(on, whole=True) for on in week]):
                lines = "\n".join(f"{name} 0{at}:00-12:00" for at, name in enumerate(name))
                read = weekly(lines, weekdays())
                assert list(read.values()) == [(f"0{at}:00-12:00",) for at in range(7)], tag


def test_days_unlike_others_are_read() -> None:
    text = "2027-01-01 New Year\n\n2026-12-24: 09:00-12:00, 13:00-14:00 Christmas Eve\n2027-05-01"
    assert days_off(text) == (
        DayOff(date(2026, 12, 24), ("09:00-12:00", "13:00-14:00"), "Christmas Eve"),
        DayOff(date(2027, 1, 1), (), "New Year"),
        DayOff(date(2027, 5, 1)),
    )


@pytest.mark.parametrize(
    "line",
    [
        "mon",
        "09:00-12:00",
        "moon 09:00-12:00",
        f"mon{'-' * 4_000}tue 09:00-12:00",
        f"mon{' ' * 4_000}- tue 09:00-12:00",
        "mon 25:00-26:00",
        "mon 9 to 5",
        "mon 09:00-12:00 x",
        "mon- 09:00-12:00",
    ],
)
def test_a_line_about_the_week_that_makes_no_sense_is_told(line: str) -> None:
    with pytest.raises(Refused) as refused:
        weekly(f"tue 09:00-12:00\n{line}", weekdays())
    facts = {"line": line, "example": "mon-fri 09:00-17:00"}
    assert (refused.value.reason, refused.value.facts) == (Refusal.BAD_LINE, facts)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("New Year", Refusal.BAD_LINE),
        ("24.12.2026", Refusal.BAD_LINE),
        ("2027-05-02 09:00-09:00", Refusal.BAD_LINE),
        ("2027-02-30 x", Refusal.NO_SUCH_DAY),
        ("2027-13-01", Refusal.NO_SUCH_DAY),
    ],
)
def test_a_line_about_a_day_that_makes_no_sense_is_told_with_one_that_does(line: str, reason: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        days_off(f"2027-05-01 May Day\n{line}")
    assert (refused.value.reason, refused.value.facts) == (reason, {"line": line, "example": "2026-12-24 09:00-12:00"})


def test_a_day_that_stands_there_twice_is_named() -> None:
    with pytest.raises(Refused) as refused:
        days_off("2027-05-01 May Day\n2027-05-01 again")
    assert (refused.value.reason, refused.value.facts) == (Refusal.DAY_TWICE, {"day": "2027-05-01"})


@pytest.mark.parametrize(
    "hours", ["9-12", "9 – 12:30", "9am-12pm", "9h-12h", "10-14 Christmas Eve", "9-17, 09:00-12:00"]
)
def test_hours_written_in_another_way_do_not_close_the_day(hours: str) -> None:
    with pytest.raises(Refused) as refused:
        days_off(f"2026-12-24 {hours}")
    assert refused.value.reason is Refusal.BAD_LINE
    assert not days_off("2026-12-24 24 hours of Christmas")[0].hours


@pytest.mark.parametrize(
    ("text", "leaves"),
    [("mon-sun 00:00-23:59", True), ("sat 9.00 – 23.59", True), ("mon 00:00-24:00", False), ("23:59-06:00", False)],
)
def test_who_means_the_end_of_the_day_may_leave_a_minute(text: str, leaves: bool) -> None:
    assert leaves_a_minute((text,)) is leaves


def test_what_is_written_is_read_again() -> None:
    odd = OFFICE | {"wed": ("10:00-11:00",), "sun": ("22:00-06:00",)}
    written = weekly_written(odd)
    assert written == (
        "mon-tue 09:00-12:30 13:30-18:00\nwed 10:00-11:00\nthu-fri 09:00-12:30 13:30-18:00\nsun 22:00-06:00"
    )
    assert weekly(written, {}) == odd
    assert weekly_written({"mon": ("09:00-10:00",), "wed": ("09:00-10:00",)}) == "mon 09:00-10:00\nwed 09:00-10:00"
    days = days_off("2026-12-24 09:00-12:00 Christmas Eve\n2027-01-01 New Year")
    assert days_off(days_off_written(days)) == days
