"""Calling outside the chat: through the outlets that an escalation names, and through those of whoever is paged."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col

from chatops import outbox
from chatops.errors import SetupError
from chatops.model import agent as agents
from chatops.model import outlet as outlets
from chatops.model.outlet import Outlet, OutletCall, Turn
from chatops.model.ticket import Ticket
from chatops.store.transaction import Transaction

LONGEST_NAME = 50  # characters


def add(tx: Transaction, outlet: Outlet) -> None:
    """Keep a way out of the chat; one of this name is replaced.

    Raises:
        SetupError: its name is none, or it belongs to somebody nobody knows.
    """
    if not 0 < len(outlet.name) <= LONGEST_NAME or outlet.name != " ".join(outlet.name.split()):
        raise SetupError(f"{outlet.name!r} is no name", f"Use words, at most {LONGEST_NAME} characters.")
    if outlet.agent_id is not None and agents.get(tx, outlet.workspace_id or "", outlet.agent_id) is None:
        raise SetupError(f"nobody here has the id {outlet.agent_id}", "Use the id of a member of the workspace.")
    remove(tx, outlet.name)
    tx.insert(outlet)


def remove(tx: Transaction, name: str) -> bool:
    """Forget a way out; return whether there was one."""
    return bool(tx.execute(delete(Outlet).where(col(Outlet.name) == name)).rowcount)


def call(tx: Transaction, page: str, ticket: Ticket, names: Iterable[str], facts: dict[str, str], now: datetime) -> int:
    """Call through outlets about a page (by its key); return how many there are. `facts`: due_at, urgency."""
    found = [name for name in dict.fromkeys(names) if outlets.get(tx, name) is not None]
    for name in found:
        tx.insert_ignore(OutletCall(page=page, outlet=name, called_at=now))
        _say(tx, name, page, Turn.CALL, ticket, facts, now)
    return len(found)


def acknowledged(tx: Transaction, page: str, ticket: Ticket, now: datetime) -> None:
    """Tell the outlets that were called for a page that somebody sees to it."""
    _turn(tx, page, Turn.ACKNOWLEDGE, ticket, now)


def ended(tx: Transaction, page: str, ticket: Ticket, now: datetime) -> None:
    """Tell the outlets that were called for a page that it is over."""
    _turn(tx, page, Turn.END, ticket, now)


def of_agent(tx: Transaction, workspace_id: str, agent_id: str) -> list[str]:
    """Return the names of an agent's own outlets."""
    return [one.name for one in outlets.of_agent(tx, workspace_id, agent_id)]


def _turn(tx: Transaction, page: str, turn: Turn, ticket: Ticket, now: datetime) -> None:
    for name in outlets.called_for(tx, page):
        _say(tx, name, page, turn, ticket, {}, now)


def _say(
    tx: Transaction, name: str, page: str, turn: Turn, ticket: Ticket, facts: dict[str, str], now: datetime
) -> None:
    about = {"page": page, "turn": turn.value, "shop_id": ticket.shop_id, "ticket_id": ticket.id, "at": now.isoformat()}
    outbox.outlet(tx, name, {**about, **facts}, now)
