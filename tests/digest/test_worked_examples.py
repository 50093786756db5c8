"""One worked example of every number of a digest: what was counted, what it comes to, and out of how many.

The page docs/reference/figures.md says how each is counted; what a buyer, an answer or a page adds to it is told in the
tests of the sections.
"""

from typing import Any

import pytest

from chatops.digest.section import Figure, Section
from chatops.digest.sections import every, named

MINUTE = 60_000
SOON = {"count": 8, "median": 4 * MINUTE, "p90": 40 * MINUTE, "within": [5, 6, 8]}
LATER = {"count": 4, "median": 2 * MINUTE, "p90": 20 * MINUTE, "within": [3, 3, 4]}
KEPT = {
    "first_response": {"met": 7, "late": 1},
    "next_response": {"met": 12, "late": 0},
    "resolution": {"met": 3, "late": 1},
    "platform_response": {"met": 9, "late": 1},
    "platform_deadline": {"met": 1, "late": 1},
}
MARKETS = {  # one country with many sessions, one with few
    "GB": {"kept": 18, "broken": 2, "answered": 0.9, "satisfied": 0.8, "sessions": 300, "days": 1, "rated": 300},
    "ID": {"kept": 5, "broken": 0, "answered": 0.7, "satisfied": 0.6, "sessions": 100, "days": 1, "rated": 100},
}
LIGHTS = [
    {"figure": figure, "market": market, "limit": 1, "value": {"sum": total, "of": of}, "days": []}
    for figure, market, total, of in [
        ("first_answer", "GB", 12 * MINUTE, 3),
        ("first_answer", "ID", 8 * MINUTE, 1),
        ("effective", "GB", 19, 20),
        ("replied", "GB", 20, 20),
        ("official", "GB", 90, 100),
        ("satisfied", "GB", 40, 50),
    ]
]
GAP = {"rotation": "front", "start": 0, "end": MINUTE}
COUNTED: dict[str, Any] = {
    "volume": {"conversations": 2, "messages": 3, "hours": [0] * 9 + [3] + [0] * 14},
    "waiting": {"waiting": 3, "earlier": 2, "unowned": 1, "oldest": []},
    "responses": {"first": SOON, "next": LATER, "hours": [[0, None]] * 24},
    "clocks": {"kept": KEPT, "open": 4},
    "platform": {
        "markets": MARKETS,
        "days": 1,
        "rates": [  # of 800 in all 80 may be late at a line of 90 %, of 200 in all 40 at one of 80 %
            {"shop_id": "1", "start": 0, "end": 1, "budget": {"kept": 700, "missed": 70, "coming": 30, "line": 0.9}},
            {"shop_id": "2", "start": 0, "end": 1, "budget": {"kept": 90, "missed": 10, "coming": 100, "line": 0.8}},
        ],
    },
    "targets": {"lights": LIGHTS, "days": []},
    "pages": {
        "pages": 5,
        "unheard": 1,
        "calls": 7,
        "waits": [MINUTE, 2 * MINUTE, 3 * MINUTE, 9 * MINUTE],
        "holes": [GAP, {**GAP, "times": 3}],
    },
    "team": {
        "people": [],
        "answers": 11,
        "elsewhere": 2,
        "carried": 4,
        "used": 3,
        "handled": 5,
        "handled_median": 90 * MINUTE,
    },
    "policy": {"stopped": 6, "sent_anyway": 2},
    "asked": {
        "tickets": 30,
        "before": 60,
        "tags": [{"name": "size", "count": 6, "before": 8}, {"name": "torn", "count": 4, "before": 0}],
        "others": 3,
        "other_tags": 2,
        "unusual": [{"name": "size", "count": 6, "before": 8}],
        "more": {"product": {"topics": [{"name": "1729592969712207008", "count": 3}], "different": 1}},
    },
}
COUNTED["audit"] = {  # six answered after 1, 2, 3, 5, 9 and 12 minutes; of two who wait, one does for 11 minutes
    "conversations": 8,
    "unanswered": 2,
    "median": 3 * MINUTE,
    "over": 2,
    "decided": 7,
    "first": [],
}
COUNTED["fix"] = {
    "tickets": 30,
    "before": 60,
    "points": [
        {"source": "tag", "name": "size", "count": 6, "before": 8},
        {"source": "product", "name": "1729592969712207008", "count": 5, "before": 12},
    ],
}
COMES_TO: dict[str, tuple[float, int | None]] = {
    "volume.conversations": (2, None),  # Mia wrote twice, Ben once
    "volume.messages": (3, None),
    "waiting.waiting": (3, None),
    "waiting.earlier": (2, None),
    "waiting.unowned": (1, None),
    "responses.first_median": (4 * MINUTE, None),
    "responses.first_p90": (40 * MINUTE, None),
    "responses.first_count": (8, None),
    "responses.first_within_5m": (5 / 8, 8),
    "responses.first_within_15m": (6 / 8, 8),
    "responses.first_within_60m": (1, 8),
    "responses.next_median": (2 * MINUTE, None),
    "responses.next_p90": (20 * MINUTE, None),
    "responses.next_count": (4, None),
    "responses.next_within_5m": (3 / 4, 4),
    "responses.next_within_15m": (3 / 4, 4),
    "responses.next_within_60m": (1, 4),
    "clocks.in_time": (19 / 20, 20),  # 7 of 8 first answers and 12 of 12 others
    "clocks.first_response": (7 / 8, 8),
    "clocks.next_response": (1, 12),
    "clocks.resolution": (3 / 4, 4),
    "clocks.platform_response": (9 / 10, 10),
    "clocks.platform_deadline": (1 / 2, 2),
    "clocks.open": (4, None),
    "platform.in_time": (23 / 25, 25),  # 18 of 20 and 5 of 5
    "platform.left": (10, None),  # the second shop has 30 left
    "platform.official": (0.85, 400),  # 0.9 three times as heavy as 0.7
    "platform.satisfied": (0.75, 400),
    "targets.first_answer": (5 * MINUTE, None),  # 20 minutes of four buyers
    "targets.effective": (0.95, 20),
    "targets.replied": (1, 20),
    "targets.official": (0.9, 100),
    "targets.satisfied": (0.8, 50),
    "pages.pages": (5, None),
    "pages.unheard": (1, None),
    "pages.calls": (7, None),  # some pages called two people
    "pages.acknowledged_median": (2 * MINUTE, None),
    "pages.acknowledged_p90": (9 * MINUTE, None),
    "pages.holes": (4, None),  # one, and one that comes three times
    "team.answers": (11, None),
    "team.elsewhere": (2, None),
    "team.carried": (4, None),
    "team.handled": (5, None),
    "team.handled_median": (90 * MINUTE, None),  # opened at nine and resolved at half past ten
    "team.macros": (3, None),
    "policy.stopped": (6, None),
    "policy.sent_anyway": (2, None),
    "asked.tagged": (4, None),  # two that are named, and two more
    "asked.unusual": (1, None),  # 6 of a size, usually 2; only 4 torn ones
    "asked.products": (1, None),
    "audit.conversations": (8, None),
    "audit.median": (3 * MINUTE, None),
    "audit.over": (2 / 7, 7),
    "audit.unanswered": (2, None),
    "fix.topics": (2, None),
    "fix.risen": (1, None),  # 6 of a size, usually 2; 5 of a shirt, usually 3
    "fix.largest": (0.2, 30),
}


def figure(name: str) -> tuple[Section[Any], Figure[Any]]:
    """Return a figure and its section."""
    key, _dot, figure_key = name.partition(".")
    section = named(key)
    assert section is not None
    return section, next(one for one in section.figures if one.key == figure_key)


@pytest.mark.parametrize(("name", "expected"), COMES_TO.items(), ids=list(COMES_TO))
def test_a_number_comes_to(name: str, expected: tuple[float, int | None]) -> None:
    section, found = figure(name)
    facts = section.read(COUNTED[section.key])
    of = found.of(facts) if found.of else None
    assert found.value(facts) == pytest.approx(expected[0])
    assert expected[1] is None or of == expected[1]


def test_every_number_has_an_example() -> None:
    there = {f"{section.key}.{one.key}" for section in every() for one in section.figures}
    assert there - set(COMES_TO) == set()


def test_a_share_never_stands_without_what_it_is_a_share_of() -> None:
    shares = [one for section in every() for one in section.figures if one.unit == "share"]
    assert [one.key for one in shares if one.of is None] == []
