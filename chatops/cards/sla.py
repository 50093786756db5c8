"""What `!sla` answers: every clock of a ticket, and which time was counted, day by day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from chatops.cards.clock import lasting, paused, why_resting
from chatops.cards.queue import late
from chatops.catalog import Verb
from chatops.errors import Refusal, Refused
from chatops.i18n import _, length, moment, named_day, ngettext, span, weave
from chatops.model import clock as clocks
from chatops.model import promise as promises
from chatops.model import shop as shops
from chatops.model import ticket as tickets
from chatops.model.agent import Agent
from chatops.model.clock import Clock
from chatops.model.thread import Thread
from chatops.rules import choices, zones
from chatops.rules.clock import ClockState, Rest
from chatops.rules.counting import Counted, by_day
from chatops.rules.targets import Excuse, Metric
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds
from chatops.ui import Card, Inline, Line, Moment, MomentStyle, Paragraph, Small, Strong, Tone
from chatops.words import METRICS, one_line

WHY = "!sla why"
DAYS = 7  # that are told one by one; earlier ones are told together

ENDED: Mapping[str, Callable[[], str]] = {
    "resolved": lambda: _("ended: the ticket was resolved"),
    "no_reply": lambda: _("ended: no answer was needed"),
    "merged": lambda: _("ended: another ticket goes on with it"),
    "blocked": lambda: _("ended: the buyer was blocked"),
    "no_promise": lambda: _("ended: it is not promised any more"),
}


def sla(tx: Transaction, agent: Agent, thread: Thread | None, words: str, now: datetime) -> Card:
    """Return the clocks of a thread's ticket; asked why, the time that was counted of those that still run.

    Outside a ticket's thread: what becomes due next.

    Raises:
        Refused: the words ask nothing known.
    """
    if thread is None:
        return late(tx, agent, now) if not words.strip() else _only_in_thread()
    if words.strip() and choices.choice(words, choices.CLOCKS) != "why":
        raise Refused(Refusal.NO_SUCH_CHOICE, verb=Verb.SLA.value, words=words, choices=", ".join(choices.CLOCKS))
    found = clocks.of_ticket(tx, thread.shop_id, thread.ticket_id)
    excused = [Small((said,)) for said in _excused(tx, thread)]
    if not (found or excused):
        nothing = _("Nothing is promised for this ticket, so no clock runs.")
        return Card(summary=nothing, parts=(Paragraph((nothing,)),))
    zone = _zone(tx, agent, thread)
    if words.strip():
        parts = [part for clock in _told(found) for part in _why(tx, clock, zone, now)]
        foot = _("Days and times are those of {zone}.", zone=str(zone))
    else:
        parts = [part for clock in found for part in _standing(tx, clock, now)]
        foot = _("Which time was counted: {words}", words=WHY)
    parts += excused
    title = _("The clocks of this ticket")
    said = "\n".join([title, *(_plain(part.line) for part in parts), foot])
    return Card(title=title, summary=said, parts=(*parts, Small((foot,))))


def _only_in_thread() -> Card:
    said = _("This works in the thread of a ticket. Open one and type there: {words}", words=WHY)
    return Card(summary=said, tone=Tone.WARN, parts=(Paragraph((said,)),))


def _told(found: Sequence[Clock]) -> list[Clock]:
    """Return the clocks whose time is told: those that still run, else those that were kept or missed."""
    return [one for one in found if one.is_open] or [one for one in found if one.state is not ClockState.CANCELLED]


def _standing(tx: Transaction, clock: Clock, now: datetime) -> Iterator[Paragraph | Small]:
    yield Paragraph((Strong(METRICS[clock.metric]()), " · ", *_state(tx, clock, now)))
    if clock.is_open and clock.metric is not Metric.PLATFORM_DEADLINE:
        yield Small((_hours(clock),))


def _state(tx: Transaction, clock: Clock, now: datetime) -> Line:
    limit = lasting(clock, clock.limit)
    if clock.state is ClockState.MET:
        return weave("kept: {when}, {limit} promised", when=_at(clock.met_at), limit=limit)
    if clock.state is ClockState.MET_LATE:
        return weave("late: {when}, {limit} promised", when=_at(clock.met_at), limit=limit)
    if clock.state is ClockState.CANCELLED:
        return (ENDED.get(clock.reason, lambda: _("ended"))(),)
    return _running(tx, clock, limit, now)


def _running(tx: Transaction, clock: Clock, limit: str, now: datetime) -> Line:
    """Return how a clock stands that can still be met."""
    if clock.state is ClockState.PAUSED:
        return (paused(clock),)
    if clock.state is ClockState.BREACHED:
        return weave("overdue: {limit} ended {when}", limit=limit, when=_at(clock.due_at))
    if clock.metric is Metric.PLATFORM_DEADLINE:
        return (_at(clock.due_at),)
    left = lasting(clock, clock.limit - _used(tx, clock, now))
    return weave("{left} of {limit} left, until {when}", left=left, limit=limit, when=_at(clock.due_at))


def _why(tx: Transaction, clock: Clock, zone: ZoneInfo, now: datetime) -> Iterator[Paragraph | Small]:
    days = by_day(promises.counted(tx, clock, now), zone)
    used = sum(day.length for day in days)
    said = _("{used} of {limit} are used up", used=lasting(clock, used), limit=lasting(clock, clock.limit))
    yield Paragraph((Strong(METRICS[clock.metric]()), " · ", said))
    if earlier := days[:-DAYS]:
        lasted = length(sum(day.length for day in earlier), days=False)
        said = ngettext("{count} day before: {length}", "{count} days before: {length}", len(earlier), length=lasted)
        yield Paragraph((said,))
    for day in days[-DAYS:]:
        yield Paragraph((_day(day, zone),))
    for rest in promises.rests(tx, clock)[-DAYS:]:
        yield Paragraph((_rest(rest, zone),))
    yield Small((_hours(clock),))


def _day(day: Counted, zone: ZoneInfo) -> str:
    times = (span(from_milliseconds(start), from_milliseconds(end), zone) for start, end in day.stretches)
    lasted = length(day.length, days=False)
    return _("{day}: {times} ({length})", day=named_day(day.on), times=", ".join(times), length=lasted)


EXCUSES: Mapping[Excuse, Callable[[], str]] = {
    Excuse.HOLIDAY: lambda: _("TikTok does not count that the buyer waits: they asked while holiday mode was on."),
    Excuse.SELLER_STARTED: lambda: _("TikTok does not count that the buyer waits: the shop began this conversation."),
}


def _excused(tx: Transaction, thread: Thread) -> Iterator[str]:
    """Yield why the platform does not count that the buyer waits, if so."""
    ticket = tickets.get(tx, thread.shop_id, thread.ticket_id)
    asked = promises.market_asks(tx, ticket) if ticket is not None else None
    excuse = promises.excuse_of(tx, ticket) if ticket is not None and asked is not None else None
    if asked is not None and excuse in asked.excuses:
        yield EXCUSES[excuse]()


def _rest(rest: Rest, zone: ZoneInfo) -> str:
    start, why = moment(from_milliseconds(rest.start), zone), why_resting(sorted(rest.why))
    if rest.end is None:
        return _("stands still since {start}: {why}", start=start, why=why)
    return _(
        "stood still from {start} to {end}: {why}", start=start, end=moment(from_milliseconds(rest.end), zone), why=why
    )


def _hours(clock: Clock) -> str:
    if not clock.calendar:
        return _("counted around the clock")
    return _("counted in the hours of {calendar}", calendar=one_line(clock.calendar))


def _used(tx: Transaction, clock: Clock, now: datetime) -> int:
    return sum(end - start for start, end in promises.counted(tx, clock, now))


def _zone(tx: Transaction, agent: Agent, thread: Thread) -> ZoneInfo:
    """Return the reader's time zone, the shop's where that is not known."""
    shop = shops.get(tx, thread.shop_id)
    return zones.first(agent.timezone, shop.timezone if shop else "")


def _at(instant: datetime | None) -> Inline:
    return "" if instant is None else Moment(instant, MomentStyle.DATE_TIME, moment(instant))


def _plain(line: Line) -> str:
    """Return the words of a line."""
    return "".join(
        piece.text if isinstance(piece, Strong) else piece.fallback if isinstance(piece, Moment) else str(piece)
        for piece in line
    )
