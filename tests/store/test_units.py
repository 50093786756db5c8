"""Units of work: they share a commit, and each has its own fate."""

import asyncio
import os
import resource
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlmodel import SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from chatops.errors import Busy, SetupError, Unconfirmed, Unwritable
from chatops.store import Store, Transaction, look, open_store, postgres, sqlite
from chatops.store.lanes import next_due
from chatops.store.prepared import Prepared
from chatops.times import EPOCH, SystemTime
from tests.store.rooms import Parcel, keep, kept, put_one


class Gate:
    """A unit that keeps the writer busy until it is opened."""

    def __init__(self) -> None:
        self._entered, self._open = threading.Event(), threading.Event()

    def __call__(self, _tx: Transaction) -> None:
        self._entered.set()
        self._open.wait(10)

    async def close(self, store: Store) -> asyncio.Task[None]:
        """Occupy the store's writer."""
        waiting = asyncio.create_task(store.write(self))
        await asyncio.to_thread(self._entered.wait, 10)
        return waiting

    def open(self) -> None:
        """Let the writer go on."""
        self._open.set()


@asynccontextmanager
async def opened(url: str, **options: int | timedelta) -> AsyncIterator[Store]:
    store = open_store(url, time=SystemTime(), writer_threads=1, **options)  # type: ignore[arg-type]
    await store.start()
    yield store
    await store.close()


def fail(_tx: Transaction) -> None:
    raise ValueError("a bad unit")


async def test_what_was_written_can_be_read(store: Store) -> None:
    parcel = await store.write(keep, "lamp")
    assert parcel == 1
    assert await store.read(kept) == ["lamp"]


async def test_units_that_come_together_share_a_commit(database_url: str) -> None:
    async with opened(database_url) as store:
        gate = Gate()
        blocked = await gate.close(store)
        writing = [asyncio.create_task(store.write(keep, f"parcel {number}")) for number in range(200)]
        await asyncio.sleep(0)
        assert store.depth == 200
        gate.open()
        assert len(set(await asyncio.gather(*writing))) == 200
        await blocked
        assert store.figures.commits == 2
        assert store.figures.sizes == {1: 1, 200: 1}


async def test_what_takes_long_has_its_turn_and_a_commit_to_itself(database_url: str) -> None:
    async with opened(database_url) as store:
        gate = Gate()
        blocked = await gate.close(store)
        before = [asyncio.create_task(store.write(keep, name)) for name in ("lamp", "chair")]
        long = asyncio.create_task(store.write_alone(keep, "wardrobe"))
        after = [asyncio.create_task(store.write(keep, name)) for name in ("rug", "cup", "plate")]
        await asyncio.sleep(0)
        gate.open()
        numbers = await asyncio.gather(*before, long, *after)
        await blocked
        assert [number or 0 for number in numbers] == sorted(number or 0 for number in numbers)
        assert store.figures.sizes == {1: 2, 2: 1, 3: 1}


async def test_only_the_bad_unit_fails(database_url: str) -> None:
    async with opened(database_url) as store:
        gate = Gate()
        blocked = await gate.close(store)
        writing = [asyncio.create_task(store.write(keep, name)) for name in ("lamp", "lamp", "chair")]
        failing = asyncio.create_task(store.write(fail))
        await asyncio.sleep(0)
        gate.open()
        outcomes = await asyncio.gather(*writing, failing, return_exceptions=True)
        await blocked
        assert [type(outcome).__name__ for outcome in outcomes] == ["int", "IntegrityError", "int", "ValueError"]
        assert await store.read(kept) == ["chair", "lamp"]


async def test_nothing_of_a_failing_unit_stays(store: Store) -> None:
    def keep_and_fail(tx: Transaction) -> None:
        keep(tx, "lamp")
        raise ValueError("after all")

    with pytest.raises(ValueError, match="after all"):
        await store.write(keep_and_fail)
    assert await store.read(kept) == []


async def test_a_caller_who_stops_waiting_harms_nobody(database_url: str) -> None:
    async with opened(database_url) as store:
        gate = Gate()
        blocked = await gate.close(store)
        hasty = asyncio.create_task(store.write(keep, "lamp"))
        patient = asyncio.create_task(store.write(keep, "chair"))
        await asyncio.sleep(0)
        hasty.cancel()
        gate.open()
        await patient
        await blocked
        assert hasty.cancelled()
        assert await store.read(kept) == ["chair", "lamp"]


