"""What buyers asked about most, and what they asked about much more often than usual."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import String, and_, case, cast, func, or_, select
from sqlmodel import col

from chatops.digest import naming, tables
from chatops.digest.scope import Scope, Window, midnight
from chatops.digest.section import Chart, Figure, Points, Reading, Section, Shape, Unit
from chatops.i18n import _, ngettext, number
from chatops.model.ticket import Ticket
from chatops.store.transaction import Transaction
from chatops.ui import Field, Fields, Paragraph, Part, Small, Strong
from chatops.words import one_line

MOST = 10  # that are named
BEFORE = 4  # stretches of time that say how it usually is
OFTEN, FEWEST = 3, 5  # so many times as often as usual, and at least so often, is told


class Topic(msgspec.Struct, frozen=True):
    """A tag or a level, how many tickets had it, and how many in all the stretches before together."""

    name: str
    count: int
    before: int = 0

    @property
    def usual(self) -> float:
        """How many it usually is."""
        return self.before / BEFORE

    @property
    def is_unusual(self) -> bool:
        """Whether it was asked about much more often than usual."""
        return self.count >= FEWEST and self.count >= OFTEN * self.usual


class Asked(msgspec.Struct, frozen=True):
    """Tickets of a window by what they are about; `others`: tags that are not among the most frequent, and how often.

    `before` is how many tickets there were in all the stretches before: without any, nothing is unusual.
    """

    tickets: int
    before: int
    tags: tuple[Topic, ...] = ()
    levels: tuple[Topic, ...] = ()
    others: int = 0
    other_tags: int = 0
    unusual: tuple[Topic, ...] = ()


def _count(tx: Transaction, scope: Scope, window: Window) -> Asked | None:
    opened = col(Ticket.opened_at)
    stretches = list(_stretches(window))
    this = tables.within(opened, window)
    now = case((this, tables.number(1)), else_=tables.number(0)).label("now")
    tags, level = cast(col(Ticket.tags), String).label("tags"), col(Ticket.level)
    asked = select(now, tags, level, func.count()).where(
        or_(this, *(tables.within(opened, one) for one in stretches)),
        and_(col(Ticket.shop_id).in_(tables.shops_of(tx, scope)), tables.of_part(scope)),
    )
    tickets: Counter[int] = Counter()
    by_tag: defaultdict[int, Counter[str]] = defaultdict(Counter)
    by_level: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for when, written, kind, count in tx.execute(asked.group_by(now, tags, level)):
        tickets[when] += count
        by_level[when][kind or ""] += count
        for tag in set(msgspec.json.decode(written or "[]", type=list[str])):
            by_tag[when][tag] += count
    if not tickets[1]:
        return None
    topics = _topics(by_tag)
    levels = _topics(by_level)
    rest = topics[MOST:]
    unusual = [one for one in topics if one.is_unusual] if tickets[0] else []
    unusual.sort(key=lambda one: (one.usual / one.count, -one.count, one.name))
    return Asked(
        tickets=tickets[1],
        before=tickets[0],
        tags=tuple(topics[:MOST]),
        levels=tuple(levels),
        others=sum(one.count for one in rest),
        other_tags=len(rest),
        unusual=tuple(unusual[:MOST]),
    )


def _stretches(window: Window) -> Iterator[Window]:
    """Yield the stretches before a window that are as long, and begin on as many local days before it."""
    days = [day.date for day in window.days()]
    first, start = days[0], midnight(days[0], window.zone)
    for back in range(1, BEFORE + 1):
        begins = midnight(first.fromordinal(first.toordinal() - back * len(days)), window.zone) + (window.start - start)
        ends = midnight(first.fromordinal(first.toordinal() - (back - 1) * len(days)), window.zone)
        yield Window(begins, min(begins + (window.end - window.start), ends), window.zone)


def _topics(counts: Mapping[int, Counter[str]]) -> list[Topic]:
    """Return what was asked about now, the most frequent first."""
    now, before = counts.get(1, Counter()), counts.get(0, Counter())
    return sorted(
        (Topic(name, count, before[name]) for name, count in now.items()), key=lambda one: (-one.count, one.name)
    )


def _parts(_tx: Transaction, facts: Asked, _before: Asked | None, _reading: Reading) -> Sequence[Part]:
    parts: list[Part] = [Paragraph((_unusual(one),)) for one in facts.unusual]
    if facts.tags:
        parts += [Paragraph((Strong(_("Tags")),)), _fields(facts, [(one_line(one.name), one) for one in facts.tags])]
    if facts.others:
        said = ngettext(
            "and {count} more tag, {times} in all",
            "and {count} more tags, {times} in all",
            facts.other_tags,
            times=facts.others,
        )
        parts.append(Small((said,)))
    if facts.levels:
        named = [(naming.level(one.name), one) for one in facts.levels]
        parts += [Paragraph((Strong(_("Kind of help")),)), _fields(facts, named)]
    return parts


def _unusual(one: Topic) -> str:
    name = one_line(one.name)
    if not one.before:
        return ngettext(
            "{name}: {count} ticket, before there was none",
            "{name}: {count} tickets, before there was none",
            one.count,
            name=name,
        )
    times = int(one.count / one.usual)
    return ngettext(
        "{name}: {count} time as often as usual", "{name}: {count} times as often as usual", times, name=name
    )


def _fields(facts: Asked, named: Sequence[tuple[str, Topic]]) -> Fields:
    return Fields(tuple(Field(name, (_beside(facts, one),)) for name, one in named))


def _beside(facts: Asked, one: Topic) -> str:
    """Return a count, with what is usual where anything is."""
    if not facts.before:
        return number(one.count)
    return _("{count} (usually {usual})", count=number(one.count), usual=number(round(one.usual)))


def _charts(facts: Asked, _reading: Reading) -> Sequence[Chart]:
    if len(facts.tags) < 2:
        return ()
    first = facts.tags[0]
    values = tuple((one_line(one.name), float(one.count)) for one in facts.tags)
    essence = _("Most tickets were about {name}: {count}.", name=one_line(first.name), count=first.count)
    return [
        Chart(
            title=_("What was asked most"),
            essence=essence,
            shape=Shape.BARS,
            unit=Unit.COUNT,
            points=(Points("", values),),
        )
    ]


SECTION = Section(
    key="asked",
    place=50,
    title=lambda: _("What was asked most"),
    facts=Asked,
    count=_count,
    parts=_parts,
    charts=_charts,
    figures=(
        Figure(
            "tagged",
            Unit.COUNT,
            lambda: _("Different tags"),
            lambda: _(
                "Tags of tickets that were opened in this time, as they were when this was counted, each once. What is "
                "usual is the average of the four stretches of the same length before."
            ),
            lambda facts: len(facts.tags) + facts.other_tags,
        ),
        Figure(
            "unusual",
            Unit.COUNT,
            lambda: _("Much more often than usual"),
            lambda: _(
                "Tags that at least five tickets of this time had, and at least three times as many as on average in "
                "the four stretches of the same length before; ten at most."
            ),
            lambda facts: len(facts.unusual),
        ),
    ),
)
