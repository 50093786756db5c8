"""Letting clocks speak when their time has come: to whoever is on call, or in the thread."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from chatops import outbox
from chatops.desk import paging, tickets
from chatops.desk.sweeping import Sweeper
from chatops.model import alarm as clocks
from chatops.model import digest as digests
from chatops.model import page as pages
from chatops.model import recap as recaps
from chatops.model import recount
from chatops.model import rotation as rotations
from chatops.model import thread as threads
from chatops.model import ticket as ticket_questions
from chatops.model.alarm import Due, Passed, Raised
from chatops.model.page import Why
from chatops.model.promise import Asked
from chatops.rules.alarms import Alarm, alarms, gravest
from chatops.rules.clock import as_of
from chatops.rules.targets import Promise, Urgency
from chatops.store.instants import earliest
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds, to_milliseconds

AT_ONCE = 400  # clocks that one transaction lets speak: so many that who must be called meanwhile hardly waits
CALLS_AT_ONCE = 50  # of those that are urgent: each of them calls people
_OTHERS = (*pages.NEXT_AT, recount.BEGAN_AT, rotations.NEXT_AT, digests.NEXT_AT, recaps.NEXT_AT)
_COMING = Prepared(select(earliest(*clocks.NEXT_AT).scalar_subquery(), earliest(*_OTHERS).scalar_subquery()))


class Coming(NamedTuple):
    """When clocks speak next, and when somebody must be called, or told something, for another reason."""

    clocks: datetime | None = None
    others: datetime | None = None

    @property
    def soonest(self) -> datetime | None:
        """The earlier of the two."""
        return min((at for at in self if at is not None), default=None)


def coming(tx: Transaction) -> Coming:
    """Return what is due next."""
    [row] = tx.rows(_COMING)
    return Coming(*row)


def next_at(tx: Transaction) -> datetime | None:
    """Return when anything is due next."""
    return coming(tx).soonest


def _speak(tx: Transaction, found: Sequence[Due], now: datetime) -> list[timedelta]:
    """Let clocks speak whose time has come; return how late each of them is."""
    promises, at = Asked(tx), to_milliseconds(now)
    passed, speeches = [], []
    for due in found:
        stands, speech = _passes(due, promises.of(due), at)
        passed.append(stands)
        speeches += [speech] if speech is not None else []
    clocks.stand(tx, passed)
    _say(tx, _news(tx, speeches, now), now)
    return [now - from_milliseconds(due.next_alarm_at) for due in found]


def _put_off(tx: Transaction, due: Due, until: datetime) -> str:
    """Let a clock wait that cannot speak; return which that is."""
    clocks.put_off(tx, due, until)
    return f"clock {due.shop_id}/{due.ticket_id} {due.target} {due.cycle}"


def _due(tx: Transaction, now: datetime, limit: int) -> list[Due]:
    """Return clocks that must speak; what is urgent does not wait until others have spoken, too."""
    urgent = clocks.due(tx, now, min(limit, CALLS_AT_ONCE), urgent=True)
    return urgent or clocks.due(tx, now, limit, urgent=False)


raise_due = Sweeper(_due, _speak, _put_off, AT_ONCE)


class Speech(NamedTuple):
    """What a clock has to say: the gravest of its alarms that came due, and those it speaks for."""

    clock: Due
    promise: Promise
    loud: Alarm
    others: tuple[Alarm, ...]

    @property
    def retroactive(self) -> bool:
        """Whether only a later change broke the promise."""
        moved, due = self.clock.moved_at, self.clock.due_at
        return self.loud.is_breach and moved is not None and due is not None and due <= moved

    def raised(self, alarm: Alarm, now: int) -> Raised:
        """Return what is kept of an alarm for good."""
        spoke = alarm is self.loud
        return Raised(*self.clock.key, alarm.name, alarm.position, alarm.at, now, spoke, self.retroactive)


def _passes(due: Due, promise: Promise | None, now: int) -> tuple[Passed, Speech | None]:
    """Let time pass for a clock; return how it stands now, and what it has to say, if anything."""
    if promise is None:
        return Passed(*due.key, due.state, due.breached_at, due.heeded, None, urgent=False), None
    before, seed = due.counted, due.seed
    spoken = [alarm for alarm in alarms(before, promise, due.heeded, seed) if alarm.at <= now]
    heeded = max((alarm.position for alarm in spoken), default=due.heeded)
    count = as_of(before, now)
    coming = next(iter(alarms(count, promise, heeded, seed)), None)
    at, urgent = (None, False) if coming is None else (coming.at, coming.is_urgent)
    stands = Passed(*due.key, count.state, count.breached, heeded, at, urgent)
    if not spoken:
        return stands, None
    loud = gravest(spoken)
    return stands, Speech(due, promise, loud, tuple(alarm for alarm in spoken if alarm is not loud))


def _news(tx: Transaction, speeches: Sequence[Speech], now: datetime) -> list[Speech]:
    """Write down what came due, and return what was never said before."""
    at = to_milliseconds(now)
    raised = [speech.raised(alarm, at) for speech in speeches for alarm in (speech.loud, *speech.others)]
    new = clocks.kept(tx, raised)
    return [speech for speech in speeches if (*speech.clock.key, speech.loud.name) in new]


def _say(tx: Transaction, speeches: Sequence[Speech], now: datetime) -> None:
    """Call people, or tell the threads where nobody is called."""
    told = [speech for speech in speeches if not _calls(tx, speech, now)]
    found = threads.of_tickets(tx, [(speech.clock.shop_id, speech.clock.ticket_id) for speech in told])
    said = []
    for speech in told:
        about = outbox.Told.CLOCK_BREACHED if speech.loud.is_breach else outbox.Told.CLOCK_WARNS
        facts = speech.clock.facts() | {"late": "1" if speech.retroactive else ""}
        said += [(one, about, facts) for one in found.get((speech.clock.shop_id, speech.clock.ticket_id), ())]
    outbox.tell_all(tx, said, now)


def _calls(tx: Transaction, speech: Speech, now: datetime) -> bool:
    """Call somebody, if that is promised and they can be called, and show it on the ticket's cards."""
    why = Why.BREACH if speech.loud.is_breach else Why.WARN
    if speech.loud.urgency is Urgency.CHANNEL or speech.retroactive:
        return False
    ticket = ticket_questions.get(tx, speech.clock.shop_id, speech.clock.ticket_id)
    due_at = None if speech.clock.due_at is None else from_milliseconds(speech.clock.due_at)
    if ticket is None or not paging.summon(
        tx, ticket, speech.promise.escalation, why, speech.loud.urgency, now, due_at
    ):
        return False
    tickets.redraw(tx, ticket, now)
    return True
