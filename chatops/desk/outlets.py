"""Calling outside the chat: through the outlets that an escalation names, and through those of whoever is paged."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col

from chatops import outbox_oncall
from chatops.errors import SetupError
from chatops.model import agent as agents
from chatops.model import outlet as outlets
from chatops.model.outlet import Outlet, OutletCall, Turn
from chatops.model.page import Page
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


def call(tx: Transaction, page: Page, names: Iterable[str], now: datetime) -> None:
    """Call through outlets about a page; those that are gone are left out.

    Where somebody was heard to have it nothing rings for it any more: there it ends, and begins anew.
    """
    before = outlets.calls_for(tx, page.key)
    for name in dict.fromkeys(names):
        if outlets.get(tx, name) is None:
            continue
        if name not in before:
            tx.insert_ignore(OutletCall(page=page.key, outlet=name, called_at=now))
        elif page.acknowledged_at is not None and before[name].called_at <= page.acknowledged_at:
            tx.update(before[name], called_at=now)
            _say(tx, name, page, Turn.END, now)
        _say(tx, name, page, Turn.CALL, now)


def tell(tx: Transaction, page: Page, turn: Turn, now: datetime) -> None:
    """Tell the outlets that were called for a page that somebody sees to it, or that it is over."""
    for name in outlets.calls_for(tx, page.key):
        _say(tx, name, page, turn, now)


def _say(tx: Transaction, name: str, page: Page, turn: Turn, now: datetime) -> None:
    about = {
        "page": page.key,
        "turn": turn.value,
        "shop_id": page.shop_id,
        "ticket_id": page.ticket_id,
        "workspace_id": page.workspace_id,
        "due_at": page.due_at.isoformat() if page.due_at else "",
        "urgency": page.urgency.value,
        "at": now.isoformat(),
    }
    outbox_oncall.outlet(tx, name, about, now)
