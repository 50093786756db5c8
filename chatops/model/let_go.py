"""Waits of buyers that ended without an answer: on the day itself they were waits."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chatops.store.instants import Instant


class LetGo(SQLModel, table=True):
    """A buyer had waited `since` an instant `until` somebody said that it is over, or that they need no answer."""

    __table_args__ = (Index("let_go_until", "until", "shop_id", "since"),)

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    ticket_id: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=Instant)
    until: datetime = Field(primary_key=True, sa_type=Instant)
