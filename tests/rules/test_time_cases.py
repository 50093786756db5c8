"""Every known answer about time beside the product's own: hours, turns, clocks, pages, digests, how they are said."""

import pytest

from chatops.errors import SetupError
from chatops.rules.hours import compiled
from chatops.times import TIME_ZONES
from tests.rules.time_answers import CASES, FILE, answered, written

# A moment is written with its whole year and its zone: a reader elsewhere must take neither for their own.
# A length of time ends in no full stop, which a sentence would end with once more; Japanese parts nothing by blanks.
OURS = {
    "i18n-01": {"text": "Nov 21, 2026, 1:05\u202fPM (EST)"},
    "i18n-05": {"text": "2026/11/22 3:05 (JST)"},
    "i18n-06": {"text": "21\u200f/11\u200f/2026، 9:05 م (+03)"},
    "i18n-07": {"text": "21.11.2026, 19:05 (CET)"},
    "i18n-13": {"text": "1時間30分"},
    "i18n-14": {"text": "1 h 30 min"},
}


@pytest.mark.parametrize("case", CASES)
def test_answers_what_was_worked_out_by_other_ways_of_counting(case: str) -> None:
    assert answered(CASES[case]) == OURS.get(case, CASES[case]["expect"])


def test_no_case_is_left_out_and_the_zones_are_no_older_than_the_answers() -> None:
    assert len(CASES) == len(FILE["cases"]) == 92
    assert all(OURS[case] != CASES[case]["expect"] for case in OURS)
    assert FILE["meta"]["time_zones"] <= TIME_ZONES


def test_hours_that_never_open_are_refused_before_anything_counts_by_them() -> None:
    with pytest.raises(SetupError, match="never open"):
        compiled(written("never"))
