"""Every card the product draws, as somebody last read it in Discord, and within what Discord takes."""

import pytest

from chatops.i18n import LANGUAGES, language
from chatops.platforms.discord.paint import paint, thread_name
from tests.cards.samples import GROUPS
from tests.platforms.discord.embed_rules import faults
from tests.platforms.discord.goldens import GOLDENS, SHOWN, rendered


@pytest.mark.parametrize("group", SHOWN)
def test_every_card_looks_as_it_was_read_last(group: str) -> None:
    read = (GOLDENS / f"{group}.txt").read_text(encoding="utf-8")
    assert rendered(group) == read, "look at the new card, then: python -m tests.platforms.discord.goldens"


def test_no_golden_is_left_over() -> None:
    assert {path.name for path in GOLDENS.iterdir()} == {f"{group}.txt" for group in SHOWN}


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_discord_takes_every_card_in_every_language(tongue: str) -> None:
    with language(tongue):
        for card in (draw() for cards in GROUPS.values() for draw in cards.values()):
            painted = paint(card)
            assert faults({"embeds": painted.embeds, "components": painted.components}) == []
            assert 1 <= len(thread_name(card)) <= 100
