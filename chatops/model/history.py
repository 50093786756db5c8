"""What happened to a ticket, by whom, when: facts for digests and disputes, never sentences."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, text
from sqlmodel import Field, SQLModel, col, select

from chatops.store.dialects import ON_POSTGRESQL, ON_SQLITE
from chatops.store.instants import Instant
from chatops.store.transaction import Transaction

TOLD = text("what IN ('lint', 'macro', 'sent_anyway')")  # what digests tell of; in these very words it is found again
TRIAGED = text("what = 'triaged'")  # what the rules made of it, likewise
GONE_ON = text("what IN ('reopened', 'merged')")  # what makes a resolved ticket another than it was, likewise


class History(SQLModel, table=True):
    """One thing that happened to a ticket."""

    __table_args__ = (
        Index("history_ticket", "shop_id", "ticket_id", "at"),
        Index("history_told", "shop_id", "what", "at", postgresql_where=TOLD, info=ON_POSTGRESQL).ddl_if("postgresql"),
        Index("history_said", "shop_id", "what", "at", "facts", sqlite_where=TOLD, info=ON_SQLITE).ddl_if("sqlite"),
        Index("history_triaged", "shop_id", "at", postgresql_where=TRIAGED, info=ON_POSTGRESQL).ddl_if("postgresql"),
        Index("history_gone_on", "at", "shop_id", "ticket_id", sqlite_where=GONE_ON, postgresql_where=GONE_ON),
        Index("history_rules", "shop_id", "at", "facts", sqlite_where=TRIAGED, info=ON_SQLITE).ddl_if("sqlite"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite"))
    shop_id: str
    ticket_id: str
    at: datetime = Field(sa_type=Instant)
    what: str
    workspace_id: str | None = None
    agent_id: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


def last(tx: Transaction, shop_id: str, ticket_id: str, what: str) -> History | None:
    """Return the newest line of a ticket's history that says `what`."""
    return tx.one(
        History,
        select(History)
        .where(History.shop_id == shop_id, History.ticket_id == ticket_id, History.what == what)
        .order_by(col(History.at).desc(), col(History.id).desc())
        .limit(1),
    )


def lines(tx: Transaction, shop_id: str, ticket_id: str, *whats: str) -> list[History]:
    """Return the lines of a ticket's history that say one of `whats`, oldest first."""
    about = History.shop_id == shop_id, History.ticket_id == ticket_id, col(History.what).in_(whats)
    return tx.all(History, select(History).where(*about).order_by(col(History.at), col(History.id)))
