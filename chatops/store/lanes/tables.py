"""The tables of the lanes, and the state of locked lanes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, func, select, text, update
from sqlmodel import Field, SQLModel

from chatops.store.instants import instant_field
from chatops.store.prepared import Prepared, for_each, key_among, keys
from chatops.store.transaction import Transaction, table

_waiting = text("ready_at IS NOT NULL")


class Lane(SQLModel, table=True):
    """One queue: its deliveries are carried out one after the other."""

    # without "only those that wait" the planner walks over every lane there ever was
    __table_args__ = (Index("lane_waiting", "priority", "ready_at", sqlite_where=_waiting, postgresql_where=_waiting),)

    key: str = Field(primary_key=True)
    scope: str  # whose pace every send takes from
    wide: str  # the wider scope, "" for none
    priority: int  # lower goes first
    next_seq: int = Field(sa_type=BigInteger)  # the highest number given out
    done_seq: int = Field(sa_type=BigInteger)  # settled up to here
    claimed_seq: int = Field(sa_type=BigInteger)  # perhaps sent up to here
    ready_at: datetime | None = instant_field()
    owner: str | None = None
    lease_until: datetime | None = instant_field(default=None)
    held: bool = False  # waits for a person


class Delivery(SQLModel, table=True):
    """One effect that waits to be carried out; the row goes away once it is."""

    lane: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    kind: str
    args: dict[str, Any] = Field(sa_type=JSON)
    not_before: datetime = instant_field()
    attempts: int = 0
    last_error: str | None = None
    created_at: datetime = instant_field()


class Undelivered(SQLModel, table=True):
    """An effect that was given up, kept for a person to see."""

    lane: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    kind: str
    args: dict[str, Any] = Field(sa_type=JSON)
    error: str
    attempts: int
    created_at: datetime = instant_field()
    failed_at: datetime = instant_field()


LANES, DELIVERIES, UNDELIVERED = table(Lane), table(Delivery), table(Undelivered)


@dataclass(slots=True)
class State:
    """A locked lane's row, changed here and written back by `save`."""

    key: str
    scope: str
    wide: str
    priority: int
    next_seq: int
    done_seq: int
    claimed_seq: int
    ready_at: datetime | None
    owner: str | None
    lease_until: datetime | None
    held: bool

    def owned(self, now: datetime) -> bool:
        """Say whether a worker has the lane in his hands."""
        return self.owner is not None and self.lease_until is not None and self.lease_until > now

    def free(self) -> None:
        """Take it out of its owner's hands."""
        self.owner = self.lease_until = None


@dataclass(frozen=True, slots=True)
class Head:
    """The first waiting delivery of a lane."""

    seq: int
    not_before: datetime


COLUMNS = [LANES.c[name] for name in State.__dataclass_fields__]
_LOCK = Prepared(
    select(*COLUMNS).where(key_among(LANES.c.key, "lanes")).order_by(LANES.c.key).with_for_update(of=LANES)
)
_first_seq = (
    select(func.min(DELIVERIES.c.seq)).where(DELIVERIES.c.lane == LANES.c.key).correlate(LANES).scalar_subquery()
)
_HEADS = Prepared(
    select(LANES.c.key, DELIVERIES.c.seq, DELIVERIES.c.not_before)
    .join(DELIVERIES, (DELIVERIES.c.lane == LANES.c.key) & (DELIVERIES.c.seq == _first_seq))
    .where(key_among(LANES.c.key, "lanes"))
)
_CHANGING = ("done_seq", "claimed_seq", "ready_at", "owner", "lease_until", "held")
_SAVE = for_each(
    lambda lane: update(LANES).where(LANES.c.key == lane.key).values({name: getattr(lane, name) for name in _CHANGING}),
    **{name: LANES.c[name].type for name in ("key", *_CHANGING)},
)


def lock(tx: Transaction, lanes: Collection[str]) -> dict[str, State]:
    """Lock these lanes, in the order of their keys, and return those that exist."""
    return {row[0]: State(*row) for row in tx.rows(_LOCK, lanes=keys(lanes))}


def heads(tx: Transaction, lanes: Collection[str]) -> dict[str, Head]:
    """Return the first waiting delivery of each of these locked lanes that has one."""
    if not lanes:
        return {}
    return {key: Head(seq, not_before) for key, seq, not_before in tx.rows(_HEADS, lanes=keys(lanes))}


def save(tx: Transaction, states: Iterable[State]) -> None:
    """Write locked lanes back."""
    rows = [
        {
            "key": state.key,
            "done_seq": state.done_seq,
            "claimed_seq": state.claimed_seq,
            "ready_at": state.ready_at,
            "owner": state.owner,
            "lease_until": state.lease_until,
            "held": state.held,
        }
        for state in states
    ]
    if rows:
        tx.change_each(_SAVE, rows)


def close_up(state: State, head: Head | None) -> None:
    """Set a lane's counters by its head: numbers that were cancelled are done, and an empty lane sleeps."""
    state.done_seq = state.next_seq if head is None else max(state.done_seq, head.seq - 1)
    state.claimed_seq = max(state.claimed_seq, state.done_seq)
    if head is None:
        state.ready_at, state.held = None, False
