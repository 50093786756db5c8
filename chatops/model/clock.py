"""The clocks of tickets: what was promised, what happened since, how each promise stands, and which alarms spoke."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zlib import crc32

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Index,
    Select,
    and_,
    bindparam,
    delete,
    text,
    tuple_,
    update,
)
from sqlalchemy import select as rows_of
from sqlmodel import Field, SQLModel, col, select

from chatops.model.thread import Thread
from chatops.rules.alarms import Alarm
from chatops.rules.answers import AnswerKind
from chatops.rules.clock import OPEN, ClockState, Count, Happening
from chatops.rules.targets import Excuse, Metric, Pause
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction, built, table
from chatops.times import from_milliseconds, to_milliseconds

_SPEAKS = text("next_alarm_at IS NOT NULL")
_RUNS = text("running_since IS NOT NULL")  # not by its state: an alarm that changes this must not touch the index
_SILENT = text("state = 'running' AND next_alarm_at IS NULL")
_KEPT = text("state = 'met'")
_BROKEN = text("breached_at IS NOT NULL AND ended_at IS NOT NULL")
NEWEST = text("newest")  # in these very words the index is found again


class Promised(SQLModel, table=True):
    """By which revision of which service level a ticket's clocks count, and in which revisions of its calendars.

    `service_level` "": nothing is promised any more. `records` counts what was heard since; `reach` is the number of
    the last thing heard of whether the marketplace can be reached.
    """

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    ticket_id: str = Field(primary_key=True)
    service_level: str
    revision: int
    calendars: dict[str, int] = Field(sa_type=JSON)
    records: int = 0
    reach: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class ClockRecord(SQLModel, table=True):
    """One thing that happened to a ticket `at` an instant, and was heard at a later one: its clocks follow from these.

    `since`: of a promise, since when the buyer waited, if so; of a deadline, when that is; of a wait that another
    ticket handed over, when it did. `excuse`: why the platform may not count it. `facts` of a promise: by which
    revisions it counts from here on.
    """

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    ticket_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    heard_at: datetime = Field(sa_type=Instant)
    what: Happening = Field(sa_type=Choice(Happening))
    since: datetime | None = Field(default=None, sa_type=Instant)
    answer: AnswerKind | None = Field(default=None, sa_type=Choice(AnswerKind))
    excuse: Excuse | None = Field(default=None, sa_type=Choice(Excuse))
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Clock(SQLModel, table=True):
    """One promise to one ticket, for the `cycle`-th time: what its records come to, and what it says next.

    Lengths are milliseconds of open time of the `calendar` ("" around the clock): of the `limit`, `consumed` was used
    up before `running_since`; up to `heeded` its alarms have spoken. `paused_for` holds why it stands still, in words;
    `newest`: there is no later cycle; `moved_at`: when another promise, or other hours, last moved it.
    """

    __table_args__ = (
        Index("clock_alarm", "urgent", "next_alarm_at", sqlite_where=_SPEAKS, postgresql_where=_SPEAKS),
        Index("clock_silent", "shop_id", sqlite_where=_SILENT, postgresql_where=_SILENT),
        Index("clock_due", "due_at", sqlite_where=_RUNS, postgresql_where=_RUNS),
        Index("clock_kept", "metric", "shop_id", "met_at", sqlite_where=_KEPT, postgresql_where=_KEPT),
        Index(
            "clock_broken",
            "metric",
            "shop_id",
            "breached_at",
            "ended_at",
            "ticket_id",
            sqlite_where=_BROKEN,
            postgresql_where=_BROKEN,
        ),
        Index("clock_newest", "shop_id", "ticket_id", sqlite_where=NEWEST, postgresql_where=NEWEST),
    )

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    ticket_id: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    cycle: int = Field(primary_key=True)
    newest: bool = True
    metric: Metric = Field(sa_type=Choice(Metric))
    calendar: str = ""
    state: ClockState = Field(sa_type=Choice(ClockState))
    limit: int = Field(sa_type=BigInteger)
    consumed: int = Field(default=0, sa_type=BigInteger)
    started_at: datetime = Field(sa_type=Instant)
    running_since: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    met_at: datetime | None = Field(default=None, sa_type=Instant)
    breached_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str = ""
    paused_for: str = ""
    moved_at: datetime | None = Field(default=None, sa_type=Instant)
    heeded: int = Field(default=-1, sa_type=BigInteger)
    next_alarm_at: datetime | None = Field(default=None, sa_type=Instant)
    urgent: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can still be met."""
        return self.state in OPEN

    @property
    def calls(self) -> bool:
        """Whether it has spoken, and what it said is still so."""
        return self.state is ClockState.BREACHED or (self.state is ClockState.RUNNING and self.heeded >= 0)

    @property
    def seed(self) -> int:
        """What spreads its warnings."""
        return seed_of(self.shop_id, self.ticket_id, self.target, self.cycle)

    @property
    def count(self) -> Count:
        """The clock as the rules count it."""
        return Count(
            state=self.state,
            limit=self.limit,
            started=to_milliseconds(self.started_at),
            running=_whole(self.running_since),
            consumed=self.consumed,
            due=_whole(self.due_at),
            met=_whole(self.met_at),
            breached=_whole(self.breached_at),
            ended=_whole(self.ended_at),
            reason=self.reason,
            paused_for=frozenset(Pause(why) for why in self.paused_for.split()),
        )

    def facts(self) -> dict[str, str]:
        """Return what a thread is told about it."""
        return facts_of(self.target, self.cycle, self.metric, self.limit, self.calendar, self.due_at)


