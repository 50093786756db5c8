"""The mirror of a ticket in a channel, and where each message stands in it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Index, bindparam, or_
from sqlalchemy import select as rows_of
from sqlmodel import Field, SQLModel, col, select

from chatops.model.shop import RoutePosture
from chatops.model.ticket import Ticket, TicketState
from chatops.model.workspace import PlatformName, platform_of
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared, key_among, keys
from chatops.store.transaction import Transaction, table


class ThreadState(StrEnum):
    """Whether the platform has the thread yet."""

    OPENING = "opening"
    OPEN = "open"


class Thread(SQLModel, table=True):
    """A ticket's mirror in one channel; `external_id` (Slack: the head's ts) is empty until the platform has it.

    `seen_id` is the newest message the catch-up reader compared, `drawn_version` the ticket's version its card shows.
    """

    __table_args__ = (
        Index("thread_external", "workspace_id", "external_id", "channel_id"),
        Index("thread_ticket", "shop_id", "ticket_id"),
    )

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    id: str = Field(primary_key=True)  # channel, shop and ticket
    channel_id: str
    shop_id: str
    ticket_id: str
    locale: str
    posture: RoutePosture = Field(default=RoutePosture.TO_BUYER, sa_type=Choice(RoutePosture))
    state: ThreadState = Field(default=ThreadState.OPENING, sa_type=Choice(ThreadState))
    external_id: str = ""
    seen_id: str = ""
    drawn_version: int = 0
    created_at: datetime = Field(sa_type=Instant)


class Place(NamedTuple):
    """A thread, as far as it must be known to say something in it: all that so many of them need."""

    shop_id: str
    ticket_id: str
    workspace_id: str
    id: str
    channel_id: str
    state: ThreadState


class Mirror(SQLModel, table=True):
    """A message of the conversation stands in a thread as this post of ours."""

    __table_args__ = (Index("mirror_external", "workspace_id", "channel_id", "external_id"),)

    workspace_id: str = Field(primary_key=True)
    thread_id: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    shop_id: str
    channel_id: str
    external_id: str


_OF_TICKET = Prepared(
    select(Thread)
    .where(col(Thread.shop_id) == bindparam("shop_id"), col(Thread.ticket_id) == bindparam("ticket_id"))
    .order_by(Thread.workspace_id, Thread.id)
)


_OF_TICKETS = Prepared(
    rows_of(*(table(Thread).c[name] for name in Place._fields))
    .where(col(Thread.shop_id) == bindparam("shop_id"), key_among(table(Thread).c.ticket_id, "those"))
    .order_by(Thread.workspace_id, Thread.id)
)
_AT = Prepared(
    select(Thread).where(
        col(Thread.workspace_id) == bindparam("workspace_id"),
        col(Thread.channel_id) == bindparam("channel_id"),
        col(Thread.external_id) == bindparam("external_id"),
    )
)

_NAMED = Prepared(
    select(Thread)
    .where(col(Thread.workspace_id) == bindparam("workspace_id"), col(Thread.external_id) == bindparam("external_id"))
    .limit(1)
)


def get(tx: Transaction, workspace_id: str, thread_id: str) -> Thread | None:
    """Return one thread."""
    return tx.get(Thread, workspace_id, thread_id)


def address(thread: Thread) -> str:
    """Return where people open a thread; "" while the platform does not have it."""
    if not thread.external_id:
        return ""
    if platform_of(thread.workspace_id) is PlatformName.DISCORD:
        return f"https://discord.com/channels/{thread.workspace_id}/{thread.external_id}"
    place = f"{thread.workspace_id}/{thread.channel_id}/thread/{thread.channel_id}-{thread.external_id}"
    return f"https://app.slack.com/client/{place}"


def channel_address(workspace_id: str, channel_id: str) -> str:
    """Return where people open a channel."""
    on_discord = platform_of(workspace_id) is PlatformName.DISCORD
    return f"https://{'discord.com/channels' if on_discord else 'app.slack.com/client'}/{workspace_id}/{channel_id}"


def at(tx: Transaction, workspace_id: str, channel_id: str, external_id: str) -> Thread | None:
    """Return the thread whose head is this message of this channel; never one that has no head yet."""
    if not external_id:
        return None
    return tx.one(Thread, _AT, workspace_id=workspace_id, channel_id=channel_id, external_id=external_id)


def named(tx: Transaction, workspace_id: str, external_id: str) -> Thread | None:
    """Return the thread with this head, whatever channel it is in: on Discord a head's id names the thread alone."""
    if not external_id:
        return None
    return tx.one(Thread, _NAMED, workspace_id=workspace_id, external_id=external_id)


def holding(tx: Transaction, workspace_id: str, channel_id: str, message_id: str) -> Thread | None:
    """Return the thread whose head or mirrored message this is (any message of ours in the channel)."""
    head = at(tx, workspace_id, channel_id, message_id)
    if head is not None:
        return head
    return tx.one(
        Thread,
        select(Thread)
        .join(Mirror, (col(Mirror.workspace_id) == Thread.workspace_id) & (col(Mirror.thread_id) == Thread.id))
        .where(
            Mirror.workspace_id == workspace_id,
            Mirror.channel_id == channel_id,
            Mirror.external_id == message_id,
        )
        .limit(1),
    )


def of_tickets(tx: Transaction, several: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Place]]:
    """Return the threads of tickets, by shop and ticket."""
    by_shop: dict[str, list[str]] = {}
    for shop_id, ticket_id in several:
        by_shop.setdefault(shop_id, []).append(ticket_id)
    found: dict[tuple[str, str], list[Place]] = {}
    for shop_id, ids in by_shop.items():
        for place in map(Place._make, tx.rows(_OF_TICKETS, shop_id=shop_id, those=keys(ids))):
            found.setdefault((shop_id, place.ticket_id), []).append(place)
    return found


def of_ticket(tx: Transaction, shop_id: str, ticket_id: str) -> list[Thread]:
    """Return a ticket's threads."""
    return tx.all(Thread, _OF_TICKET, shop_id=shop_id, ticket_id=ticket_id)


def in_channel(tx: Transaction, shop_id: str, ticket_id: str, workspace_id: str, channel_id: str) -> Thread | None:
    """Return a ticket's thread in one channel."""
    here = workspace_id, channel_id
    found = of_ticket(tx, shop_id, ticket_id)
    return next((thread for thread in found if (thread.workspace_id, thread.channel_id) == here), None)


def to_compare(tx: Transaction, workspace_id: str, resolved_since: datetime) -> list[Thread]:
    """Return the threads of open and lately resolved tickets in one workspace, for the catch-up reader."""
    return tx.all(
        Thread,
        select(Thread)
        .join(Ticket, (col(Ticket.shop_id) == Thread.shop_id) & (col(Ticket.id) == Thread.ticket_id))
        .where(
            Thread.workspace_id == workspace_id,
            Thread.state == ThreadState.OPEN,
            or_(col(Ticket.state) == TicketState.OPEN, col(Ticket.resolved_at) >= resolved_since),
        )
        .order_by(Thread.id),
    )
