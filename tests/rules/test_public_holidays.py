"""Public holidays come as proposals: from today on, without those that are known, and estimates say so."""

from datetime import date

import pytest

from chatops.errors import SetupError
from chatops.rules.hours import DayOff
from chatops.rules.hours_words import days_off, days_off_written
from chatops.rules.public_holidays import from_entries, proposed
from tests.rules.test_ical import read

TODAY = date(2026, 11, 22)


def test_a_country_s_days_are_proposed_from_today_on() -> None:
    found = {day.on: day.label for day in proposed("de", (2026, 2027), (), TODAY)}
    assert found[date(2026, 12, 25)] == "Christmas Day"
    assert found[date(2027, 1, 1)] == "New Year's Day"
    assert min(found) >= TODAY
    assert date(2027, 1, 6) not in found
    assert date(2027, 1, 6) in {day.on for day in proposed("DE-BY", (2027,), (), TODAY)}  # Bavaria has Epiphany


def test_what_is_an_estimate_says_so_and_what_is_known_is_not_proposed_again() -> None:
    found = proposed("ID", (2027,), (DayOff(date(2027, 1, 1), ("10:00-12:00",)),), TODAY)
    assert date(2027, 1, 1) not in {day.on for day in found}
    assert any("(estimated)" in day.label for day in found)
    assert not any("(estimated)" in day.label for day in found if day.on == date(2027, 12, 25))
    assert days_off(days_off_written(found)) == tuple(found)  # as they stand in a form


@pytest.mark.parametrize("place", ["XX", "DE-XX", "", "Germany"])
def test_an_unknown_place_is_told(place: str) -> None:
    with pytest.raises(SetupError, match="nobody knows"):
        proposed(place, (2027,), (), TODAY)


def test_whole_days_of_a_file_are_proposed_and_times_of_day_are_not() -> None:
    entries = read(
        "DTSTART;VALUE=DATE:20270314\nDTEND;VALUE=DATE:20270316\nSUMMARY:Team  trip",
        "DTSTART:20270320T090000Z\nDTEND:20270320T100000Z\nSUMMARY:A meeting",
    )
    assert from_entries(entries, (), TODAY) == [
        DayOff(date(2027, 3, 14), label="Team trip"),
        DayOff(date(2027, 3, 15), label="Team trip"),
    ]
    assert from_entries(entries, (), date(2027, 3, 15)) == [DayOff(date(2027, 3, 15), label="Team trip")]


def test_an_entry_that_lasts_for_ever_is_no_more_days_than_were_asked_for() -> None:
    ages = "DTSTART;VALUE=DATE:20000101\nDTEND;VALUE=DATE:39990101\nSUMMARY:Closed"
    [entry] = read(ages)
    days = from_entries([entry], (), TODAY)
    assert (days[0].on, days[-1].on, len(days)) == (date(2027, 3, 9), date(2027, 4, 9), 32)
