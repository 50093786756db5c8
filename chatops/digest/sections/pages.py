"""Who was called, how soon somebody answered, and where nobody will be on call."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from chatops.digest import naming, tables
from chatops.digest.scope import Narrow, Scope, Window
from chatops.digest.section import Figure, Reading, Section, Unit
from chatops.i18n import _, language_name, moment, ngettext, weave
from chatops.model import oncall
from chatops.model.page import NoticeState, Page, PageNotice
from chatops.model.ticket import Ticket
from chatops.rules import coverage
from chatops.rules.figures import quantile
from chatops.store.transaction import Transaction
from chatops.times import MILLISECOND, from_milliseconds, to_milliseconds
from chatops.ui import Line, Moment, MomentStyle, Paragraph, Part, Small, Strong
from chatops.words import one_line

AHEAD = timedelta(days=7)  # in which holes are looked for
FEW = 5  # holes that are named


class Hole(msgspec.Struct, frozen=True):
    """Nobody (who answers in `language`, if any is given) is on call through a rotation between two instants.

    `times` - 1 times more at the same time of day, until `last`.
    """

    rotation: str
    start: int
    end: int
    language: str = ""
    times: int = 1
    last: int = 0


class Pages(msgspec.Struct, frozen=True):
    """Numbers of a window: `waits` are the milliseconds until each page that was acknowledged in it was so, rising.

    `pages` began in it, and `unheard` of these were neither acknowledged nor over at its end; `calls` were made in it.
    `holes` are those of the week after it was counted, as far as was known then; None: they were not looked for.
    """

    pages: int
    unheard: int
    calls: int
    waits: tuple[int, ...] = ()
    holes: tuple[Hole, ...] | None = ()


def _count(tx: Transaction, scope: Scope, window: Window) -> Pages | None:
    holes = tuple(_holes(tx, scope, window)) if window.looks_ahead else None
    began = tx.execute(_asked(tx, scope, window, col(Page.opened_at), "page_opened")).all()
    had = tx.execute(_asked(tx, scope, window, col(Page.acknowledged_at), "page_acknowledged"))
    waits = sorted((acknowledged - opened) // MILLISECOND for opened, acknowledged, _ended in had)
    unheard = sum(all(at is None or at >= window.end for at in ends) for _opened, *ends in began)
    calls = _calls(tx, scope, window)
    if not (began or waits or calls or holes):
        return None
    return Pages(len(began), unheard, calls, tuple(waits), holes)


def _mine(tx: Transaction, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the pages of a scope, beside their tickets."""
    shops = col(Page.shop_id).in_(tables.shops_of(tx, scope))
    its_ticket = col(Ticket.shop_id) == col(Page.shop_id), col(Ticket.id) == col(Page.ticket_id)
    return col(Page.workspace_id) == scope.workspace_id, shops, *its_ticket, tables.of_part(scope)


def _asked(
    tx: Transaction, scope: Scope, window: Window, at: Mapped[Any], index: str
) -> Select[datetime, datetime | None, datetime | None]:
    """Return the question when pages began, were acknowledged and ended, of those with an instant in a window."""
    when = select(col(Page.opened_at), col(Page.acknowledged_at), col(Page.ended_at))
    return tables.by(when.where(tables.within(at, window), *_mine(tx, scope)), Page, index)


def _calls(tx: Transaction, scope: Scope, window: Window) -> int:
    """Return how often pages called somebody in a window."""
    its_page = (
        col(getattr(PageNotice, part)) == col(getattr(Page, part)) for part in ("shop_id", "ticket_id", "number")
    )
    here = col(PageNotice.workspace_id) == scope.workspace_id, tables.within(col(PageNotice.called_at), window)
    heard = col(PageNotice.state) != NoticeState.REFUSED  # no message reached them: nobody was called
    called = select(func.count()).select_from(PageNotice).where(*here, heard, *its_page, *_mine(tx, scope))
    return int(tx.scalar(tables.by(called, PageNotice, "page_notice_called")))


def _holes(tx: Transaction, scope: Scope, window: Window) -> list[Hole]:
    """Return when nobody is on call in the week ahead of a window, soonest first; what comes daily is one."""
    found, now = [], window.ahead
    until = to_milliseconds(now + AHEAD)
    for rotation in oncall.names(tx, scope.workspace_id):
        duty = oncall.duty(tx, rotation, now, now + oncall.FAR_AHEAD)
        gaps = [gap for gap in oncall.gaps(duty, now) if gap.start < until] if duty else []
        found += [
            Hole(rotation, gap.start, gap.end, gap.language, gap.times, gap.last)
            for gap in coverage.together(gaps, window.zone)
        ]
    return sorted(found, key=lambda hole: hole.start)


