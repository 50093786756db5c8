"""Which promises were kept, and which were broken."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import msgspec
from sqlalchemy import BigInteger, and_, case, type_coerce
from sqlmodel import col

from chatops.digest import naming, promises, tables
from chatops.digest.promises import BROKEN, KEPT, RUNNING, WentOn
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Chart, Figure, Points, Reading, Section, Shape, Unit
from chatops.i18n import _, ngettext, share
from chatops.model import ticket as tickets
from chatops.model.clock import Clock
from chatops.rules.targets import Metric
from chatops.store.transaction import Transaction
from chatops.times import MILLISECOND, to_milliseconds
from chatops.ui import Field, Fields, Paragraph, Part, Small, Strong, Tone
from chatops.words import METRICS

WORST = 5
GOOD, POOR = 0.95, 0.8  # of what was to be answered in time
ANSWERS = (Metric.FIRST_RESPONSE.value, Metric.NEXT_RESPONSE.value)


class Kept(msgspec.Struct, frozen=True):
    """How many promises of one kind were kept in time, and how many were broken."""

    met: int = 0
    late: int = 0

    @property
    def both(self) -> int:
        """All that were decided."""
        return self.met + self.late

    @property
    def part(self) -> float | None:
        """The share that was kept."""
        return self.met / self.both if self.both else None


class Broken(msgspec.Struct, frozen=True):
    """A ticket to which a promise was broken, and by how much, in milliseconds, up to the window's end."""

    shop_id: str
    ticket_id: str
    metric: str
    over: int


class Clocks(msgspec.Struct, frozen=True, omit_defaults=True):
    """Numbers of a window by metric; `open` are those given before its end that run out only after it, if known."""

    kept: dict[str, Kept]
    open: int | None = 0
    worst: tuple[Broken, ...] = ()

    def of(self, *metrics: str) -> Kept:
        """Return the promises of some kinds together."""
        some = [self.kept[metric] for metric in metrics if metric in self.kept]
        return Kept(sum(one.met for one in some), sum(one.late for one in some))


def _count(tx: Transaction, scope: Scope, window: Window) -> Clocks | None:
    due = col(Clock.due_at)
    went_on = promises.went_on(tx, scope, window)
    met = _each(promises.ended(tx, scope, KEPT, window, *Metric))
    met.update(one.metric for one in went_on if one.breached_at is None or one.breached_at >= window.end)
    late = _each(promises.ended(tx, scope, BROKEN, window, *Metric))
    late += _each(promises.running(tx, scope, tables.within(due, window), *Metric))
    ahead = and_(due >= window.end, col(Clock.started_at) < window.end)
    later = promises.running(tx, scope, ahead, *Metric).total() if window.looks_ahead else None
    if not met and not late and not later:
        return None
    kept = {metric.value: Kept(met[metric], late[metric]) for metric in Metric if met[metric] or late[metric]}
    return Clocks(kept, later, _worst(tx, scope, window, went_on) if late else ())


def _each(counts: promises.Counts) -> Counter[Metric]:
    """Return how many there are of each kind."""
    found = Counter[Metric]()
    for (_shop, metric), count in counts.items():
        found[metric] += count
    return found


