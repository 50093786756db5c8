"""Why an answer needs a second look before it leaves: what the rules find in it, or that a teammate answered lately."""

from datetime import datetime, timedelta

from chatops.desk import chronicle
from chatops.model import lint, setting
from chatops.model import message as messages
from chatops.model.agent import Agent
from chatops.model.message import HELD, Held, Message
from chatops.model.ticket import Ticket
from chatops.rules.lint import Severity
from chatops.store.transaction import Transaction


def linted(tx: Transaction, ticket: Ticket, agent: Agent, text: str, now: datetime) -> Held | None:
    """Return what the rules ask for before an answer leaves, if they find anything in it."""
    hits = lint.hits(tx, ticket, text)
    if not hits:
        return None
    chronicle.note(tx, ticket, "lint", now, agent, **lint.facts(hits))
    return Held.LINT_BLOCK if hits[0].rule.severity is Severity.BLOCK else Held.LINT


def crossed(tx: Transaction, ticket: Ticket, writer: tuple[str, str], now: datetime) -> Held | None:
    """Return that a teammate of `writer` (workspace and agent) answers just now, if so."""
    crossing = setting.value(tx, "crossing_seconds")
    # a buyer who has written since the last answer waits for the next one, whoever gives it
    since = now if ticket.waiting_since else now - timedelta(seconds=crossing)
    if crossing and messages.answered_lately(tx, ticket.shop_id, ticket.conversation_id, since, but=writer):
        return Held.TEAMMATE_ANSWERS
    return None


def crossed_meanwhile(tx: Transaction, ticket: Ticket, message: Message, now: datetime) -> Held | None:
    """Return that a teammate has answered since an answer was held for another reason, if so."""
    if message.fault not in HELD or message.fault == Held.TEAMMATE_ANSWERS:
        return None
    return crossed(tx, ticket, (message.source_workspace_id or "", message.agent_id or ""), now)


def overruled(tx: Transaction, ticket: Ticket, message: Message, agent: Agent, now: datetime) -> None:
    """Note who lets an answer leave that was held, and in spite of what."""
    why = message.fault
    found = lint.facts(lint.hits(tx, ticket, message.text)) if why in (Held.LINT, Held.LINT_BLOCK) else {}
    chronicle.note(tx, ticket, "sent_anyway", now, agent, message_id=message.id, why=why, **found)
