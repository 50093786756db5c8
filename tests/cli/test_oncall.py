"""`chatops oncall`: addresses that calendars subscribe to, and files for and from other programs."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from chatops.cli import commands
from tests.cli.installation import lines

DESK = """
[[workspaces]]
name = "team"
platform = "slack"
id = "T0TEAM"
locale = "en"

[[rotations]]
name = "front desk"
workspace = "team"
timezone = "Europe/Berlin"
layers = [{ members = ["U0LI", "U0NOOR"], start = 2026-01-05T09:00:00, unit = "week" }]
"""


def chatops(*args: str, ends: int = 0, typed: str = "") -> list[str]:
    """Type a command about who is on call, and return what it printed."""
    return list(lines(CliRunner().invoke(commands, ["oncall", *args], typed), ends))


@pytest.fixture(autouse=True)
def desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with a rotation of two."""
    (folder / "desk.toml").write_text(DESK, encoding="utf-8")
    assert CliRunner().invoke(commands, ["apply", "desk.toml", "--yes"]).exit_code == 0
    monkeypatch.setenv("CHATOPS_PUBLIC_URL", "https://desk.example/")


def test_an_address_is_made_and_taken_back() -> None:
    printed = chatops("feed", "front desk")
    address = urlsplit(next(line.strip() for line in printed if "https://" in line))
    assert (address.netloc, address.path) == ("desk.example", "/oncall/front%20desk.ics")
    assert len(parse_qs(address.query)["secret"][0]) >= 32
    assert chatops("feed", "front desk", "--off") == ["It shows nothing any more."]
    assert chatops("feed", "front desk", "--off", ends=1)[0] == "there is no such address"
    assert "nobody with the id U0NOBODY" in chatops("feed", "front desk", "--agent", "U0NOBODY", ends=1)[0]
    assert "there is no rotation 'back'" in chatops("feed", "back", ends=1)[0]


def test_the_coming_weeks_are_a_file_that_other_programs_read() -> None:
    done = CliRunner().invoke(commands, ["oncall", "export", "front desk", "--weeks", "8"])
    entries = Calendar.from_ical(done.stdout_bytes).walk("VEVENT")
    assert {str(entry["SUMMARY"]) for entry in entries} == {
        f"{who} is on call: front desk" for who in ("U0LI", "U0NOOR")
    }
    assert 8 <= len(entries) <= 9
    assert len({entry["UID"] for entry in entries}) == len(entries)
