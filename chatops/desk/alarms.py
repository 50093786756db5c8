"""Letting clocks speak when their time has come: to whoever is on call, or in the thread."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chatops import outbox
from chatops.desk import paging, tickets
from chatops.model import clock as clocks
from chatops.model import page as pages
from chatops.model import recount
from chatops.model import rotation as rotations
from chatops.model import thread as threads
from chatops.model.clock import AlarmRaised, Clock
from chatops.model.page import Why
from chatops.model.promise import promise_of
from chatops.model.ticket import Ticket
from chatops.rules.alarms import Alarm, alarms, gravest
from chatops.rules.clock import as_of
from chatops.rules.targets import Promise, Urgency
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds, to_milliseconds

AT_ONCE = 100  # clocks that one transaction lets speak; what is urgent goes first in each


def next_at(tx: Transaction) -> datetime | None:
    """Return when somebody must be called, or told something, next."""
    questions = (clocks.next_alarm_at, pages.next_at, recount.began_at, rotations.next_at)
    found = (question(tx) for question in questions)
    return min((at for at in found if at is not None), default=None)


def raise_due(tx: Transaction, now: datetime, limit: int = AT_ONCE) -> list[timedelta]:
    """Let clocks speak whose time has come, only so many at once; return how late each of them is."""
    found = _due(tx, now, limit)
    late = [now - row.next_alarm_at for row, _ in found if row.next_alarm_at is not None]
    for row, ticket in found:
        _speak(tx, row, ticket, now)
    return late


def put_off(tx: Transaction, now: datetime, until: datetime) -> str:
    """Let the clock wait that `raise_due` would let speak first, because it cannot; return which that is."""
    for row, _ in _due(tx, now, 1):
        tx.update(row, next_alarm_at=until)
        return f"clock {row.shop_id}/{row.ticket_id} {row.target} {row.cycle}"
    return ""


def _due(tx: Transaction, now: datetime, limit: int) -> list[tuple[Clock, Ticket]]:
    """Return clocks that must speak, the urgent ones first."""
    found = clocks.due(tx, now, limit, urgent=True)
    return found + (clocks.due(tx, now, limit - len(found), urgent=False) if len(found) < limit else [])


def _speak(tx: Transaction, row: Clock, ticket: Ticket, now: datetime) -> None:
    promise, at = promise_of(tx, row), to_milliseconds(now)
    if promise is None:
        tx.update(row, next_alarm_at=None)
        return
    spoken = [alarm for alarm in alarms(row.count, promise, row.heeded, row.seed) if alarm.at <= at]
    heeded = max((alarm.position for alarm in spoken), default=row.heeded)
    count = as_of(row.count, at)
    coming = next(iter(alarms(count, promise, heeded, row.seed)), None)
    tx.update(row, **clocks.standing(count, coming, heeded))
    if spoken:
        _raise(tx, row, ticket, promise, spoken, now)


def _raise(
    tx: Transaction, row: Clock, ticket: Ticket, promise: Promise, found: Sequence[Alarm], now: datetime
) -> None:
    """Write down what was due, and let the gravest of it speak, unless it ever spoke before."""
    loud = gravest(found)
    retroactive = loud.is_breach and row.moved_at is not None and (row.due_at or now) <= row.moved_at
    news = {
        alarm: tx.insert_ignore(_raised(row, alarm, now, spoke=alarm is loud, retroactive=retroactive))
        for alarm in found
    }
    if not news[loud]:
        return
    tickets.redraw(tx, ticket, now)
    why = Why.BREACH if loud.is_breach else Why.WARN
    calls = loud.urgency is not Urgency.CHANNEL and not retroactive
    if calls and paging.summon(tx, ticket, promise.escalation, why, loud.urgency, now, row.due_at):
        return
    about = outbox.Told.CLOCK_BREACHED if loud.is_breach else outbox.Told.CLOCK_WARNS
    facts = row.facts() | {"late": "1" if retroactive else ""}
    for thread in threads.of_ticket(tx, ticket.shop_id, ticket.id):
        outbox.tell(tx, thread, about, facts, now)


def _raised(row: Clock, alarm: Alarm, now: datetime, *, spoke: bool, retroactive: bool) -> AlarmRaised:
    return AlarmRaised(
        shop_id=row.shop_id,
        ticket_id=row.ticket_id,
        target=row.target,
        cycle=row.cycle,
        alarm=alarm.name,
        position=alarm.position,
        due_at=from_milliseconds(alarm.at),
        raised_at=now,
        spoke=spoke,
        retroactive=retroactive,
    )
