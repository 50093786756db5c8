"""TikTok's answer rate of each shop by the limits of its country: how it stands, and how many more may be late.

Digests and alarms ask the same here, so that they say the same.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from sqlalchemy import ColumnElement, and_, exists, func
from sqlmodel import col, select

from chatops.digest import aims, promises, tables
from chatops.digest.aims import OFFICIAL
from chatops.digest.promises import BROKEN, KEPT, RUNNING
from chatops.digest.scope import ONE_DAY, Scope, Window, midnight
from chatops.model import setting
from chatops.model.clock import Clock
from chatops.model.shop import Shop
from chatops.model.thread import Thread
from chatops.rules.budget import Budget
from chatops.rules.targets import Metric
from chatops.rules.walltime import first_instant
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds, to_milliseconds

WEEK = timedelta(days=7)
UTC = ZoneInfo("UTC")


class Rate(msgspec.Struct, frozen=True):
    """How a shop's rate stands in the stretch of time from `start` until `end` (milliseconds) that goes on now."""

    shop_id: str
    start: int
    end: int
    budget: Budget


@dataclass(frozen=True)
class Decided:
    """How many of TikTok's limits were kept, and broken, by shop."""

    kept: Counter[str]
    broken: Counter[str]

    def of(self, shop_id: str) -> int:
        """Return how many were decided of one shop."""
        return self.kept[shop_id] + self.broken[shop_id]

    def __add__(self, other: "Decided") -> "Decided":
        """Return this and what became of others."""
        return Decided(self.kept + other.kept, self.broken + other.broken)


def decided(tx: Transaction, scope: Scope, windows: Collection[Window]) -> Mapping[Window, Decided]:
    """Return what became of TikTok's limits in each of some windows; what several of them share is counted once."""
    found = dict.fromkeys(windows, Decided(Counter(), Counter()))
    for start, end in pairwise(sorted({at for each in windows for at in (each.start, each.end)})):
        if those := [each for each in windows if each.start <= start and end <= each.end]:
            part = _decided(tx, scope, Window(start, end, UTC))
            found |= {each: found[each] + part for each in those}
    return found


def _decided(tx: Transaction, scope: Scope, window: Window) -> Decided:
    """Return it of one window; a late answer that was in time by TikTok's clock kept a limit."""
    ours = Metric.PLATFORM_RESPONSE
    kept, broken = (promises.ended(tx, scope, how, window, ours) for how in (KEPT, BROKEN))
    # of what still runs the time was over, whether anybody has looked since or not
    over = broken + promises.running(tx, scope, tables.within(RUNNING.at, window), ours)
    return Decided(*(Counter({shop_id: count for (shop_id, _), count in each.items()}) for each in (kept, over)))


def _of(shops: Sequence[str]) -> ColumnElement[bool]:
    return and_(col(Clock.metric) == Metric.PLATFORM_RESPONSE, col(Clock.shop_id).in_(shops))


class _Stretch(NamedTuple):
    """A stretch of time that goes on now, and the hours of the week before that are as those still to come."""

    start: datetime
    end: datetime
    usual: datetime
    usual_end: datetime


def standing(tx: Transaction, scope: Scope, now: datetime) -> tuple[Rate, ...]:
    """Return how the rates of a scope's shops stand, where there is enough to count; parts of shops have none.

    What is still to come is reckoned as much as came in the same hours of the week before, or what waits now if that
    is more.
    """
    return told(tx, scope, Window(now, now, UTC))[1]


def told(tx: Transaction, scope: Scope, window: Window) -> tuple[Decided, tuple[Rate, ...]]:
    """Return what became of TikTok's limits in a window, and how rates stand when it is counted."""
    now, least = window.ahead, setting.value(tx, "rate_least_count")
    whole = not scope.teams and not scope.agent_id and window.looks_ahead
    stretches = _stretches(tx, scope, now) if whole else {}
    spans = [Window(*ends, UTC) for each in stretches for ends in ((each.start, now), (each.usual, each.usual_end))]
    counted = decided(tx, scope, [window, *spans])
    found = [rate for stretch, lines in stretches.items() for rate in _rates(tx, lines, stretch, now, counted)]
    enough = (one for one in found if one.budget.total >= least)
    return counted[window], tuple(sorted(enough, key=lambda one: one.shop_id))


