"""Pages: summonses that must be answered, whom they called, and the direct messages that carried them."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import JSON, Index, bindparam, false, func, text
from sqlmodel import Field, SQLModel, col, select

from chatops.model import agent as agents
from chatops.model import thread as threads
from chatops.model.thread import Thread
from chatops.rules.escalation import Cause, PageState
from chatops.rules.targets import Urgency
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction


class Why(StrEnum):
    """What a page is about; the later, the more it matters."""

    ASKED = "asked"  # somebody asked for it, no promise did
    WARN = "warn"  # a promise is about to be broken
    BREACH = "breach"


class How(StrEnum):
    """By what a page was acknowledged."""

    TAKEN = "taken"  # by its button
    SNOOZED = "snoozed"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    REACTED = "reacted"
    OUTSIDE = "outside"  # where it was sent beside the chat


class NoticeState(StrEnum):
    """How far the call to one person has come."""

    WAITING = "waiting"  # for the end of their quiet hours, or of the minute in which they were rung up already
    RINGING = "ringing"  # a message is on its way
    TOLD = "told"
    REFUSED = "refused"  # the chat platform does not bring it to them
    SPARED = "spared"  # the page was answered before, or others are called in their place


UNANSWERED = frozenset((PageState.CALLING, PageState.EXHAUSTED))
_OPEN = text("state != 'over'")
_DUE = text("next_at IS NOT NULL")
_WAITING = text("state = 'waiting'")


class Page(SQLModel, table=True):
    """One summons about a ticket, its `number`-th; while it is open, there is no other one.

    It climbs the revision of the escalation that was the newest when it began. From `step` to `passed` the columns
    are where it stands: see `rules.escalation.Climb`; `next_at` is the next instant at which it does something by
    itself. `called` are those whom the present step called ("agent U1", "channel C1"), `calls` and `records` count.
    """

    __table_args__ = (
        Index("page_open", "shop_id", "ticket_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("page_next", "next_at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("page_opened", "workspace_id", "opened_at"),
        Index("page_acknowledged", "workspace_id", "acknowledged_at"),
    )

    shop_id: str = Field(primary_key=True)
    ticket_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    escalation: str
    revision: int
    why: Why = Field(sa_type=Choice(Why))
    urgency: Urgency = Field(sa_type=Choice(Urgency))
    words: str = ""  # of whoever asked for it
    asked_by: str = ""
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_at: datetime = Field(sa_type=Instant)
    state: PageState = Field(default=PageState.CALLING, sa_type=Choice(PageState))
    step: int = 0
    loop: int = 0
    loop_began_at: datetime = Field(sa_type=Instant)
    reached: bool = False
    called: list[str] = Field(default_factory=list, sa_type=JSON)
    ends_at: datetime = Field(sa_type=Instant)
    changes_at: datetime | None = Field(default=None, sa_type=Instant)
    passed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    calls: int = 0
    records: int = 0
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    acknowledged_by: str = ""
    how: How | None = Field(default=None, sa_type=Choice(How))
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    end_reason: str = ""

    @property
    def key(self) -> str:
        """By what others outside know it."""
        return f"{self.shop_id}/{self.ticket_id}/{self.number}"


class PageRecord(SQLModel, table=True):
    """One thing that happened to a page; never changed. `what` is a `Cause` or a code, `people` whom it concerned."""

    shop_id: str = Field(primary_key=True)
    ticket_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    what: str
    loop: int
    step: int
    people: list[str] = Field(default_factory=list, sa_type=JSON)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class PageNotice(SQLModel, table=True):
    """One person called for one page in one round of calls.

    `ring_at` is when they are to be rung up, `summons` the number of the direct message that shows it.
    """

    __table_args__ = (
        Index("page_notice_ring", "ring_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("page_notice_agent", "workspace_id", "agent_id", "called_at"),
        Index("page_notice_summons", "workspace_id", "agent_id", "summons"),
        Index("page_notice_called", "workspace_id", "called_at"),
    )

    shop_id: str = Field(primary_key=True)
    ticket_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    call: int = Field(primary_key=True)
    agent_id: str = Field(primary_key=True)
    workspace_id: str
    cause: Cause = Field(sa_type=Choice(Cause))
    state: NoticeState = Field(sa_type=Choice(NoticeState))
    called_at: datetime = Field(sa_type=Instant)
    ring_at: datetime = Field(sa_type=Instant)
    summons: int | None = None
    told_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def page(self) -> str:
        """The key of its page."""
        return f"{self.shop_id}/{self.ticket_id}/{self.number}"


class Summons(SQLModel, table=True):
    """A direct message to one person that lists pages: what comes soon after it joins it, and its changes are shown."""

    __table_args__ = (Index("summons_message", "workspace_id", "channel_id", "message_id"),)

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    agent_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    rung_at: datetime = Field(sa_type=Instant)
    channel_id: str = ""
    message_id: str = ""


_OF_TICKET = col(Page.shop_id) == bindparam("shop_id"), col(Page.ticket_id) == bindparam("ticket_id")
_OPEN_PAGE = Prepared(select(Page).where(*_OF_TICKET, _OPEN))
_LOCK_OPEN = Prepared(select(Page).where(*_OF_TICKET, _OPEN).with_for_update())


def get(tx: Transaction, shop_id: str, ticket_id: str, number: int) -> Page | None:
    """Return one page."""
    return tx.one(Page, select(Page).where(Page.shop_id == shop_id, Page.ticket_id == ticket_id, Page.number == number))


def open_page(tx: Transaction, shop_id: str, ticket_id: str) -> Page | None:
    """Return a ticket's page that is not over."""
    return tx.one(Page, _OPEN_PAGE, shop_id=shop_id, ticket_id=ticket_id)


