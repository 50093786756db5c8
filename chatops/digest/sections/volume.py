"""How much was written, when, and about what."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from chatops.digest import tables
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Chart, Figure, Points, Reading, Section, Shape, Unit
from chatops.i18n import _, ngettext, number
from chatops.model.message import Author, Message
from chatops.model.ticket import Level, Ticket, TicketKind
from chatops.store.transaction import Transaction
from chatops.ui import Field, Fields, Paragraph, Part
from chatops.words import KINDS, LEVELS

HOURS = range(24)


class Volume(msgspec.Struct, frozen=True):
    """Numbers of a window: `hours` are buyers' messages by local hour, the others conversations by what they are."""

    conversations: int
    messages: int
    hours: tuple[int, ...]
    kinds: dict[str, int] = {}
    levels: dict[str, int] = {}


def _count(tx: Transaction, scope: Scope, window: Window) -> Volume | None:
    shops = tables.shops_of(tx, scope)
    written = tables.said(shops, window), col(Message.author) == Author.BUYER
    joined = (col(Ticket.shop_id) == col(Message.shop_id)) & (col(Ticket.id) == col(Message.ticket_id))
    asked = select(tables.quarter(), func.count()).join(Ticket, joined).where(*written, tables.of_part(scope))
    hours: Counter[int] = Counter()
    for quarter, count in tx.execute(asked.group_by(tables.quarter())):
        hours[tables.local_hour(quarter, window)] += count
    if not hours:
        return None
    kinds = _by(tx, col(Ticket.kind), written, joined, scope)
    levels = _by(tx, col(Ticket.level), written, joined, scope)
    return Volume(sum(kinds.values()), hours.total(), tuple(hours[hour] for hour in HOURS), kinds, levels)


def _by(
    tx: Transaction,
    column: Mapped[Any],
    written: Iterable[ColumnElement[bool]],
    joined: ColumnElement[bool],
    scope: Scope,
) -> dict[str, int]:
    """Return how many conversations there were of each kind; "" where it is not known."""
    ticket = col(Ticket.shop_id), col(Ticket.id), column
    each = select(*ticket).join(Message, joined).where(*written, tables.of_part(scope)).distinct().subquery()
    found = tx.execute(select(each.c[2], func.count()).group_by(each.c[2]))
    return {value or "": count for value, count in found}


def _parts(_tx: Transaction, facts: Volume, _before: Volume | None, _reading: Reading) -> Sequence[Part]:
    said = ngettext("{count} conversation", "{count} conversations", facts.conversations)
    messages = ngettext("{count} message from buyers", "{count} messages from buyers", facts.messages)
    kinds = [Field(KINDS[TicketKind(kind)](), (number(count),)) for kind, count in facts.kinds.items()]
    levels = [Field(LEVELS[Level(level)](), (number(count),)) for level, count in facts.levels.items() if level]
    return [Paragraph((said, " · ", messages)), *(Fields(tuple(some)) for some in (kinds, levels) if some)]


def _charts(facts: Volume, _reading: Reading) -> Sequence[Chart]:
    busiest = max(HOURS, key=lambda hour: facts.hours[hour])
    return [
        Chart(
            title=_("Messages from buyers by hour"),
            essence=_("Most was written from {hour}:00 on.", hour=f"{busiest:02}"),
            shape=Shape.COLUMNS,
            unit=Unit.COUNT,
            points=(Points("", tuple((f"{hour:02}", float(facts.hours[hour])) for hour in HOURS)),),
        )
    ]


SECTION = Section(
    key="volume",
    place=10,
    title=lambda: _("How much was written"),
    facts=Volume,
    count=_count,
    parts=_parts,
    charts=_charts,
    figures=(
        Figure(
            "conversations",
            Unit.COUNT,
            lambda: _("Conversations"),
            lambda: _("Tickets in which a buyer wrote at least once in this time."),
            lambda facts: facts.conversations,
        ),
        Figure(
            "messages",
            Unit.COUNT,
            lambda: _("Messages from buyers"),
            lambda: _("Everything buyers wrote in this time that is seen in the conversation."),
            lambda facts: facts.messages,
        ),
    ),
)
