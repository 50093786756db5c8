"""Tickets that rest until an instant, and come back by themselves."""

from datetime import datetime

from chatops import outbox
from chatops.catalog import Verb
from chatops.desk import chronicle, paging, tickets
from chatops.desk.handling import must_be_given, must_be_open
from chatops.errors import Refusal, Refused
from chatops.model import shop as shops
from chatops.model import ticket as ticket_questions
from chatops.model.agent import Agent
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.rules import snooze as rules
from chatops.rules import zones
from chatops.store.transaction import Transaction

AT_ONCE = 50  # tickets that one transaction wakes


def snooze(tx: Transaction, thread: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Let a ticket rest until the instant that `words` mean in the agent's zone; "off" wakes it.

    Who asked is told which instant that is, and in whose zone, if theirs is not known.

    Raises:
        Refused: the words mean no instant within a year, or one that is past.
    """
    must_be_given(ticket, words, Verb.SNOOZE)
    must_be_open(ticket)
    if rules.wakes(words):
        if ticket.snoozed_until is None:
            raise Refused(Refusal.NOT_SNOOZED)
        tickets.change(tx, ticket, now, snoozed_until=None)
        chronicle.note(tx, ticket, "woken", now, agent)
        return
    shop = shops.get(tx, ticket.shop_id)
    zone = zones.first(agent.timezone, shop.timezone if shop else "")
    until = rules.until(words, now, zone)
    if until is None:
        raise Refused(Refusal.WHEN_UNCLEAR, words=words)
    if until <= now:
        raise Refused(Refusal.WHEN_PAST, at=until.isoformat(), zone=zone.key)
    tickets.change(tx, ticket, now, snoozed_until=until)
    chronicle.note(tx, ticket, "snoozed", now, agent, until=until.isoformat())
    paging.settle(tx, ticket, "snoozed", now)
    facts: dict[str, str | int] = {"until": until.isoformat(), "zone": zone.key, "own": int(zone.key == agent.timezone)}
    outbox.whisper(tx, thread, agent.id, outbox.Whisper.SNOOZED, facts, now)


def wake_due(tx: Transaction, now: datetime) -> int:
    """Let every ticket come back whose rest is over; return how many did, at most `AT_ONCE`."""
    due = ticket_questions.rested(tx, now, AT_ONCE)
    for ticket in due:
        tickets.wake(tx, ticket, now)
    return len(due)
