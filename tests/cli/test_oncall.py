"""`chatops oncall`: addresses that calendars subscribe to, and files for and from other programs."""

from datetime import UTC, datetime, timedelta
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


SHIFTS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:{day}
DTEND;VALUE=DATE:{next}
SUMMARY:Weekend duty (ask Li)
ATTENDEE;CN=Noor:mailto:Noor@Example.com
ATTENDEE;CUTYPE=ROOM:mailto:room@example.com
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:{next}T090000
DTEND:{next}T170000
SUMMARY:Day duty
ATTENDEE:mailto:li@example.com
END:VEVENT
END:VCALENDAR
"""
WHO = ("--person", "noor@example.com=U0NOOR", "--person", "li@example.com=U0LI")


def write(file: Path, text: str = SHIFTS, ahead: int = 3) -> None:
    days = (datetime.now(UTC) + timedelta(days=ahead + more) for more in range(2))
    day, following = (f"{one:%Y%m%d}" for one in days)
    file.write_text(text.format(day=day, next=following).replace("\n", "\r\n"), encoding="utf-8")


def known(folder: Path, *people: str) -> None:
    """Let the team be known, as it is once it acted in the chat."""
    told = "".join(f'\n[[agents]]\nworkspace = "team"\nid = "{one}"\nrole = "agent"\n' for one in people)
    (folder / "desk.toml").write_text(DESK + told, encoding="utf-8")
    assert CliRunner().invoke(commands, ["apply", "desk.toml", "--yes"]).exit_code == 0


def test_another_calendar_says_who_is_on_call_and_may_say_so_again(folder: Path) -> None:
    known(folder, "U0LI", "U0NOOR")
    write(folder / "team.ics")
    told = chatops("import", "front desk", "team.ics", ends=1)
    assert "Weekend duty (ask Li): it invites noor@example.com" in told
    assert "2 kinds of entry name no single person of the team" in told
    shown = chatops("import", "front desk", "team.ics", *WHO, "--dry-run")
    assert [line.split(",")[0] for line in shown] == ["+ U0NOOR", "+ U0LI", "Nothing was changed: this was a dry run."]
    assert chatops("import", "front desk", "team.ics", *WHO, "--yes")[-1] == "Taken in."
    assert chatops("import", "front desk", "team.ics", *WHO) == ["Nothing to change."]
    write(folder / "team.ics", ahead=4)
    changed = chatops("import", "front desk", "team.ics", *WHO, typed="y\n")
    assert sorted(line.split(",")[0] for line in changed[:4]) == ["+ U0LI", "+ U0NOOR", "- U0LI", "- U0NOOR"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("no calendar", "the file is no calendar that can be read"),
        (SHIFTS.replace("SUMMARY:Day duty", "RRULE:FREQ=SECONDLY"), "repeats each minute or more often"),
        (SHIFTS.replace("DTSTART:{next}T090000", "DTSTART:{day}T090000"), "two people have the turn at the same time"),
    ],
)
def test_a_file_that_cannot_be_taken_in_changes_nothing(folder: Path, text: str, problem: str) -> None:
    known(folder, "U0LI", "U0NOOR")
    write(folder / "team.ics", text)
    assert problem in " ".join(chatops("import", "front desk", "team.ics", *WHO, "--yes", ends=1))


def test_nobody_from_outside_the_team_is_put_on_call(folder: Path) -> None:
    known(folder, "U0LI")
    write(folder / "team.ics")
    stranger = ("--person", "noor@example.com=U0GUEST", *WHO[2:])
    assert chatops("import", "front desk", "team.ics", *stranger, "--yes", ends=1)[0] == "U0GUEST is not of the team"
    assert chatops("import", "front desk", "team.ics", "--person", "noor", ends=1)[0] == "'noor' names nobody"
