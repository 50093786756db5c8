"""Somebody has read every card in every language; a change of a single word is seen here."""

import pytest

from chatops.catalog import Verb
from chatops.errors import Refusal
from chatops.i18n import LANGUAGES
from chatops.model.ticket import TicketKind
from chatops.ui import Button, Card, Confirm, Controls
from tests.cards.goldens import GOLDENS, GROUPS, drawn, golden, rendered
from tests.cards.samples import NOTICES, TICKETS


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_every_card_reads_as_it_was_read_last_and_fits_where_it_is_shown(tongue: str) -> None:
    for group in GROUPS:
        cards = drawn(tongue, group)
        read = golden(tongue, group).read_text(encoding="utf-8")
        assert rendered(cards) == read, "read the new wording, then: python -m tests.cards.goldens"
        for name, card in cards.items():
            assert_fits(name, card)


def test_no_golden_is_left_over() -> None:
    kept = {path.relative_to(GOLDENS).as_posix() for path in GOLDENS.rglob("*") if path.is_file()}
    assert kept == {f"{tongue}/{group}.txt" for tongue in LANGUAGES for group in GROUPS}


def test_every_refusal_and_kind_is_among_the_cards() -> None:
    assert {f"refused, {reason}" for reason in Refusal} <= set(NOTICES)
    assert {f"about {kind}" for kind in TicketKind} <= set(TICKETS)


def assert_fits(name: str, card: Card) -> None:
    assert card.summary.strip(), f"{name}: notifications and screen readers read the summary"
    assert len(card.title) <= 148, f"{name}: a heading holds 150 characters, the tone's dot included"
    for button in buttons(card):
        assert 0 < len(button.label) <= 30, f"{name}: a button stays short"
        assert Verb(button.press.verb), name
        assert button.press.encode(), name
        if button.confirm:
            assert fits(button.confirm), name


def buttons(card: Card) -> list[Button]:
    rows = [part.controls for part in card.parts if isinstance(part, Controls)]
    return [control for row in rows for control in row if isinstance(control, Button)]


def fits(confirm: Confirm) -> bool:
    """Say whether a question is within what Slack takes."""
    limits = ((confirm.title, 100), (confirm.text, 300), (confirm.yes, 30), (confirm.no, 30))
    return all(0 < len(text) <= limit for text, limit in limits)
