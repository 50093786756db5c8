"""Put deliveries into lanes, and change your mind while nobody has them in hand."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ClauseElement,
    ColumnElement,
    FromClause,
    bindparam,
    case,
    delete,
    false,
    func,
    literal_column,
    null,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from chatops.store.json_text import written
from chatops.store.lanes.tables import DELIVERIES, LANES, close_up, heads, lock, save
from chatops.store.prepared import Prepared, for_all
from chatops.store.transaction import Insert, Transaction
from chatops.times import to_milliseconds


class Put(NamedTuple):
    """One of several deliveries that are put into lanes of their own; the fields as those of `put`."""

    lane: str
    scope: str
    wide: str
    priority: int
    kind: str
    args: dict[str, Any]


def _numbering(insert: Insert) -> Insert:
    """Return the statement that makes or locks a lane and takes the next number in it."""
    new, old = insert.excluded, LANES.c
    gentler = (old.done_seq < old.next_seq) & (old.priority < new.priority)  # than what waits in it still
    change = {
        "scope": new.scope,
        "wide": new.wide,
        "priority": case((gentler, old.priority), else_=new.priority),
        "next_seq": LANES.c.next_seq + 1,
        "ready_at": case((LANES.c.held, null()), else_=func.coalesce(LANES.c.ready_at, new.ready_at)),
    }
    return insert.on_conflict_do_update(index_elements=["key"], set_=change)


def _said(insert: Insert) -> Prepared:
    return Prepared(_numbering(insert).returning(LANES.c.next_seq, LANES.c.claimed_seq))


def _putting(dialect: str, given: Any) -> Sequence[ClauseElement]:
    """Return what makes or locks many lanes, takes the next number in each, and adds a delivery with that number there.

    PostgreSQL does it in one statement. On SQLite each number is found in its lane, which is nobody else's by then; no
    join, for which it may go through all lanes for each of these once it has counted and found few.
    """
    put = select(*(getattr(given, name).label(name) for name in _PUT)).cte("put")
    if dialect == "sqlite":
        number = select(LANES.c.next_seq).where(LANES.c.key == put.c.lane).scalar_subquery()
        return [_numbering_all(sqlite.insert(LANES), put), _adding_all(put, put, number)]
    numbering = _numbering_all(postgresql.insert(LANES), put).returning(LANES.c.key, LANES.c.next_seq)
    numbers = numbering.cte("numbers")
    return [_adding_all(put, put.join(numbers, numbers.c.key == put.c.lane), numbers.c.next_seq)]


def _numbering_all(insert: Insert, put: FromClause) -> Insert:
    row: dict[str, ColumnElement[Any]] = {"key": put.c.lane, "ready_at": put.c.now}
    row |= {name: put.c[name] for name in ("scope", "wide", "priority")}
    row |= {"next_seq": _ONE, "done_seq": _ZERO, "claimed_seq": _ZERO, "held": false()}
    return _numbering(insert.from_select(list(row), select(*row.values()).where(true())))


def _adding_all(put: FromClause, numbered: FromClause, number: ColumnElement[int]) -> ClauseElement:
    row: dict[str, ColumnElement[Any]] = {"seq": number, "attempts": _ZERO}
    row |= {name: put.c[name] for name in ("lane", "kind", "args")}
    row |= {"not_before": put.c.now, "created_at": put.c.now}
    return DELIVERIES.insert().from_select(list(row), select(*row.values()).select_from(numbered))


_NUMBER = {"sqlite": _said(sqlite.insert(LANES)), "postgresql": _said(postgresql.insert(LANES))}
_DELIVERY = Prepared(DELIVERIES.insert().inline())
_ZERO: ColumnElement[int] = literal_column("0")
_ONE: ColumnElement[int] = literal_column("1")
_GIVEN = (LANES.c.scope, LANES.c.wide, LANES.c.priority, DELIVERIES.c.kind, DELIVERIES.c.args)
_PUT = {"lane": LANES.c.key.type, **{each.key: each.type for each in _GIVEN}, "now": BigInteger()}
PUT_ALL = for_all(_putting, **_PUT)
_COALESCE = Prepared(
    update(DELIVERIES)
    .where(
        DELIVERIES.c.lane == bindparam("at_lane"),
        DELIVERIES.c.seq > bindparam("claimed_seq"),
        DELIVERIES.c.kind == bindparam("of_kind"),
    )
    .values(args=bindparam("args"))
)
_TAKE_NUMBER_BACK = Prepared(
    update(LANES).where(LANES.c.key == bindparam("lane")).values(next_seq=LANES.c.next_seq - 1)
)
_RESCOPE = Prepared(
    update(LANES)
    .where(LANES.c.key == bindparam("lane"))
    .values(scope=bindparam("new_scope"), wide=bindparam("new_wide"))
)
_REMOVE = delete(DELIVERIES).where(DELIVERIES.c.lane == bindparam("lane"), DELIVERIES.c.seq == bindparam("number"))
_MOVE = (
    update(DELIVERIES)
    .where(DELIVERIES.c.lane == bindparam("at_lane"), DELIVERIES.c.seq == bindparam("number"))
    .values(not_before=bindparam("instant"))
)


def put(
    tx: Transaction,
    *,
    lane: str,
    scope: str,
    wide: str = "",
    priority: int,
    kind: str,
    args: dict[str, Any],
    now: datetime,
    not_before: datetime | None = None,
    coalesce: bool = False,
) -> int | None:
    """Add a delivery at the end of `lane`, to go at once or not before an instant, and ring; return its number.

    A lane is as urgent as the most urgent that was put into it since it was empty. With `coalesce`, a delivery of the
    same kind that nobody has in hand yet takes the new `args` instead, keeps its place and time, and the answer is
    None. A unit that puts into several lanes should do so in the order of their keys.
    """
    one, not_before = Put(lane, scope, wide, priority, kind, args), not_before or now
    [(seq, claimed_seq)] = tx.rows(_NUMBER[tx.dialect], **_lane(one, not_before))
    if coalesce and seq > 1:
        same = {"at_lane": lane, "claimed_seq": claimed_seq, "of_kind": kind, "args": args}
        if tx.change(_COALESCE, same):
            tx.change(_TAKE_NUMBER_BACK, {"lane": lane})
            return None
    tx.change(_DELIVERY, _delivery(one, seq, not_before, now))
    tx.ring()
    return int(seq)


def put_all(tx: Transaction, several: Iterable[Put], now: datetime) -> None:
    """Add a delivery at the end of each of several lanes, as `put` does, with a statement or two for all of them.

    No lane may be named twice, and nothing is coalesced.
    """
    at = to_milliseconds(now)
    rows = [(*one[:-1], written(one.args), at) for one in sorted(several, key=lambda one: one.lane)]
    if rows:
        tx.change_all(PUT_ALL, rows)
        tx.ring()


def _lane(one: Put, ready_at: datetime) -> dict[str, Any]:
    """Return the row of a lane that is made for its first delivery."""
    return {
        "key": one.lane,
        "scope": one.scope,
        "wide": one.wide,
        "priority": one.priority,
        "next_seq": 1,
        "done_seq": 0,
        "claimed_seq": 0,
        "ready_at": ready_at,
        "held": False,
    }


def _delivery(one: Put, seq: int, not_before: datetime, now: datetime) -> dict[str, Any]:
    return {
        "lane": one.lane,
        "seq": seq,
        "kind": one.kind,
        "args": one.args,
        "not_before": not_before,
        "attempts": 0,
        "created_at": now,
    }


def rescope(tx: Transaction, lane: str, scope: str, wide: str) -> None:
    """Let what waits in a lane, and was put there for another pace, go at the pace of these scopes from now on."""
    tx.change(_RESCOPE, {"lane": lane, "new_scope": scope, "new_wide": wide})


def cancel(tx: Transaction, lane: str, seq: int, now: datetime) -> bool:
    """Remove a delivery that waits; False when it is gone or somebody has (or may have sent) it."""
    state = lock(tx, [lane]).get(lane)
    if state is None or seq <= state.claimed_seq:
        return False
    first = heads(tx, [lane]).get(lane)
    if not tx.execute(_REMOVE, {"lane": lane, "number": seq}).rowcount:
        return False
    if first and first.seq == seq and not state.owned(now):
        following = heads(tx, [lane]).get(lane)
        state.held = False
        state.ready_at = following.not_before if following else None
        close_up(state, following)
        save(tx, [state])
        tx.ring()
    return True


def reschedule(tx: Transaction, lane: str, seq: int, not_before: datetime, now: datetime) -> bool:
    """Give a delivery that waits another instant; False when it is gone or somebody has (or may have sent) it."""
    state = lock(tx, [lane]).get(lane)
    if state is None or seq <= state.claimed_seq:
        return False
    if not tx.execute(_MOVE, {"at_lane": lane, "number": seq, "instant": not_before}).rowcount:
        return False
    first = heads(tx, [lane]).get(lane)
    if first and first.seq == seq and not state.held and not state.owned(now):
        state.ready_at = not_before
        save(tx, [state])
        tx.ring()
    return True
