"""What a change of calendars and service levels would do to the clocks that run, before anybody makes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select

from chatops.model import clock as clocks
from chatops.model.clock import Clock
from chatops.model.definition import DefinitionKind, Spec
from chatops.model.promise import Pins, facts_of, market_asks, promises_of
from chatops.model.ticket import Ticket, TicketState
from chatops.rules.clock import ClockState, Count, Happened, Happening, Key, Line, as_of
from chatops.rules.hours import Calendar, Hours, compiled
from chatops.rules.targets import Promise, ServiceLevel, fits, promises
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds


class Preview(NamedTuple):
    """How many clocks are open now, how many would begin, move or end, and how many would be broken at once."""

    open: int
    move: int
    breached: int


def preview(tx: Transaction, wanted: Iterable[tuple[DefinitionKind, str, Spec]], now: datetime) -> Preview:
    """Return what would happen if these definitions were all there are."""
    given = list(wanted)
    levels = [spec for _, _, spec in given if isinstance(spec, ServiceLevel)]
    calendars = {name: compiled(spec) for _, name, spec in given if isinstance(spec, Hours)}
    total = Preview(0, 0, 0)
    for ticket in tx.all(Ticket, select(Ticket).where(col(Ticket.state) == TicketState.OPEN)):
        rows = {(one.target, one.cycle): one for one in clocks.of_ticket(tx, ticket.shop_id, ticket.id)}
        found = _of(tx, ticket, rows, _promises(tx, ticket, levels, calendars), to_milliseconds(now))
        total = Preview(*(so_far + more for so_far, more in zip(total, found, strict=True)))
    return total


def _promises(
    tx: Transaction, ticket: Ticket, levels: Iterable[ServiceLevel], calendars: Mapping[str, Calendar]
) -> dict[str, Promise]:
    facts = facts_of(tx, ticket)
    level = next((one for one in levels if facts is not None and fits(one.match, facts)), None)
    return {} if level is None else promises(level, calendars, market_asks(tx, ticket))


def _of(tx: Transaction, ticket: Ticket, rows: Mapping[Key, Clock], wanted: Mapping[str, Promise], now: int) -> Preview:
    """Return what would happen to one ticket's clocks."""
    promised = clocks.promised(tx, ticket.shop_id, ticket.id)
    held = promises_of(tx, ticket, Pins.of(promised)) if promised is not None else {}
    before = {key: row.count for key, row in rows.items()}
    is_open = sum(count.is_open for count in before.values())
    if held == wanted:
        return Preview(is_open, 0, 0)
    line = Line(held, dict(before), ticket.answered_at is not None)
    since = None if ticket.waiting_since is None else to_milliseconds(ticket.waiting_since)
    line.hear(Happened(now, Happening.PROMISED, now, since, promises=wanted))
    others = [key for key, count in line.clocks.items() if _moved(before.get(key), count)]
    broken = [key for key in others if _broken(as_of(line.clocks[key], now + 1)) and not _broken(before.get(key))]
    return Preview(is_open, len(others), len(broken))


def _moved(before: Count | None, after: Count) -> bool:
    return before is None or (before.state, before.due) != (after.state, after.due)


def _broken(before: Count | None) -> bool:
    return before is not None and before.state is ClockState.BREACHED
