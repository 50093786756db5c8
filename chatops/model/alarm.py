"""Clocks that must speak, many at once, and what they have said: instants here are milliseconds, as the rules count."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, String, and_, bindparam, cast, func, select, type_coerce, update
from sqlmodel import col

from chatops.model.clock import AlarmRaised, Clock, Promised, facts_of, seed_of
from chatops.model.ticket import Ticket
from chatops.rules.clock import ClockState, Count
from chatops.rules.targets import Metric
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared, for_all
from chatops.store.transaction import Transaction, table
from chatops.times import from_milliseconds


class Due(NamedTuple):
    """A clock that must speak, and what there is to know for it: all that so many of them need, and no more."""

    shop_id: str
    ticket_id: str
    target: str
    cycle: int
    metric: Metric
    calendar: str
    state: ClockState
    limit: int
    consumed: int
    started_at: int
    running_since: int | None
    due_at: int | None
    breached_at: int | None
    moved_at: int | None
    heeded: int
    next_alarm_at: int
    opened_at: int  # the ticket
    service_level: str
    revision: int
    calendars: str  # as JSON

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What no other clock shares."""
        return self[:4]

    @property
    def seed(self) -> int:
        """What spreads its warnings."""
        return seed_of(*self.key)

    @property
    def counted(self) -> Count:
        """The clock as the rules count it: it runs, so nothing has met, ended or paused it."""
        return Count(
            state=self.state,
            limit=self.limit,
            started=self.started_at,
            running=self.running_since,
            consumed=self.consumed,
            due=self.due_at,
            breached=self.breached_at,
        )

    def facts(self) -> dict[str, str]:
        """Return what a thread is told about it."""
        due_at = None if self.due_at is None else from_milliseconds(self.due_at)
        return facts_of(self.target, self.cycle, self.metric, self.limit, self.calendar, due_at)


class Passed(NamedTuple):
    """How a clock stands once time has passed for it, and nothing else."""

    shop_id: str
    ticket_id: str
    target: str
    cycle: int
    state: ClockState
    breached_at: int | None
    heeded: int
    next_alarm_at: int | None
    urgent: bool


class Raised(NamedTuple):
    """An alarm that became due, as `AlarmRaised` keeps it."""

    shop_id: str
    ticket_id: str
    target: str
    cycle: int
    alarm: str
    position: int
    due_at: int
    raised_at: int
    spoke: bool
    retroactive: bool


def _plain(model: type[Any], names: Sequence[str]) -> list[Any]:
    """Return columns with instants as they are stored."""
    found = (table(model).c[name] for name in names)
    return [type_coerce(one, BigInteger).label(one.key) if isinstance(one.type, Instant) else one for one in found]


_OPENED = Due._fields.index("opened_at")
_DUE = Prepared(
    select(
        *_plain(Clock, Due._fields[:_OPENED]),
        *_plain(Ticket, ["opened_at"]),
        *_plain(Promised, ["service_level", "revision"]),
        cast(Promised.calendars, String),
    )
    .select_from(Clock)
    .join(Ticket, and_(col(Ticket.shop_id) == Clock.shop_id, col(Ticket.id) == Clock.ticket_id))
    .join(Promised, and_(col(Promised.shop_id) == Clock.shop_id, col(Promised.ticket_id) == Clock.ticket_id))
    .where(col(Clock.next_alarm_at) <= bindparam("now", type_=Instant), col(Clock.urgent) == bindparam("urgent"))
    .order_by(col(Clock.next_alarm_at))  # and by nothing more: of a rush at one instant, each batch would sort the rest
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=(table(Clock), table(Ticket)))
)
NEXT_AT = tuple(  # each is one look into the index
    select(func.min(Clock.next_alarm_at)).where(col(Clock.next_alarm_at).is_not(None), col(Clock.urgent).is_(urgent))
    for urgent in (True, False)
)
_KEY = Due._fields[:4]
_STAND = for_all(
    lambda _, given: [
        update(table(Clock))
        .where(*(table(Clock).c[name] == getattr(given, name) for name in _KEY))
        .values({name: getattr(given, name) for name in Passed._fields[4:]})
    ],
    **{each.key: each.type for each in _plain(Clock, Passed._fields)},
)


def due(tx: Transaction, now: datetime, limit: int, *, urgent: bool) -> list[Due]:
    """Return clocks that must speak, locked with their tickets; those another replica holds are left out."""
    return [Due._make(row) for row in tx.rows(_DUE, now=now, urgent=urgent, limit=limit)]


def stand(tx: Transaction, several: Sequence[Passed]) -> None:
    """Let time have passed for clocks."""
    tx.change_all(_STAND, several)


def kept(tx: Transaction, several: Sequence[Raised]) -> set[tuple[Any, ...]]:
    """Keep alarms for good; return the keys of those that were not before: shop, ticket, target, cycle and alarm."""
    return tx.insert_new(AlarmRaised, several)


def put_off(tx: Transaction, one: Due, until: datetime) -> None:
    """Let a clock speak only then."""
    key = (table(Clock).c[name] == value for name, value in zip(_KEY, one.key, strict=True))
    tx.execute(update(Clock).where(*key).values(next_alarm_at=until))
