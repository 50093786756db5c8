"""Claim lanes: take the most urgent ones whose scopes are open, and the first deliveries of each."""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    String,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from chatops.store.instants import Instant
from chatops.store.lanes.pace import CAN_WAIT, PACES, Limits, Paces
from chatops.store.lanes.tables import COLUMNS, DELIVERIES, LANES, State, save
from chatops.store.prepared import Prepared, key_among, keys
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds

LOOK_AHEAD = 2  # candidates per lane wanted: some share a scope that admits only one call


@dataclass(slots=True)
class InHand:
    """A delivery as it was when its lane was claimed: the columns of `Delivery` in a plain object, which is cheap."""

    lane: str
    seq: int
    kind: str
    args: dict[str, Any]
    not_before: datetime
    attempts: int
    last_error: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A lane in our hands until `lease_until`: send `deliveries` in order, then settle.

    Those numbered up to `in_doubt_through` were in somebody's hands before and may have been sent: look first.
    """

    lane: str
    scope: str
    wide: str
    deliveries: list[InHand]
    in_doubt_through: int
    lease_until: datetime


_near, _wide = PACES.alias("near"), PACES.alias("wide")
_FREE = or_(LANES.c.owner.is_(None), LANES.c.lease_until <= bindparam("now", type_=Instant))
_JOINED = LANES.outerjoin(_near, _near.c.scope == LANES.c.scope).outerjoin(_wide, _wide.c.scope == LANES.c.wide)
_NOT_OF = LANES.c.scope.not_like(bindparam("side", type_=String))


def side_of(scope: str) -> str:
    """Return the side a scope is on, which is what stands before its first slash: `chat` or `shop`."""
    return scope.partition("/")[0]


def _like(side: str) -> str:
    """Return what every scope of a side is like; no scope is like that of no side."""
    return f"{side}/%" if side else ""


def _opens(pace: FromClause) -> ColumnElement[datetime]:
    """Return when a scope admits a call of a lane; null when nobody has called it."""
    return case((LANES.c.priority >= CAN_WAIT, pace.c.spare_at), else_=pace.c.open_at)


def _open(pace: FromClause) -> ColumnElement[bool]:
    return or_(pace.c.open_at.is_(None), _opens(pace) <= bindparam("now", type_=Instant))


CANDIDATES = Prepared(
    select(*COLUMNS)
    .select_from(_JOINED)
    .where(
        LANES.c.ready_at.is_not(None),
        LANES.c.ready_at <= bindparam("now", type_=Instant),
        _FREE,
        _NOT_OF,
        _open(_near),
        _open(_wide),
    )
    .order_by(LANES.c.priority, LANES.c.ready_at)
    .limit(bindparam("candidates", type_=Integer))
    .with_for_update(of=LANES, skip_locked=True)
)
HANDS = Prepared(
    select(*(DELIVERIES.c[name] for name in InHand.__dataclass_fields__))
    .join(
        LANES,
        and_(
            DELIVERIES.c.lane == LANES.c.key,
            DELIVERIES.c.seq > LANES.c.done_seq,
            or_(
                DELIVERIES.c.seq <= LANES.c.done_seq + bindparam("per_lane", type_=BigInteger),
                DELIVERIES.c.seq <= LANES.c.claimed_seq,
            ),
        ),
    )
    .where(key_among(LANES.c.key, "lanes"))
    .order_by(DELIVERIES.c.lane, DELIVERIES.c.seq)
)


@dataclass(frozen=True, slots=True)
class Sides:
    """How many lanes of one side may be in one worker's hands, and how many are."""

    most: int
    in_hand: Mapping[str, int]

    @property
    def full(self) -> str:
        """The side of which nothing may be taken; "" when there is none."""
        return next((side for side, number in self.in_hand.items() if number >= self.most), "")


EVERYTHING = Sides(sys.maxsize, {})


def claim(
    tx: Transaction,
    *,
    owner: str,
    now: datetime,
    lease: timedelta,
    lanes: int,
    per_lane: int,
    limits: Limits,
    sides: Sides = EVERYTHING,
    alone: Collection[str] = (),
) -> list[Claimed]:
    """Take up to `lanes` free lanes for `owner` until `now + lease`, most urgent first.

    Each comes with its first due deliveries, `per_lane` at most (more when more are in doubt), and takes one call from
    the pace of its scope and its wide scope; lanes whose scopes are not open stay. `owner` names the process and its
    incarnation. When fewer lanes come than asked for, `next_due` says whether there is more. `sides`: a platform that
    hangs must not fill all hands of the worker. `alone`: kinds that are carried out one by one, of which none is taken
    in hand, and so into doubt, beyond the head.
    """
    found = tx.rows(CANDIDATES, now=now, candidates=lanes * LOOK_AHEAD, side=_like(sides.full))
    candidates = _shortlist([State(*row) for row in found], lanes, limits, sides)
    if not candidates:
        return []
    paces = Paces(tx, {scope for state in candidates for scope in (state.scope, state.wide)}, limits)
    taken = [state for state in candidates if _admitted(paces, state, now)]
    paces.save()
    if not taken:
        return []
    hands = _deliveries(tx, taken, now, per_lane, alone)
    claimed = [_take(state, hands[state.key], owner, now + lease) for state in taken]
    save(tx, taken)
    return claimed


