"""What others wrote cannot command the terminal on which it is listed."""

import pytest

from chatops.cli.tables import show_deliveries, show_inbox

WICKED = "\x1b[2J\x1b]0;owned\x07a\rb\nc\u202ed\x9be\u2028f"


def test_what_was_not_understood_is_listed_without_what_commands_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    row = dict.fromkeys(("received_at", "source", "kind", "why", "scope", "id"), WICKED)
    show_inbox({"rows": [row]})
    assert_tame(capsys.readouterr().out)


def test_what_is_stuck_is_listed_without_what_commands_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    stuck = {"state": "held", "kind": "reply", "tries": 3, "why": WICKED, "lane": WICKED}
    show_deliveries({"heads": [stuck], "held": [WICKED], "given_up": [{**stuck, "seq": 1}]})
    assert_tame(capsys.readouterr().out)


def assert_tame(listed: str) -> None:
    assert not {"\x1b", "\x07", "\r", "\u202e", "\x9b", "\u2028"} & set(listed)
    assert "�[2J�]0;owned�a�b�c�d�e�f" in listed, "the rest stays readable, on one line"
