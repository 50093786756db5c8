"""Put deliveries into lanes, and change your mind while nobody has them in hand."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, func, null, update
from sqlalchemy.dialects import postgresql, sqlite

from chatops.store.lanes.tables import DELIVERIES, LANES, close_up, heads, lock, save
from chatops.store.prepared import Prepared
from chatops.store.transaction import Insert, Transaction


def _numbering(insert: Insert) -> Prepared:
    """Return the statement that makes or locks a lane and takes the next number in it."""
    new = insert.excluded
    change = {
        "scope": new.scope,
        "wide": new.wide,
        "priority": new.priority,
        "next_seq": LANES.c.next_seq + 1,
        "ready_at": case((LANES.c.held, null()), else_=func.coalesce(LANES.c.ready_at, new.ready_at)),
    }
    upsert = insert.on_conflict_do_update(index_elements=["key"], set_=change)
    return Prepared(upsert.returning(LANES.c.next_seq, LANES.c.claimed_seq))


_NUMBER = {"sqlite": _numbering(sqlite.insert(LANES)), "postgresql": _numbering(postgresql.insert(LANES))}
_DELIVERY = Prepared(DELIVERIES.insert().inline())
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
    wide: str,
    priority: int,
    kind: str,
    args: dict[str, Any],
    not_before: datetime,
    now: datetime,
    coalesce: bool = False,
) -> int | None:
    """Add a delivery at the end of `lane` and ring; return its number.

    With `coalesce`, a delivery of the same kind that nobody has in hand yet takes the new `args` instead, keeps its
    place and time, and the answer is None. A unit that puts into several lanes should do so in the order of their keys.
    """
    row = {
        "key": lane,
        "scope": scope,
        "wide": wide,
        "priority": priority,
        "next_seq": 1,
        "done_seq": 0,
        "claimed_seq": 0,
        "ready_at": not_before,
        "held": False,
    }
    [(seq, claimed_seq)] = tx.rows(_NUMBER[tx.dialect], **row)
    if coalesce and seq > 1:
        same = {"at_lane": lane, "claimed_seq": claimed_seq, "of_kind": kind, "args": args}
        if tx.change(_COALESCE, same):
            tx.change(_TAKE_NUMBER_BACK, {"lane": lane})
            return None
    tx.change(
        _DELIVERY,
        {
            "lane": lane,
            "seq": seq,
            "kind": kind,
            "args": args,
            "not_before": not_before,
            "attempts": 0,
            "created_at": now,
        },
    )
    tx.ring()
    return int(seq)


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
