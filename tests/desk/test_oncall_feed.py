"""Addresses at which calendars read who is on call: what stands there, and for whom it stops."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from chatops.cards import oncall_feed as cards
from chatops.desk import definitions, oncall_feed
from chatops.desk.definitions import Defined
from chatops.i18n import language
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.oncall_feed import OnCallFeed, Stint
from chatops.model.rotation import OnCall
from chatops.rules.rotation import Layer, Rotation, Unit
from chatops.store import Transaction
from chatops.times import from_milliseconds
from tests.desk.scenes import NOON, TEAM, a_workspace

START = datetime(2026, 5, 4, 9)  # the Monday of NOON  # noqa: DTZ001 - a wall clock
DAY = timedelta(days=1)
SHIFTS: dict[str, tuple[str, ...]] = {"mon": ("09:00-17:00",), "tue": ("09:00-17:00",)}


@pytest.fixture(autouse=True)
def team(tx: Transaction) -> None:
    tx.insert(a_workspace())
    for name in ("li", "noor"):
        tx.insert(Agent(workspace_id=TEAM, id=f"U0{name.upper()}", name=name.title(), locale="en"))
    layer = Layer(("U0LI", "U0NOOR"), START, Unit.DAY, hours=SHIFTS)
    definitions.define(
        tx, Defined(DefinitionKind.ROTATION, "front", Rotation("team", "UTC", (layer,))), None, NOON - DAY
    )


def shown(stints: list[Stint], count: int) -> list[str]:
    return [_line(one) for one in stints[:count]]


def _line(stint: Stint) -> str:
    name = stint.agent.name if stint.agent else "-"
    return f"{from_milliseconds(stint.start):%a %d %H:%M}-{from_milliseconds(stint.end):%a %H:%M} {name}"


def test_an_address_shows_the_coming_turns_and_the_gaps_between_them(tx: Transaction) -> None:
    secret = oncall_feed.made(tx, TEAM, "front", "", NOON)
    found = oncall_feed.read(tx, "front", secret, NOON)
    assert found
    assert shown(found.stints, 4) == [
        "Mon 04 09:00-Mon 17:00 Li",
        "Mon 04 17:00-Tue 09:00 -",
        "Tue 05 09:00-Tue 17:00 Noor",
        "Tue 05 17:00-Mon 09:00 -",
    ]


def test_an_entry_of_the_present_turn_is_the_same_whenever_it_is_read(tx: Transaction) -> None:
    secret = oncall_feed.made(tx, TEAM, "front", "", NOON)
    before, after = (oncall_feed.read(tx, "front", secret, NOON + timedelta(hours=hours)) for hours in (0, 2))
    assert before
    assert after
    assert before.stints[0] == after.stints[0]


def test_what_was_is_shown_as_it_happened_and_what_runs_from_when_it_began(tx: Transaction) -> None:
    for agent, start, end in (("U0NOOR", NOON - 2 * DAY, NOON - DAY), ("U0LI", NOON - timedelta(hours=2), None)):
        tx.insert(OnCall(workspace_id=TEAM, rotation="front", agent_id=agent, start_at=start, end_at=end))
    found = oncall_feed.read(tx, "front", oncall_feed.made(tx, TEAM, "front", "U0NOOR", NOON), NOON)
    assert found
    assert shown(found.stints, 2) == ["Sat 02 12:00-Sun 12:00 Noor", "Mon 04 10:00-Mon 17:00 Li"]
    own = oncall_feed.read(tx, "front", oncall_feed.made(tx, TEAM, "front", "U0NOOR", NOON), NOON, own=True)
    assert own
    assert shown(own.stints, 2) == ["Sat 02 12:00-Sun 12:00 Noor", "Tue 05 09:00-Tue 17:00 Noor"]


def test_of_a_secret_nothing_is_kept_that_opens_the_address(tx: Transaction) -> None:
    secret = oncall_feed.made(tx, TEAM, "front", "", NOON)
    [kept] = tx.all(OnCallFeed, select(OnCallFeed))
    assert len(secret) >= 32
    assert secret not in str(kept)
    assert oncall_feed.read(tx, "front", kept.digest, NOON) is None
    assert oncall_feed.read(tx, "other", secret, NOON) is None


def test_a_new_address_takes_the_place_of_the_one_before_and_one_taken_back_shows_nothing(tx: Transaction) -> None:
    first, second = (oncall_feed.made(tx, TEAM, "front", "U0LI", NOON) for _ in range(2))
    team = oncall_feed.made(tx, TEAM, "front", "", NOON)
    assert oncall_feed.read(tx, "front", first, NOON) is None
    assert oncall_feed.read(tx, "front", second, NOON)
    assert oncall_feed.taken_back(tx, TEAM, "front", "U0LI")
    assert not oncall_feed.taken_back(tx, TEAM, "front", "U0LI")
    assert oncall_feed.read(tx, "front", second, NOON) is None
    assert oncall_feed.read(tx, "front", team, NOON)


def test_nothing_is_shown_to_who_left_nor_of_a_rotation_that_is_gone(tx: Transaction) -> None:
    secret, team = (oncall_feed.made(tx, TEAM, "front", who, NOON) for who in ("U0LI", ""))
    tx.execute(update(Agent).where(col(Agent.id) == "U0LI").values(is_guest=True))
    assert oncall_feed.read(tx, "front", secret, NOON) is None
    assert oncall_feed.read(tx, "front", team, NOON)
    definitions.remove(tx, DefinitionKind.ROTATION, "front", None, NOON + DAY)
    assert oncall_feed.read(tx, "front", team, NOON + DAY) is None


def test_a_calendar_says_in_its_readers_language_who_is_on_call_and_that_nobody_is(tx: Transaction) -> None:
    found = oncall_feed.read(tx, "front", oncall_feed.made(tx, TEAM, "front", "U0LI", NOON), NOON)
    assert found
    text = cards.calendar("front", found.stints[:2], NOON, "U0LI")
    assert "SUMMARY:Li is on call: front\r\nTRANSP:OPAQUE" in text
    assert "SUMMARY:⚠️ Nobody is on call: front\r\nTRANSP:TRANSPARENT" in text
    with language("es"):
        assert "SUMMARY:Li está de guardia: front" in cards.calendar("front", found.stints[:2], NOON)
