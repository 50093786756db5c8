"""Putting buyers in tiers: a person does, or a triage rule; what is promised follows."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from chatops.catalog import Verb
from chatops.desk import chronicle, clocks, tickets
from chatops.desk.handling import must_be_given
from chatops.errors import Refusal, Refused
from chatops.model import conversation as conversations
from chatops.model import history
from chatops.model import ticket as ticket_questions
from chatops.model import tier as tiers
from chatops.model.agent import Agent
from chatops.model.conversation import Buyer
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket, TicketState
from chatops.store.transaction import Transaction


def set_tier(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Put the buyer of a ticket in a tier of the shop, or ("off") in none.

    Raises:
        Refused: nobody knows yet who the buyer is, the desk names no tiers, or there is none of this name.
    """
    must_be_given(ticket, words, Verb.TIER)
    known, found = tiers.names(tx), tiers.called(tx, words)
    if not known:
        raise Refused(Refusal.NO_TIERS)
    if found is None:
        raise Refused(Refusal.NO_SUCH_CHOICE, verb=Verb.TIER.value, words=words, choices=", ".join([*known, "off"]))
    if ticket.buyer_id is None:
        raise Refused(Refusal.STALE)
    _put(tx, ticket, found, now)
    chronicle.note(tx, ticket, "tier_set", now, agent, tier=found)


def propose(tx: Transaction, ticket: Ticket, tier: str, now: datetime) -> None:
    """Put a buyer who is in no tier in the one that a rule says, unless a person has taken them out of it here."""
    buyer = conversations.buyer(tx, ticket.shop_id, ticket.buyer_id)
    if buyer is None or buyer.tier or tier not in tiers.names(tx):
        return
    if not history.lines(tx, ticket.shop_id, ticket.id, "tier_set"):
        _put(tx, ticket, tier, now)


def _put(tx: Transaction, ticket: Ticket, tier: str, now: datetime) -> None:
    """Keep a buyer's tier, and let their open tickets count by what they are promised now."""
    this = col(Buyer.shop_id) == ticket.shop_id, col(Buyer.id) == ticket.buyer_id
    tx.execute(update(Buyer).where(*this).values(tier=tier))
    for one in ticket_questions.of_conversation(tx, ticket.shop_id, ticket.conversation_id):
        mine = ticket if one.id == ticket.id else one
        if mine.state is TicketState.OPEN:
            clocks.retarget(tx, mine, now)
            tickets.redraw(tx, mine, now)
