"""Counting a ticket's clocks: what happens to it is recorded, and its clocks are what follows from the records.

Whoever calls holds the ticket's row lock.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chatops import outbox
from chatops.desk import paging
from chatops.model import clock as clocks
from chatops.model import outage as outages
from chatops.model import page as pages
from chatops.model import shop as shops
from chatops.model import thread as threads
from chatops.model.clock import Clock, ClockRecord, Promised
from chatops.model.page import Why
from chatops.model.promise import NOTHING, Pins, book, excuse_of, happened, pins_for, promises_of
from chatops.model.ticket import Ticket, TicketState
from chatops.rules.alarms import alarms
from chatops.rules.answers import AnswerKind
from chatops.rules.clock import ClockState, Count, Happening, Key, Line
from chatops.rules.targets import Excuse, Metric, Pause, Promise
from chatops.store.transaction import Transaction, new
from chatops.times import to_milliseconds

MAY_START = frozenset((Happening.WAITS, Happening.PROMISED, Happening.REOPENED))  # a clock, or let one run again
ASKED_ABOUT = frozenset(("level", "priority", "tags", "language"))  # by service levels


def changed(tx: Transaction, ticket: Ticket, names: frozenset[str], now: datetime) -> None:
    """Hear what it means to a ticket's clocks that these facts of it are others now."""
    if "state" in names:
        hear_of_reach(tx, ticket, now)
        closed = Happening.MERGED if ticket.merged_into is not None else Happening.RESOLVED
        hear(tx, ticket, Happening.REOPENED if ticket.state is TicketState.OPEN else closed, now)
        retarget(tx, ticket, now)  # while it was closed nobody did
        return
    if names & ASKED_ABOUT:
        retarget(tx, ticket, now)
    if "snoozed_until" in names:
        hear(tx, ticket, Happening.WOKE if ticket.snoozed_until is None else Happening.SNOOZED, now)
    if "no_reply_at" in names and ticket.no_reply_at is not None:
        hear(tx, ticket, Happening.NO_REPLY, now)


def buyer_waits(tx: Transaction, ticket: Ticket, since: datetime, now: datetime, excuse: Excuse | None = None) -> None:
    """Let the clocks run that count until the buyer is answered; `excuse`: why the platform may not count it."""
    if book(tx).levels:
        _begin(tx, ticket, _waits(tx, ticket, since, now, excuse), now)


def buyer_asks_on(tx: Transaction, ticket: Ticket, since: datetime, now: datetime) -> None:
    """Let the clocks run again that an automatic answer ended or paused, though nobody has answered the buyer yet."""
    if any(target.automatic_counts for level in book(tx).levels for target in level.spec.targets):
        buyer_waits(tx, ticket, since, now)


def goes_on_waiting(tx: Transaction, ticket: Ticket, since: datetime, now: datetime) -> None:
    """Let the clocks of a ticket run whose buyer waited in one that was just merged into it.

    Such a wait breaks no promise that its time was over for by now: that one counts from now on.
    """
    if book(tx).levels:
        waits = _waits(tx, ticket, since, now)
        waits.since = now
        _begin(tx, ticket, waits, now)


def deadline(tx: Transaction, ticket: Ticket, at: datetime, now: datetime) -> None:
    """Let the ticket's clock run out when the marketplace says so."""
    _begin(tx, ticket, _record(ticket, Happening.DEADLINE, now, since=at), now)


def answered(
    tx: Transaction, ticket: Ticket, at: datetime, answer: AnswerKind, still_since: datetime | None, now: datetime
) -> None:
    """Let the clocks end that such an answer ends, and say in the thread if a platform's goes on.

    `still_since`: since when the buyer waits for another one, if so.
    """
    promised = clocks.promised(tx, ticket.shop_id, ticket.id)
    if promised is None:
        return
    heard = [_record(ticket, Happening.ANSWERED, now, at, answer=answer)]
    if still_since is not None:
        heard.append(_waits(tx, ticket, still_since, now))
    _say_what_goes_on(tx, ticket, _count(tx, ticket, promised, heard, now), heard[0], now)


