"""A calendar file from outside is worked out apart, so that one made to take for ever does not."""

from pathlib import Path

import pytest

from chatops.cli.calendar_file import entries_of
from chatops.errors import SetupError
from tests.rules.test_ical import a_file, ms

SPAN = ms("2027-03-10T00:00"), ms("2027-04-10T00:00")


def test_what_stands_in_a_file_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "days.ics"
    file.write_text("\ufeff" + a_file("DTSTART;VALUE=DATE:20270314\nSUMMARY:Free"), encoding="utf-8")
    assert [one.summary for one in entries_of(file, "Europe/Berlin", *SPAN)] == ["Free"]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (b"\xff\xfe", "cannot be read"),
        (b"nothing", "no calendar"),
        # A day that never comes: spelling it out would walk to the end of time, for each of a hundred entries.
        (a_file(*["DTSTART:20270101T000000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"] * 100).encode(), "too long"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_a_sentence(written: bytes, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.ics"
    file.write_bytes(written)
    with pytest.raises(SetupError, match=problem):
        entries_of(file, "Europe/Berlin", *SPAN, patience=1.5)
