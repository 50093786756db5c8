"""Ways out of the chat: where a page is told besides."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, col, select

from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.secrets import Secret
from chatops.store.transaction import Transaction


class OutletKind(StrEnum):
    """Who carries a call out of the chat."""

    PAGERDUTY = "pagerduty"  # the address is an integration's routing key
    APPRISE = "apprise"  # the address is one of Apprise's


class Turn(StrEnum):
    """What happens to a page; the values are PagerDuty's words."""

    CALL = "trigger"
    ACKNOWLEDGE = "acknowledge"
    END = "resolve"


class Outlet(SQLModel, table=True):
    """A way out, by name: an escalation's steps name it, or it is an agent's own and rings whenever they are paged.

    `address` is a secret: whoever knows it can call there.
    """

    name: str = Field(primary_key=True)
    kind: OutletKind = Field(sa_type=Choice(OutletKind))
    address: str = Field(sa_type=Secret)
    workspace_id: str | None = None
    agent_id: str | None = Field(default=None, index=True)
    made_at: datetime = Field(sa_type=Instant)


class OutletCall(SQLModel, table=True):
    """An outlet that was called for a page, so that it hears how the page ended, too; `page` is the page's key.

    `called_at`: when it was for the first time since somebody had the page.
    """

    page: str = Field(primary_key=True)
    outlet: str = Field(primary_key=True)
    called_at: datetime = Field(sa_type=Instant)


def every(tx: Transaction) -> list[Outlet]:
    """Return all of them, by name."""
    return tx.all(Outlet, select(Outlet).order_by(col(Outlet.name)))


def get(tx: Transaction, name: str) -> Outlet | None:
    """Return one."""
    return tx.get(Outlet, name)


def calls_for(tx: Transaction, page: str) -> dict[str, OutletCall]:
    """Return the outlets that were called for a page, by name."""
    return {one.outlet: one for one in tx.all(OutletCall, select(OutletCall).where(OutletCall.page == page))}


def of_agent(tx: Transaction, workspace_id: str, agent_id: str) -> list[Outlet]:
    """Return an agent's own."""
    theirs = select(Outlet).where(Outlet.workspace_id == workspace_id, Outlet.agent_id == agent_id)
    return tx.all(Outlet, theirs.order_by(col(Outlet.name)))
