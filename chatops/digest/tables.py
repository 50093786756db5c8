"""What the questions of several sections have in common."""

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, cast, true, type_coerce
from sqlmodel import col, select

from chatops.digest.scope import Scope, Window
from chatops.model.message import Message
from chatops.model.shop import Shop
from chatops.model.ticket import Ticket
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds

QUARTER = 15 * 60_000  # milliseconds; every zone's hours begin on one


def shops_of(tx: Transaction, scope: Scope) -> list[str]:
    """Return the ids of the shops in a scope: of those it names, the ones in its markets."""
    chosen = select(Shop.id).where(col(Shop.id).in_(scope.shops)).order_by(col(Shop.id))
    if scope.markets:
        chosen = chosen.where(col(Shop.region).in_(scope.markets))
    return [row[0] for row in tx.execute(chosen)]


def said(shops: list[str], window: Window) -> ColumnElement[bool]:
    """Return the condition of messages said to or by some shops in a window, seen by the buyer."""
    return and_(
        col(Message.shop_id).in_(shops),
        col(Message.said_at) >= window.start,
        col(Message.said_at) < window.end,
        col(Message.visible).is_(True),
    )


def of_part(scope: Scope) -> ColumnElement[bool]:
    """Return the condition of tickets of the part of the shops' work that a scope is about."""
    conditions: list[ColumnElement[bool]] = []
    if scope.teams:
        conditions.append(col(Ticket.team).in_(scope.teams))
    if scope.agent_id:
        conditions.append(col(Ticket.assignee_id) == scope.agent_id)
        conditions.append(col(Ticket.assignee_workspace_id) == scope.workspace_id)
    return and_(true(), *conditions)


def quarter() -> ColumnElement[int]:
    """Return in which quarter of an hour since 1970 a message was said."""
    return cast(type_coerce(col(Message.said_at), BigInteger) / QUARTER, Integer)


def local_hour(quarter_of: int, window: Window) -> int:
    """Return the hour of the day, by the window's zone, of a quarter of an hour since 1970."""
    return from_milliseconds(quarter_of * QUARTER).astimezone(window.zone).hour
