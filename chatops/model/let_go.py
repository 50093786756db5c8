"""Waits of buyers that ended without an answer: on the day itself they were waits."""

from datetime import datetime

from sqlalchemy import Index, delete
from sqlmodel import Field, SQLModel, col, select

from chatops.store.instants import Instant
from chatops.store.transaction import Transaction


class LetGo(SQLModel, table=True):
    """A buyer had waited `since` an instant `until` somebody said that it is over, or that they need no answer."""

    __table_args__ = (Index("let_go_until", "until", "shop_id", "since"),)

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    ticket_id: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=Instant)
    until: datetime = Field(primary_key=True, sa_type=Instant)


def forget(tx: Transaction, shop_id: str, ticket_id: str, since: datetime, until: datetime) -> list[LetGo]:
    """Forget the waits of a ticket that had begun by `since` and were let go at `until` or later; return them."""
    those = col(LetGo.shop_id) == shop_id, col(LetGo.ticket_id) == ticket_id
    then = col(LetGo.since) <= since, col(LetGo.until) >= until
    found = tx.all(LetGo, select(LetGo).where(*those, *then))
    if found:
        tx.execute(delete(LetGo).where(*those, *then))
    return found
