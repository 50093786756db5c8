"""How far the catch-up reader of a shop has come."""

from datetime import timedelta

from chatops.desk import marks
from chatops.store import Transaction
from tests.desk.scenes import NOON, SHOP, Desk


def test_a_message_dated_in_the_future_does_not_hide_what_comes_before_it(tx: Transaction) -> None:
    Desk(tx)
    marks.begin(tx, SHOP, NOON)
    marks.finish(tx, SHOP, NOON + timedelta(days=365), 1, NOON)
    assert marks.begin(tx, SHOP, NOON + timedelta(minutes=5)).newest_at == NOON