def hear(tx: Transaction, ticket: Ticket, what: Happening, now: datetime) -> None:
    """Count what happens to a ticket; to one that was never promised anything nothing does."""
    promised = clocks.promised(tx, ticket.shop_id, ticket.id)
    if promised is not None:
        _count(tx, ticket, promised, [_record(ticket, what, now)], now)


def retarget(tx: Transaction, ticket: Ticket, now: datetime, *, anew: bool = False) -> bool:
    """Let an open ticket count by what it is promised as it stands now; return whether that is something else.

    `anew`: hours that are the same may count otherwise.
    """
    if ticket.state is not TicketState.OPEN:
        return False
    pins, promised = pins_for(tx, ticket, book(tx).levels), clocks.promised(tx, ticket.shop_id, ticket.id)
    same = (NOTHING if promised is None else Pins.of(promised)) == pins
    if same and not (anew and pins.calendars):
        return False
    if promised is None:
        _promise(tx, ticket, pins, _so_far(tx, ticket, now), now)
    else:
        hear_of_reach(tx, ticket, now)
        from_here = _record(ticket, Happening.PROMISED, now, since=ticket.waiting_since, pins=pins)
        from_here.excuse = excuse_of(tx, ticket)
        _count(tx, ticket, promised, [from_here], now)
    return True


def hear_of_reach(tx: Transaction, ticket: Ticket, now: datetime) -> bool:
    """Let a ticket's clocks stand still, or go on, by what was said of the marketplace since it heard of it last.

    The threads of one for whose clocks that means something are told; return whether it did.
    """
    promised = clocks.promised(tx, ticket.shop_id, ticket.id)
    news = outages.after(tx, ticket.shop_id, promised.reach) if promised is not None else []
    if promised is None or not news:
        return False
    tx.update(promised, reach=news[-1].number)
    if not _pauses(promises_of(tx, ticket, Pins.of(promised))):
        return False
    before = clocks.held(tx, ticket.shop_id, ticket.id)
    after = _count(tx, ticket, promised, [_record(ticket, one.what, now, one.at) for one in news], now)
    last, stood, stand = news[-1], _standing_still(before), _standing_still(after)
    if stood == stand:
        return False
    about = outbox.Told.CUT_OFF if last.what is Happening.CUT_OFF else outbox.Told.REACHED
    facts = {"at": last.at.isoformat(), "words": last.words}
    for thread in threads.of_ticket(tx, ticket.shop_id, ticket.id):
        near = last.said_by if last.said_by_workspace == thread.workspace_id else ""
        outbox.tell(tx, thread, about, facts | {"by": near}, now)
    return True


def _standing_still(rows: Sequence[Clock]) -> set[Key]:
    """Return the clocks that stand still because the marketplace cannot be reached."""
    return {(row.target, row.cycle) for row in rows if Pause.PLATFORM_DOWN in row.count.paused_for}


def _pauses(promises: Mapping[str, Promise]) -> bool:
    """Tell whether any of these clocks stands still while the marketplace cannot be reached."""
    return any(Pause.PLATFORM_DOWN in promise.pause for promise in promises.values())


def _begin(tx: Transaction, ticket: Ticket, heard: ClockRecord, now: datetime) -> None:
    """Count something that begins clocks, also of a ticket that was not promised anything yet."""
    promised = clocks.promised(tx, ticket.shop_id, ticket.id)
    if promised is not None:
        _count(tx, ticket, promised, [heard], now)
    elif (pins := pins_for(tx, ticket, book(tx).levels)) != NOTHING:
        _promise(tx, ticket, pins, [heard], now)


def _so_far(tx: Transaction, ticket: Ticket, now: datetime) -> list[ClockRecord]:
    """Return what is known of a ticket that is promised something only now."""
    heard = []
    if ticket.answered_at is not None:
        heard.append(_record(ticket, Happening.ANSWERED, now, ticket.answered_at, answer=AnswerKind.FULL))
    if ticket.waiting_since is not None:
        heard.append(_waits(tx, ticket, ticket.waiting_since, now))
    return heard


