"""Addresses inside Slack never leave, however they are written; and no text keeps the process from everything else."""

from typing import Any

import pytest

from handlers.slack.plaintext import to_plain

INSIDE = [
    "slack://channel?team=T0TEAM&id=C0DESK",
    "https://slack-files.com/T0TEAM-F0FILE-0a1b2c3d4e",
    "https://li@maomao.slack.com/archives/C0DESK/p1700000000000100",
    "https://maomao.slack-gov.com/archives/C0DESK/p1700000000000100",
    "https://maomao.enterprise.slack.com/archives/C0DESK",
    "https://app.slack.com/client/T0TEAM/C0DESK",
]
OUTSIDE = ["https://slackers.com/shop", "https://my-slack.com.example/x", "https://shop.example/slack.com-guide"]


def typed(*pieces: dict[str, Any]) -> dict[str, Any]:
    return {"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(pieces)}]}]}


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_slack_is_left_out_as_a_link_as_text_and_as_markup(address: str) -> None:
    words = {"type": "text", "text": "as said, "}
    assert to_plain(typed(words, {"type": "link", "url": address})).text == "as said,"
    assert to_plain(typed({"type": "text", "text": f"as said, {address}"})).text == "as said,"
    assert to_plain({"text": f"as said, <{address}>"}).text == "as said,"
    assert address in to_plain(typed(words, {"type": "link", "url": address})).left_out


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_elsewhere_arrives(address: str) -> None:
    assert to_plain(typed({"type": "link", "url": address})).text == address


@pytest.mark.parametrize("mention", [(), ({"type": "user", "user_id": "U0LI"},)])
@pytest.mark.parametrize("blanks", [" " * 40_000, "\n" + " \t" * 20_000])
def test_a_text_full_of_blanks_is_read_at_once(blanks: str, mention: tuple[dict[str, Any], ...]) -> None:
    """Were every blank a place to begin looking, these would take minutes, and nothing else would happen meanwhile."""
    read = to_plain(typed({"type": "text", "text": f"a{blanks}b"}, *mention))
    assert read.text == f"a{blanks}b"
