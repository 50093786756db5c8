"""What a ticket is about is proposed when its buyer writes, and people's choice stays."""

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from chatops.desk import intake
from chatops.model.facts import MarketConversation, OrderFacts
from chatops.model.history import History
from chatops.model.rulebook import Rulebook, RulebookName
from chatops.model.ticket import Level, TicketPriority
from tests.desk.scenes import NOON, SHOP, BuyerThere, Desk, Teammate

OWN = """
[[rules]]
id = "on-its-way"
words = { en = ["where is"] }
order = ["IN_TRANSIT"]
level = "logistics"

[[rules]]
id = "comes-back"
tickets = 1
tags = ["comes-back"]
"""


@pytest.fixture(autouse=True)
def _starter_rules(desk: Desk) -> None:
    """Other scenes know no rules; here those count that the product begins with."""
    desk.tx.execute(delete(Rulebook))


def triaged(desk: Desk) -> list[str]:
    """Return which rules spoke, each time they did."""
    lines = desk.tx.all(History, select(History).where(History.what == "triaged").order_by(col(History.id)))
    return [line.facts["rules"] for line in lines]


def test_a_ticket_opens_with_what_the_rules_make_of_the_first_words(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel? I will call my lawyer")
    ticket = desk.ticket(mia)
    assert (ticket.level, ticket.priority) == (Level.COMPLAINT, TicketPriority.URGENT)
    assert ticket.tags == ["escalation", "where-is-it"]
    assert triaged(desk) == ["threat where-is-it"]


def test_later_words_may_raise_it_but_never_lower_it_and_each_rule_speaks_once(desk: Desk, mia: BuyerThere) -> None:
    mia.says("hola buenas, todavía hay en negro para mi hermana?")
    assert desk.ticket(mia).level is Level.PRESALE
    mia.says("donde esta mi pedido")
    assert desk.ticket(mia).level is Level.LOGISTICS
    mia.says("pero entonces hay en negro o no?")
    mia.says("donde esta mi pedido")
    ticket = desk.ticket(mia)
    assert (ticket.level, ticket.tags) == (Level.LOGISTICS, ["where-is-it"])
    assert triaged(desk) == ["before-buying", "where-is-it"]


def test_what_a_person_chose_stays(desk: Desk, mia: BuyerThere) -> None:
    mia.says("how much is it")
    ticket = desk.ticket(mia)
    desk.tx.insert(History(shop_id=SHOP, ticket_id=ticket.id, at=NOON, what="level_set"))
    mia.says("it arrived broken")
    assert desk.ticket(mia).level is Level.PRESALE


def test_the_teams_own_rules_take_the_place_of_the_starter(desk: Desk, mia: BuyerThere) -> None:
    own = '[[rules]]\nid = "hello"\nwords = { "*" = ["hello"] }\ntags = ["polite"]\n'
    desk.tx.insert(Rulebook(name=RulebookName.TRIAGE, version=1, text=own, applied_at=NOON))
    mia.says("hello, where is my parcel?")
    assert (desk.ticket(mia).level, desk.ticket(mia).tags) == (None, ["polite"])


def test_the_ticket_of_a_buyer_who_comes_back_is_judged_anew(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("I will call my lawyer")
    desk.carry_out()
    li.says("!resolve", mia)
    desk.passes(days=8)
    mia.says("My lawyer will call you")
    former, later = desk.tickets(mia)
    assert (later.level, later.priority, later.tags) == (former.level, TicketPriority.URGENT, ["escalation"])
    assert triaged(desk) == ["threat", "threat"]


def test_a_rule_about_the_order_speaks_once_the_order_is_known(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    desk.tx.insert(Rulebook(name=RulebookName.TRIAGE, version=1, text=OWN, applied_at=NOON))
    facts = MarketConversation(mia.conversation, "im", "u-1", "Mia", "", can_send=True, unread=1, latest=None)
    order = OrderFacts("57", "IN_TRANSIT", "19.90", "GBP", NOON, "TRACK1", ("Lamp",))
    mia.says("Where is my parcel?")
    mia.says("Please!")
    assert (desk.ticket(mia).level, desk.ticket(mia).tags) == (None, []), "it is the buyer's first ticket"
    for _ in range(2):
        intake.buyer_learned(desk.tx, SHOP, facts, order, desk.now)
    assert desk.ticket(mia).level is Level.LOGISTICS
    desk.carry_out()
    li.says("!resolve", mia)
    desk.passes(days=8)
    mia.says("Me again")
    assert desk.ticket(mia).tags == ["comes-back"]
    assert triaged(desk) == ["on-its-way", "comes-back"]