def _parts(_tx: Transaction, facts: Pages, before: Pages | None, reading: Reading) -> Sequence[Part]:
    parts: list[Part] = []
    if any((facts.pages, facts.calls, before)):
        said = ngettext("{count} page", "{count} pages", facts.pages)
        calls = ngettext("{count} call to a person", "{count} calls to people", facts.calls)
        told = naming.compared(said, before.pages if before else None)
        parts.append(Paragraph((Strong(told), " · ", naming.compared(calls, before.calls if before else None))))
    if facts.waits:
        parts.append(Paragraph((_soon(facts, before),)))
    if facts.unheard:
        said = ngettext(
            "{count} page was not answered in this time",
            "{count} pages were not answered in this time",
            facts.unheard,
        )
        parts.append(Paragraph((Strong(naming.compared(said, before.unheard if before else None)),)))
    holes = facts.holes or ()
    parts += [Paragraph(_hole(hole, reading)) for hole in holes[:FEW]]
    if len(holes) > FEW:
        parts.append(Small((ngettext("and {count} more hole", "and {count} more holes", len(holes) - FEW),)))
    return parts


def _soon(facts: Pages, before: Pages | None) -> str:
    """Return how soon pages were acknowledged."""

    def within(part: float) -> str:
        then = naming.duration(_quantile(before, part)) if before else None
        return naming.compared(naming.duration(_quantile(facts, part)), then)

    if len(facts.waits) == 1:
        return _("One was acknowledged, after {length}.", length=within(0.5))
    return _("Half were acknowledged within {usual}, nine in ten within {slow}.", usual=within(0.5), slow=within(0.9))


def _quantile(facts: Pages, part: float) -> int | None:
    found = quantile(facts.waits, part)
    return None if found is None else int(found)


def _hole(hole: Hole, reading: Reading) -> Line:
    start, end = (_when(at, reading) for at in (hole.start, hole.end))
    if not hole.language:
        line = weave("nobody is going to be on call from {start} to {end}", start=start, end=end)
    else:
        speaks = language_name(hole.language)
        line = weave(
            "nobody on call is going to answer in {language} from {start} to {end}",
            language=speaks,
            start=start,
            end=end,
        )
    told: Line = (Strong(one_line(hole.rotation)), ": ", *line)
    if hole.times == 1:
        return told
    more = ngettext("and {count} time more, until", "and {count} times more, until", hole.times - 1)
    return (*told, " · ", more, " ", _when(hole.last, reading))


def _when(at: int, reading: Reading) -> Moment:
    instant = from_milliseconds(at)
    return Moment(instant, MomentStyle.DATE_TIME, moment(instant, reading.window.zone))


SECTION = Section(
    key="pages",
    place=60,
    title=lambda: _("On call"),
    facts=Pages,
    count=_count,
    parts=_parts,
    of_now=frozenset({"holes"}),
    figures=(
        Figure(
            "pages",
            Unit.COUNT,
            lambda: _("Pages"),
            lambda: _(
                "Pages about tickets of these shops that began in this time, however many people each one called."
            ),
            lambda facts: facts.pages,
        ),
        Figure(
            "unheard",
            Unit.COUNT,
            lambda: _("Pages that nobody answered"),
            lambda: _(
                "Of the pages that began in this time, those that nobody had acknowledged at its end and that were not "
                "over by then."
            ),
            lambda facts: facts.unheard,
        ),
        Figure(
            "calls",
            Unit.COUNT,
            lambda: _("Calls to people"),
            lambda: _(
                "How often pages about tickets of these shops called somebody in this time: each person and each time "
                "counts, also of pages that began earlier. Whom no message reached does not count."
            ),
            lambda facts: facts.calls,
        ),
        Figure(
            "acknowledged_median",
            Unit.LENGTH,
            lambda: _("Time until a page is acknowledged (median)"),
            lambda: _(
                "Of the pages that were acknowledged in this time: from the beginning of each until the first person "
                "acknowledged it, by a button, a reaction, an answer or a claim. Half of them took no longer."
            ),
            lambda facts: quantile(facts.waits, 0.5),
        ),
        Figure(
            "acknowledged_p90",
            Unit.LENGTH,
            lambda: _("Time until a page is acknowledged (9 of 10)"),
            lambda: _(
                "Of the pages that were acknowledged in this time: from the beginning of each until the first person "
                "acknowledged it. Nine in ten of them took no longer."
            ),
            lambda facts: quantile(facts.waits, 0.9),
        ),
        Figure(
            "holes",
            Unit.COUNT,
            lambda: _("Holes in the coming week"),
            lambda: _(
                "Stretches of the seven days after it was counted in which a rotation of the workspace has "
                "nobody on call, or nobody who answers in a language it must have."
            ),
            lambda facts: None if facts.holes is None else sum(hole.times for hole in facts.holes),
            not_of=frozenset(Narrow),
        ),
    ),
)
