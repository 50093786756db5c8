"""Calendars as other programs read them: every line as the standard wants it, every word as it was."""

import re
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from chatops.rules.ical_feed import Item, written
from chatops.times import from_milliseconds, to_milliseconds

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
START = to_milliseconds(NOW)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp"), include_characters='\n;,\\:"')
)


@settings(max_examples=60)
@given(WORDS, st.lists(WORDS, max_size=3))
def test_other_programs_read_back_what_was_written(name: str, words: list[str]) -> None:
    items = [Item(f"{n}@x", START + n, START + 3_600_000 * (n + 1), said) for n, said in enumerate(words)]
    text = written(name, items, NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    read = Calendar.from_ical(text)
    assert [str(one["SUMMARY"]) for one in read.walk("VEVENT")] == words
    ends = re.findall(r"DTEND:(\S+)", text)
    assert ends == [f"{from_milliseconds(one.end):%Y%m%dT%H%M%SZ}" for one in items]


def test_a_gap_takes_nobodys_time_and_no_sign_breaks_a_line() -> None:
    text = written("on call", [Item("1@x", START, START + 60_000, "Nobody\r\nEND:VCALENDAR\x07", busy=False)], NOW)
    assert text.count("\r\nEND:VCALENDAR\r\n") == 1
    assert "SUMMARY:Nobody\\nEND:VCALENDAR\r\n" in text
    assert "TRANSP:TRANSPARENT\r\n" in text
    assert "DTSTART:20260308T120000Z\r\n" in text