class AlarmRaised(SQLModel, table=True):
    """One alarm of a clock that became due, for good: none speaks twice, unless it was taken back (see `take_back`).

    `spoke` is false where a graver one spoke for it; `retroactive`: a later change made it due in the past.
    """

    shop_id: str = Field(primary_key=True)  # no foreign key: its clock has one, and a rush would look up each again
    ticket_id: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    cycle: int = Field(primary_key=True)
    alarm: str = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger)
    due_at: datetime = Field(sa_type=Instant)
    raised_at: datetime = Field(sa_type=Instant)
    spoke: bool
    retroactive: bool = False


def seed_of(shop_id: str, ticket_id: str, target: str, cycle: int) -> int:
    """Return what spreads the warnings of a clock."""
    return crc32(f"{shop_id}/{ticket_id}/{target}/{cycle}".encode())


def facts_of(
    target: str, cycle: int, metric: Metric, limit: int, calendar: str, due_at: datetime | None
) -> dict[str, str]:
    """Return what a thread is told about a clock."""
    return {
        "target": target,
        "cycle": str(cycle),
        "metric": metric.value,
        "limit": str(limit),
        "calendar": calendar,
        "due_at": due_at.isoformat() if due_at is not None else "",
    }


def standing(count: Count, coming: Alarm | None, heeded: int) -> dict[str, object]:
    """Return the columns that say how a clock stands, and what it says next."""
    return {
        "state": count.state,
        "limit": count.limit,
        "consumed": count.consumed,
        "started_at": _instant(count.started),
        "running_since": _instant(count.running),
        "due_at": _instant(count.due),
        "met_at": _instant(count.met),
        "breached_at": _instant(count.breached),
        "ended_at": _instant(count.ended),
        "reason": count.reason,
        "paused_for": " ".join(sorted(count.paused_for)),
        "heeded": heeded,
        "next_alarm_at": _instant(coming and coming.at),
        "urgent": coming is not None and coming.is_urgent,
    }


def _whole(at: datetime | None) -> int | None:
    return None if at is None else to_milliseconds(at)


def _instant(at: int | None) -> datetime | None:
    return None if at is None else from_milliseconds(at)


def _here(model: type[Clock] | type[ClockRecord] | type[AlarmRaised]) -> ColumnElement[bool]:
    return and_(col(model.shop_id) == bindparam("shop_id"), col(model.ticket_id) == bindparam("ticket_id"))


_EVERY = Prepared(select(Clock).where(_here(Clock)).order_by(col(Clock.target), col(Clock.cycle)))
_OF_TICKET = select(Clock).where(_here(Clock), NEWEST).order_by(col(Clock.target))
_LOOKED_AT, _HELD = Prepared(_OF_TICKET), Prepared(_OF_TICKET.with_for_update())
_RECORDS = Prepared(select(ClockRecord).where(_here(ClockRecord)).order_by(col(ClockRecord.seq)))
_ALARMS = Prepared(
    select(AlarmRaised).where(_here(AlarmRaised)).order_by(col(AlarmRaised.raised_at), col(AlarmRaised.due_at))
)
_RUNS_HERE = text("clock.running_since IS NOT NULL")
CHANNELS_AT_MOST = 4  # in which one ticket of a workspace is likely to be shown
_WIDTH = len(table(Clock).columns)
COLUMNS = tuple(table(Clock).columns.keys())
_THREAD = tuple(table(Thread).columns.keys())


def promised(tx: Transaction, shop_id: str, ticket_id: str) -> Promised | None:
    """Return what a ticket was promised; None: never anything."""
    return tx.get(Promised, shop_id, ticket_id)


def records(tx: Transaction, shop_id: str, ticket_id: str) -> list[ClockRecord]:
    """Return what happened to a ticket, in the order in which we heard of it."""
    return tx.all(ClockRecord, _RECORDS, shop_id=shop_id, ticket_id=ticket_id)


def every(tx: Transaction, shop_id: str, ticket_id: str) -> list[Clock]:
    """Return all clocks of a ticket that there ever were."""
    return tx.all(Clock, _EVERY, shop_id=shop_id, ticket_id=ticket_id)