async def test_too_much_at_once_is_refused_and_the_rest_is_kept(database_url: str) -> None:
    async with opened(database_url, queue_limit=2) as store:
        gate = Gate()
        blocked = await gate.close(store)
        writing = [asyncio.create_task(store.write(keep, f"parcel {number}")) for number in range(3)]
        await asyncio.sleep(0)
        gate.open()
        outcomes = await asyncio.gather(*writing, return_exceptions=True)
        await blocked
        assert isinstance(outcomes[2], Busy)
        assert store.figures.refused == 1
        assert await store.read(kept) == ["parcel 0", "parcel 1"]


async def test_what_is_queued_is_finished_before_the_store_closes(database_url: str) -> None:
    async with opened(database_url) as store:
        gate = Gate()
        blocked = await gate.close(store)
        writing = asyncio.create_task(store.write(keep, "lamp"))
        await asyncio.sleep(0)
        closing = asyncio.create_task(store.close())
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await store.write(keep, "too late")
        gate.open()
        await asyncio.gather(writing, closing, blocked)
    async with opened(database_url) as store:
        assert await store.read(kept) == ["lamp"]


async def test_a_question_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        await store.read(keep, "lamp")


async def test_a_question_holds_no_rows(store: Store) -> None:
    """PostgreSQL refuses it where one only reads; SQLite, where nobody holds rows, must not hide it until then."""
    held = select(Parcel).with_for_update(skip_locked=True)

    def holding(tx: Transaction, question: Prepared | SelectOfScalar[Parcel]) -> list[Parcel]:
        return tx.all(Parcel, question)

    for question in (held, Prepared(held)):
        with pytest.raises(AssertionError, match="holds no rows"):
            await store.read(holding, question)
        assert await store.write(holding, question) == []


async def test_the_event_loop_runs_while_the_database_is_busy(store: Store) -> None:
    gate = Gate()
    blocked = await gate.close(store)
    assert await store.read(kept) == []
    gate.open()
    await blocked


async def test_a_row_that_is_already_there_is_noticed(store: Store) -> None:
    def keep_once(tx: Transaction, name: str) -> tuple[bool, int | None]:
        parcel = Parcel(name=name)
        return tx.insert_ignore(parcel), parcel.id

    assert await store.write(keep_once, "lamp") == (True, 1)
    assert await store.write(keep_once, "lamp") == (False, None)


async def test_a_database_in_memory_works_alike() -> None:
    async with opened("sqlite://") as store:
        await store.write(lambda tx: SQLModel.metadata.create_all(tx.connection))
        await store.write(keep, "lamp")
        assert await store.read(kept) == ["lamp"]


async def test_one_may_look_without_a_store_of_ones_own(database_url: str) -> None:
    async with opened(database_url) as store:
        await store.write(keep, "lamp")
        assert await asyncio.to_thread(look, database_url, kept) == ["lamp"]
    assert await asyncio.to_thread(look, database_url, kept) == ["lamp"]
    with pytest.raises(Exception, match=r"read-?only"):
        await asyncio.to_thread(look, database_url, lambda tx: keep(tx, "chair"))


async def test_a_second_process_refuses_to_start(sqlite_url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from chatops.errors import SetupError\n"
        "from chatops.store import open_store\n"
        "from chatops.times import SystemTime\n"
        "try:\n"
        "    asyncio.run(open_store(sys.argv[1], time=SystemTime()).start())\n"
        "except SetupError as refusal:\n"
        "    print(refusal, '|', refusal.remedy)\n"
    )
    async with opened(sqlite_url):
        second = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", program, sqlite_url], capture_output=True, text=True, check=False
        )
        assert f"in use by process {os.getpid()}" in second.stdout, second.stderr
    async with opened(sqlite_url) as store:
        assert await store.read(kept) == []


async def test_a_database_that_is_not_there_is_a_matter_of_setup() -> None:
    for url in ("sqlite:////nowhere/at/all/chatops.db", "postgresql://postgres@127.0.0.1:9/nothing"):
        with pytest.raises(SetupError):
            await open_store(url, time=SystemTime()).start()


async def test_a_full_disk_fails_the_writers_until_there_is_room(sqlite_url: str) -> None:
    async with opened(sqlite_url) as store:
        await store.write(keep, "lamp")
        with no_longer(Path(sqlite_url.removeprefix("sqlite:///") + "-wal")):
            outcomes = await asyncio.gather(
                *[store.write(keep, f"parcel {number}") for number in range(5)], return_exceptions=True
            )
        assert {type(outcome) for outcome in outcomes} == {Unwritable}
        assert await store.read(kept) == ["lamp"]
        await store.write(keep, "chair")
        assert await store.read(kept) == ["chair", "lamp"]