def _worst(tx: Transaction, scope: Scope, window: Window, went_on: Sequence[WentOn]) -> tuple[Broken, ...]:
    """Return the tickets to which a promise was broken the most, as they stood at the window's end: each once."""
    over = {one[:3]: one for one in went_on if one.breached_at and window.start <= one.breached_at < window.end}
    found = [
        Broken(one.shop_id, one.ticket_id, one.metric.value, (one.resolved_at - one.breached_at) // MILLISECOND)
        for one in over.values()
        if one.shown and one.breached_at
    ]
    ended, broken, due = (
        type_coerce(col(column), BigInteger) for column in (Clock.ended_at, Clock.breached_at, Clock.due_at)
    )
    end = tables.number(to_milliseconds(window.end))
    mine = col(Clock.shop_id).in_(tables.shops_of(tx, scope)), col(Clock.metric).in_(Metric)
    shown = tables.shown_here(scope, col(Clock.shop_id), col(Clock.ticket_id))
    for some, late_by in ((BROKEN, case((ended < end, ended), else_=end) - broken), (RUNNING, end - due)):
        asked = some.asked(scope, col(Clock.shop_id), col(Clock.ticket_id), col(Clock.metric), late_by)
        asked = asked.where(*mine, shown, tables.within(some.at, window))
        several = asked.order_by(late_by.desc(), col(Clock.ticket_id)).limit(WORST * len(Metric) + len(over))
        rows = (row for row in tx.execute(several) if row[:3] not in over)
        found += [Broken(row[0], row[1], row[2].value, row[3]) for row in rows]
    each: dict[tuple[str, str], Broken] = {}
    for one in sorted(found, key=lambda one: (-one.over, one.ticket_id, one.metric)):
        each.setdefault((one.shop_id, one.ticket_id), one)
    return tuple(each.values())[:WORST]


def _parts(tx: Transaction, facts: Clocks, before: Clocks | None, reading: Reading) -> Sequence[Part]:
    def told(metric: str) -> str:
        then = before.of(metric) if before else None
        return naming.compared(_kept(facts.of(metric)), None if then is None else _kept(then))

    fields = tuple(Field(naming.metric(metric), (told(metric),)) for metric in facts.kept)
    parts: list[Part] = [Fields(fields)] if fields else []
    if facts.open:
        said = ngettext("{count} promise runs out later", "{count} promises run out later", facts.open)
        parts.append(Small((said,)))
    late: list[Part] = []
    for one in facts.worst:
        ticket = tickets.going_on(tx, one.shop_id, one.ticket_id)
        if ticket is not None and not naming.is_shown_in(tx, reading.workspace_id, ticket):
            continue
        over = _("{promise}: {length} too late", promise=naming.metric(one.metric), length=naming.duration(one.over))
        line = naming.ticket_line(tx, reading.workspace_id, ticket, waits=False) if ticket else (one.ticket_id,)
        late.append(Paragraph((over, " · ", *line)))
    return [*parts, Paragraph((Strong(_("Latest of all")),)), *late] if late else parts


def _headline(facts: Clocks | None, _reading: Reading) -> str | None:
    answers = facts.of(*ANSWERS) if facts else Kept()
    if answers.part is None:
        return None
    return _("{share} of {number} answered in time.", share=share(answers.part), number=answers.both)


def _tone(facts: Clocks) -> Tone | None:
    in_time = facts.of(*ANSWERS).part
    if in_time is None:
        return None
    return Tone.GOOD if in_time >= GOOD else Tone.WARN if in_time >= POOR else Tone.BAD


def _kept(one: Kept) -> str:
    return naming.portion(one.met, one.both)


def _charts(facts: Clocks, _reading: Reading) -> Sequence[Chart]:
    shown = [(naming.metric(metric), one.part) for metric, one in facts.kept.items()]
    if not shown:
        return ()
    poorest, least = min(shown, key=lambda one: one[1] or 0)
    essence = _("Kept least: {promise}, {share}.", promise=poorest, share=share(least or 0))
    return [
        Chart(
            title=_("Promises kept in time"),
            essence=essence,
            shape=Shape.BARS,
            unit=Unit.SHARE,
            points=(Points("", tuple(shown)),),
        )
    ]


def _rules() -> str:
    """Return what every share of this section has in common."""
    return _(
        "A promise counts once, when it was decided: kept, when it was fulfilled in time; broken, when its time was "
        "over, whatever came later. One that a colleague ended without its time being over (resolved, merged, no "
        "answer needed) counts nowhere. An answer that is heard of late sets right what it was in time for; a digest "
        "that was told stays as it was."
    )


COUNTED: Mapping[Metric, Callable[[], str]] = {
    Metric.FIRST_RESPONSE: lambda: _("First answers promised that came in time, of those that were due or came."),
    Metric.NEXT_RESPONSE: lambda: _("Further answers promised that came in time, of those that were due or came."),
    Metric.RESOLUTION: lambda: _("Tickets that were resolved in the time promised, of those due or resolved."),
    Metric.PLATFORM_RESPONSE: lambda: _("Answers in the time that TikTok asks for, of those that were due or came."),
    Metric.PLATFORM_DEADLINE: lambda: _("Tickets that met the deadline TikTok named, of those due or done."),
}


def _figure(metric: Metric) -> Figure[Clocks]:
    return Figure(
        metric.value,
        Unit.SHARE,
        lambda: _("{promise}: kept in time", promise=METRICS[metric]()),
        lambda: f"{COUNTED[metric]()} {_rules()}",
        lambda facts: facts.of(metric.value).part,
        lambda facts: facts.of(metric.value).both,
    )


SECTION = Section(
    key="clocks",
    place=30,
    title=lambda: _("Promises"),
    facts=Clocks,
    count=_count,
    parts=_parts,
    charts=_charts,
    in_hours=True,
    of_now=frozenset({"open"}),
    headline=_headline,
    tone=_tone,
    figures=(
        Figure(
            "in_time",
            Unit.SHARE,
            lambda: _("Answered in time"),
            lambda: (
                _("First and further answers that came in the time the team promised, not TikTok.") + f" {_rules()}"
            ),
            lambda facts: facts.of(*ANSWERS).part,
            lambda facts: facts.of(*ANSWERS).both,
        ),
        *map(_figure, Metric),
        Figure(
            "open",
            Unit.COUNT,
            lambda: _("Promises that run out later"),
            lambda: _(
                "Promises that were given before the end of this time, run out after it, and were neither kept nor "
                "ended when this was counted; not those that stood still then."
            ),
            lambda facts: facts.open,
        ),
    ),
)
