"""What the shop aims at, as lights, each with the last fourteen days."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec
from sqlalchemy import BigInteger, ColumnElement, case, func, select, type_coerce
from sqlalchemy.orm import Mapped
from sqlmodel import col

from chatops.digest import aims, naming, tables
from chatops.digest.aims import FIRST_ANSWER, OFFICIAL
from chatops.digest.scope import ONE_DAY, Narrow, Scope, Window, midnight
from chatops.digest.section import Chart, Figure, Points, Reading, Section, Shape, Unit
from chatops.digest.tables import S, number
from chatops.i18n import _, length, share, short_day
from chatops.model import performance, promise
from chatops.model.let_go import LetGo
from chatops.model.message import Message
from chatops.model.queue import IS_OPEN
from chatops.model.ticket import Ticket
from chatops.rules.durations import milliseconds
from chatops.rules.lights import Light, light
from chatops.rules.targets import asked_by
from chatops.rules.walltime import DAY
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds
from chatops.ui import Paragraph, Part, Small, Strong

DAYS = 14
EFFECTIVE, REPLIED, SATISFIED = "effective", "replied", "satisfied"
ORDER = (FIRST_ANSWER, EFFECTIVE, REPLIED, OFFICIAL, SATISFIED)
THEIRS = (OFFICIAL, SATISFIED)  # of whole shops
EPOCH = date(1970, 1, 1)
MARKS = {Light.KEPT: "●", Light.NEAR: "▲", Light.MISSED: "■", Light.NONE: "–"}


class Value(msgspec.Struct, frozen=True):
    """A sum (of shares, or of milliseconds), and of how many."""

    sum: float = 0.0
    of: int = 0

    @property
    def mean(self) -> float | None:
        """What it comes to."""
        return self.sum / self.of if self.of else None


class Aimed(msgspec.Struct, frozen=True):
    """A figure of a market ("": of all), its limit then, its value in the window and on each of the last days."""

    figure: str
    market: str
    limit: float
    value: Value
    days: tuple[Value, ...]

    @property
    def light(self) -> Light:
        """How it stands."""
        return self.of(self.value)

    def of(self, value: Value) -> Light:
        """Return how a value of it stands."""
        return light(value.mean, self.limit, at_most=self.figure == FIRST_ANSWER)


class Targets(msgspec.Struct, frozen=True):
    """Lights, and the local days of their lines."""

    lights: tuple[Aimed, ...]
    days: tuple[str, ...]

    def value(self, figure: str) -> Value:
        """Return a figure of all markets."""
        found = [one.value for one in self.lights if one.figure == figure]
        return _sum(found)


ByDay = dict[tuple[str, str], dict[date, Value]]  # of each figure of a market


class Tally(msgspec.Struct):
    """The answers that buyers had on one day, and the waits that on that day became longer than TikTok allows."""

    answered: int = 0
    in_time: int = 0
    first: int = 0
    took: int = 0  # milliseconds until all the first answers together
    overdue: int = 0
    unanswered: int = 0  # of these, at the end of the span


def _count(tx: Transaction, scope: Scope, window: Window) -> Targets | None:
    regions = tables.regions(tx, scope)
    last = (window.end - timedelta(milliseconds=1)).astimezone(window.zone).date()
    line = Window(midnight(last - (DAYS - 1) * ONE_DAY, window.zone), window.end, window.zone)
    whole = Window(min(line.start, window.start), window.end, window.zone)
    by_day = _ours(tx, scope, regions, whole, last) | ({} if scope.teams else _theirs(tx, regions, whole, last))
    told, days = [day.date for day in window.days()], [day.date for day in line.days()]
    in_window = by_day
    if window.start > midnight(told[0], window.zone):  # of that day, only what is in the window
        in_window = by_day | _ours(tx, scope, regions, window, last)
    lights = tuple(
        Aimed(
            *key,
            limit,
            _sum([in_window[key].get(day, Value()) for day in told]),
            tuple(by_day[key].get(day, Value()) for day in days),
        )
        for key in sorted(by_day, key=lambda one: (ORDER.index(one[0]), one[1]))
        if any(value.of for value in by_day[key].values()) and (limit := aims.limit(tx, *key, last))
    )
    return Targets(lights, tuple(day.isoformat() for day in days)) if any(one.value.of for one in lights) else None


def _tallies(tx: Transaction, scope: Scope, regions: Mapping[str, str], span: Window, on: date) -> dict[date, Tally]:
    """Return by day which answers buyers had in a span, and who had waited for longer than TikTok's time by then."""
    found: defaultdict[date, Tally] = defaultdict(Tally)
    ended = col(Message.answers_since).is_not(None), tables.of_shops(tx, regions, col(Message.shop_id))
    sent, since = (type_coerce(col(column), BigInteger) for column in (Message.sent_at, Message.answers_since))
    limit, least = _within(regions, on, col(Message.shop_id)), number(min(_limits(regions, on).values(), default=DAY))
    first = case((col(Message.first_answer), number(1)), else_=number(0))
    soon = case((sent - since <= least, number(1)), (sent - since <= limit, number(1)), else_=number(0))
    sums = (func.coalesce(func.sum(each), 0) for each in (soon, first, first * (sent - since)))
    asked = tables.by(_of_part(select(func.count(), *sums).where(*ended), scope), Message, "message_answers")
    for each, row in tables.each_day(tx, asked, col(Message.sent_at), span):
        tally = found[each]
        tally.answered, tally.in_time, tally.first, tally.took = (int(value) for value in row)
    over, day = since + limit, tables.local_day(since + limit, span).label("day")
    still = case((col(Message.sent_at) >= span.end, number(1)), else_=number(0))
    late = select(day, func.count(), func.sum(still)).where(*ended, col(Message.sent_at) >= span.start)
    late = late.where(sent - since > least, sent > over, *_in(over, span))
    for row in tx.execute(tables.by(_of_part(late, scope), Message, "message_answers").group_by(day)):
        tally = found[EPOCH + row[0] * ONE_DAY]
        tally.overdue, tally.unanswered = int(row[1]), int(row[2])
    for on_day, count in _without(tx, scope, regions, span, on).items():
        found[on_day].overdue += count
        found[on_day].unanswered += count
    return found


