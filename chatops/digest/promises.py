"""What became of promises, by shop and kind: one walk through the part of an index that holds just these."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import col

from chatops.digest import gone_on, tables
from chatops.digest.scope import Scope, Window
from chatops.model.clock import Clock
from chatops.model.shop import Shop
from chatops.model.ticket import Ticket
from chatops.rules.clock import ClockState
from chatops.rules.targets import Metric
from chatops.store.transaction import Transaction

Counts = Counter[tuple[str, Metric]]


class Some(NamedTuple):
    """Promises by what is true of them, when that came to be, and by which index they are found."""

    which: ColumnElement[bool]
    at: Any  # a column
    by: str

    def asked(self, scope: Scope, *columns: Any) -> Select[*tuple[Any, ...]]:
        """Return the question for columns of those in the part of the shops' work that a scope is about."""
        asked = tables.by(select(*columns).select_from(Clock).where(self.which), Clock, self.by)
        if not (scope.teams or scope.agent_id):
            return asked
        its_ticket = and_(col(Ticket.shop_id) == col(Clock.shop_id), col(Ticket.id) == col(Clock.ticket_id))
        return asked.join(Ticket, its_ticket).where(tables.of_part(scope))


KEPT = Some(col(Clock.state) == tables.word(ClockState.MET), col(Clock.met_at), "clock_kept")
BROKEN = Some(
    and_(col(Clock.breached_at).is_not(None), col(Clock.ended_at).is_not(None)), col(Clock.breached_at), "clock_broken"
)
UNTIL_RESOLVED = Metric.RESOLUTION, Metric.PLATFORM_DEADLINE  # that run again when their ticket is opened again
RUNNING = Some(col(Clock.running_since).is_not(None), col(Clock.due_at), "clock_due")


def ended(tx: Transaction, scope: Scope, how: Some, window: Window, *metrics: Metric) -> Counts:
    """Return how many promises of these kinds ended so in a window."""
    of_shop = how.asked(scope, func.count()).where(col(Clock.shop_id) == col(Shop.id), tables.within(how.at, window))
    each = (
        of_shop.where(col(Clock.metric) == tables.word(metric)).correlate(Shop).scalar_subquery() for metric in metrics
    )
    found = tx.execute(select(col(Shop.id), *each).where(col(Shop.id).in_(tables.shops_of(tx, scope))))
    return Counter(
        {(row[0], metric): count for row in found for metric, count in zip(metrics, row[1:], strict=True) if count}
    )


def running(tx: Transaction, scope: Scope, which: ColumnElement[bool], *metrics: Metric) -> Counts:
    """Return how many promises of these kinds run of which something is true: never many."""
    mine = col(Clock.shop_id).in_(tables.shops_of(tx, scope)), col(Clock.metric).in_(metrics)
    asked = RUNNING.asked(scope, col(Clock.shop_id), col(Clock.metric), func.count()).where(which, *mine)
    found = tx.execute(asked.group_by(col(Clock.shop_id), col(Clock.metric)))
    return Counter({(shop_id, metric): count for shop_id, metric, count in found})


class WentOn(NamedTuple):
    """A promise that a resolution in a window had ended and that runs again since; `shown`: whether lists name it."""

    shop_id: str
    ticket_id: str
    metric: Metric
    resolved_at: datetime
    breached_at: datetime | None
    shown: bool


def went_on(tx: Transaction, scope: Scope, window: Window) -> list[WentOn]:
    """Return the promises that were kept, or broken and over, at a window's end, and whose tickets were opened again.

    One that was broken only after that end was kept then, but not one that had no time left when its ticket was opened
    again: its row has lost when that was, by promises that were changed twice, or by an earlier version.
    """
    then = gone_on.resolved_then(tx, scope, window)
    shown = tables.shown_here(scope, col(Clock.shop_id), col(Clock.ticket_id))
    its_clock = (col(Clock.shop_id) == then.c.shop_id) & (col(Clock.ticket_id) == then.c.ticket_id)
    which = col(Clock.shop_id), col(Clock.ticket_id), col(Clock.metric)
    asked = select(*which, then.c.at, col(Clock.breached_at), shown).select_from(then).join(Clock, its_clock)
    asked = asked.where(
        col(Clock.metric).in_(UNTIL_RESOLVED),
        col(Clock.started_at) <= then.c.at,
        or_(col(Clock.ended_at).is_(None), col(Clock.ended_at) >= window.end),
        or_(
            col(Clock.consumed) <= col(Clock.limit),
            col(Clock.running_since).is_(None),
            col(Clock.breached_at) != col(Clock.running_since),
        ),
    )
    if scope.teams or scope.agent_id:
        its_ticket = (col(Ticket.shop_id) == then.c.shop_id) & (col(Ticket.id) == then.c.ticket_id)
        asked = asked.join(Ticket, its_ticket).where(tables.of_part(scope))
    return [WentOn(*row) for row in tx.execute(asked)]
