"""Calendars, service levels, escalations and rotations come and go with `desk.toml`, and no revision is overwritten."""

from datetime import timedelta

import pytest

from chatops.desk import definitions, desk_toml, setup
from chatops.errors import SetupError
from chatops.model import definition as questions
from chatops.model.definition import DefinitionKind
from chatops.rules.hours import Hours
from chatops.store import Transaction
from tests.desk.scenes import NOON

DESK = """
[[workspaces]]
name = "team"
platform = "slack"
id = "T0TEAM"
locale = "en"

[[calendars]]
name = "office"
timezone = "Europe/Berlin"
weekly = { mon = ["09:00-12:30", "13:30-18:00"], sat = ["22:00-06:00"] }
exceptions = [{ date = 2026-12-24, hours = ["09:00-12:00"], label = "Christmas Eve" }]

[[service_levels]]
name = "chats"
match = { kinds = ["chat"], priorities = ["urgent"] }
targets = [{ metric = "first_response", within = "5m", calendar = "office", warn = ["80%", "1m left"] }]
escalation = "front"

[[escalations]]
name = "front"
workspace = "team"
steps = [{ notify = ["rotation front"], wait = "5m" }, { notify = ["leads"], wait = "10m" }]

[[rotations]]
name = "front"
workspace = "team"
timezone = "Asia/Jakarta"
layers = [{ members = ["U0NOOR", "U0LI"], start = 2026-10-05T09:00:00, hours = { mon = ["08:00-16:00"] } }]
"""


def test_what_a_file_defines_comes_back_as_it_was_written(tx: Transaction) -> None:
    plan = desk_toml.parse(DESK)
    assert [change.what for change in setup.apply(tx, plan, NOON) if " " in change.what][-4:] == [
        "calendar office",
        "service level chats",
        "escalation front",
        "rotation front",
    ]
    assert desk_toml.parse(desk_toml.write(setup.current(tx))).definitions == plan.definitions
    assert setup.compare(tx, plan) == []


def test_a_change_is_a_new_revision_and_what_goes_leaves_its_past(tx: Transaction) -> None:
    setup.apply(tx, desk_toml.parse(DESK), NOON)
    later = DESK.replace("18:00", "17:00")
    setup.apply(tx, desk_toml.parse(later), NOON + timedelta(days=1))
    setup.apply(tx, desk_toml.parse(later), NOON + timedelta(days=2))
    kept = [questions.get(tx, DefinitionKind.CALENDAR, "office", revision) for revision in (1, 2, 3)]
    assert [one and one.read(Hours).weekly["mon"][1] for one in kept] == ["13:30-18:00", "13:30-17:00", None]
    definitions.apply(tx, (), NOON + timedelta(days=3))
    assert definitions.current(tx) == ()
    gone = questions.newest(tx, DefinitionKind.CALENDAR, "office")
    assert gone is not None
    assert (gone.revision, gone.removed) == (3, True)


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("Europe/Berlin", "Europe/Berlon", "no time zone"),
        ("09:00-12:30", "09:00-09:00", "are no hours"),
        ("mon = [", "monday = [", "no weekday"),
        ('calendar = "office"', 'calendar = "ofice"', "not among the"),
        ('escalation = "front"', 'escalation = "font"', "not among the"),
        ('"first_response"', '"first"', "Invalid enum value"),
        ('[[rotations]]\nname = "front"', '[[rotations]]\nname = " "', "a name is missing"),
        (
            '[[rotations]]\nname = "front"\nworkspace = "team"',
            '[[rotations]]\nname = "front"\nworkspace = "t"',
            "no workspace",
        ),
        ("[[rotations]]", '[[calendars]]\nname = "office"\ntimezone = "UTC"\nalways = true\n[[rotations]]', "twice"),
    ],
)
def test_what_makes_no_sense_is_told(right: str, wrong: str, problem: str) -> None:
    with pytest.raises(SetupError, match=problem):
        desk_toml.parse(DESK.replace(right, wrong))