def _without(tx: Transaction, scope: Scope, regions: Mapping[str, str], span: Window, on: date) -> Counter[date]:
    """Return by day how many waits became too long in a span that nobody has ended since, or only by letting go."""
    open_now = tables.by(select().select_from(Ticket).where(IS_OPEN), Ticket, "ticket_open")
    let_go = tables.by(select().select_from(LetGo).where(col(LetGo.until) >= span.end), LetGo, "let_go_until")
    if scope.teams:
        its_ticket = (col(Ticket.shop_id) == col(LetGo.shop_id)) & (col(Ticket.id) == col(LetGo.ticket_id))
        let_go = let_go.join(Ticket, its_ticket)
    found = Counter[date]()
    for asked, since, shop in (
        (open_now, col(Ticket.waiting_since), col(Ticket.shop_id)),
        (let_go, col(LetGo.since), col(LetGo.shop_id)),
    ):
        over = type_coerce(since, BigInteger) + _within(regions, on, shop)
        day = tables.local_day(over, span).label("day")
        here = tables.of_shops(tx, regions, shop), tables.of_part(scope), *_in(over, span)
        for each, count in tx.execute(asked.add_columns(day, func.count()).where(*here).group_by(day)):
            found[EPOCH + each * ONE_DAY] += count
    return found


def _of_part(asked: S, scope: Scope) -> S:
    """Let a question for answers look only at those in tickets of the scope's teams."""
    its_ticket = (col(Ticket.shop_id) == col(Message.shop_id)) & (col(Ticket.id) == col(Message.ticket_id))
    return asked.join(Ticket, its_ticket).where(tables.of_part(scope)) if scope.teams else asked


