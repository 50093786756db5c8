"""Settle claimed lanes: what became of the deliveries in our hands."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from chatops.store.instants import Instant
from chatops.store.lanes.pace import Limits, Paces
from chatops.store.lanes.tables import DELIVERIES, UNDELIVERED, Head, State, close_up, heads, lock, save
from chatops.store.prepared import Prepared, for_each
from chatops.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Done:
    """Carried out up to number `through`; `paced=False` gives the reserved call back (joined, or moot).

    `in_doubt_through`: what a former owner may have sent beyond, if nobody has looked yet.
    """

    lane: str
    through: int
    paced: bool = True
    in_doubt_through: int = 0


@dataclass(frozen=True, slots=True)
class Later:
    """The head must be tried again at the instant `at`; `in_doubt`: it may have been done, look first.

    `slow_scope`: a scope nobody may call before `at`. `counts=False`: not one of the head's attempts.
    """

    lane: str
    at: datetime
    error: str
    in_doubt: bool = False
    slow_scope: str | None = None
    counts: bool = True
    paced: bool = True


@dataclass(frozen=True, slots=True)
class Hold:
    """The lane stands still until `resume` or `drop_head`, who answer for any doubt unless it is kept by `in_doubt`."""

    lane: str
    error: str
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Deliveries up to number `through` never will be carried out: they are kept as Undelivered, the lane goes on."""

    lane: str
    through: int
    error: str
    paced: bool = True


@dataclass(frozen=True, slots=True)
class Back:
    """Nothing was sent: the lane is free at once, with the doubt it was claimed with, and its call is given back."""

    lane: str
    in_doubt_through: int = 0


Outcome = Done | Later | Hold | GiveUp | Back

_THROUGH = (DELIVERIES.c.lane == bindparam("at_lane"), DELIVERIES.c.seq <= bindparam("through"))
_DELETE = for_each(
    lambda done: delete(DELIVERIES).where(DELIVERIES.c.lane == done.lane, DELIVERIES.c.seq <= done.through),
    lane=DELIVERIES.c.lane.type,
    through=DELIVERIES.c.seq.type,
)
_GIVE_UP = UNDELIVERED.insert().from_select(
    ["lane", "seq", "kind", "args", "error", "attempts", "created_at", "failed_at"],
    select(
        DELIVERIES.c.lane,
        DELIVERIES.c.seq,
        DELIVERIES.c.kind,
        DELIVERIES.c.args,
        bindparam("error"),
        DELIVERIES.c.attempts + 1,
        DELIVERIES.c.created_at,
        bindparam("failed_at", type_=Instant),
    ).where(*_THROUGH, DELIVERIES.c.seq > bindparam("after")),
)
_MAKE_ROOM = delete(UNDELIVERED).where(  # a lane that was forgotten numbers from the beginning again
    UNDELIVERED.c.lane == bindparam("at_lane"),
    UNDELIVERED.c.seq > bindparam("after"),
    UNDELIVERED.c.seq <= bindparam("through"),
)
_FAILED = Prepared(
    update(DELIVERIES)
    .where(DELIVERIES.c.lane == bindparam("at_lane"), DELIVERIES.c.seq == bindparam("head"))
    .values(attempts=DELIVERIES.c.attempts + bindparam("more"), last_error=bindparam("error"))
)


def settle(tx: Transaction, outcomes: Sequence[Outcome], *, owner: str, now: datetime, limits: Limits) -> set[str]:
    """Write down what became of lanes in `owner`'s hands and free them; return those that were no longer his.

    Several outcomes of one lane are applied in order (`Done` for the first, `Later` for the next); for a lane that was
    lost none is. Rings when a freed lane has more to do.
    """
    by_lane: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_lane[outcome.lane].append(outcome)
    states = {key: state for key, state in lock(tx, by_lane).items() if state.owner == owner}
    ours = [outcome for key in states for outcome in by_lane[key]]
    _remove(tx, states, ours, now)
    first = heads(tx, [key for key, state in states.items() if state.next_seq > state.done_seq])
    for key, state in states.items():
        _release(state, by_lane[key][-1], first.get(key))
    _mark_failed(tx, ours, first)
    save(tx, states.values())
    _adjust_paces(tx, states, by_lane, limits)
    if any(state.ready_at is not None and state.ready_at <= now for state in states.values()):
        tx.ring()
    return by_lane.keys() - states.keys()


def _remove(tx: Transaction, states: dict[str, State], outcomes: Sequence[Outcome], now: datetime) -> None:
    """Advance `done_seq` and take the rows away: what was given up is kept elsewhere, what was done is gone."""
    given_up, done = [], {}
    for outcome in outcomes:
        if not isinstance(outcome, Done | GiveUp):
            continue
        state = states[outcome.lane]
        if isinstance(outcome, GiveUp):
            given_up.append(
                {
                    "at_lane": outcome.lane,
                    "after": state.done_seq,
                    "through": outcome.through,
                    "error": outcome.error,
                    "failed_at": now,
                }
            )
        state.done_seq = max(state.done_seq, outcome.through)
        done[outcome.lane] = {"lane": outcome.lane, "through": state.done_seq}
    for parameters in given_up:
        tx.execute(_MAKE_ROOM, {name: parameters[name] for name in ("at_lane", "after", "through")})
        tx.execute(_GIVE_UP, parameters)
    if done:
        tx.change_each(_DELETE, list(done.values()))


def _release(state: State, last: Outcome, head: Head | None) -> None:
    """Take the lane out of our hands; its last outcome says when it goes on and what is in doubt."""
    state.owner = state.lease_until = None
    state.ready_at = head.not_before if head else None
    match last:
        case Done() | Back():
            state.claimed_seq = last.in_doubt_through
        case GiveUp():
            state.claimed_seq = 0
        case Later():
            state.ready_at = last.at
            state.claimed_seq = state.claimed_seq if last.in_doubt else 0
        case Hold():
            state.ready_at, state.held = None, True
            state.claimed_seq = state.claimed_seq if last.in_doubt else 0
    close_up(state, head)


def _mark_failed(tx: Transaction, outcomes: Sequence[Outcome], first: dict[str, Head]) -> None:
    """Count the attempt on the head of every lane that must wait, and keep the reason."""
    failed = [
        {
            "at_lane": outcome.lane,
            "head": first[outcome.lane].seq,
            "more": 1 if isinstance(outcome, Hold) or outcome.counts else 0,
            "error": outcome.error,
        }
        for outcome in outcomes
        if isinstance(outcome, Later | Hold) and outcome.lane in first
    ]
    if failed:
        tx.change(_FAILED, failed)


def _adjust_paces(tx: Transaction, states: dict[str, State], by_lane: dict[str, list[Outcome]], limits: Limits) -> None:
    """Give back calls that were not made, and pause the scopes that were told to slow down."""
    unused = [state for key, state in states.items() if all(_made_no_call(outcome) for outcome in by_lane[key])]
    slow = [
        (outcome.slow_scope, outcome.at)
        for key in states
        for outcome in by_lane[key]
        if isinstance(outcome, Later) and outcome.slow_scope
    ]
    if unused or slow:
        scopes = {scope for state in unused for scope in (state.scope, state.wide)}
        paces = Paces(tx, scopes, limits, slow=[scope for scope, _ in slow])
        for state in unused:
            paces.give_back((state.scope, state.wide))
        for scope, until in slow:
            paces.pause(scope, until)
        paces.save()


def _made_no_call(outcome: Outcome) -> bool:
    return isinstance(outcome, Back) or (isinstance(outcome, Done | Later | GiveUp) and not outcome.paced)
