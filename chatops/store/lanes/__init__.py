"""Lanes: effects in order, carried out by whoever claims the lane, at the pace of the scopes it belongs to.

A Delivery is one effect, known by (lane, seq). Its Lane says which numbers were given out (`next_seq`, the highest),
settled (`done_seq`), and put into somebody's hands (`claimed_seq`), when the head may go (`ready_at`, None: nothing
to do or held) and who has it (`owner` until `lease_until`). Always `done_seq <= claimed_seq <= next_seq`.

What must stay true, and why:

1. **A number is taken under the lane row's lock.** Numbers from a sequence become visible out of order: 11 may be
   committed before 10, and 10 would then be overtaken.
2. **Whether more is waiting is decided from counters in the lane row** (`next_seq > done_seq`), read under its lock,
   never by looking for rows in the statement that finishes: on PostgreSQL that statement, after waiting for somebody
   who adds a delivery, sees his lane row but not his delivery, and the lane would sleep with work in it. The head is
   looked up by a later statement, which sees everything committed before the lock was had.
3. **Lanes touched together are locked in the order of their keys, then scopes in theirs.** Anything else can
   deadlock.
4. **A lease may run out under a worker that was paused.** He checks what is left before every send, and what he
   settles is ignored and reported back when the lane has another owner. What he may have sent stays in doubt: the
   next owner is told up to where (`in_doubt_through`) and looks before sending again.
5. **Waiting is a property of the lane** (`ready_at`): a head that must be tried again stops its own lane and no
   other. A scope that was told to slow down (`Pace.open_at`) stops for every replica, in the claim itself, so that
   its lanes starve nobody.

Everything here is plain functions of a transaction; instants are arguments.
"""

from chatops.store.lanes.claims import Claimed, InHand, Sides, claim, free_all, in_motion, next_due, side_of
from chatops.store.lanes.clock import set_back
from chatops.store.lanes.pace import Limit, Pace
from chatops.store.lanes.putting import Put, cancel, put, put_all, reschedule, rescope
from chatops.store.lanes.settling import Back, Done, GiveUp, Hold, Later, Outcome, settle
from chatops.store.lanes.stuck import (
    drop,
    drop_head,
    failing_heads,
    given_up,
    held_lanes,
    ready_since,
    resume,
    retry,
    undelivered,
    waiting,
)
from chatops.store.lanes.tables import Delivery, Lane, Undelivered

__all__ = [
    "Back",
    "Claimed",
    "Delivery",
    "Done",
    "GiveUp",
    "Hold",
    "InHand",
    "Lane",
    "Later",
    "Limit",
    "Outcome",
    "Pace",
    "Put",
    "Sides",
    "Undelivered",
    "cancel",
    "claim",
    "drop",
    "drop_head",
    "failing_heads",
    "free_all",
    "given_up",
    "held_lanes",
    "in_motion",
    "next_due",
    "put",
    "put_all",
    "ready_since",
    "reschedule",
    "rescope",
    "resume",
    "retry",
    "set_back",
    "settle",
    "side_of",
    "undelivered",
    "waiting",
]
