"""A section about another kind of ticket, as it would lie in `chatops/digest/sections/`: this file, and no more."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import func
from sqlmodel import col, select

from chatops.digest.scope import Scope, Window
from chatops.digest.section import Chart, Figure, Points, Reading, Section, Shape, Unit
from chatops.model.ticket import Ticket, TicketKind
from chatops.store.transaction import Transaction
from chatops.ui import Paragraph, Part, Tone


class Comments(msgspec.Struct, frozen=True):
    """Numbers of a window: comments that buyers wrote, and the worth of what they are about."""

    comments: int
    worth: float = 12.5
    currency: str = "GBP"


def _count(tx: Transaction, scope: Scope, window: Window) -> Comments | None:
    opened = col(Ticket.opened_at)
    here = col(Ticket.shop_id).in_(scope.shops), Ticket.kind == TicketKind.COMMENT
    found = tx.scalar(select(func.count()).where(*here, opened >= window.start, opened < window.end))
    return Comments(found) if found else None


def _parts(_tx: Transaction, facts: Comments, _before: Comments | None, _reading: Reading) -> Sequence[Part]:
    return [Paragraph((f"{facts.comments} comments",))]


def _charts(facts: Comments, _reading: Reading) -> Sequence[Chart]:
    points = Points("comments", (("all", float(facts.comments)),))
    return [Chart("Comments", f"{facts.comments} comments", Shape.COLUMNS, Unit.COUNT, (points,))]


def _headline(facts: Comments | None, _reading: Reading) -> str | None:
    return f"{facts.comments} comments." if facts else "No comments."


SECTION = Section(
    key="comments",
    place=12,
    title=lambda: "Comments",
    facts=Comments,
    count=_count,
    parts=_parts,
    charts=_charts,
    headline=_headline,
    tone=lambda facts: Tone.BAD if facts.comments else None,
    quiet=lambda: "No comments.",
    figures=(
        Figure("all", Unit.COUNT, lambda: "Comments", lambda: "Comments begun then.", lambda it: it.comments),
        Figure(
            "worth",
            Unit.MONEY,
            lambda: "Worth",
            lambda: "What they are about costs this.",
            lambda it: it.worth,
            currency=lambda it: it.currency,
        ),
    ),
)
