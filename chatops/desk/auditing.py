"""Looking for what should have happened to clocks and did not, and making their rows anew from what was recorded."""

from datetime import datetime, timedelta
from typing import NamedTuple

from chatops.desk import clocks as desk
from chatops.desk import tickets
from chatops.model import backlog
from chatops.model import clock as clocks
from chatops.model import ticket as ticket_questions
from chatops.model.backlog import Overdue
from chatops.model.promise import Pins, happened, promises_of
from chatops.model.ticket import Ticket
from chatops.rules.clock import Count, Line, as_of, replayed
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds

PATIENCE = timedelta(seconds=30)
AT_ONCE = 500


class Findings(NamedTuple):
    """What is overdue although somebody should have seen to it, and how many clocks would never have spoken again."""

    overdue: Overdue
    mended: int


def look(tx: Transaction, now: datetime) -> Findings:
    """Return what did not happen; a clock that runs and has no alarm gets one again."""
    silent = clocks.silent(tx, AT_ONCE)
    for row in silent:
        tx.update(row, next_alarm_at=row.due_at, urgent=True)
    return Findings(backlog.alarms(tx, now - PATIENCE), len(silent))


def clock_set_back(tx: Transaction, now: datetime) -> int:
    """Let promises run again that were broken by a clock which was ahead; return how many tickets' were, at most 500.

    Who was called is called still: when the promise is broken after all, it joins that call.
    """
    found = clocks.broken_ahead(tx, now, AT_ONCE)
    for shop_id, ticket_id in found:
        ticket, promised = ticket_questions.lock(tx, shop_id, ticket_id), clocks.promised(tx, shop_id, ticket_id)
        if ticket is not None and promised is not None:
            rows = {(row.target, row.cycle): row for row in clocks.held(tx, shop_id, ticket_id)}
            stand = {key: as_of(row.count, to_milliseconds(now)) for key, row in rows.items()}
            desk.keep(tx, ticket, Line(promises_of(tx, ticket, Pins.of(promised)), stand), rows, now)
            tickets.redraw(tx, ticket, now)
    return len(found)


def rebuild(tx: Transaction, ticket: Ticket, now: datetime, *, keep: bool) -> list[str]:
    """Count a ticket's clocks anew from everything recorded; return which stand otherwise, each with what differs.

    `keep`: let them stand so from now on; an alarm that spoke does not speak again.
    """
    line = replayed(happened(tx, ticket, one) for one in clocks.records(tx, ticket.shop_id, ticket.id))
    rows = {(row.target, row.cycle): row for row in clocks.every(tx, ticket.shop_id, ticket.id)}
    at = to_milliseconds(now)
    recorded = {key: as_of(count, at) for key, count in line.clocks.items()}
    shown = {key: as_of(row.count, at) for key, row in rows.items()}
    others = sorted({key for key, _ in recorded.items() ^ shown.items()})
    if keep and others:
        for row in [rows.pop(key) for key in rows.keys() - recorded.keys()]:
            clocks.forget(tx, row)
        desk.keep(tx, ticket, line, rows, now)
        tickets.redraw(tx, ticket, now)
    return [
        f"{name}.{cycle}: {_differs(shown.get((name, cycle)), recorded.get((name, cycle)))}" for name, cycle in others
    ]


def _differs(shown: Count | None, recorded: Count | None) -> str:
    """Say in what a clock stands otherwise than recorded."""
    if shown is None or recorded is None:
        return "is missing" if shown is None else "was never recorded"
    return ", ".join(name for name in Count._fields if getattr(shown, name) != getattr(recorded, name))
