"""What needs a person's eye: lanes that stand still, heads that keep failing, deliveries that were given up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from chatops.store.lanes.putting import put
from chatops.store.lanes.tables import DELIVERIES, UNDELIVERED, Delivery, Lane, Undelivered, close_up, heads, lock, save
from chatops.store.transaction import Transaction


def held_lanes(tx: Transaction) -> Sequence[Lane]:
    """Return the lanes that wait for a person, by key."""
    return tx.all(Lane, select(Lane).where(col(Lane.held)).order_by(Lane.key))


def failing_heads(tx: Transaction) -> Sequence[Delivery]:
    """Return the deliveries that were tried and failed and still wait, oldest first."""
    return tx.all(Delivery, select(Delivery).where(Delivery.attempts > 0).order_by(col(Delivery.created_at)))


def undelivered(tx: Transaction, limit: int = 100) -> Sequence[Undelivered]:
    """Return what was given up, newest first."""
    return tx.all(Undelivered, select(Undelivered).order_by(col(Undelivered.failed_at).desc()).limit(limit))


def waiting(tx: Transaction) -> dict[str, int]:
    """Return how many deliveries of each kind wait, also those whose time has not come."""
    counted = select(Delivery.kind, func.count()).group_by(Delivery.kind).order_by(Delivery.kind)
    return {str(kind): int(count) for kind, count in tx.execute(counted)}


def ready_since(tx: Transaction, now: datetime) -> datetime | None:
    """Return since when the lane that waits longest might go on; None when none does."""
    ready: datetime | None = tx.scalar(
        select(func.min(Lane.ready_at)).where(col(Lane.ready_at).is_not(None), col(Lane.ready_at) <= now)
    )
    return ready


def given_up(tx: Transaction) -> int:
    """Return how many deliveries were given up and wait for a person to retry or drop them."""
    return int(tx.scalar(select(func.count()).select_from(Undelivered)) or 0)


def resume(tx: Transaction, lane: str, now: datetime) -> bool:
    """Let a lane that is held or waits for its next attempt go on at once, its head with fresh attempts.

    What was in doubt when it was held is looked for first. False when it is empty or in a worker's hands.
    """
    state = lock(tx, [lane]).get(lane)
    head = heads(tx, [lane]).get(lane)
    if state is None or head is None or state.owned(now):
        return False
    state.held, state.ready_at = False, now
    save(tx, [state])
    this_head = update(DELIVERIES).where(DELIVERIES.c.lane == lane, DELIVERIES.c.seq == head.seq)
    tx.execute(this_head.values(attempts=0, not_before=min(head.not_before, now)))
    tx.ring()
    return True


def drop_head(tx: Transaction, lane: str, now: datetime) -> Delivery | None:
    """Remove the head of a lane and let the others go on; None when it is empty or in a worker's hands."""
    state = lock(tx, [lane]).get(lane)
    head = heads(tx, [lane]).get(lane)
    if state is None or head is None or state.owned(now):
        return None
    dropped = tx.one(Delivery, select(Delivery).where(Delivery.lane == lane, Delivery.seq == head.seq))
    tx.execute(delete(DELIVERIES).where(DELIVERIES.c.lane == lane, DELIVERIES.c.seq == head.seq))
    following = heads(tx, [lane]).get(lane)
    state.held = False
    state.ready_at = following.not_before if following else None
    close_up(state, following)
    save(tx, [state])
    tx.ring()
    return dropped


def retry(tx: Transaction, lane: str, seq: int, now: datetime) -> int | None:
    """Put something that was given up at the end of its lane again; return its new number, None when it is gone."""
    given_up = tx.one(Undelivered, select(Undelivered).where(Undelivered.lane == lane, Undelivered.seq == seq))
    row = tx.one(Lane, select(Lane).where(Lane.key == lane))
    if given_up is None or row is None or not drop(tx, lane, seq):
        return None
    return put(
        tx,
        lane=lane,
        scope=row.scope,
        wide=row.wide,
        priority=row.priority,
        kind=given_up.kind,
        args=given_up.args,
        not_before=now,
        now=now,
    )


def drop(tx: Transaction, lane: str, seq: int) -> bool:
    """Forget something that was given up; False when it is gone."""
    gone = delete(UNDELIVERED).where(UNDELIVERED.c.lane == lane, UNDELIVERED.c.seq == seq)
    return tx.execute(gone).rowcount == 1
