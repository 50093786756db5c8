"""Letting open tickets follow when leads change what they promise, or the marketplace is cut off or reached again.

In the background, a few at a time.
"""

from datetime import datetime

from sqlalchemy import delete

from chatops.desk import clocks, tickets
from chatops.model import recount, runtime
from chatops.model.definition import DefinitionKind
from chatops.model.recount import ONE, Recount
from chatops.store.transaction import Transaction

AT_ONCE = 100  # tickets that one transaction looks at
COUNTED_BY = frozenset((DefinitionKind.CALENDAR, DefinitionKind.SERVICE_LEVEL))


def defined(tx: Transaction, kind: DefinitionKind, now: datetime) -> None:
    """Have every open ticket looked at again, if what was defined is something that clocks count by."""
    if kind in COUNTED_BY:
        look_again(tx, now)


def look_again(tx: Transaction, now: datetime) -> None:
    """Have every open ticket looked at again: what it is promised, and whether the marketplace can be reached."""
    begins = {"began_at": now, "after_shop": "", "after_ticket": ""}
    tx.execute(tx.upsert(Recount, {"name": ONE, "anew": False, **begins}, ["name"], begins))


def time_zones_agree(tx: Transaction, ours: str, now: datetime) -> bool:
    """Tell whether this replica may count: no other one has ever counted by newer time zones.

    By newer ones than ever before, every open ticket is counted anew.
    """
    known = runtime.value(tx, runtime.TIME_ZONES)
    if not known:
        runtime.say(tx, runtime.TIME_ZONES, ours)
    elif ours > known:
        count_by(tx, ours, now)
    return ours >= known


def count_by(tx: Transaction, time_zones: str, now: datetime) -> None:
    """Let every replica count by this release of the time zones, and every open ticket be counted anew."""
    runtime.say(tx, runtime.TIME_ZONES, time_zones)
    begins = {"began_at": now, "after_shop": "", "after_ticket": "", "anew": True}
    tx.execute(tx.upsert(Recount, {"name": ONE, **begins}, ["name"], begins))


def move_due(tx: Transaction, now: datetime, limit: int = AT_ONCE) -> int:
    """Let some open tickets count by what they are promised now; return how many were looked at."""
    one = recount.begun(tx)
    if one is None:
        return 0
    looked_at = 0
    found = recount.coming(tx, one, limit)
    for shop_id, ticket_id in found:
        ticket = recount.lock_if_free(tx, shop_id, ticket_id)
        if ticket is None:
            break  # somebody works on it; the round goes on from here later
        heard = clocks.hear_of_reach(tx, ticket, now)
        if clocks.retarget(tx, ticket, now, anew=one.anew) or heard:
            tickets.redraw(tx, ticket, now)
        one.after_shop, one.after_ticket = shop_id, ticket_id
        looked_at += 1
    if not found:
        tx.execute(delete(Recount))
    elif looked_at:
        tx.update(one, after_shop=one.after_shop, after_ticket=one.after_ticket)
    return looked_at


def put_off(tx: Transaction, _now: datetime, _until: datetime) -> str:
    """Leave out the ticket that `move_due` would look at first, because it cannot; return which that is."""
    one = recount.begun(tx)
    if one is None:
        return ""
    for shop_id, ticket_id in recount.coming(tx, one, 1):
        tx.update(one, after_shop=shop_id, after_ticket=ticket_id)
        return f"ticket {shop_id}/{ticket_id}, which goes on by what it was promised before"
    return ""
