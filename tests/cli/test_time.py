"""`chatops promises` and `chatops calendars`: ready-made promises, and holidays that a person accepts."""

import tomllib
from pathlib import Path

from typer.testing import CliRunner

from chatops.cli import commands
from tests.cli.installation import lines
from tests.rules.test_ical import a_file

DESK = """
[[workspaces]]
name = "team"
platform = "slack"
id = "T0TEAM"
locale = "en"

[[calendars]]
name = "office"
timezone = "Europe/Berlin"
weekly = { mon = ["09:00-17:00"] }
"""


def chatops(*args: str, typed: str = "", ends: int = 0) -> list[str]:
    """Type a command, and return what it printed."""
    return list(lines(CliRunner().invoke(commands, [*args], typed), ends))


def test_a_pack_is_printed_to_be_copied() -> None:
    assert chatops("promises", "starter") == ["small-shop", "cross-border", "black-friday"]
    printed = CliRunner().invoke(commands, ["promises", "starter", "small-shop", "--zone", "jakarta"]).stdout
    assert tomllib.loads(printed)["calendars"][0]["timezone"] == "Asia/Jakarta"
    assert "there are no promises 'big'" in chatops("promises", "starter", "big", ends=1)[0]
    assert "there is no time zone" in chatops("promises", "starter", "small-shop", "--zone", "Atlantis", ends=1)[0]


def test_days_are_proposed_asked_about_and_kept(folder: Path) -> None:
    (folder / "desk.toml").write_text(DESK, encoding="utf-8")
    chatops("apply", "--yes")
    assert chatops("calendars", "holidays", "shop", "ID", ends=1)[0] == "there is no calendar 'shop'"
    assert "nobody knows the holidays" in chatops("calendars", "holidays", "office", "XX", ends=1)[0]
    every = chatops("calendars", "holidays", "office", "DE", "--yes")
    assert every[0] == "Open clocks now: 0. 0 begin, move or end, 0 become late."
    assert chatops("calendars", "holidays", "office", "DE") == ["Nothing to add: the calendar knows them all."]
    assert "Christmas Day" in CliRunner().invoke(commands, ["export"]).stdout
    trip = "DTSTART;VALUE=DATE:19990331\nSUMMARY:Team trip\nRRULE:FREQ=YEARLY"
    party = "DTSTART;VALUE=DATE:19990401\nSUMMARY:Party\nRRULE:FREQ=YEARLY"
    (folder / "days.ics").write_text(a_file(trip, party), encoding="utf-8")
    asked = chatops("calendars", "import", "office", "days.ics", typed="n\ny\ny\n")
    assert asked[-1].endswith("Added 1 days.")
    exported = CliRunner().invoke(commands, ["export"]).stdout
    assert ("Party" in exported, "Team trip" in exported) == (True, False)
    assert chatops("calendars", "import", "office", "days.ics", typed="n\n", ends=1)[-1] == "Nothing was changed."
