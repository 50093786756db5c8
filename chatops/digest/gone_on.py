"""Tickets that were resolved at a window's end and went on since: what they were then stands in their histories."""

from sqlalchemy import Subquery, case, func, select, text
from sqlalchemy.orm import aliased
from sqlmodel import col

from chatops.digest import tables
from chatops.digest.scope import Scope, Window
from chatops.model.history import GONE_ON, History
from chatops.store.transaction import Transaction


def resolved_then(tx: Transaction, scope: Scope, window: Window) -> Subquery:
    """Return the question for `shop_id`, `ticket_id` and `at` of those whose last resolution was in the window then.

    Those that were opened again, or merged into another one, only after its end; their own rows do not tell it.
    """
    later = select(col(History.shop_id), col(History.ticket_id)).where(
        text(GONE_ON.text), col(History.at) >= window.end, col(History.shop_id).in_(tables.shops_of(tx, scope))
    )
    went_on, before = tables.by(later, History, "history_gone_on").distinct().subquery(), aliased(History)
    resolved = col(before.what) == "resolved"
    at, last = func.max(case((resolved, before.at))), func.max(case((resolved, before.id)))
    opened_again = func.coalesce(func.max(case((~resolved, before.id))), 0)
    its_lines = (went_on.c.shop_id == before.shop_id) & (went_on.c.ticket_id == before.ticket_id)
    asked = (
        select(col(before.shop_id), col(before.ticket_id), at.label("at"))
        .select_from(went_on)
        .join(before, its_lines)
        .where(col(before.what).in_(("resolved", "reopened")), col(before.at) < window.end)
        .group_by(col(before.shop_id), col(before.ticket_id))
        .having(last > opened_again, at >= window.start)
    )
    return asked.with_hint(before, "INDEXED BY history_ticket", "sqlite").subquery()
