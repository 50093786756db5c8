"""Short ways to say what the tests of the store say often."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Field, SQLModel, select

from chatops.store import Store, Transaction
from chatops.store.lanes import Claimed, Limit, Outcome, claim, put, settle
from chatops.store.prepared import Prepared, plan

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)


class Parcel(SQLModel, table=True):
    """Something to keep, known by its name."""

    __tablename__ = "test_parcel"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


def keep(tx: Transaction, name: str) -> int | None:
    """Keep a parcel and return its id."""
    parcel = Parcel(name=name)
    tx.insert(parcel)
    return parcel.id


def kept(tx: Transaction) -> list[str]:
    """Return the names of all parcels."""
    return sorted(parcel.name for parcel in tx.all(Parcel, select(Parcel)))


def seconds(number: float) -> datetime:
    """Return the instant that many seconds after noon."""
    return NOON + timedelta(seconds=number)


def no_limit(_scope: str) -> Limit | None:
    """Every scope may be called at any speed."""
    return None


def put_one(
    tx: Transaction,
    lane: str,
    text: str,
    *,
    at: datetime = NOON,
    scope: str = "channel",
    wide: str = "",
    priority: int = 2,
    coalesce: bool = False,
) -> int:
    """Put a delivery of kind `say` into a lane and return its number, 0 when it was coalesced."""
    seq = put(
        tx,
        lane=lane,
        scope=scope,
        wide=wide,
        priority=priority,
        kind="say",
        args={"text": text},
        not_before=at,
        now=NOON,
        coalesce=coalesce,
    )
    return seq or 0


def claim_all(
    tx: Transaction,
    owner: str = "ada",
    *,
    at: datetime = NOON,
    lanes: int = 100,
    per_lane: int = 10,
    alone: Collection[str] = (),
) -> list[Claimed]:
    """Claim whatever there is, at any speed."""
    return claim(tx, owner=owner, now=at, lease=LEASE, lanes=lanes, per_lane=per_lane, limits=no_limit, alone=alone)


def settle_all(tx: Transaction, outcomes: Sequence[Outcome], owner: str = "ada", *, at: datetime = NOON) -> set[str]:
    """Settle, at any speed."""
    return settle(tx, outcomes, owner=owner, now=at, limits=no_limit)


def texts(claimed: Claimed) -> list[str]:
    """Return what a claimed lane's deliveries say."""
    return [delivery.args["text"] for delivery in claimed.deliveries]


async def claimed_texts(store: Store, owner: str = "ada", *, at: datetime = NOON) -> dict[str, list[str]]:
    """Claim whatever there is and return what it says, by lane."""
    return {taken.lane: texts(taken) for taken in await store.write(claim_all, owner, at=at)}


def explained(tx: Transaction, statement: Prepared, values: dict[str, Any]) -> str:
    """Return how the database would find the rows of a statement."""
    if tx.dialect == "postgresql":
        tx.execute(text("SET LOCAL enable_seqscan = off"))  # which it prefers while there are no rows
        tx.execute(text("SET LOCAL enable_bitmapscan = off"))
    asked = plan(tx.connection, statement, tuple(values))
    explain = "EXPLAIN QUERY PLAN" if tx.dialect == "sqlite" else "EXPLAIN"
    rows = tx.connection.exec_driver_sql(f"{explain} {asked.sql}", asked.parameters(values))
    return "\n".join(str(row[-1]) for row in rows)
