"""`chatops rules`: leads see, try and change the rules for answers and for tickets."""

from pathlib import Path

from typer.testing import CliRunner

from chatops.cli import commands
from tests.cli.installation import lines

OWN = '[[rules]]\nid = "hello"\nwords = { "*" = ["hello"] }\nlevel = "presale"\ntags = ["polite"]\n'


def chatops(*args: str, typed: str = "", ends: int = 0) -> list[str]:
    """Type a command about rules, and return what it printed."""
    return list(lines(CliRunner().invoke(commands, ["rules", *args], typed), ends))


def test_rules_are_tried_changed_in_a_file_and_put_in_place(folder: Path) -> None:
    assert chatops("try-answer", "Just use WhatsApp") == ["block: contact-elsewhere: WhatsApp"]
    assert chatops("try-answer", "It is on its way") == ["Nothing is found."]
    assert chatops("try-message", "where is my parcel?") == [
        "language: en",
        "level: logistics",
        "priority: not known",
        "tags: where-is-it",
        "by the rules: where-is-it",
    ]
    (folder / "own.toml").write_text(OWN, encoding="utf-8")
    assert chatops("try-message", "hello where is it?", "--file", "own.toml")[1] == "level: presale"
    assert chatops("apply", "triage", "own.toml", typed="n\n", ends=1)[-1] == "Nothing was changed."
    planned = chatops("apply", "triage", "own.toml", typed="y\n")
    assert {"+ hello", "- where-is-it"} <= set(planned)
    assert planned[-1].endswith("Applied as version 1.")
    assert chatops("apply", "triage", "own.toml") == ["Nothing to change."]
    assert CliRunner().invoke(commands, ["rules", "show", "triage"]).stdout.strip() == OWN.strip()


def test_a_file_that_makes_no_sense_is_refused_with_the_reason(folder: Path) -> None:
    (folder / "broken.toml").write_text(OWN.replace("presale", "parcels"), encoding="utf-8")
    assert chatops("apply", "triage", "broken.toml", "--yes", ends=1) == [
        "the triage rule hello has level parcels",
        "→ Use one of: presale, logistics, quality, complaint.",
    ]