@contextmanager
def no_longer(file: Path) -> Iterator[None]:
    """Let the system refuse to make this file, or any other, longer than it is: a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_database_that_reached_its_size_refuses_and_recovers(sqlite_url: str) -> None:
    async with opened(sqlite_url) as store:

        def allow(tx: Transaction, pages: int) -> None:
            tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        await store.write(allow, 1)  # SQLite makes it what the file has already
        with pytest.raises(Unwritable, match="full"):
            await store.write(keep, "x" * 100_000)
        await store.write(allow, 1_000_000)
        await store.write(keep, "x" * 100_000)


async def test_a_locked_database_fails_the_writers_until_it_is_free(sqlite_url: str) -> None:
    async with opened(sqlite_url, lock_wait=timedelta(milliseconds=50)) as store:
        # of the store's own SQLite: within one process two of them do not see each other's locks
        stranger = sqlite.DRIVER.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unwritable, match="locked"):
            await store.write(keep, "lamp")
        stranger.execute("ROLLBACK")
        stranger.close()
        await store.write(keep, "lamp")
        assert await store.read(kept) == ["lamp"]


@pytest.fixture
def rings_for_others_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bell rings by itself: what is heard was rung by somebody."""
    monkeypatch.setattr(postgres, "QUIET_SECONDS", 3600)


@pytest.mark.usefixtures("rings_for_others_only")
async def test_replicas_hear_each_others_bell(postgres_url: str) -> None:
    async with opened(postgres_url) as here, opened(postgres_url) as there:
        bell = there.bells()
        await here.write(put_one, "thread:1", "hello")
        await asyncio.wait_for(bell.wait(), 10)
        assert await there.read(next_due, EPOCH), "who hears it finds what it rang for"


@pytest.mark.usefixtures("rings_for_others_only")
async def test_what_is_written_last_is_rung_for_as_well(postgres_url: str) -> None:
    async with opened(postgres_url) as there:
        bell = there.bells()
        async with opened(postgres_url) as here:
            await here.write(put_one, "thread:1", "hello")
        await asyncio.wait_for(bell.wait(), 10)


async def test_what_nobody_lived_to_ring_for_is_looked_for(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "QUIET_SECONDS", 0.05)
    async with opened(postgres_url) as store:
        await asyncio.wait_for(store.bells().wait(), 10)


@pytest.mark.usefixtures("rings_for_others_only")
async def test_the_bell_is_heard_again_after_the_connection_broke(postgres_url: str) -> None:
    async with opened(postgres_url) as here, opened(postgres_url) as there:
        bell = there.bells()
        cut_all(postgres_url)
        await asyncio.wait_for(bell.wait(), 10)
        bell.clear()
        await here.write(put_one, "thread:1", "hello")
        await asyncio.wait_for(bell.wait(), 10)


async def test_a_lost_connection_is_made_again(postgres_url: str) -> None:
    async with opened(postgres_url) as store:
        await store.write(keep, "lamp")
        assert await store.read(kept) == ["lamp"]
        cut_all(postgres_url)
        await store.write(keep, "chair")
        assert await store.read(kept) == ["chair", "lamp"]


async def test_a_connection_lost_during_the_commit_leaves_a_doubt(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'"
        )
        owner.execute(
            "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON test_parcel DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION cut()"
        )
        async with opened(postgres_url) as store:
            with pytest.raises(Unconfirmed):
                await store.write(keep, "lamp")
            owner.execute("DROP TRIGGER cut ON test_parcel")
            await store.write(keep, "lamp")


def cut_all(url: str) -> None:
    """Break every other connection to this database, as a restart of the server does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_units_that_lock_in_opposite_order_both_succeed(postgres_url: str) -> None:
    meeting = threading.Barrier(2, timeout=10)
    met = threading.Event()

    def put_both(tx: Transaction, lanes: tuple[str, str]) -> None:
        put_one(tx, lanes[0], "hello")
        if not met.is_set():
            meeting.wait()
            met.set()
        put_one(tx, lanes[1], "hello")

    async with opened(postgres_url) as here, opened(postgres_url) as there:
        await asyncio.gather(here.write(put_both, ("a", "b")), there.write(put_both, ("b", "a")))
        assert here.figures.units + there.figures.units == 2
