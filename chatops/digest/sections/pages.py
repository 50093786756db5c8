"""Who was called, how soon somebody answered, and where nobody will be on call."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from sqlmodel import col, select

from chatops.digest import tables
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Figure, Reading, Section, Unit
from chatops.i18n import _, language_name, length, moment, ngettext, weave
from chatops.model import oncall
from chatops.model.page import Page, PageNotice
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
    """Numbers of a window: `waits` are the milliseconds until each acknowledged page was so, rising.

    `holes` are those of the week after it was counted, as far as was known then.
    """

    pages: int
    unheard: int
    calls: int
    waits: tuple[int, ...] = ()
    holes: tuple[Hole, ...] = ()


def _count(tx: Transaction, scope: Scope, window: Window) -> Pages | None:
    holes = tuple(_holes(tx, scope, window))
    mine = (
        col(Page.workspace_id) == scope.workspace_id,
        col(Page.shop_id).in_(tables.shops_of(tx, scope)),
        col(Page.opened_at) >= window.start,
        col(Page.opened_at) < window.end,
        tables.of_part(scope),
    )
    joined = (col(Ticket.shop_id) == col(Page.shop_id)) & (col(Ticket.id) == col(Page.ticket_id))
    found = tx.all(Page, select(Page).join(Ticket, joined).where(*mine))
    if not found and not holes:
        return None
    waits = sorted((page.acknowledged_at - page.opened_at) // MILLISECOND for page in found if page.acknowledged_at)
    unheard = sum(page.acknowledged_at is None and page.ended_at is None for page in found)
    called = tx.all(
        PageNotice,
        select(PageNotice).where(
            col(PageNotice.workspace_id) == scope.workspace_id,
            col(PageNotice.called_at) >= window.start,
            col(PageNotice.called_at) < window.end,
        ),
    )
    these = {page.key for page in found}
    return Pages(len(found), unheard, sum(one.page in these for one in called), tuple(waits), holes)


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


def _parts(_tx: Transaction, facts: Pages, _before: Pages | None, reading: Reading) -> Sequence[Part]:
    parts: list[Part] = []
    if facts.pages:
        said = ngettext("{count} page", "{count} pages", facts.pages)
        calls = ngettext("{count} call to a person", "{count} calls to people", facts.calls)
        parts.append(Paragraph((Strong(said), " · ", calls)))
    if facts.waits:
        usual, slow = (length(int(quantile(facts.waits, part) or 0)) for part in (0.5, 0.9))
        said = _("Half were acknowledged within {usual}, nine in ten within {slow}.", usual=usual, slow=slow)
        parts.append(Paragraph((said,)))
    if facts.unheard:
        said = ngettext("{count} page is still unanswered.", "{count} pages are still unanswered.", facts.unheard)
        parts.append(Paragraph((Strong(said),)))
    parts += [Paragraph(_hole(hole, reading)) for hole in facts.holes[:FEW]]
    if len(facts.holes) > FEW:
        more = len(facts.holes) - FEW
        parts.append(Small((ngettext("and {count} more hole", "and {count} more holes", more),)))
    return parts


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
    return (*told, ", ", more, " ", _when(hole.last, reading))


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
            "acknowledged_median",
            Unit.LENGTH,
            lambda: _("Time until a page is acknowledged (median)"),
            lambda: _(
                "From the beginning of a page until the first person acknowledged it, by a button, a reaction, "
                "an answer or a claim. Pages that nobody acknowledged are left out. Half of the others took no longer."
            ),
            lambda facts: quantile(facts.waits, 0.5),
        ),
        Figure(
            "acknowledged_p90",
            Unit.LENGTH,
            lambda: _("Time until a page is acknowledged (9 of 10)"),
            lambda: _("As the median; nine in ten of the acknowledged pages took no longer."),
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
            lambda facts: sum(hole.times for hole in facts.holes),
        ),
    ),
)
