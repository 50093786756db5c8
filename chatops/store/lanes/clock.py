"""When the machine's clock is set back, what waits for an instant must not wait longer by as much."""

from datetime import timedelta

from sqlalchemy import BigInteger, Column, Table, type_coerce, update

from chatops.store.lanes.pace import PACES
from chatops.store.lanes.tables import DELIVERIES, LANES
from chatops.store.transaction import Transaction
from chatops.times import MILLISECOND

WAITING: tuple[tuple[Table, tuple[Column[int], ...]], ...] = (
    (LANES, (LANES.c.ready_at, LANES.c.lease_until)),
    (DELIVERIES, (DELIVERIES.c.not_before,)),
    (PACES, (PACES.c.open_at, PACES.c.spare_at, PACES.c.tat)),
)


def set_back(tx: Transaction, by: timedelta) -> None:
    """Move every instant that something waits for back by as much as the clock; only where one process works."""
    milliseconds = by // MILLISECOND
    for table, columns in WAITING:
        earlier = {column.name: type_coerce(column, BigInteger) - milliseconds for column in columns}
        tx.execute(update(table).values(earlier))
    tx.ring()
