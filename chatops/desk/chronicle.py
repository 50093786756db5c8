"""Writing down what happened to a ticket, for digests and disputes."""

from datetime import datetime

from chatops.model.agent import Agent
from chatops.model.history import History
from chatops.model.ticket import Ticket
from chatops.store.transaction import Transaction, new


def note(
    tx: Transaction, ticket: Ticket, what: str, at: datetime, agent: Agent | None = None, **facts: str | int
) -> None:
    """Add one line to the ticket's history; facts are ids, codes and counts, never words."""
    tx.insert(
        new(
            History,
            shop_id=ticket.shop_id,
            ticket_id=ticket.id,
            at=at,
            what=what,
            workspace_id=None if agent is None else agent.workspace_id,
            agent_id=None if agent is None else agent.id,
            facts=facts,
        )
    )
