"""Letting open tickets follow when leads change what they promise, or the marketplace is cut off or reached again.

In the background, a few at a time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete

from chatops.desk import clocks, tickets
from chatops.desk.sweeping import Sweeper
from chatops.model import recount, runtime
from chatops.model.definition import DefinitionKind
from chatops.model.recount import ONE, Recount
from chatops.model.ticket import Ticket
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


class Coming(NamedTuple):
    """An open ticket that a round comes to next; both are held."""

    one: Recount
    ticket: Ticket


def _take(tx: Transaction, _now: datetime, limit: int) -> list[Coming]:
    """Return the tickets that the round comes to next; it ends where there are none."""
    one = recount.begun(tx)
    if one is None:
        return []
    found, taken = recount.coming(tx, one, limit), []
    if not found:
        tx.execute(delete(Recount))
    for shop_id, ticket_id in found:
        ticket = recount.lock_if_free(tx, shop_id, ticket_id)
        if ticket is None:
            break  # somebody works on it; the round goes on from here later
        taken.append(Coming(one, ticket))
    return taken


def _move(tx: Transaction, taken: Sequence[Coming], now: datetime) -> int:
    """Let open tickets count by what they are promised now; return how many."""
    for one, ticket in taken:
        heard = clocks.hear_of_reach(tx, ticket, now)
        if clocks.retarget(tx, ticket, now, anew=one.anew) or heard:
            tickets.redraw(tx, ticket, now)
    for last in taken[-1:]:
        _go_past(tx, last)
    return len(taken)


def _leave_out(tx: Transaction, sick: Coming, _until: datetime) -> str:
    """Let the round go past a ticket that cannot be counted so; return which that is."""
    _go_past(tx, sick)
    return f"ticket {sick.ticket.shop_id}/{sick.ticket.id}, which goes on by what it was promised before"


def _go_past(tx: Transaction, coming: Coming) -> None:
    tx.update(coming.one, after_shop=coming.ticket.shop_id, after_ticket=coming.ticket.id)


move_due = Sweeper(_take, _move, _leave_out, AT_ONCE)
