"""Leases: what only one replica may hold at a time (a gateway session, the refresh of a token)."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlmodel import Field, SQLModel

from chatops.store.instants import instant_field
from chatops.store.transaction import Transaction, table


class Lease(SQLModel, table=True):
    """`owner` alone may do what `name` says, until the instant `until`."""

    name: str = Field(primary_key=True)
    owner: str
    until: datetime = instant_field()


def acquire(tx: Transaction, name: str, owner: str, now: datetime, ttl: timedelta) -> bool:
    """Take the lease when it is free, over, or already ours; return whether `owner` holds it until `now + ttl`."""
    lease = table(Lease).c
    row = {"name": name, "owner": owner, "until": now + ttl}
    free = or_(lease.until <= now, lease.owner == owner)
    statement = tx.upsert(Lease, row, ["name"], {"owner": owner, "until": now + ttl}, where=free)
    return tx.execute(statement.returning(lease.name)).first() is not None


def renew(tx: Transaction, name: str, owner: str, now: datetime, ttl: timedelta) -> bool:
    """Prolong a lease `owner` still holds; False when it is over or somebody else's."""
    lease = table(Lease).c
    ours = and_(lease.name == name, lease.owner == owner, lease.until > now)
    return tx.execute(update(table(Lease)).where(ours).values(until=now + ttl)).rowcount == 1


def release(tx: Transaction, name: str, owner: str) -> None:
    """Give the lease back, if `owner` holds it."""
    lease = table(Lease).c
    tx.execute(delete(table(Lease)).where(lease.name == name, lease.owner == owner))


def holder(tx: Transaction, name: str, now: datetime) -> str | None:
    """Return who holds a lease."""
    lease = table(Lease).c
    held = tx.execute(select(lease.owner).where(lease.name == name, lease.until > now)).first()
    return held[0] if held else None


def free_all(tx: Transaction) -> None:
    """Take every lease from its owner: for a start on SQLite (all are dead)."""
    tx.execute(delete(table(Lease)))