def _waits(
    tx: Transaction, ticket: Ticket, since: datetime, now: datetime, excuse: Excuse | None = None
) -> ClockRecord:
    """Return that the buyer wants an answer, and why the platform may not count that."""
    shop, waits = shops.about(tx, ticket.shop_id), _record(ticket, Happening.WAITS, now, since)
    waits.excuse = Excuse.HOLIDAY if shop is not None and shop.is_on_holiday(waits.at) else excuse
    return waits


def _promise(tx: Transaction, ticket: Ticket, pins: Pins, heard: Sequence[ClockRecord], now: datetime) -> None:
    """Begin to count."""
    none = {"service_level": "", "revision": 0, "calendars": {}}
    known = outages.last(tx, ticket.shop_id) if _pauses(promises_of(tx, ticket, pins)) else None
    reach = known.number if known is not None else 0
    promised = new(Promised, shop_id=ticket.shop_id, ticket_id=ticket.id, reach=reach, **none)
    tx.insert(promised)
    _count(tx, ticket, promised, [_record(ticket, Happening.PROMISED, now, pins=pins), *heard], now)


def _record(
    ticket: Ticket,
    what: Happening,
    now: datetime,
    at: datetime | None = None,
    since: datetime | None = None,
    answer: AnswerKind | None = None,
    pins: Pins | None = None,
) -> ClockRecord:
    """Return what is heard now; what is said to happen later happens now."""
    return new(
        ClockRecord,
        shop_id=ticket.shop_id,
        ticket_id=ticket.id,
        at=now if at is None else min(at, now),
        heard_at=now,
        what=what,
        since=since,
        answer=answer,
        facts={} if pins is None else pins.facts(),
    )


def _count(
    tx: Transaction, ticket: Ticket, promised: Promised, heard: Sequence[ClockRecord], now: datetime
) -> list[Clock]:
    """Write down what was heard, and let the clocks follow; return those it may have been about."""
    rows = clocks.held(tx, ticket.shop_id, ticket.id)
    if any(one.what is Happening.ANSWERED and one.at < row.started_at for one in heard for row in rows):
        rows = clocks.every(tx, ticket.shop_id, ticket.id)  # evidence for one that is over
    calling = [row for row in rows if row.calls]
    by_key = {(row.target, row.cycle): row for row in rows}
    line = Line(
        promises_of(tx, ticket, Pins.of(promised)),
        {key: row.count for key, row in by_key.items()},
        ticket.answered_at is not None,
    )
    records = promised.records
    for one in (*heard, *_still_cut_off(tx, ticket, promised, heard, now)):
        records += 1
        one.seq = records
        tx.insert(one)
        line.hear(happened(tx, ticket, one))
    facts = next((one.facts for one in reversed(heard) if one.what is Happening.PROMISED), {})
    tx.update(promised, records=records, **facts)
    keep(tx, ticket, line, by_key, now, promised=bool(facts))
    if calling and not any(row.calls for row in rows):
        _calm(tx, ticket, calling[0], now)
    return rows


def _still_cut_off(
    tx: Transaction, ticket: Ticket, promised: Promised, heard: Sequence[ClockRecord], now: datetime
) -> list[ClockRecord]:
    """Return what clocks must hear that may run from now on while the marketplace cannot be reached."""
    starts = [one for one in heard if one.what in MAY_START]
    pins = next((Pins.read(**one.facts) for one in reversed(starts) if one.facts), Pins.of(promised))
    if not starts or not _pauses(promises_of(tx, ticket, pins)):
        return []
    since = outages.now_cut_off(tx, ticket.shop_id)
    return [] if since is None else [_record(ticket, Happening.CUT_OFF, now, since.at)]


