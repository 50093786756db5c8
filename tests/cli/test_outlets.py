"""`chatops outlets`: ways out of the chat come and go, and never show where they lead."""

from pathlib import Path

from typer.testing import CliRunner

from chatops.cli import commands
from tests.cli.installation import lines

KEY = "0123456789abcdef0123456789abcdef"


def chatops(*args: str, typed: str = "", ends: int = 0) -> list[str]:
    """Type a command about outlets, and return what it printed."""
    return list(lines(CliRunner().invoke(commands, ["outlets", *args], typed), ends))


def test_outlets_come_and_go(folder: Path) -> None:
    assert "There is none." in chatops("list")[0]
    assert (
        chatops("add", "front", "pagerduty", typed=f"{KEY}\n")[-1] == 'Kept. An escalation calls it as "outlet front".'
    )
    assert chatops("list") == ["front  pagerduty"]
    assert "no routing key" in " ".join(chatops("add", "back", "pagerduty", typed="nonsense\n", ends=1))
    assert "no workspace" in " ".join(chatops("add", "phone", "apprise", "--agent", "U0", typed="ntfy://a/b\n", ends=1))
    assert chatops("remove", "front") == ["Forgotten."]
    assert "no outlet front" in " ".join(chatops("remove", "front", ends=1))
