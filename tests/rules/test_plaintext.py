"""Where something was left out of an agent's words, nobody sees that it stood there."""

import pytest

from chatops.rules.plaintext import GONE, PlainText, Reading, link, tidied, without_signs


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hi §, thanks", "Hi, thanks"),
        ("§: thanks", "thanks"),
        ("thanks § §!", "thanks!"),
        ("thanks §", "thanks"),
        ("one § § two", "one two"),
        ("one§two", "one two"),
        ("§\nfirst\n § \nlast", "first\nlast"),
        ("• § first\n2. §, second", "• first\n2. second"),
        ("• 1. §: first", "• 1. first"),
        ("  as  it was ", "as  it was"),
    ],
)
def test_gaps_close(text: str, words: str) -> None:
    assert tidied(text.replace("§", GONE)) == words


@pytest.mark.parametrize(
    ("url", "label", "words"),
    [
        ("https://example.com/r", "", "https://example.com/r"),
        ("https://example.com/r", "https://example.com/r", "https://example.com/r"),
        ("https://example.com/", "example.com", "example.com"),
        ("https://example.com/r", "our policy", "our policy (https://example.com/r)"),
        ("mailto:help@example.com", "help@example.com", "help@example.com"),
        ("tel:+4420", "call us", "call us (+4420)"),
    ],
)
def test_a_link_is_read_as_its_address_and_what_its_label_adds(url: str, label: str, words: str) -> None:
    assert link(url, label) == words


def test_what_came_up_is_told_once() -> None:
    found = Reading()
    text = f"a {found.member('1')} {found.member('1')} {found.internal('x')} {found.internal('x')} b {found.group()}"
    assert found.plain(text) == PlainText("a b", mentions=("1",), mentions_team=True, left_out=("x",))
    assert Reading().plain("a") == PlainText("a")


def test_nobody_types_the_signs_of_a_reader() -> None:
    assert without_signs("a\ue000b\ue001c") == "abc"


@pytest.mark.parametrize("piece", [" ", "\t\n", GONE, f"{GONE} ", f"{GONE} .", "• ", "1"])
def test_a_text_full_of_gaps_is_tidied_at_once(piece: str) -> None:
    """Were every gap a place to begin looking, these would take minutes, and nothing else would happen meanwhile."""
    assert tidied(f"a{piece * 20_000}b").startswith("a")
