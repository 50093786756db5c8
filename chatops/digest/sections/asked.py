"""What buyers asked about most, and what they asked about much more often than usual."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import String, func, select, type_coerce
from sqlmodel import col

from chatops.digest import naming, tables, topics
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Chart, Figure, Points, Reading, Section, Shape, Unit
from chatops.digest.topics import (
    PRODUCT,
    SOURCES,
    TAG,
    Counts,
    Topic,
    beside_usual,
    is_usual_known,
    named,
    no_usual,
    tags_in,
    unusual,
)
from chatops.i18n import _, ngettext, number
from chatops.model.ticket import Ticket
from chatops.store.transaction import Transaction
from chatops.ui import Field, Fields, Paragraph, Part, Small, Strong
from chatops.words import one_line

MOST = 10  # that are named


class Ranked(msgspec.Struct, frozen=True):
    """What one source tells: the most frequent topics, then unusual ones; and how many there were of all."""

    topics: tuple[Topic, ...]
    different: int


MORE = tuple(source for source in SOURCES if source is not TAG)  # tags are counted with levels, in one walk
NONE = Ranked((), 0)


class Asked(msgspec.Struct, frozen=True):
    """Tickets of a window by what they are about; `others`: tags that are not among the most frequent, and how often.

    `before` is how many tickets there were in all the stretches before: without any, or where these reach back before
    the first of all, it is 0 and nothing is unusual. `more` is what other sources tell, by their keys.
    """

    tickets: int
    before: int
    tags: tuple[Topic, ...] = ()
    levels: tuple[Topic, ...] = ()
    others: int = 0
    other_tags: int = 0
    unusual: tuple[Topic, ...] = ()
    more: dict[str, Ranked] = {}


def _count(tx: Transaction, scope: Scope, window: Window) -> Asked | None:
    level = func.coalesce(type_coerce(col(Ticket.level), String), "")
    asked = select(tables.json_of(tx, Ticket.tags).concat(level)).where(
        col(Ticket.shop_id).in_(tables.shops_of(tx, scope)), tables.of_part(scope)
    )
    asked = tables.by(asked, Ticket, "ticket_asked")
    now, earlier = topics.now_and_before(tx, asked, col(Ticket.opened_at), window)
    if not now:
        return None
    about, levels = (Counts(named(now, names), named(earlier, names)).topics() for names in (_tags_in, _level_in))
    before = earlier.total() if is_usual_known(tx, scope, window) else 0
    more = {source.key: _ranked(source.counted(tx, scope, window), compared=before > 0) for source in MORE}
    rest = about[MOST:]
    unusual = [one for one in about if one.is_unusual] if before else []
    unusual.sort(key=lambda one: (one.usual / one.count, -one.count, one.name))
    return Asked(
        tickets=now.total(),
        before=before,
        tags=tuple(about[:MOST]),
        levels=tuple(levels),
        others=sum(one.count for one in rest),
        other_tags=len(rest),
        unusual=tuple(unusual[:MOST]),
        more={key: ranked for key, ranked in more.items() if ranked.topics},
    )


def _tags_in(told: str) -> list[str]:
    return tags_in(told[: told.rindex("]") + 1])


def _level_in(told: str) -> list[str]:
    return [told[told.rindex("]") + 1 :]]


def _ranked(counts: Counts, *, compared: bool) -> Ranked:
    about = counts.topics()
    more = [one for one in about[MOST:] if compared and one.is_unusual]
    return Ranked((*about[:MOST], *more[:MOST]), len(about))


def _parts(tx: Transaction, facts: Asked, _before: Asked | None, reading: Reading) -> Sequence[Part]:
    parts: list[Part] = [Paragraph((unusual(one_line(one.name), one),)) for one in facts.unusual]
    more: list[Part] = []
    if not facts.before:
        parts.append(Small((no_usual(),)))
    for source in MORE:
        named = [(source.shown(tx, one.name, reading), one) for one in facts.more.get(source.key, NONE).topics]
        parts += [Paragraph((unusual(name, one),)) for name, one in named if facts.before and one.is_unusual]
        more += [Paragraph((Strong(source.title()),)), _fields(facts, named[:MOST])] if named else []
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
    return parts + more


def _fields(facts: Asked, named: Sequence[tuple[str, Topic]]) -> Fields:
    return Fields(tuple(Field(name, (_beside(facts, one),)) for name, one in named))


def _beside(facts: Asked, one: Topic) -> str:
    """Return a count, with what is usual where anything is."""
    if not facts.before:
        return number(one.count)
    return beside_usual(number(one.count), one)


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
    in_hours=True,
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
                "the four stretches of the same length before; ten at most. None where the shops had no ticket yet in "
                "the first of these. All of it as it stood when this was counted."
            ),
            lambda facts: len(facts.unusual),
        ),
        Figure(
            "products",
            Unit.COUNT,
            lambda: _("Different products"),
            lambda: _(
                "Products that buyers showed in a chat in this time, or from whose page they came, each once. What "
                "they have ordered is not counted."
            ),
            lambda facts: facts.more.get(PRODUCT.key, NONE).different,
        ),
    ),
)
