"""What should have been done by now and is not: for whoever watches the product from outside."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, TextClause, func, select, text
from sqlalchemy.orm import Mapped
from sqlmodel import col

from chatops.model.clock import Clock
from chatops.model.digest import DigestWatch
from chatops.model.inbox import Inbox
from chatops.model.page import Page, PageNotice
from chatops.store.instants import Instant
from chatops.store.transaction import Transaction

_RINGS = text("state = 'waiting'")  # in the words of the index


class Overdue(NamedTuple):
    """How many are overdue, and since when the first of them; None: none is."""

    number: int
    since: datetime | None


def alarms(tx: Transaction, now: datetime) -> Overdue:
    """Return what clocks, pages and digests should have said or done by an instant."""
    alarm, urgent = col(Clock.next_alarm_at), col(Clock.urgent)
    found = (
        _overdue(tx, alarm, now, urgent.is_(True)),
        _overdue(tx, alarm, now, urgent.is_(False)),
        _overdue(tx, col(Page.next_at), now),
        _overdue(tx, col(PageNotice.ring_at), now, _RINGS),
        _overdue(tx, col(DigestWatch.next_at), now),
    )
    since = min((one.since for one in found if one.since is not None), default=None)
    return Overdue(sum(one.number for one in found), since)


def _overdue(tx: Transaction, at: Mapped[Any], now: datetime, *also: ColumnElement[bool] | TextClause) -> Overdue:
    question = select(func.count(), func.min(at, type_=Instant)).where(at.is_not(None), at <= now, *also)
    [(count, since)] = tx.execute(question)
    return Overdue(count, since)


def notifications(tx: Transaction) -> dict[str, int]:
    """Return how many events were kept and are not taken in: those that wait, and those that nobody understood."""
    kept = {"received": text("state = 'received'"), "failed": text("state = 'failed'")}  # in the words of the indexes
    return {state: int(tx.scalar(select(func.count()).select_from(Inbox).where(one))) for state, one in kept.items()}