def _calm(tx: Transaction, ticket: Ticket, row: Clock, now: datetime) -> None:
    """Let nobody be called any more for clocks of which this was the last that called; who was asked for stays so."""
    page = pages.open_page(tx, ticket.shop_id, ticket.id)
    if page is not None and page.why is not Why.ASKED:
        paging.settle(tx, ticket, "corrected" if row.state is ClockState.RUNNING else row.state.value, now)


def keep(
    tx: Transaction, ticket: Ticket, line: Line, rows: Mapping[Key, Clock], now: datetime, *, promised: bool = False
) -> None:
    """Bring the rows up to what the line has come to; `promised`: from now on by other promises, or other hours."""
    added = []
    for (target, cycle), count in line.clocks.items():
        row, promise = rows.get((target, cycle)), line.promises.get(target)
        newest = (target, cycle + 1) not in line.clocks
        if row is None:
            added.append(_added(ticket, (target, cycle), count, promise, newest=newest))
        elif (row.count, row.newest) != (count, newest) or (promised and count.is_open):
            moved = promised and row.count.due != count.due
            stands = _stands(row, count, promise, _heeded(tx, row, count, promise, now))
            tx.update(row, newest=newest, moved_at=now if moved else row.moved_at, **stands)
    if added:
        tx.insert_ignore_all(Clock, added)


def _heeded(tx: Transaction, row: Clock, count: Count, promise: Promise | None, now: datetime) -> int:
    """Return up to where a clock has spoken as it stands now; what it said too soon, as it turns out, it says again."""
    at, same = to_milliseconds(now), row.limit == count.limit
    every = alarms(count, promise, seed=row.seed) if promise is not None and row.heeded >= 0 else []
    again = [one for one in every if one.at > at and (one.position <= row.heeded or not same)]
    if again:
        clocks.take_back(tx, row, [one.name for one in again], now)
        return max((one.position for one in every if one.at <= at and one.position <= row.heeded and same), default=-1)
    return row.heeded if same else -1


def _added(ticket: Ticket, key: Key, count: Count, promise: Promise | None, *, newest: bool) -> dict[str, object]:
    target, cycle = key
    metric = Metric(target.partition(".")[0])
    row = new(Clock, shop_id=ticket.shop_id, ticket_id=ticket.id, target=target, cycle=cycle, metric=metric)
    row.__dict__.update(newest=newest, **_stands(row, count, promise, -1))
    return {name: getattr(row, name) for name in clocks.COLUMNS}


def _stands(row: Clock, count: Count, promise: Promise | None, heeded: int) -> dict[str, object]:
    """Return the columns of a clock that stands so; `promise` None: there is none any more."""
    coming = next(iter(alarms(count, promise, heeded, row.seed)), None) if promise is not None else None
    calendar = row.calendar if promise is None else promise.calendar_name
    return {"calendar": calendar, **clocks.standing(count, coming, heeded)}


def _say_what_goes_on(
    tx: Transaction, ticket: Ticket, rows: Sequence[Clock], answer: ClockRecord, now: datetime
) -> None:
    """Tell the team once that what they sent is no answer to the platform."""
    if answer.answer in (None, AnswerKind.FULL):
        return
    promised = clocks.promised(tx, ticket.shop_id, ticket.id)
    promises = promises_of(tx, ticket, Pins.of(promised)) if promised is not None else {}
    for row in rows:
        in_vain = row.target in promises and answer.answer not in promises[row.target].counts
        if row.metric is not Metric.PLATFORM_RESPONSE or not row.is_open or row.due_at is None or not in_vain:
            continue
        same = [one for one in clocks.records(tx, ticket.shop_id, ticket.id) if one.answer is answer.answer]
        if any(one.seq < answer.seq and one.at >= row.started_at for one in same):
            continue
        facts = row.facts() | {"answer": answer.answer.value if answer.answer else ""}
        for thread in threads.of_ticket(tx, ticket.shop_id, ticket.id):
            outbox.tell(tx, thread, outbox.Told.CLOCK_GOES_ON, facts, now)
