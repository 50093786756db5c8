"""Orders about clocks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatops.desk import alarms, auditing, recounting
from chatops.model import clock as clocks
from chatops.model import ticket as tickets
from chatops.store import lanes
from chatops.store.transaction import Transaction
from chatops.times import TIME_ZONES

Args = Mapping[str, Any]
Answer = dict[str, Any]
AT_ONCE = 200  # tickets, so that nobody waits for the writer


def rebuild(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Count the clocks of some tickets anew, from `after` on; return which stood otherwise, and where to go on."""
    shop_id, ticket_id = args["after"]
    found = clocks.tickets_after(tx, shop_id, ticket_id, AT_ONCE)
    others: dict[str, list[str]] = {}
    for shop_id, ticket_id in found:
        ticket = tickets.lock(tx, shop_id, ticket_id)
        different = auditing.rebuild(tx, ticket, now, keep=args["keep"]) if ticket is not None else []
        others |= {ticket_id: different} if different else {}
    return {"looked_at": len(found), "others": others, "after": list(found[-1]) if found else None}


def time_zones(tx: Transaction, _args: Args, now: datetime) -> Answer:
    """Let every replica count by the time zones of this one."""
    recounting.count_by(tx, TIME_ZONES, now)
    return {"time_zones": TIME_ZONES}


def next_alarm(tx: Transaction, _args: Args, now: datetime) -> Answer:
    """Return the seconds until somebody must be called, or told something, next; None when nothing waits for that.

    `busy`: not all of what was to be said before has been.
    """
    coming = alarms.next_at(tx)
    seconds = None if coming is None else max(0.0, (coming - now).total_seconds())
    return {"seconds": seconds, "busy": lanes.in_motion(tx, now)}


ORDERS = {"next_alarm": next_alarm, "rebuild_clocks": rebuild, "time_zones": time_zones}
