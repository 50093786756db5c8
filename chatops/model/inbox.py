"""Receipts of inbound events: what makes hearing something twice harmless."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, col, select

from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.transaction import Transaction


class InboxState(StrEnum):
    """What became of an event."""

    DONE = "done"
    IGNORED = "ignored"  # a type we have no use for
    FAILED = "failed"  # kept raw until somebody, or a newer version, can make sense of it


class Inbox(SQLModel, table=True):
    """One inbound event, unique by source and the source's id. `body` is kept only while it is needed."""

    __table_args__ = (
        Index(
            "inbox_failed",
            "received_at",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
    )

    source: str = Field(primary_key=True)
    external_id: str = Field(primary_key=True)
    scope: str = ""  # the shop or workspace it is about
    received_at: datetime = Field(sa_type=Instant)
    state: InboxState = Field(sa_type=Choice(InboxState))
    kind: str = ""
    body: str | None = None
    fault: str = ""


def failed(tx: Transaction, limit: int = 200) -> list[Inbox]:
    """Return the events that were kept because nobody understood them, oldest first."""
    return tx.all(
        Inbox, select(Inbox).where(Inbox.state == InboxState.FAILED).order_by(col(Inbox.received_at)).limit(limit)
    )


def get(tx: Transaction, source: str, external_id: str) -> Inbox | None:
    """Return one receipt."""
    return tx.one(Inbox, select(Inbox).where(Inbox.source == source, Inbox.external_id == external_id))