def _admitted(paces: Paces, state: State, now: datetime) -> bool:
    return paces.reserve((state.scope, state.wide), now, can_wait=state.priority >= CAN_WAIT)


def _shortlist(candidates: list[State], lanes: int, limits: Limits, sides: Sides) -> list[State]:
    """Return the first `lanes` candidates, leaving out those whose scopes or sides cannot admit so many at once."""
    calls: Counter[str] = Counter()
    in_hand = Counter(sides.in_hand)
    chosen: list[State] = []
    for state in candidates:
        scopes, side = {state.scope, state.wide}, side_of(state.scope)
        if len(chosen) == lanes or in_hand[side] >= sides.most:
            continue
        if all(not (limit := limits(s)) or calls[s] < limit.burst for s in scopes if s):
            calls.update(scopes)
            in_hand[side] += 1
            chosen.append(state)
    return chosen


def _deliveries(
    tx: Transaction, taken: list[State], now: datetime, per_lane: int, alone: Collection[str]
) -> dict[str, list[InHand]]:
    """Return each lane's first deliveries, up to the first that is not due.

    Where some are in doubt, those alone: were more taken in hand with them, the next owner could not tell which of them
    the one before had.
    """
    doubtful = {state.key: state.claimed_seq for state in taken if state.claimed_seq > state.done_seq}
    hands: dict[str, list[InHand]] = defaultdict(list)
    ended = set()
    for row in tx.rows(HANDS, lanes=keys([state.key for state in taken]), per_lane=per_lane):
        delivery = InHand(*row)
        lane = delivery.lane
        if delivery.seq > doubtful[lane] if lane in doubtful else delivery.not_before > now:
            ended.add(lane)
        if lane not in ended:
            hands[lane].append(delivery)
            if delivery.kind in alone:
                ended.add(lane)
    return hands


def _take(state: State, hand: list[InHand], owner: str, until: datetime) -> Claimed:
    in_doubt_through = state.claimed_seq if state.claimed_seq > state.done_seq else 0
    state.owner, state.lease_until = owner, until
    if hand:
        state.claimed_seq = max(state.claimed_seq, hand[-1].seq)
    return Claimed(state.key, state.scope, state.wide, hand, in_doubt_through, until)


def _soonest(latest: Callable[..., ColumnElement[int]]) -> Prepared:
    zero = 0
    moments: list[ColumnElement[int]] = [
        type_coerce(LANES.c.ready_at, BigInteger),
        case((LANES.c.owner.is_(None), zero), else_=func.coalesce(type_coerce(LANES.c.lease_until, BigInteger), zero)),
        func.coalesce(type_coerce(_opens(_near), BigInteger), zero),
        func.coalesce(type_coerce(_opens(_wide), BigInteger), zero),
    ]
    return Prepared(
        select(func.min(latest(*moments))).select_from(_JOINED).where(LANES.c.ready_at.is_not(None), _NOT_OF)
    )


_SOONEST = {"sqlite": _soonest(func.max), "postgresql": _soonest(func.greatest)}


def next_due(tx: Transaction, now: datetime, sides: Sides = EVERYTHING) -> datetime | None:
    """Return the next instant at which a claim may find something, `now` at the soonest; None when nothing waits."""
    milliseconds = tx.scalar(_SOONEST[tx.dialect], side=_like(sides.full))
    return None if milliseconds is None else max(now, from_milliseconds(milliseconds))


def in_motion(tx: Transaction, now: datetime) -> bool:
    """Tell whether anything is in somebody's hands, or could be now."""
    due = next_due(tx, now)
    in_hand = select(LANES.c.key).where(LANES.c.owner.is_not(None)).limit(1)
    return (due is not None and due <= now) or tx.scalar(in_hand) is not None


def free_all(tx: Transaction) -> None:
    """Take every lane out of its owner's hands, what they held is in doubt: for a start on SQLite (all are dead)."""
    tx.execute(update(LANES).where(LANES.c.owner.is_not(None)).values(owner=None, lease_until=None))
    tx.ring()
