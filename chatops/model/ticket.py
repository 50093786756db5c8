"""One piece of work."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, bindparam, text
from sqlmodel import Field, SQLModel, col, select

from chatops.store.choices import Choice
from chatops.store.dialects import ON_POSTGRESQL, ON_SQLITE
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction


class TicketKind(StrEnum):
    """What a ticket is about."""

    CHAT = "chat"
    COMMENT = "comment"
    LIVE = "live"
    RETURN = "return"
    CANCELLATION = "cancellation"
    DISPUTE = "dispute"


class TicketState(StrEnum):
    """Whether there is still something to do."""

    OPEN = "open"
    RESOLVED = "resolved"


class Level(StrEnum):
    """What kind of help a ticket needs."""

    PRESALE = "presale"
    LOGISTICS = "logistics"
    QUALITY = "quality"
    COMPLAINT = "complaint"


class TicketPriority(StrEnum):
    """How much a ticket matters, beside how long its buyer waits."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


_ASSIGNED = text("assignee_id IS NOT NULL")
_SNOOZED = text("snoozed_until IS NOT NULL")
_HANDLED = text("resolved_at IS NOT NULL AND merged_into IS NULL")


class Ticket(SQLModel, table=True):
    """One piece of work with an owner; `id` is the conversation's id and a running number.

    `waiting_since` is the instant of the oldest buyer message nobody answered yet, `version`
    counts the changes that its card shows. The order columns are the buyer's
    newest order as last read, money as the platform's decimal text. `language` is what somebody chose ("": the
    conversation's), `team` the name of the team that shall see to it, `merged_into` the ticket that goes on with it.
    `pinned` are the messages whose words stand on its card.
    """

    __table_args__ = (
        Index(
            "ticket_open",
            "shop_id",
            "conversation_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ticket_conversation", "shop_id", "conversation_id"),
        Index("ticket_opened", "shop_id", "opened_at", info=ON_POSTGRESQL).ddl_if("postgresql"),
        Index("ticket_asked", "shop_id", "opened_at", "tags", "level", info=ON_SQLITE).ddl_if("sqlite"),
        Index("ticket_told", "shop_id", "id", "kind", "level", "language", "conversation_id"),
        Index(
            "ticket_assignee",
            "assignee_workspace_id",
            "assignee_id",
            "state",
            sqlite_where=_ASSIGNED,
            postgresql_where=_ASSIGNED,
        ),
        Index(
            "ticket_resolved",
            "resolved_at",
            "shop_id",
            "opened_at",
            sqlite_where=_HANDLED,
            postgresql_where=_HANDLED,
        ),
        Index("ticket_snoozed", "snoozed_until", sqlite_where=_SNOOZED, postgresql_where=_SNOOZED),
    )

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    id: str = Field(primary_key=True)
    conversation_id: str
    buyer_id: str | None = None
    kind: TicketKind = Field(sa_type=Choice(TicketKind))
    state: TicketState = Field(default=TicketState.OPEN, sa_type=Choice(TicketState))
    assignee_workspace_id: str | None = None
    assignee_id: str | None = None
    opened_at: datetime = Field(sa_type=Instant)
    waiting_since: datetime | None = Field(default=None, sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1
    level: Level | None = Field(default=None, sa_type=Choice(Level))
    priority: TicketPriority = Field(
        default=TicketPriority.NORMAL,
        sa_type=Choice(TicketPriority),
        sa_column_kwargs={"server_default": TicketPriority.NORMAL.value},
    )
    language: str = Field(default="", sa_column_kwargs={"server_default": ""})
    tags: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    team: str = Field(default="", sa_column_kwargs={"server_default": ""})
    pinned: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    snoozed_until: datetime | None = Field(default=None, sa_type=Instant)
    escalated_at: datetime | None = Field(default=None, sa_type=Instant)
    no_reply_at: datetime | None = Field(default=None, sa_type=Instant)
    merged_into: str | None = None
    order_id: str = ""
    order_status: str = ""
    order_total: str = ""
    order_currency: str = ""
    order_items: str = ""
    order_tracking: str = ""


_CURRENT = Prepared(
    select(Ticket)
    .where(
        col(Ticket.shop_id) == bindparam("shop_id"),
        col(Ticket.conversation_id) == bindparam("conversation_id"),
        col(Ticket.kind) == bindparam("kind"),
        col(Ticket.merged_into).is_(None),
    )
    .order_by((col(Ticket.state) == TicketState.OPEN).desc(), col(Ticket.opened_at).desc(), col(Ticket.id).desc())
    .limit(1)
    .with_for_update()
)


def get(tx: Transaction, shop_id: str, ticket_id: str) -> Ticket | None:
    """Return one ticket."""
    return tx.get(Ticket, shop_id, ticket_id)


def going_on(tx: Transaction, shop_id: str, ticket_id: str) -> Ticket | None:
    """Return one ticket, or the one into which it was merged."""
    found = get(tx, shop_id, ticket_id)
    while found is not None and found.merged_into is not None:
        found = get(tx, shop_id, found.merged_into)
    return found


def lock(tx: Transaction, shop_id: str, ticket_id: str) -> Ticket | None:
    """Return one ticket, held against every other transaction until this one ends."""
    return tx.one(Ticket, select(Ticket).where(Ticket.shop_id == shop_id, Ticket.id == ticket_id).with_for_update())


def lock_going_on(tx: Transaction, shop_id: str, ticket_id: str) -> Ticket | None:
    """Return one ticket, or the one into which it was merged, also just now; held like `lock` does."""
    found = lock(tx, shop_id, ticket_id)
    while found is not None and found.merged_into is not None:
        found = lock(tx, shop_id, found.merged_into)
    return found


def lock_current(tx: Transaction, shop_id: str, conversation_id: str, kind: TicketKind) -> Ticket | None:
    """Return a conversation's open ticket of one kind, else its newest one, held like `lock` does.

    One that went on in another ticket is over for good.
    """
    return tx.one(Ticket, _CURRENT, shop_id=shop_id, conversation_id=conversation_id, kind=kind)


def opened_since(tx: Transaction, instant: datetime, most: int | None = None) -> list[Ticket]:
    """Return the tickets of every shop that were opened lately, newest first; only so many of them if told."""
    lately = select(Ticket).where(col(Ticket.opened_at) >= instant)
    return tx.all(Ticket, lately.order_by(col(Ticket.opened_at).desc()).limit(most))


def still_open(tx: Transaction, shop_id: str, kind: TicketKind) -> list[Ticket]:
    """Return a shop's open tickets of one kind, oldest first, locked: what is said in them goes on afterwards."""
    return tx.all(
        Ticket,
        select(Ticket)
        .where(Ticket.shop_id == shop_id, Ticket.kind == kind, Ticket.state == TicketState.OPEN)
        .order_by(col(Ticket.opened_at))
        .with_for_update(),
    )


def held_by(tx: Transaction, workspace_id: str, agent_id: str) -> list[Ticket]:
    """Return the open tickets that a member of the team has claimed, oldest first, locked."""
    return tx.all(
        Ticket,
        select(Ticket)
        .where(
            Ticket.assignee_workspace_id == workspace_id,
            Ticket.assignee_id == agent_id,
            Ticket.state == TicketState.OPEN,
        )
        .order_by(col(Ticket.opened_at), col(Ticket.id))
        .with_for_update(),
    )


def of_conversation(tx: Transaction, shop_id: str, conversation_id: str) -> list[Ticket]:
    """Return every ticket of a conversation, the newest first, locked."""
    return tx.all(
        Ticket,
        select(Ticket)
        .where(Ticket.shop_id == shop_id, Ticket.conversation_id == conversation_id)
        .order_by(col(Ticket.opened_at).desc(), col(Ticket.id).desc())
        .with_for_update(),
    )


def rested(tx: Transaction, now: datetime, limit: int) -> list[Ticket]:
    """Return tickets whose rest is over, locked; those that another replica wakes are left out."""
    return tx.all(
        Ticket,
        select(Ticket)
        .where(col(Ticket.snoozed_until) <= now)
        .order_by(col(Ticket.snoozed_until), col(Ticket.id))
        .limit(limit)
        .with_for_update(skip_locked=True),
    )
