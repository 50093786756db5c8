"""When hours of business open or close next, and which clocks a channel should look at then."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Index, and_, func, text, tuple_
from sqlmodel import Field, SQLModel, col, select

from chatops.model import clock as clocks
from chatops.model.clock import Clock, Promised
from chatops.model.definition import Definition, DefinitionKind
from chatops.model.thread import Thread
from chatops.rules.targets import Metric, ServiceLevel
from chatops.store.instants import instant_field
from chatops.store.transaction import Transaction

_DUE = text("next_at IS NOT NULL")


class RecapWatch(SQLModel, table=True):
    """When a calendar opens or closes next, and of which such change its channels were told last."""

    __table_args__ = (Index("recap_watch_next", "next_at", sqlite_where=_DUE, postgresql_where=_DUE),)

    calendar: str = Field(primary_key=True)
    next_at: datetime | None = instant_field(default=None)
    told_at: datetime | None = instant_field(default=None)


NEXT_AT = select(func.min(RecapWatch.next_at)).where(col(RecapWatch.next_at).is_not(None))  # one opens or closes


def due(tx: Transaction, now: datetime, limit: int) -> list[RecapWatch]:
    """Return calendars that opened or closed, locked; those that another replica looks at are left out."""
    sought = select(RecapWatch).where(col(RecapWatch.next_at) <= now).order_by(col(RecapWatch.next_at))
    return tx.all(RecapWatch, sought.limit(limit).with_for_update(skip_locked=True))


def watch(tx: Transaction, calendar: str) -> RecapWatch | None:
    """Return what is known of a calendar, locked."""
    return tx.one(RecapWatch, select(RecapWatch).where(RecapWatch.calendar == calendar).with_for_update())


def watches(tx: Transaction) -> list[RecapWatch]:
    """Return what is known of all calendars."""
    return tx.all(RecapWatch, select(RecapWatch).order_by(col(RecapWatch.calendar)))


def coming(
    tx: Transaction,
    channel: tuple[str, str],
    calendar: str,
    start: datetime,
    end: datetime,
    metrics: Collection[Metric],
) -> list[tuple[Clock, Thread]]:
    """Return what runs out within [start, end) in a channel (workspace, id), of tickets promised in a calendar.

    Each ticket once, by the clock that runs out first; in that order.
    """
    promised = and_(col(Promised.shop_id) == Clock.shop_id, col(Promised.ticket_id) == Clock.ticket_id)
    found = (
        clocks.in_workspace(channel[0])
        .join(Promised, promised)
        .where(
            col(Thread.channel_id) == channel[1],
            col(Clock.due_at) >= start,
            col(Clock.due_at) < end,
            col(Clock.metric).in_(metrics),
            tuple_(col(Promised.service_level), col(Promised.revision)).in_(_levels(tx, calendar)),
        )
    )
    once: dict[tuple[str, str], tuple[Clock, Thread]] = {}
    for clock, thread in clocks.with_threads(tx, found):
        once.setdefault((clock.shop_id, clock.ticket_id), (clock, thread))
    return list(once.values())


def _levels(tx: Transaction, calendar: str) -> list[tuple[str, int]]:
    """Return the service levels, and their revisions, that promise anything in a calendar."""
    levels = tx.all(Definition, select(Definition).where(Definition.kind == DefinitionKind.SERVICE_LEVEL))
    named = ((one.name, one.revision, one.read(ServiceLevel)) for one in levels if not one.removed)
    return [(name, revision) for name, revision, spec in named if any(t.calendar == calendar for t in spec.targets)]