class Standing(NamedTuple):
    """A page that is not over, and since when it has called those whom it calls now."""

    page: Page
    called_at: datetime


def standing(tx: Transaction, shop_id: str, ticket_id: str) -> Standing | None:
    """Return how a ticket's page stands; None: there is none, or it is over."""
    page = open_page(tx, shop_id, ticket_id)
    if page is None:
        return None
    calls = (record.at for record in reversed(records(tx, page)) if record.what in set(Cause) and record.people)
    return Standing(page, next(calls, page.opened_at))


def lock_open(tx: Transaction, shop_id: str, ticket_id: str) -> Page | None:
    """Return a ticket's page that is not over, held against every other transaction until this one ends."""
    return tx.one(Page, _LOCK_OPEN, shop_id=shop_id, ticket_id=ticket_id)


def due(tx: Transaction, now: datetime, limit: int) -> list[Page]:
    """Return pages that have something to do, locked; those that another replica sees to are left out."""
    return tx.all(
        Page,
        select(Page)
        .where(col(Page.next_at) <= now)
        .order_by(col(Page.next_at))
        .limit(limit)
        .with_for_update(skip_locked=True),
    )


def calling(tx: Transaction, workspace_id: str) -> list[Page]:
    """Return the pages of a workspace that nobody has answered, the oldest first."""
    unanswered = Page.workspace_id == workspace_id, col(Page.state).in_(UNANSWERED), _OPEN
    return tx.all(Page, select(Page).where(*unanswered).order_by(col(Page.opened_at)))


def open_in(tx: Transaction, workspace_id: str) -> list[Page]:
    """Return the pages of a workspace that are not over, those that somebody has, too, the oldest first."""
    of_workspace = Page.workspace_id == workspace_id, Page.state != PageState.OVER
    return tx.all(Page, select(Page).where(*of_workspace).order_by(col(Page.opened_at)))


def records(tx: Transaction, page: Page) -> list[PageRecord]:
    """Return everything that happened to a page, in order."""
    of_page = PageRecord.shop_id == page.shop_id, PageRecord.ticket_id == page.ticket_id
    return tx.all(
        PageRecord,
        select(PageRecord).where(*of_page, PageRecord.number == page.number).order_by(col(PageRecord.seq)),
    )


def count_of(tx: Transaction, shop_id: str, ticket_id: str) -> int:
    """Return how many pages a ticket has had."""
    counted = select(func.count()).select_from(Page).where(Page.shop_id == shop_id, Page.ticket_id == ticket_id)
    return int(tx.scalar(counted))


def notices(tx: Transaction, page: Page) -> list[PageNotice]:
    """Return whom a page has called, in order."""
    of_page = PageNotice.shop_id == page.shop_id, PageNotice.ticket_id == page.ticket_id
    return tx.all(
        PageNotice,
        select(PageNotice)
        .where(*of_page, PageNotice.number == page.number)
        .order_by(col(PageNotice.call), col(PageNotice.agent_id)),
    )


def is_ringing(tx: Transaction, page: Page, agent_id: str, since: datetime) -> bool:
    """Tell whether a message that calls somebody for a page has been on its way since then, and was not sent yet."""
    of_page = PageNotice.shop_id == page.shop_id, PageNotice.ticket_id == page.ticket_id
    whose = PageNotice.number == page.number, PageNotice.agent_id == agent_id
    rings = PageNotice.state == NoticeState.RINGING, col(PageNotice.called_at) > since
    return tx.scalar(select(PageNotice.call).where(*of_page, *whose, *rings).limit(1)) is not None