def _stretches(tx: Transaction, scope: Scope, now: datetime) -> Mapping[_Stretch, Mapping[str, float]]:
    """Return the stretches of time that go on now, by the clocks of shops, with the line of every shop in each."""
    found: defaultdict[_Stretch, dict[str, float]] = defaultdict(dict)
    mine = col(Shop.id).in_(tables.shops_of(tx, scope))
    for shop_id, region, timezone in tx.execute(select(col(Shop.id), col(Shop.region), col(Shop.timezone)).where(mine)):
        try:
            zone = ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError):  # what one shop has wrong is not the others' loss
            continue
        today = now.astimezone(zone).date()
        if line := aims.limit(tx, OFFICIAL, region, today):
            after = today + (7 - today.weekday()) * ONE_DAY
            start, end = midnight(after - aims.days(OFFICIAL, region, today) * ONE_DAY, zone), midnight(after, zone)
            found[_Stretch(start, end, _week_before(now, zone), _week_before(end, zone))][shop_id] = line
    return found


def _rates(
    tx: Transaction, lines: Mapping[str, float], stretch: _Stretch, now: datetime, counted: Mapping[Window, Decided]
) -> Iterator[Rate]:
    so_far, usual = counted[Window(stretch.start, now, UTC)], counted[Window(stretch.usual, stretch.usual_end, UTC)]
    due = select(col(Clock.shop_id), func.count()).where(
        _of(list(lines)), _runs_out(stretch.end), col(Clock.due_at) >= now
    )
    by_shop = tx.execute(tables.by(due, Clock, "clock_due").group_by(col(Clock.shop_id)))
    waiting = Counter({row[0]: row[1] for row in by_shop})
    for shop_id, line in lines.items():
        coming = max(usual.of(shop_id), waiting[shop_id])
        budget = Budget(so_far.kept[shop_id], so_far.broken[shop_id], coming, line)
        yield Rate(shop_id, to_milliseconds(stretch.start), to_milliseconds(stretch.end), budget)


def _week_before(at: datetime, zone: ZoneInfo) -> datetime:
    """Return when a zone's clocks showed the same a week before."""
    return from_milliseconds(first_instant(at.astimezone(zone).replace(tzinfo=None) - WEEK, zone))


def _runs_out(end: datetime) -> ColumnElement[bool]:
    """Return the condition of limits that will be broken before an instant unless somebody answers.

    One that ran out a moment ago, and may still be kept by an answer that is heard late, is among them.
    """
    runs = col(Clock.running_since).is_not(None), col(Clock.breached_at).is_(None)
    return and_(*runs, col(Clock.due_at) < end)


def at_risk(tx: Transaction, shop_id: str, end: datetime, workspace_id: str, most: int) -> tuple[list[Clock], int]:
    """Return the limits of a shop that nobody has kept yet and that run out before an instant: a few, and how many.

    The soonest are first. What a workspace is not shown is not among them.
    """
    of_ticket = Thread.shop_id == Clock.shop_id, Thread.ticket_id == Clock.ticket_id
    shown = exists(select(Thread.id).where(Thread.workspace_id == workspace_id, *of_ticket))
    mine = _of([shop_id]), _runs_out(end), shown
    number = tx.scalar(tables.by(select(func.count()).select_from(Clock).where(*mine), Clock, "clock_due")) or 0
    first = select(Clock).where(*mine).order_by(col(Clock.due_at), col(Clock.ticket_id)).limit(most)
    return tx.all(Clock, tables.by(first, Clock, "clock_due")), int(number)
