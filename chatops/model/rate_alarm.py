"""That a shop's rate is about to fall below its line, or has: each is said once in a stretch of time."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from chatops.rules.budget import Danger
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.transaction import Transaction


class RateAlarm(SQLModel, table=True):
    """What was said last of a shop's `rate` in the stretch of time that ends at `until`, and the numbers it had then.

    `facts` is a `digest.rates.Rate`.
    """

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    rate: str = Field(primary_key=True)
    until: datetime = Field(primary_key=True, sa_type=Instant)
    danger: Danger = Field(sa_type=Choice(Danger))
    facts: dict[str, Any] = Field(sa_type=JSON)
    said_at: datetime = Field(sa_type=Instant)


def held(tx: Transaction, shop_id: str, rate: str, until: datetime) -> RateAlarm | None:
    """Return what was said, locked."""
    return tx.one(RateAlarm, _said(shop_id, rate, until).with_for_update())


def get(tx: Transaction, shop_id: str, rate: str, until: datetime) -> RateAlarm | None:
    """Return what was said, for reading only."""
    return tx.one(RateAlarm, _said(shop_id, rate, until))


def _said(shop_id: str, rate: str, until: datetime) -> SelectOfScalar[RateAlarm]:
    return select(RateAlarm).where(RateAlarm.shop_id == shop_id, RateAlarm.rate == rate, RateAlarm.until == until)
