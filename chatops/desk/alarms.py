"""Letting clocks speak when their time has come: to whoever is on call, or in the thread."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from chatops import outbox
from chatops.desk import paging, tickets
from chatops.model import clock as clocks
from chatops.model import digest as digests
from chatops.model import page as pages
from chatops.model import recount
from chatops.model import rotation as rotations
from chatops.model import thread as threads
from chatops.model.clock import AlarmRaised, Clock, Due
from chatops.model.page import Why
from chatops.model.promise import Asked
from chatops.model.ticket import Ticket
from chatops.rules.alarms import Alarm, alarms, gravest
from chatops.rules.clock import as_of
from chatops.rules.targets import Promise, Urgency
from chatops.store.transaction import Transaction, new
from chatops.times import from_milliseconds, to_milliseconds

AT_ONCE = 100  # clocks that one transaction lets speak; what is urgent goes first in each


def next_at(tx: Transaction) -> datetime | None:
    """Return when somebody must be called, or told something, next."""
    questions = (clocks.next_alarm_at, pages.next_at, recount.began_at, rotations.next_at, digests.next_at)
    found = (question(tx) for question in questions)
    return min((at for at in found if at is not None), default=None)


def raise_due(tx: Transaction, now: datetime, limit: int = AT_ONCE) -> list[timedelta]:
    """Let clocks speak whose time has come, only so many at once; return how late each of them is."""
    found = _due(tx, now, limit)
    late = [now - due.clock.next_alarm_at for due in found if due.clock.next_alarm_at is not None]
    promises = Asked(tx)
    speeches = [speech for due in found for speech in _spoken(due, promises.of(due), now)]
    clocks.stand(tx, [due.clock for due in found])
    _say(tx, _news(tx, speeches, now), now)
    return late


def put_off(tx: Transaction, now: datetime, until: datetime) -> str:
    """Let the clock wait that `raise_due` would let speak first, because it cannot; return which that is."""
    for row, _, _ in _due(tx, now, 1):
        tx.update(row, next_alarm_at=until)
        return f"clock {row.shop_id}/{row.ticket_id} {row.target} {row.cycle}"
    return ""


def _due(tx: Transaction, now: datetime, limit: int) -> list[Due]:
    """Return clocks that must speak, the urgent ones first."""
    found = clocks.due(tx, now, limit, urgent=True)
    return found + (clocks.due(tx, now, limit - len(found), urgent=False) if len(found) < limit else [])


class Speech(NamedTuple):
    """What a clock has to say: the gravest of its alarms that came due, and those it speaks for."""

    clock: Clock
    ticket: Ticket
    promise: Promise
    loud: Alarm
    others: tuple[Alarm, ...]

    @property
    def retroactive(self) -> bool:
        """Whether only a later change broke the promise."""
        moved, due = self.clock.moved_at, self.clock.due_at
        return self.loud.is_breach and moved is not None and due is not None and due <= moved

    def raised(self, alarm: Alarm, now: datetime) -> AlarmRaised:
        """Return what is kept of an alarm for good."""
        return new(
            AlarmRaised,
            shop_id=self.clock.shop_id,
            ticket_id=self.clock.ticket_id,
            target=self.clock.target,
            cycle=self.clock.cycle,
            alarm=alarm.name,
            position=alarm.position,
            due_at=from_milliseconds(alarm.at),
            raised_at=now,
            spoke=alarm is self.loud,
            retroactive=self.retroactive,
        )


def _spoken(due: Due, promise: Promise | None, now: datetime) -> Iterator[Speech]:
    """Let time pass for a clock, in its row, and yield what it has to say."""
    row, at = due.clock, to_milliseconds(now)
    if promise is None:
        row.next_alarm_at = None
        return
    spoken = [alarm for alarm in alarms(row.count, promise, row.heeded, row.seed) if alarm.at <= at]
    heeded = max((alarm.position for alarm in spoken), default=row.heeded)
    count = as_of(row.count, at)
    row.__dict__.update(clocks.standing(count, next(iter(alarms(count, promise, heeded, row.seed)), None), heeded))
    if spoken:
        loud = gravest(spoken)
        yield Speech(row, due.ticket, promise, loud, tuple(alarm for alarm in spoken if alarm is not loud))


def _news(tx: Transaction, speeches: Sequence[Speech], now: datetime) -> list[Speech]:
    """Write down what came due, and return what was never said before."""
    known = clocks.said(tx, [speech.clock for speech in speeches])
    raised = [speech.raised(alarm, now) for speech in speeches for alarm in (speech.loud, *speech.others)]
    clocks.write_down(tx, [one for one in raised if one.key not in known])
    return [speech for speech in speeches if speech.raised(speech.loud, now).key not in known]


def _say(tx: Transaction, speeches: Sequence[Speech], now: datetime) -> None:
    """Call people, or tell the threads where nobody is called, and bring the cards up to date."""
    in_threads = [speech for speech in speeches if not _calls(tx, speech, now)]
    tickets.changed(tx, [speech.ticket for speech in speeches])
    found = threads.of_tickets(tx, [speech.ticket for speech in speeches])
    told = []
    for speech in in_threads:
        about = outbox.Told.CLOCK_BREACHED if speech.loud.is_breach else outbox.Told.CLOCK_WARNS
        facts = speech.clock.facts() | {"late": "1" if speech.retroactive else ""}
        told += [(thread, about, facts) for thread in found.get((speech.ticket.shop_id, speech.ticket.id), ())]
    outbox.tell_all(tx, told, [thread for several in found.values() for thread in several], now)


def _calls(tx: Transaction, speech: Speech, now: datetime) -> bool:
    """Call somebody, if that is promised and they can be called."""
    why = Why.BREACH if speech.loud.is_breach else Why.WARN
    if speech.loud.urgency is Urgency.CHANNEL or speech.retroactive:
        return False
    urgency, due_at = speech.loud.urgency, speech.clock.due_at
    return paging.summon(tx, speech.ticket, speech.promise.escalation, why, urgency, now, due_at)
