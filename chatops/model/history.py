"""What happened to a ticket, by whom, when: facts for digests and disputes, never sentences."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer
from sqlmodel import Field, SQLModel

from chatops.store.instants import Instant


class History(SQLModel, table=True):
    """One thing that happened to a ticket."""

    __table_args__ = (Index("history_ticket", "shop_id", "ticket_id", "at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite"))
    shop_id: str
    ticket_id: str
    at: datetime = Field(sa_type=Instant)
    what: str
    workspace_id: str | None = None
    agent_id: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
