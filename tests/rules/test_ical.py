"""iCalendar files of other programs: what repeats or floats, whole days, clock changes, and files made to hurt."""

from datetime import UTC, date, datetime

import pytest

from chatops.errors import SetupError
from chatops.rules import ical
from chatops.rules.ical import Entry
from chatops.times import from_milliseconds, to_milliseconds

FROM, TO = "2027-03-10T00:00", "2027-04-10T00:00"


def ms(text: str) -> int:
    return to_milliseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def a_file(*entries: str) -> str:
    each = "".join(f"BEGIN:VEVENT\nUID:{at}\n{entry.strip()}\nEND:VEVENT\n" for at, entry in enumerate(entries))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{each}END:VCALENDAR\n"


def read(*entries: str, zone: str = "America/New_York") -> list[Entry]:
    return ical.read(a_file(*entries), zone, ms(FROM), ms(TO))


def times(*entries: str, zone: str = "America/New_York") -> list[str]:
    found = [(from_milliseconds(one.start), from_milliseconds(one.end)) for one in read(*entries, zone=zone)]
    return [f"{start:%d %H:%M}-{end:%d %H:%M}" for start, end in found]


def test_times_without_a_zone_are_those_of_the_reader() -> None:
    floating = "DTSTART:20270312T090000\nDTEND:20270312T100000"
    assert times(floating) == ["12 14:00-12 15:00"]
    assert times(floating, zone="Asia/Jakarta") == ["12 02:00-12 03:00"]
    nowhere = "DTSTART;TZID=Middle Earth/Shire:20270312T090000\nDTEND;TZID=Middle Earth/Shire:20270312T100000"
    assert times(nowhere) == ["12 14:00-12 15:00"]


@pytest.mark.parametrize("zone", ["DTSTART:", "DTSTART;TZID=America/New_York:"])
def test_a_time_that_the_clock_skips_begins_when_it_is_turned(zone: str) -> None:
    daily = f"{zone}20270313T023000\n{zone.replace('START', 'END')}20270313T033000\nRRULE:FREQ=DAILY;COUNT=3"
    assert times(daily) == ["13 07:30-13 08:30", "14 07:00-14 07:30", "15 06:30-15 07:30"]


def test_whole_days_are_the_reader_s_and_the_last_one_is_not_in_it() -> None:
    (one,) = read("DTSTART;VALUE=DATE:20270314\nSUMMARY:The clock is turned")
    assert (one.on, one.until, one.summary) == (date(2027, 3, 14), date(2027, 3, 15), "The clock is turned")
    assert (one.end - one.start) // 3_600_000 == 23
    (two,) = read("DTSTART;VALUE=DATE:20270320\nDTEND;VALUE=DATE:20270322")
    assert (two.on, two.until) == (date(2027, 3, 20), date(2027, 3, 22))


def test_what_repeats_is_spelled_out_with_what_is_added_and_left_out() -> None:
    added = "DTSTART:20270315T100000Z\nDURATION:PT2H\nRDATE:20270316T110000Z,20270317T120000Z\nEXDATE:20270316T110000Z"
    assert times(added) == ["15 10:00-15 12:00", "17 12:00-17 14:00"]
    yearly = "DTSTART;VALUE=DATE:19990401\nRRULE:FREQ=YEARLY"
    assert [one.on for one in read(yearly)] == [date(2027, 4, 1)]


def test_people_are_known_by_their_address_alone() -> None:
    (one,) = read(
        "DTSTART:20270312T090000Z\nDTEND:20270312T100000Z\nSUMMARY:Noor is on call\n"
        "ATTENDEE;CUTYPE=INDIVIDUAL;CN=Li:mailto:Li@Example.com\nATTENDEE:MAILTO:bo@example.com\n"
        "ATTENDEE;CUTYPE=ROOM:mailto:room@example.com"
    )
    assert one.people == ("li@example.com", "bo@example.com")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no calendar"),
        ("hello", "no calendar"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "no calendar"),
        (a_file("SUMMARY:never"), "no calendar"),
        (a_file("DTSTART:20270312T090000Z\nRRULE:FREQ=SECONDLY"), "repeats each minute"),
        (a_file("DTSTART:20270312T090000Z\nRRULE:FREQ=HOURLY;BYMINUTE=1,2,3"), "repeats each minute"),
        (a_file("DTSTART:20270312T090000Z\nRRULE:FREQ=SOMETIMES"), "no calendar"),
        (a_file(*["DTSTART:20270312T090000Z"] * 2_001), "more than 2,000"),
        ("X" * 1_000_001, "1,000,001 characters"),
    ],
)
def test_what_makes_no_sense_or_too_much_is_told(text: str, problem: str) -> None:
    with pytest.raises(SetupError, match=problem):
        ical.read(text, "Europe/Berlin", ms(FROM), ms(TO))


def test_what_repeats_too_often_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ical, "MOST", 100)
    with pytest.raises(SetupError, match="744 occurrences"):
        read("DTSTART:20270301T000000Z\nRRULE:FREQ=HOURLY")
