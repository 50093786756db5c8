"""Receipts of inbound events: what makes hearing something twice harmless."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, bindparam, func, text
from sqlmodel import Field, SQLModel, col, select

from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction


class InboxState(StrEnum):
    """What became of an event."""

    RECEIVED = "received"  # kept, and acknowledged; taken in a moment later
    DONE = "done"
    IGNORED = "ignored"  # a type we have no use for
    FAILED = "failed"  # kept raw until somebody, or a newer version, can make sense of it


# Written out, not bound: the planner uses an index of some rows only for a question that names them in the same words.
_RECEIVED, _FAILED = text("state = 'received'"), text("state = 'failed'")


class Inbox(SQLModel, table=True):
    """One inbound event, unique by source and the source's id. `body` is kept only while it is needed."""

    __table_args__ = (
        Index("inbox_failed", "received_at", sqlite_where=_FAILED, postgresql_where=_FAILED),
        Index("inbox_received", "source", "place", sqlite_where=_RECEIVED, postgresql_where=_RECEIVED),
    )

    source: str = Field(primary_key=True)
    external_id: str = Field(primary_key=True)
    scope: str = ""  # the shop or workspace it is about
    received_at: datetime = Field(sa_type=Instant)
    # in the order in which events came
    place: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    state: InboxState = Field(sa_type=Choice(InboxState))
    kind: str = ""
    body: str | None = None
    fault: str = ""


OLDEST_RECEIVED = Prepared(
    select(Inbox)
    .where(_RECEIVED, Inbox.source == bindparam("of_source"))
    .order_by(col(Inbox.place))
    .limit(bindparam("at_most"))
)


def received(tx: Transaction, source: str, limit: int) -> list[Inbox]:
    """Return the events that were kept and not taken in yet, in the order in which they came."""
    return tx.all(Inbox, OLDEST_RECEIVED, of_source=source, at_most=limit)


def newest_place(tx: Transaction, source: str) -> int:
    """Return the last place of the events that were kept and not taken in yet; 0 when there are none."""
    newest = select(func.max(col(Inbox.place))).where(_RECEIVED, col(Inbox.source) == source)
    return int(tx.scalar(newest) or 0)


def failed(tx: Transaction, limit: int = 200) -> list[Inbox]:
    """Return the events that were kept because nobody understood them, oldest first."""
    return tx.all(Inbox, select(Inbox).where(_FAILED).order_by(col(Inbox.received_at)).limit(limit))


def get(tx: Transaction, source: str, external_id: str) -> Inbox | None:
    """Return one receipt."""
    return tx.get(Inbox, source, external_id)
