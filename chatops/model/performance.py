"""What the marketplace itself counted of each shop's service, day by day, beside what we count."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Date
from sqlmodel import Field, SQLModel, col, select

from chatops.model.facts import OfficialFigures
from chatops.store.instants import Instant
from chatops.store.transaction import Transaction


class Performance(SQLModel, table=True):
    """One day of one shop as the marketplace tells it, by its own calendar; shares are of one."""

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    day: date = Field(primary_key=True, sa_type=Date)
    sessions: int
    answered: float | None = None
    satisfied: float | None = None
    minutes: float | None = None
    read_at: datetime = Field(sa_type=Instant)


def get(tx: Transaction, shop_id: str, day: date) -> Performance | None:
    """Return what is known of one day."""
    return tx.one(Performance, select(Performance).where(Performance.shop_id == shop_id, Performance.day == day))


def between(tx: Transaction, shop_ids: Collection[str], first: date, last: date) -> list[Performance]:
    """Return what is known of some shops from the `first` day to the `last`, in order."""
    days = col(Performance.day) >= first, col(Performance.day) <= last
    sought = select(Performance).where(col(Performance.shop_id).in_(shop_ids), *days)
    return tx.all(Performance, sought.order_by(col(Performance.shop_id), col(Performance.day)))


def keep(tx: Transaction, shop_id: str, day: date, figures: OfficialFigures, now: datetime) -> None:
    """Remember what the marketplace says of a day; what it said before is replaced: it counts on for a while."""
    said = {
        "sessions": figures.sessions,
        "answered": figures.answered,
        "satisfied": figures.satisfied,
        "minutes": figures.minutes,
        "read_at": now,
    }
    day_of = {"shop_id": shop_id, "day": day}
    tx.execute(tx.upsert(Performance, day_of | said, tuple(day_of), said))
