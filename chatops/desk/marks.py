"""How far the catch-up reader of a shop has come, and what it has spent today."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from chatops.model.shop import PollMark
from chatops.store.transaction import Transaction

LOOK_BACK = timedelta(days=1)  # how far the first comparison of a shop reaches


def begin(tx: Transaction, shop_id: str, now: datetime) -> PollMark:
    """Return where a comparison starts; the spending starts anew each UTC day."""
    day = now.date().isoformat()
    mark = tx.one(PollMark, select(PollMark).where(PollMark.shop_id == shop_id))
    if mark is None:
        mark = PollMark(shop_id=shop_id, compared_at=now, newest_at=now - LOOK_BACK, day=day, spent=0)
        tx.insert_ignore(mark)
    elif mark.day != day:
        mark.day, mark.spent = day, 0
        tx.execute(update(PollMark).where(col(PollMark.shop_id) == shop_id).values(day=day, spent=0))
    return mark


def finish(tx: Transaction, shop_id: str, newest_at: datetime, spent: int, now: datetime) -> None:
    """Remember how far a comparison came and what it spent; what is dated later than `now` is not gone past."""
    values = {"newest_at": min(newest_at, now), "spent": spent, "compared_at": now}
    tx.execute(update(PollMark).where(col(PollMark.shop_id) == shop_id).values(**values))
