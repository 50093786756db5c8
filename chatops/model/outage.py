"""When a shop's marketplace could not be reached: what somebody said of it, or the product noticed by itself."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field, SQLModel, col, select

from chatops.rules.clock import Happening
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction


class ReachRecord(SQLModel, table=True):
    """From an instant on, the marketplace could not be reached for a shop (`CUT_OFF`), or could again (`REACHED`).

    The two take turns, `number` counts them from 1 in each shop. `said_by` is an agent's id, "" when the product
    noticed it; `words` are theirs.
    """

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    number: int = Field(primary_key=True)
    what: Happening = Field(sa_type=Choice(Happening))
    at: datetime = Field(sa_type=Instant)
    said_at: datetime = Field(sa_type=Instant)
    said_by_workspace: str = ""
    said_by: str = ""
    words: str = ""


_HERE = select(ReachRecord).where(col(ReachRecord.shop_id) == bindparam("shop_id"))
_LAST = Prepared(_HERE.order_by(col(ReachRecord.number).desc()).limit(1))
_AFTER = Prepared(_HERE.where(col(ReachRecord.number) > bindparam("number")).order_by(col(ReachRecord.number)))


def last(tx: Transaction, shop_id: str) -> ReachRecord | None:
    """Return what was said of a shop last; None: it was never cut off."""
    return tx.one(ReachRecord, _LAST, shop_id=shop_id)


def now_cut_off(tx: Transaction, shop_id: str) -> ReachRecord | None:
    """Return since when a shop is cut off; None: it is not."""
    found = last(tx, shop_id)
    return found if found is not None and found.what is Happening.CUT_OFF else None


def after(tx: Transaction, shop_id: str, number: int) -> list[ReachRecord]:
    """Return what was said of a shop after the record of a number."""
    return tx.all(ReachRecord, _AFTER, shop_id=shop_id, number=number)
