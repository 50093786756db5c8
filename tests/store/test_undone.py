"""One part of a unit may fail and be undone; what the database cannot take fails the whole unit, as ever."""

import psycopg
import pytest
from sqlalchemy import text

from chatops.errors import Undone, Unwritable
from chatops.store import Store, Transaction, open_store, postgres
from chatops.times import SystemTime
from tests.store.rooms import keep, kept


def keep_twice(tx: Transaction) -> None:
    """Keep a chair, ring, and fail by a statement that the database refuses."""
    keep(tx, "chair")
    tx.ring()
    keep(tx, "chair")


def try_it(tx: Transaction) -> tuple[str, bool]:
    """Keep a lamp, try to keep a chair twice, then keep a rug; return what failed, and whether it rang."""
    keep(tx, "lamp")
    try:
        with tx.undone_on_failure():
            keep_twice(tx)
    except Undone as undone:
        keep(tx, "rug")
        return type(undone.__cause__).__name__, tx.rung
    return "", tx.rung


async def test_what_fails_within_is_undone_and_the_rest_goes_on(store: Store) -> None:
    assert await store.write(try_it) == ("IntegrityError", False)
    assert await store.read(kept) == ["lamp", "rug"]


async def test_what_succeeds_within_stays(store: Store) -> None:
    def keep_both(tx: Transaction) -> None:
        with tx.undone_on_failure():
            keep(tx, "lamp")
        keep(tx, "chair")

    await store.write(keep_both)
    assert await store.read(kept) == ["chair", "lamp"]


def keep_a_lot(tx: Transaction) -> None:
    """Keep a lamp, then more than there may be room for."""
    keep(tx, "lamp")
    with tx.undone_on_failure():
        keep(tx, "x" * 100_000)


async def test_a_full_database_within_fails_the_whole_unit(sqlite_url: str) -> None:
    store = open_store(sqlite_url, time=SystemTime())
    await store.start()
    await store.write(lambda tx: tx.scalar(text("PRAGMA max_page_count=1")))  # SQLite makes it what the file has
    with pytest.raises(Unwritable, match="full"):
        await store.write(keep_a_lot)
    assert await store.read(kept) == []
    await store.write(lambda tx: tx.scalar(text("PRAGMA max_page_count=1000000")))
    await store.write(keep_a_lot)
    assert "lamp" in await store.read(kept)
    await store.close()


async def test_a_lock_met_within_lets_the_whole_unit_be_tried_again(postgres_url: str) -> None:
    store = open_store(postgres_url, time=SystemTime(), lock_wait=postgres.LOCK_TRY * 2)
    await store.start()
    tries: list[str] = []

    def keep_within(tx: Transaction) -> None:
        keep(tx, "lamp")
        tries.append("again" if tries else "first")
        with tx.undone_on_failure():
            keep(tx, "chair")

    with psycopg.connect(postgres_url) as stranger:
        stranger.execute("INSERT INTO test_parcel (name) VALUES ('chair')")
        with pytest.raises(Unwritable, match="lock"):
            await store.write(keep_within)
        stranger.rollback()
    assert (tries, await store.read(kept)) == (["first", "again"], [])
    await store.write(keep_within)
    assert await store.read(kept) == ["chair", "lamp"]
    await store.close()
