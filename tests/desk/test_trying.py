"""Whoever wonders what the rules make of a text asks, and sees it alone."""

from sqlalchemy import delete

from chatops.cards import asked
from chatops.catalog import Verb
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model.rulebook import Rulebook
from chatops.ui import Card, Fields, Paragraph
from tests.desk.scenes import TEAM, BuyerThere, Desk, Teammate


def tried(desk: Desk, who: Teammate, text: str, to: BuyerThere | None = None) -> Card:
    desk.tx.execute(delete(Rulebook))  # those count that the product begins with
    agent, thread = agents.get(desk.tx, TEAM, who.name), desk.thread(to) if to else None
    assert agent is not None
    with language("en"):
        return asked.answer(desk.tx, agent, thread, Verb.TRY, text, desk.now)


def told(card: Card) -> list[str]:
    lines = [part.line for part in card.parts if isinstance(part, Paragraph)]
    return [piece for line in lines for piece in line if isinstance(piece, str)]


def fields(card: Card) -> dict[str, str]:
    found = [field for part in card.parts if isinstance(part, Fields) for field in part.fields]
    return {field.label: "".join(piece for piece in field.value if isinstance(piece, str)) for field in found}


def test_a_text_is_tried_as_a_buyers_and_as_an_answer(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    card = tried(desk, li, "Where is my parcel? Write me on WhatsApp", asked)
    assert fields(card) == {"Language": "English", "Level": "Delivery", "Priority": "–", "Tags": "#where-is-it"}
    assert told(card) == ["“WhatsApp”: It leads the buyer away from TikTok Shop, which TikTok forbids."]


def test_what_no_rule_knows_is_told_so_outside_a_thread_too(desk: Desk, li: Teammate) -> None:
    card = tried(desk, li, "สวัสดีค่ะ")
    assert fields(card)["Level"] == "–"
    assert told(card) == ["No rule holds it back."]
    assert told(tried(desk, li, " ")) == ["Nothing to try: write a text."]


def test_the_answer_is_for_the_one_who_asked(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!try Write me on WhatsApp", asked)
    desk.passes(minutes=1)
    assert desk.whispers["li"] == [("asked", {"verb": Verb.TRY, "words": "Write me on WhatsApp"})]
    assert asked.heard == []