def _in(at: ColumnElement[int], span: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions of an instant that is reckoned, in milliseconds, to be in a span."""
    return at >= number(to_milliseconds(span.start)), at < number(to_milliseconds(span.end))


def _limits(regions: Mapping[str, str], on: date) -> dict[str, int]:
    """Return within how many milliseconds TikTok wants an answer in each shop's market; a day where nobody knows."""
    clocks = {shop_id: asked_by(promise.platform_clocks(), region, on) for shop_id, region in regions.items()}
    return {shop_id: milliseconds(clock.within) if clock else DAY for shop_id, clock in clocks.items()}


def _within(regions: Mapping[str, str], on: date, shop: Mapped[str]) -> ColumnElement[int]:
    """Return the limit of the shop that stands in a column."""
    apart = [(shop == shop_id, number(limit)) for shop_id, limit in _limits(regions, on).items() if limit != DAY]
    return case(*apart, else_=number(DAY)) if apart else number(DAY)


def _ours(tx: Transaction, scope: Scope, regions: Mapping[str, str], span: Window, last: date) -> ByDay:
    """Return our own figures by day."""
    tallies = _tallies(tx, scope, regions, span, last).items()
    return {
        (FIRST_ANSWER, ""): {day: Value(one.took, one.first) for day, one in tallies},
        (EFFECTIVE, ""): {day: Value(one.in_time, one.in_time + one.overdue) for day, one in tallies},
        (REPLIED, ""): {day: Value(one.answered, one.answered + one.unanswered) for day, one in tallies},
    }


def _theirs(tx: Transaction, regions: Mapping[str, str], span: Window, last: date) -> ByDay:
    """Return TikTok's own shares by market and day, weighed by sessions."""
    found: ByDay = defaultdict(dict)
    for one in performance.between(tx, list(regions), next(span.days()).date, last):
        for figure, said in ((OFFICIAL, one.answered), (SATISFIED, one.satisfied)):
            if said is not None and one.sessions:
                days = found[figure, regions[one.shop_id]]
                days[one.day] = _sum([days.get(one.day, Value()), Value(said * one.sessions, one.sessions)])
    return found


def _sum(values: Sequence[Value]) -> Value:
    return Value(sum(one.sum for one in values), sum(one.of for one in values))


def _parts(_tx: Transaction, facts: Targets, before: Targets | None, _reading: Reading) -> Sequence[Part]:
    then = {(one.figure, one.market): one.value for one in before.lights} if before else {}
    parts: list[Part] = []
    for one in facts.lights:
        told = _told(one.figure, one.value)
        earlier = then.get((one.figure, one.market))
        said = naming.compared(told, None if earlier is None else _told(one.figure, earlier))
        parts.append(Paragraph((f"{MARKS[one.light]} ", Strong(_name(one)), f" · {said} · {_asked(one)}")))
        parts.append(Small((" ".join(MARKS[one.of(day)] for day in one.days),)))
    ends = [date.fromisoformat(facts.days[at]) for at in (0, -1)]
    first, last = (short_day(day, year=ends[0].year != ends[1].year) for day in ends)
    legend = _(
        "{kept} kept, {near} missed by a tenth at most, {missed} missed, {none} nothing to count; {first} to {last}",
        kept=MARKS[Light.KEPT], near=MARKS[Light.NEAR], missed=MARKS[Light.MISSED], none=MARKS[Light.NONE],
        first=first, last=last,
    )  # fmt: skip
    return [*parts, Small((legend,))]


def _told(figure: str, value: Value) -> str:
    if figure == FIRST_ANSWER:
        return naming.duration(value.mean)
    if figure == SATISFIED and value.mean is not None:  # of how many ratings, TikTok does not say
        return share(value.mean)
    return "–" if value.mean is None else _("{share} of {number}", share=share(value.mean), number=value.of)


def _asked(one: Aimed) -> str:
    if one.figure == FIRST_ANSWER:
        return _("at most {value}", value=length(int(one.limit)))
    return _("at least {value}", value=share(one.limit))


NAMES = {
    FIRST_ANSWER: lambda: _("First answer on average"),
    EFFECTIVE: lambda: _("Answered in TikTok's time"),
    REPLIED: lambda: _("Chats answered at all"),
    OFFICIAL: lambda: _("Answered, as TikTok says"),
    SATISFIED: lambda: _("Satisfied buyers, as TikTok says"),
}


def _name(one: Aimed) -> str:
    name = NAMES[one.figure]()
    return f"{name} · {naming.market(one.market)}" if one.figure in THEIRS else name


def _charts(facts: Targets, _reading: Reading) -> Sequence[Chart]:
    return list(_lines(facts))


def _lines(facts: Targets) -> Iterator[Chart]:
    """Yield a line of the last days for each figure of ours; of TikTok's the lights are enough."""
    labels = [short_day(date.fromisoformat(day)) for day in facts.days]
    for one in facts.lights:
        if one.figure not in (FIRST_ANSWER, EFFECTIVE):
            continue
        values = tuple((label, day.mean) for label, day in zip(labels, one.days, strict=True))
        kept = sum(one.of(day) is Light.KEPT for day in one.days)
        counted = sum(day.of > 0 for day in one.days)
        yield Chart(
            title=NAMES[one.figure](),
            essence=_("Days kept: {kept} of {counted}.", kept=kept, counted=counted),
            shape=Shape.LINES,
            unit=Unit.LENGTH if one.figure == FIRST_ANSWER else Unit.SHARE,
            points=(Points("", values),),
            limit=one.limit,
            below_is_good=one.figure == FIRST_ANSWER,
        )


COUNTED = {
    FIRST_ANSWER: lambda: _(
        "How long buyers waited for the first answers of their tickets that they had in this time, added up and "
        "divided by how many there were: around the clock, until a person answered, a greeting too. One long wait "
        "moves it much; the median is in the section on answers."
    ),
    EFFECTIVE: lambda: _(
        "The share of waits that a person ended in this time within 12 or 24 hours, as TikTok asks in the shop's "
        "country, of these and of those that became longer than that in this time. Who waits, but not for so long yet, "
        "is left out. TikTok may not take a greeting for an answer and leaves out holiday mode and blocked buyers; we "
        "do not."
    ),
    REPLIED: lambda: _(
        "The share of waits that a person ended in this time, however late, of these and of those that became longer "
        "than TikTok allows in this time and had no answer at its end. Tickets resolved without an answer by "
        "then count nowhere. TikTok counts chats, not questions, and takes automatic answers for answers."
    ),
    OFFICIAL: lambda: _(
        "TikTok's own response rate of each day and shop. Where there were more sessions, as TikTok calls chats, it "
        "weighs more. It is read until three days after a day, because TikTok still changes it."
    ),
    SATISFIED: lambda: _(
        "TikTok's own share of satisfied ratings of each day and shop. Where there were more sessions it weighs more, "
        "because TikTok does not say how many ratings there were. It is no mark from 1 to 5: those are not read, so an "
        "aim of 4.7 of 5 cannot be shown."
    ),
}


def _figure(key: str) -> Figure[Targets]:
    unit = Unit.LENGTH if key == FIRST_ANSWER else Unit.SHARE
    return Figure(
        key,
        unit,
        NAMES[key],
        COUNTED[key],
        lambda facts: facts.value(key).mean,
        None if unit is Unit.LENGTH else lambda facts: facts.value(key).of,
        not_of=frozenset({Narrow.TEAM}) if key in THEIRS else frozenset(),
    )


SECTION = Section(
    key="targets",
    place=15,
    title=lambda: _("Targets"),
    facts=Targets,
    count=_count,
    parts=_parts,
    charts=_charts,
    figures=tuple(map(_figure, ORDER)),
    not_of=frozenset({Narrow.PERSON}),
)
