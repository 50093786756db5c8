"""What no message holds goes into several: all of it, in its order, on both platforms."""

import json
import re
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings

from chatops.platforms.discord import paint as discord
from chatops.platforms.pieces import MOST_PIECES, Holds, pieces
from chatops.platforms.slack import paint as slack
from chatops.ui import (
    Button,
    Card,
    Controls,
    Divider,
    Field,
    Fields,
    Paragraph,
    Part,
    Press,
    Quote,
    Small,
    Strong,
)
from tests.platforms.any_card import cards
from tests.platforms.discord.embed_rules import faults as discord_faults
from tests.platforms.slack.block_rules import faults as slack_faults

Check = Callable[[Card], str]


def _on_slack(card: Card) -> str:
    """Return all that Slack is given of a card, which it must take."""
    text, blocks = slack.paint(card, lambda _: "LOST")
    assert slack_faults(text, blocks) == []
    return json.dumps(blocks, ensure_ascii=False)


def _on_discord(card: Card) -> str:
    painted = discord.paint(card, lambda _: "LOST")
    assert discord_faults({"embeds": painted.embeds, "components": painted.components}) == []
    return json.dumps(painted.embeds, ensure_ascii=False)


EVERYWHERE = pytest.mark.parametrize(
    ("holds", "taken"), [(slack.holds, _on_slack), (discord.holds, _on_discord)], ids=["slack", "discord"]
)
NAMES = [f"{number:04} {'very long name of a tag ' * 3}".strip() for number in range(400)]
WORDS = " ".join(f"word{number}" for number in range(1_500))


def parts() -> tuple[Part, ...]:
    """Return a section with more than one message holds anywhere, whose lines are too long as well."""
    takes = [
        part
        for name in NAMES[:40]
        for part in (Paragraph((Strong(name),)), Controls((Button("Take it", Press("take", name[:4])),)))
    ]
    return (*takes, Fields(tuple(Field(name, (name[:4],)) for name in NAMES)), Paragraph((WORDS,)), Quote(WORDS))


@EVERYWHERE
def test_ever_so_many_tags_and_endless_lines_are_all_shown_in_order(holds: Holds, taken: Check) -> None:
    found = pieces(Card(title="Tags", summary="Tags", parts=parts()), holds)
    assert 3 < len(found) <= MOST_PIECES
    assert [card.title for card in found] == ["Tags"] + [""] * (len(found) - 1)
    text = "".join(map(taken, found))
    assert "LOST" not in text
    at = [text.index(json.dumps(word, ensure_ascii=False).strip('"')) for word in (NAMES[0], NAMES[39], NAMES[399])]
    assert at == sorted(at)
    assert all(text.count(name) == (2 if number < 40 else 1) for number, name in enumerate(NAMES))
    assert Counter(re.findall(r"word\d+", text)) == {f"word{number}": 2 for number in range(1_500)}


@EVERYWHERE
def test_subjects_stay_together_and_no_button_leaves_its_line(holds: Holds, taken: Check) -> None:
    one: tuple[Part, ...] = (Divider(), Paragraph((Strong("Heading"),)), *map(Paragraph, [(WORDS[:900],)] * 2))
    found = pieces(
        Card(title="Yesterday", summary="s", parts=(Paragraph(("Good.",)), *one, *one, *one, *one, *one, *one)), holds
    )
    assert 1 < len(found) < 6
    assert all(isinstance(card.parts[0], Paragraph) for card in found)
    assert {card.parts[0] for card in found[1:]} == {Paragraph((Strong("Heading"),))}
    assert "LOST" not in taken(found[0]) + taken(found[1])
    lines: list[Part] = []
    for number in range(60):
        lines += [Paragraph((str(number),)), Controls((Button(f"Take {number}", Press("take", str(number))),))]
    told = pieces(Card(summary="s", parts=tuple(lines)), holds)
    assert len(told) > 1
    assert all(isinstance(card.parts[-1], Controls) for card in told)
    assert sum(len(card.parts) for card in told) == len(lines)


@EVERYWHERE
def test_what_fits_stays_as_it_is_and_nobody_reads_a_hundred_messages(holds: Holds, taken: Check) -> None:
    small = Card(title="t", summary="s", parts=(Small(("Good.",)),))
    assert pieces(small, holds) == [small]
    found = pieces(Card(title="t", summary="s", parts=(Quote(WORDS * (14 if holds is slack.holds else 7)),)), holds)
    assert len(found) == MOST_PIECES
    assert "LOST" in taken(found[-1]), "what is left is told of"


@given(card=cards)
@settings(max_examples=15)
def test_every_card_comes_whole_or_in_pieces_that_discord_takes(card: Card) -> None:
    for piece in pieces(card, discord.holds):
        _on_discord(piece)