def held(tx: Transaction, shop_id: str, ticket_id: str) -> list[Clock]:
    """Return the newest clock of each promise, locked."""
    return tx.all(Clock, _HELD, shop_id=shop_id, ticket_id=ticket_id)


def of_ticket(tx: Transaction, shop_id: str, ticket_id: str) -> list[Clock]:
    """Return the newest clock of each promise: what runs by when it is due, then what stands still, then the rest."""
    found = tx.all(Clock, _LOOKED_AT, shop_id=shop_id, ticket_id=ticket_id)
    return sorted(found, key=lambda one: (not one.is_open, one.due_at is None, one.due_at or one.started_at))


def most_urgent(tx: Transaction, shop_id: str, ticket_id: str) -> Clock | None:
    """Return the open clock of a ticket that is due first, else one that stands still."""
    return next((one for one in of_ticket(tx, shop_id, ticket_id) if one.is_open), None)


def forget(tx: Transaction, row: Clock) -> None:
    """Remove a clock that nothing recorded speaks for."""
    here = col(Clock.shop_id) == row.shop_id, col(Clock.ticket_id) == row.ticket_id
    tx.execute(delete(Clock).where(*here, col(Clock.target) == row.target, col(Clock.cycle) == row.cycle))


def silent(tx: Transaction, limit: int) -> list[Clock]:
    """Return clocks that run and would never speak: there is none, unless something went wrong; locked."""
    return tx.all(Clock, select(Clock).where(_SILENT).limit(limit).with_for_update(skip_locked=True))


def broken_ahead(tx: Transaction, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return tickets, by shop and id, with clocks that ran out at an instant that is yet to come."""
    ahead = _RUNS, col(Clock.due_at) > now, col(Clock.state) == ClockState.BREACHED
    found = tx.execute(rows_of(col(Clock.shop_id), col(Clock.ticket_id)).where(*ahead).distinct().limit(limit))
    return [(row[0], row[1]) for row in found]


def tickets_after(tx: Transaction, shop_id: str, ticket_id: str, limit: int) -> list[tuple[str, str]]:
    """Return tickets that were ever promised something, in the order of shop and id, after one."""
    key = col(Promised.shop_id), col(Promised.ticket_id)
    found = tx.execute(rows_of(*key).where(tuple_(*key) > tuple_(shop_id, ticket_id)).order_by(*key).limit(limit))
    return [(row[0], row[1]) for row in found]


def alarms_of(tx: Transaction, shop_id: str, ticket_id: str) -> list[AlarmRaised]:
    """Return the alarms of a ticket that became due, oldest first."""
    return tx.all(AlarmRaised, _ALARMS, shop_id=shop_id, ticket_id=ticket_id)


def take_back(tx: Transaction, row: Clock, names: Collection[str], now: datetime) -> None:
    """Let alarms of a clock speak again when they are due again: other hours, say, have moved them into the future."""
    said = col(AlarmRaised.alarm)
    here = {name: getattr(row, name) for name in ("shop_id", "ticket_id", "target", "cycle")}
    again = update(AlarmRaised).filter_by(**here).where(said.in_(names))
    tx.execute(again.values(alarm=said + f", taken back {to_milliseconds(now)}"))


def due_next(tx: Transaction, workspace_id: str, limit: int) -> list[tuple[Clock, Thread]]:
    """Return the clocks of a workspace's threads that run out next, those first that have; one thread for each."""
    return with_threads(tx, in_workspace(workspace_id).limit(CHANNELS_AT_MOST * limit))[:limit]


def due_between(tx: Transaction, workspace_id: str, start: datetime, end: datetime) -> list[tuple[Clock, Thread]]:
    """Return the clocks of a workspace's threads that run out within [start, end), one thread for each."""
    return with_threads(tx, in_workspace(workspace_id).where(col(Clock.due_at) >= start, col(Clock.due_at) < end))


def in_workspace(workspace_id: str) -> Select[Any]:
    """Return the question for clocks that run, with a workspace's threads, by when they run out: see `with_threads`."""
    same = and_(col(Thread.shop_id) == Clock.shop_id, col(Thread.ticket_id) == Clock.ticket_id)
    found = rows_of(table(Clock), table(Thread)).select_from(Clock).join(Thread, same)
    return found.where(_RUNS_HERE, col(Thread.workspace_id) == workspace_id).order_by(col(Clock.due_at), Thread.id)


def with_threads(tx: Transaction, query: Select[Any]) -> list[tuple[Clock, Thread]]:
    """Return what was found of `in_workspace`: each clock once, with one of its threads."""
    found: dict[tuple[str, str, str], tuple[Clock, Thread]] = {}
    for row in tx.execute(query):
        clock, thread = built(Clock, COLUMNS, row[:_WIDTH]), built(Thread, _THREAD, row[_WIDTH:])
        found.setdefault((clock.shop_id, clock.ticket_id, clock.target), (clock, thread))
    return list(found.values())