def notices_at(tx: Transaction, workspace_id: str, start: datetime, end: datetime) -> list[PageNotice]:
    """Return who of a workspace was called within [start, end), in order."""
    within = col(PageNotice.called_at) >= start, col(PageNotice.called_at) < end
    sought = select(PageNotice).where(PageNotice.workspace_id == workspace_id, *within)
    return tx.all(PageNotice, sought.order_by(col(PageNotice.called_at), col(PageNotice.agent_id)))


def to_ring(tx: Transaction, now: datetime, limit: int) -> list[PageNotice]:
    """Return calls whose time to ring has come, locked; those that another replica sees to are left out."""
    return tx.all(
        PageNotice,
        select(PageNotice)
        .where(_WAITING, col(PageNotice.ring_at) <= now)
        .order_by(col(PageNotice.ring_at), col(PageNotice.agent_id))
        .limit(limit)
        .with_for_update(skip_locked=True),
    )


NEXT_AT = (  # a page does something, or somebody is rung up
    select(func.min(Page.next_at)).where(_DUE),
    select(func.min(PageNotice.ring_at)).where(_WAITING),
)


def thread_at(tx: Transaction, shop_id: str, ticket_id: str, workspace_id: str, channel_id: str) -> Thread | None:
    """Return a ticket's thread in a channel; for a direct message that called somebody, its first in the workspace."""
    found = threads.in_channel(tx, shop_id, ticket_id, workspace_id, channel_id)
    if found is not None or not _is_called_in(tx, shop_id, ticket_id, workspace_id, channel_id):
        return found
    near = threads.of_ticket(tx, shop_id, ticket_id)
    return next((thread for thread in near if thread.workspace_id == workspace_id), None)


def _is_called_in(tx: Transaction, shop_id: str, ticket_id: str, workspace_id: str, channel_id: str) -> bool:
    """Tell whether a direct message there shows a page about a ticket."""
    same = PageNotice.workspace_id == Summons.workspace_id, PageNotice.agent_id == Summons.agent_id
    here = Summons.workspace_id == workspace_id, Summons.channel_id == channel_id
    about = PageNotice.shop_id == shop_id, PageNotice.ticket_id == ticket_id
    shown = select(Summons.number).where(*same, PageNotice.summons == Summons.number, *here, *about)
    return tx.scalar(shown.limit(1)) is not None


def at(tx: Transaction, workspace_id: str, channel_id: str, message_id: str) -> Summons | None:
    """Return the direct message that is this post."""
    place = Summons.workspace_id == workspace_id, Summons.channel_id == channel_id
    return tx.one(Summons, select(Summons).where(*place, Summons.message_id == message_id))


def server_of(tx: Transaction, agent_id: str, channel_id: str, message_id: str) -> str | None:
    """Return the Discord server a direct message to somebody called for, else where they were looked at last.

    Discord names no server for what is done in a direct message, and people are the same on all of them.
    """
    known = agents.servers_of(tx, agent_id)
    called = (one for one in known if at(tx, one, channel_id, message_id) is not None)
    return next(called, next(iter(known), None))


def newest_summons(tx: Transaction, workspace_id: str, agent_id: str) -> Summons | None:
    """Return the newest direct message to somebody."""
    sought = select(Summons).where(Summons.workspace_id == workspace_id, Summons.agent_id == agent_id)
    return tx.one(Summons, sought.order_by(col(Summons.number).desc()).limit(1))


def summons(tx: Transaction, workspace_id: str, agent_id: str, number: int) -> Summons | None:
    """Return one direct message."""
    whose = Summons.workspace_id == workspace_id, Summons.agent_id == agent_id
    return tx.one(Summons, select(Summons).where(*whose, Summons.number == number))


def in_summons(tx: Transaction, workspace_id: str, agent_id: str, number: int) -> list[PageNotice]:
    """Return the calls that a direct message shows, in order."""
    whose = PageNotice.workspace_id == workspace_id, PageNotice.agent_id == agent_id
    shown = select(PageNotice).where(*whose, PageNotice.summons == number)
    return tx.all(PageNotice, shown.order_by(col(PageNotice.called_at), col(PageNotice.ticket_id)))


def listed(tx: Transaction, one: Summons) -> list[Page]:
    """Return the pages that a direct message shows, in the order of its calls."""
    calls = in_summons(tx, one.workspace_id, one.agent_id, one.number)
    found = dict.fromkeys((each.shop_id, each.ticket_id, each.number) for each in calls)
    return [page for key in found if (page := get(tx, *key)) is not None]
