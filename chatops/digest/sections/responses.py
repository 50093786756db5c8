"""How soon buyers were answered."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import msgspec
from sqlalchemy import case, select
from sqlmodel import col

from chatops.digest import aims, naming, tables
from chatops.digest.aims import FIRST_ANSWER
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Chart, Figure, Points, Reading, Section, Shape, Unit
from chatops.digest.tables import number
from chatops.i18n import _, hour_mark, length, oclock
from chatops.model.message import Message
from chatops.model.ticket import Ticket
from chatops.rules.walltime import HOUR, MINUTE, SECOND
from chatops.store.transaction import Transaction
from chatops.ui import Field, Fields, Paragraph, Part, Small, Strong
from chatops.words import side_by_side

HOURS = range(24)
GOAL = 5 * MINUTE  # where nothing else is aimed at, and of numbers from before it stood beside them
LIMITS = 5 * MINUTE, 15 * MINUTE, HOUR


class Speed(msgspec.Struct, frozen=True):
    """How soon some answers came, in milliseconds; `within` counts those that took no longer than each of LIMITS."""

    count: int = 0
    median: int | None = None
    p90: int | None = None  # nine of ten took no longer
    within: tuple[int, int, int] = (0, 0, 0)


class Responses(msgspec.Struct, frozen=True):
    """Answers of a window: the first of their tickets, and the others; `hours` by when the buyers had asked.

    `goal` is how soon a first answer should have come then, in milliseconds.
    """

    first: Speed
    next: Speed
    hours: tuple[tuple[int, int | None], ...]  # how many, and their median
    goal: int = GOAL


def _count(tx: Transaction, scope: Scope, window: Window) -> Responses | None:
    hour = tables.local_hour(col(Message.answers_since), window)
    first = case((col(Message.first_answer), number(1)), else_=number(0))
    each = (tables.seconds_taken() * number(24) + hour) * number(2) + first
    here = tables.of_shops(tx, tables.shops_of(tx, scope), col(Message.shop_id))
    asked = select(each).where(col(Message.answers_since).is_not(None), here)
    if scope.agent_id:
        asked = asked.where(
            col(Message.agent_id) == scope.agent_id, col(Message.source_workspace_id) == scope.workspace_id
        )
    if scope.teams:
        in_ticket = (col(Ticket.shop_id) == Message.shop_id) & (col(Ticket.id) == Message.ticket_id)
        asked = asked.join(Ticket, in_ticket).where(col(Ticket.team).in_(scope.teams))
    firsts, following = Counter[int](), Counter[int]()
    hours = [Counter[int]() for _hour in HOURS]
    asked = tables.by(asked, Message, "message_answers")
    for found, count in tables.counts(tx, asked, col(Message.sent_at), window).items():
        rest, is_first = divmod(int(found), 2)
        took, at = divmod(rest, 24)
        (firsts if is_first else following)[took * SECOND] += count
        hours[at][took * SECOND] += count
    if not firsts and not following:
        return None
    last = (window.end - timedelta(milliseconds=1)).astimezone(window.zone).date()
    goal = round(aims.limit(tx, FIRST_ANSWER, "", last)) or GOAL
    medians = tuple((one.total(), quantile(one, 1, 2)) for one in hours)
    return Responses(speed(firsts), speed(following), medians, goal)


def speed(took: Counter[int]) -> Speed:
    """Return how soon answers came, from how many took how long."""
    within = (sum(count for length, count in took.items() if length <= limit) for limit in LIMITS)
    five, fifteen, sixty = within
    return Speed(took.total(), quantile(took, 1, 2), quantile(took, 9, 10), (five, fifteen, sixty))


def quantile(counts: Counter[int], part: int, whole: int) -> int | None:
    """Return the smallest value that at least so many parts of all do not exceed; None where there are none."""
    wanted, seen = -(-counts.total() * part // whole), 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= wanted:
            return value
    return None


def _parts(_tx: Transaction, facts: Responses, before: Responses | None, _reading: Reading) -> Sequence[Part]:
    parts: list[Part] = []
    for kind in (FIRST, NEXT):
        now, then = kind.read(facts), kind.read(before) if before else None
        if now.count == 1:
            said = naming.compared(_briefly(now), None if then is None else _briefly(then))
            parts.append(Paragraph((Strong(kind.name()), " · ", said)))
        elif now.count:
            parts += [Paragraph((Strong(kind.name()),)), Fields(tuple(_fields(now, then)))]
    hour, median = _slowest(facts)
    if median is not None and median > facts.goal:
        parts.append(Small((_latest(hour, median),)))
    return parts


def _briefly(some: Speed) -> str:
    if some.median is None:
        return "–"
    after = naming.duration(some.median)
    return _("one, after {length}", length=after) if some.count == 1 else _("half within {length}", length=after)


def _fields(now: Speed, then: Speed | None) -> Sequence[Field]:
    def told(read: Callable[[Speed], str]) -> tuple[str]:
        return (naming.compared(read(now), None if then is None else read(then)),)

    fields = [
        Field(_half(), told(lambda one: naming.duration(one.median))),
        Field(_nine(), told(lambda one: naming.duration(one.p90))),
    ]
    for at, limit in enumerate(LIMITS):
        part = told(partial(_part, at=at))
        fields.append(Field(_limit(limit), part))
    return fields


def _part(one: Speed, at: int) -> str:
    return naming.portion(one.within[at], one.count)


def _slowest(facts: Responses) -> tuple[int, int | None]:
    """Return the hour in which who asked waited longest, and how long half of them did."""
    slowest = max(HOURS, key=lambda hour: facts.hours[hour][1] or 0)
    return slowest, facts.hours[slowest][1]


def _latest(hour: int, median: int) -> str:
    """Return when who wrote was answered latest; nothing of who still waits, perhaps for longer."""
    return _(
        "Of those answered, who wrote from {time} on waited longest: half of them up to {length}.",
        time=oclock(hour),
        length=naming.duration(median),
    )


def _charts(facts: Responses, _reading: Reading) -> Sequence[Chart]:
    hour, median = _slowest(facts)
    medians = tuple(
        (hour_mark(each), None if facts.hours[each][1] is None else float(facts.hours[each][1] or 0)) for each in HOURS
    )
    return [
        Chart(
            title=_("How long buyers waited, by the hour they wrote"),
            essence=_latest(hour, median or 0),
            shape=Shape.COLUMNS,
            unit=Unit.LENGTH,
            points=(Points("", medians),),
            limit=float(facts.goal),
            below_is_good=True,
        )
    ]


def _rules() -> str:
    """Return what every figure of this section has in common."""
    return _(
        "Counted are answers that buyers had in this time and had waited for, from the first message that nobody had "
        "answered, around the clock: to the second, from an hour on to the minute, rounded up. An answer is written by "
        "a person, here or in Seller Center, and a greeting is one; automatic ones, notes, and what was written on "
        "without being asked are none. An answer stays the first of its ticket when that goes on in another one."
    )


class Kind(NamedTuple):
    """One kind of answers: what it is called, which they are, and where their numbers stand."""

    key: str
    name: Callable[[], str]
    which: Callable[[], str]
    read: Callable[[Responses], Speed]

    def figure(self, key: str, unit: Unit, name: Callable[[], str], what: Callable[[], str]) -> "Told":
        """Return what a figure of these is called, and how it is counted."""
        return Told(
            f"{self.key}_{key}",
            unit,
            lambda: side_by_side(self.name(), name()),
            lambda: " ".join((self.which(), what(), _rules())),
        )

    def figures(self) -> Iterator[Figure[Responses]]:
        """Yield every figure of these."""
        for key, name, what, value in (
            ("median", _half, lambda: _("Half of them took no longer than this."), lambda one: one.median),
            ("p90", _nine, lambda: _("Nine of ten of them took no longer than this."), lambda one: one.p90),
        ):
            yield Figure(*self.figure(key, Unit.LENGTH, name, what), partial(self._value, value))
        counted = self.figure("count", Unit.COUNT, lambda: _("Number"), lambda: _("This is how many there were."))
        yield Figure(*counted, lambda facts: self.read(facts).count)
        for at, limit in enumerate(LIMITS):
            share = self.figure(
                f"within_{limit // MINUTE}m", Unit.SHARE, partial(_limit, limit), partial(_share, limit)
            )
            yield Figure(*share, partial(self._part, at), lambda facts: self.read(facts).count)

    def _value(self, value: Callable[[Speed], int | None], facts: Responses) -> int | None:
        return value(self.read(facts))

    def _part(self, at: int, facts: Responses) -> float | None:
        speed = self.read(facts)
        return speed.within[at] / speed.count if speed.count else None


class Told(NamedTuple):
    """The words of a figure."""

    key: str
    unit: Unit
    name: Callable[[], str]
    counted: Callable[[], str]


def _half() -> str:
    return _("Half of them within")


def _nine() -> str:
    return _("Nine of ten within")


def _limit(limit: int) -> str:
    return _("Within {length}", length=length(limit))


def _share(limit: int) -> str:
    return _("This is the share of those that took no longer than {length}.", length=length(limit))


FIRST = Kind(
    "first",
    lambda: _("First answer"),
    lambda: _("The first answers of their tickets."),
    lambda facts: facts.first,
)
NEXT = Kind(
    "next",
    lambda: _("Every answer after it"),
    lambda: _("All answers after the first of their tickets."),
    lambda facts: facts.next,
)

SECTION = Section(
    key="responses",
    place=20,
    title=lambda: _("How soon buyers were answered"),
    facts=Responses,
    count=_count,
    parts=_parts,
    charts=_charts,
    in_hours=True,
    figures=(*FIRST.figures(), *NEXT.figures()),
)
