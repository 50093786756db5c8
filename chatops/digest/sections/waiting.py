"""Who waits for an answer now."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import func, select
from sqlmodel import col

from chatops.catalog import Verb
from chatops.digest import naming, tables
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Figure, Reading, Section, Unit
from chatops.i18n import _, ngettext, number
from chatops.model import ticket as tickets
from chatops.model.queue import IS_OPEN
from chatops.model.ticket import Ticket, TicketState
from chatops.refs import ticket_ref
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds
from chatops.ui import Button, Controls, Paragraph, Part, Press, Small, Tone

OPEN = "ticket_open"
MOST = 8  # that are listed, each with a button


class Waits(msgspec.Struct, frozen=True):
    """A ticket whose buyer waits."""

    shop_id: str
    ticket_id: str
    since: int


class Waiting(msgspec.Struct, frozen=True):
    """Tickets that waited when this was counted; `earlier`: since before the window's end; `unowned`: nobody's.

    `oldest` are those of them that have a thread in the workspace.
    """

    waiting: int
    earlier: int
    unowned: int
    oldest: tuple[Waits, ...]


def _count(tx: Transaction, scope: Scope, window: Window) -> Waiting | None:
    if not window.looks_ahead:
        return None
    since = col(Ticket.waiting_since)
    which = (
        IS_OPEN,
        col(Ticket.shop_id).in_(tables.shops_of(tx, scope)),
        since.is_not(None),
        col(Ticket.snoozed_until).is_(None),
        tables.of_part(scope),
    )
    earlier = func.count().filter(since < window.end)
    unowned = func.count().filter(col(Ticket.assignee_id).is_(None))
    [(waiting, before, nobodys)] = tx.execute(
        tables.by(select(func.count(), earlier, unowned).where(*which), Ticket, OPEN)
    )
    if not waiting:
        return None
    shown = tables.shown_here(scope, col(Ticket.shop_id), col(Ticket.id))
    listed = select(col(Ticket.shop_id), col(Ticket.id), since).where(*which, shown)
    oldest = tx.execute(tables.by(listed, Ticket, OPEN).order_by(since, col(Ticket.id)).limit(MOST))
    return Waiting(waiting, before, nobodys, tuple(Waits(row[0], row[1], to_milliseconds(row[2])) for row in oldest))


def _parts(tx: Transaction, facts: Waiting, _before: Waiting | None, reading: Reading) -> Sequence[Part]:
    """Show those that still wait, with a button where nobody has them."""
    said = ngettext("{count} waits for an answer", "{count} wait for an answer", facts.waiting)
    nobodys = ngettext("{count} of them is nobody's", "{count} of them are nobody's", facts.unowned)
    parts: list[Part] = [Paragraph((said, " · ", nobodys) if facts.unowned else (said,))]
    rest = facts.waiting - len(facts.oldest)
    for one in facts.oldest:
        ticket = tickets.going_on(tx, one.shop_id, one.ticket_id)
        if ticket is None or ticket.waiting_since is None or ticket.state is not TicketState.OPEN:
            continue
        if not naming.is_shown_in(tx, reading.workspace_id, ticket):
            rest += 1
            continue
        parts.append(Paragraph(naming.ticket_line(tx, reading.workspace_id, ticket)))
        if ticket.assignee_id is None:
            press = Press(Verb.TAKE.value, ticket_ref(ticket.shop_id, ticket.id))
            parts.append(Controls((Button(_("Take it"), press, Tone.GOOD),)))
    if rest:
        parts.append(Small((ngettext("and {count} more", "and {count} more", rest),)))
    return parts


def _headline(facts: Waiting | None, reading: Reading) -> str | None:
    """Return how many wait, and how many of them have since before today, if that is known."""
    if facts is None or not facts.waiting:
        return None
    earlier = facts.earlier if reading.until_today else 0
    if not earlier:
        return ngettext("{count} waits for an answer now.", "{count} wait for an answer now.", facts.waiting)
    if earlier == facts.waiting:
        return ngettext(
            "{count} has waited for you since before today.",
            "{count} have waited for you since before today.",
            facts.waiting,
        )
    return ngettext(
        "{count} waits for an answer, {earlier} of them since before today.",
        "{count} wait for an answer, {earlier} of them since before today.",
        facts.waiting,
        earlier=number(earlier),
    )


SECTION = Section(
    key="waiting",
    place=5,
    title=lambda: _("Who waits now"),
    facts=Waiting,
    count=_count,
    parts=_parts,
    headline=_headline,
    quiet=lambda: _("Nobody waits."),
    headline_place=35,  # after what was: first comes what a day was like
    figures=(
        Figure(
            "waiting",
            Unit.COUNT,
            lambda: _("Who waits now"),
            lambda: _(
                "Open tickets whose buyer had written something that nobody had answered when this was counted. What "
                "rests, what needs no answer and what is resolved does not wait; after an answer that failed they do."
            ),
            lambda facts: facts.waiting,
        ),
        Figure(
            "earlier",
            Unit.COUNT,
            lambda: _("Who waited already at the end"),
            lambda: _("Of those who wait now, the ones who have waited since before the end of this time."),
            lambda facts: facts.earlier,
        ),
        Figure(
            "unowned",
            Unit.COUNT,
            lambda: _("Who waits and is nobody's"),
            lambda: _("Of those who wait now, the ones whose ticket nobody has claimed."),
            lambda facts: facts.unowned,
        ),
    ),
)
