"""What to fix: topics with their numbers, and questions in which nothing tells who asked."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chatops.digest.questions import Question
from chatops.digest.section import Reading
from chatops.digest.sections import fix
from chatops.digest.topics import PRODUCT
from chatops.i18n import language
from chatops.model.agent import Agent
from chatops.model.conversation import Buyer
from chatops.model.macro import Macro, MacroText
from chatops.model.message import Author, Message, MessageState
from chatops.model.rulebook import Rulebook, RulebookName
from chatops.model.shop import Shop
from chatops.model.ticket import Ticket, TicketKind, TicketState
from chatops.model.workspace import PlatformName, Workspace
from chatops.store.transaction import new
from chatops.ui import Button, Controls, Link, Mention, Quote
from tests.desk.scenes import NOON, SHOP, TEAM, Desk
from tests.digest.reading import DAY, SCOPE, figures, shown

SECTION = fix.SECTION
SHIRT = {"product_id": "1729592969712207008"}
SIZES = "Which size is it?", "Which SIZE is it", "which size is it?", "which size is it"
FITS = "Does it fit!", "does it FIT", "Does it fit", "Does it fit?"
RULES = """
[[rules]]
id = "fits"
tags = ["size"]
words = {en = ["size", "fit"]}
[[rules]]
id = "again"
tickets = 1
tags = ["regular"]
"""


@pytest.fixture
def sized(desk: Desk) -> Desk:
    """Return a desk whose rules know a question of sizes."""
    desk.tx.insert(Rulebook(name=RulebookName.TRIAGE, version=2, text=RULES, applied_at=NOON))
    return desk


def asks(desk: Desk, *questions: str, product: bool = False) -> list[str]:
    """Let somebody new ask each of these; return the ids of what they wrote."""
    ids = []
    for question in questions:
        buyer = desk.buyer(f"b{next(desk.numbers)}")
        ids.append(buyer.says(question).external_id)
        if product:
            buyer.says("", kind="PRODUCT_CARD", content=SHIRT)
    return ids


def examples(desk: Desk) -> Sequence[str]:
    """Return what is quoted of buyers."""
    facts = SECTION.count(desk.tx, SCOPE, DAY)
    assert facts is not None
    with language("en"):
        parts = SECTION.parts(desk.tx, SECTION.read(SECTION.frozen(facts)), None, Reading(TEAM, DAY))
    assert not any(isinstance(part, Controls) for part in parts)
    assert not any(isinstance(piece, Link | Mention | Button) for part in parts for piece in getattr(part, "line", ()))
    return [line for part in parts if isinstance(part, Quote) for line in part.text.splitlines()]


def test_topics_are_told_with_their_numbers_and_questions_that_several_asked(sized: Desk) -> None:
    sized.now -= timedelta(days=4)
    asks(sized, "Which size is it?")
    sized.now += timedelta(days=4)
    asks(sized, *FITS, *SIZES, product=True)
    asks(sized, "What is its size, I bought it for Aunt Adelheid?", "Is it blue?")
    said = shown(sized, SECTION).splitlines()
    assert said[:2] == ["size: 36 times as often as usual", "9 tickets (usually 0.2) · 90% of 10"]
    assert said[2:4] == ["No prepared answer yet", f"Product {SHIRT['product_id']}: 8 tickets, before there was none"]
    assert said[4] == "8 tickets (usually 0)"
    quoted = examples(sized)
    assert {one.casefold().strip("?!") for one in quoted[:2]} == {"does it fit", "which size is it"}
    assert len(quoted) == len(set(quoted)) == 4  # each of these buyers once
    assert figures(sized, SECTION) == {"topics": 2, "risen": 2, "largest": pytest.approx(9 / 10)}


def test_of_what_was_shown_in_older_tickets_no_share_is_told(sized: Desk) -> None:
    sized.now -= timedelta(days=1)
    regulars = [sized.buyer(f"b{number}") for number in range(5)]
    for buyer in regulars:
        buyer.says("Hello there")
    sized.now += timedelta(days=1)
    for buyer in regulars:
        buyer.says("", kind="PRODUCT_CARD", content=SHIRT)
    asks(sized, "Is it blue?")
    assert shown(sized, SECTION).splitlines()[1] == "5 tickets"
    assert figures(sized, SECTION)["largest"] is None


def test_of_a_product_the_newest_tickets_of_each_shop_are_looked_at(sized: Desk) -> None:
    for shop_id in ("a", "b"):
        sized.tx.insert(new(Shop, id=shop_id, name=shop_id, timezone="UTC", locale="en"))
        for number in range(8):
            ticket, at = f"{shop_id}{number}", NOON + timedelta(minutes=-number)
            card = {"shop_id": shop_id, "ticket_id": ticket, "conversation_id": ticket, "author": Author.BUYER}
            for again in range(2):
                told = {
                    "kind": "PRODUCT_CARD",
                    "content": SHIRT,
                    "product_id": "1",
                    "said_at": at,
                    "state": MessageState.RECEIVED,
                }
                sized.tx.insert(new(Message, **card, **told, id=f"{ticket}.{again}"))
    of = msgspec.structs.replace(SCOPE, shops=("a", "b"))
    assert PRODUCT.having is not None
    keys = PRODUCT.having(sized.tx, of, DAY, "1", 10)
    assert keys == [(shop_id, f"{shop_id}{number}") for shop_id in ("a", "b") for number in range(5)]


def test_nobody_whom_buyers_name_is_quoted(sized: Desk) -> None:
    sized.tx.insert(Workspace(id="T0OTHER", name="other", platform=PlatformName.SLACK, locale="en"))
    sized.tx.insert(Agent(workspace_id="T0OTHER", id="adelheid", name="Adelheid", learned_at=sized.now))
    asks(sized, *["adelheid which size is it"] * 4, *["which size fits budi santoso?"] * 3, *SIZES)
    assert {one.casefold().strip("?") for one in examples(sized)} == {"which size is it"}


def test_what_was_kept_holds_no_words_and_what_is_gone_or_known_by_now_is_left_out(sized: Desk) -> None:
    ids = asks(sized, *SIZES, *FITS, "Is it too large to fit?")
    facts = SECTION.count(sized.tx, SCOPE, DAY)
    assert facts is not None
    kept = SECTION.frozen(facts)
    assert "which" not in str(kept).casefold()
    assert Question(SHOP, ids[7]) in facts.points[0].asked
    assert examples(sized) == ["Does it fit?", "which size is it"]
    gone = sized.tx.get(Message, SHOP, ids[7])
    assert gone is not None
    sized.tx.update(gone, visible=False)
    with language("en"):
        parts = SECTION.parts(sized.tx, SECTION.read(kept), None, Reading(TEAM, DAY))
    assert [part.text for part in parts if isinstance(part, Quote)] == ["which size is it"]


def test_what_one_buyer_alone_is_about_is_no_topic(sized: Desk) -> None:
    for number in range(1, 6):
        ticket = {"shop_id": SHOP, "id": f"c.{number}", "conversation_id": "c", "kind": TicketKind.CHAT}
        sized.tx.insert(new(Ticket, **ticket, opened_at=NOON, state=TicketState.RESOLVED, tags=["the Chens"]))
    assert shown(sized, SECTION) == ""
    asks(sized, "Which size is it?", "which size is it", "Which SIZE is it")
    assert figures(sized, SECTION)["topics"] == 1


def test_a_prepared_answer_is_named_and_tags_that_tell_who_asks_are_no_topic(sized: Desk) -> None:
    sized.tx.insert(new(Macro, id="sizes", name="Sizes *and* lengths"))
    sized.tx.insert(MacroText(macro_id="sizes", locale="en", text="See the table.", keywords=["size"]))
    asks(sized, "Which size is it?", "which size is it", "Which SIZE is it")
    said = shown(sized, SECTION)
    assert "Prepared answer: Sizes *and* lengths" in said
    assert "regular" not in said
    assert shown(sized, SECTION, msgspec.structs.replace(SCOPE, teams=("logistics",))) == ""


@given(some.sampled_from(["Mia Chen", "Adelheid", "12 Elm Road", "@mia", "0812345678", "mia@example.com", "小明王"]))
@settings(max_examples=7)
def test_no_personal_word_comes_out_however_often_its_buyer_says_it(sized: Desk, token: str) -> None:
    buyer = sized.buyer(f"b{next(sized.numbers)}")
    sized.tx.insert(Buyer(shop_id=SHOP, id=f"im-{buyer.conversation}", nickname="Mia Chen"))
    for _again in range(3):
        buyer.says(f"which size for {token}")
    asks(sized, *["which size for"] * 4)
    assert not [line for line in examples(sized) if token.casefold() in line.casefold()]
