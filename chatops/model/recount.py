"""Which open tickets have yet to be counted by what leads define about time now."""

from datetime import datetime

from sqlalchemy import bindparam, tuple_
from sqlmodel import Field, SQLModel, col, select

from chatops.model.ticket import Ticket, TicketState
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction

ONE = "tickets"


class Recount(SQLModel, table=True):
    """How far the open tickets have been looked at since definitions changed; there is one such round at most.

    `anew`: the time zones changed, too, so that the same hours may be others.
    """

    name: str = Field(primary_key=True)
    began_at: datetime = Field(sa_type=Instant)
    anew: bool = False
    after_shop: str = ""
    after_ticket: str = ""


_NEXT = Prepared(
    select(Ticket.shop_id, Ticket.id)
    .where(
        col(Ticket.state) == TicketState.OPEN,
        tuple_(col(Ticket.shop_id), col(Ticket.id)) > tuple_(bindparam("after_shop"), bindparam("after_ticket")),
    )
    .order_by(Ticket.shop_id, Ticket.id)
    .limit(bindparam("limit"))
)
BEGAN_AT = select(col(Recount.began_at))  # the round that goes on, if any
_IF_FREE = Prepared(
    select(Ticket)
    .where(col(Ticket.shop_id) == bindparam("shop_id"), col(Ticket.id) == bindparam("ticket_id"))
    .with_for_update(skip_locked=True)
)


def begun(tx: Transaction) -> Recount | None:
    """Return the round that goes on, locked; None: there is none, or another replica is at it."""
    return tx.one(Recount, select(Recount).with_for_update(skip_locked=True))


def coming(tx: Transaction, one: Recount, limit: int) -> list[tuple[str, str]]:
    """Return the next open tickets of a round: shop and id."""
    found = tx.rows(_NEXT, after_shop=one.after_shop, after_ticket=one.after_ticket, limit=limit)
    return [(shop_id, ticket_id) for shop_id, ticket_id in found]


def lock_if_free(tx: Transaction, shop_id: str, ticket_id: str) -> Ticket | None:
    """Return a ticket, locked; None while somebody else works on it."""
    return tx.one(Ticket, _IF_FREE, shop_id=shop_id, ticket_id=ticket_id)
