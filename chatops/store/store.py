"""The store: `await store.write(unit, …)` and `await store.read(question, …)`, on SQLite or PostgreSQL."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar
from weakref import WeakSet

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError, StatementError

from chatops.errors import SetupError
from chatops.store import sqlite
from chatops.store.failures import explained
from chatops.store.secrets import Keyring
from chatops.store.transaction import Transaction
from chatops.store.writer import Figures, Work, WorkQueue, Writer, call_in
from chatops.times import TimeSource

if TYPE_CHECKING:
    from chatops.store import postgres  # needs psycopg, which is not everywhere

P = ParamSpec("P")
T = TypeVar("T")

LOCK_WAIT = timedelta(seconds=5)


class Store:
    """Where everything is kept. Made by `open_store`; `start` before use and `close` at the end, in one event loop."""

    def __init__(
        self,
        *,
        time: TimeSource,
        writing: Engine,
        reading: Engine | None,
        lease: sqlite.FileLease | None,
        listener: "postgres.Listener | None",
        queue: WorkQueue,
        writers: int,
        batch_limit: int,
        attempts: int,
        read_threads: int,
    ) -> None:
        self.time = time
        self.dialect = "sqlite" if writing.dialect.name == "sqlite" else "postgresql"
        self._writing, self._reading = writing, reading
        self._lease, self._listener = lease, listener
        self._queue = queue
        self._bells: WeakSet[asyncio.Event] = WeakSet()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._readers = ThreadPoolExecutor(read_threads, thread_name_prefix="chatops-reader")
        self._writers = [
            Writer(
                writing,
                queue,
                batch_limit=batch_limit,
                attempts=attempts,
                rung=self._ring_everywhere,
            )
            for _ in range(writers)
        ]

    async def start(self) -> None:
        """Take the file, connect, and begin to write; `SetupError` when that is not possible."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Refuse new units, finish those queued, and let go of the database."""
        self._queue.close()
        await asyncio.to_thread(self._shut)

    async def write(self, unit: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `unit(tx, …)` in a transaction shared with whatever is queued; return its value once that is durable.

        The unit runs in another thread, perhaps more than once, so it must have no effect outside of `tx`. Raises what
        the unit raised; `Busy` when too much is waiting; `Unwritable` when the database cannot take it; `Unconfirmed`
        when nobody knows.
        """
        return await self._queued(lambda tx: unit(tx, *args, **kwargs))

    async def write_alone(
        self, unit: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `unit` as `write` does, in a transaction of its own: it takes long, and no other shall wait for it."""
        return await self._queued(lambda tx: unit(tx, *args, **kwargs), alone=True)

    async def _queued(self, unit: Callable[[Transaction], T], *, alone: bool = False) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put(Work(unit, future, loop, alone))
        return await future

    async def read(self, question: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer `question(tx, …)` from one unchanging state of the database; keep it short, writing is refused.

        It is asked where the caller stands: what is said meanwhile is said in the caller's language.
        """
        here = copy_context()

        def asked(tx: Transaction) -> T:
            return here.run(question, tx, *args, **kwargs)

        if self._reading is None:  # a database in memory has one connection, the writer's
            return await self.write(asked)
        return await asyncio.get_running_loop().run_in_executor(self._readers, _ask, self._reading, asked)

    def bells(self) -> asyncio.Event:
        """Return a new bell, set whenever deliveries were committed, here or on another replica; clear it yourself."""
        bell = asyncio.Event()
        self._bells.add(bell)
        return bell

    @property
    def writers(self) -> int:
        """How many transactions can be written beside each other."""
        return len(self._writers)

    @property
    def depth(self) -> int:
        """How many units wait to be written."""
        return len(self._queue)

    @property
    def figures(self) -> Figures:
        """What was written so far."""
        return self._queue.figures

    def _open(self) -> None:
        if self._lease:
            self._lease.take()
        try:
            with self._writing.connect():
                pass
        except DBAPIError as error:
            self._let_go()
            raise SetupError(f"the database cannot be opened: {error.orig}", "check CHATOPS_DATABASE_URL") from error
        if self._listener:
            self._listener.start(self._ring_soon)
        for writer in self._writers:
            writer.start()

    def _shut(self) -> None:
        for writer in self._writers:
            if writer.is_alive():
                writer.join()
        if self._listener:
            self._listener.stop()
        self._readers.shutdown()
        self._let_go()

    def _let_go(self) -> None:
        if self._reading:
            self._reading.dispose()
        self._writing.dispose()  # last: the writer's connection is the one that checkpoints at the end
        if self._lease:
            self._lease.give_back()

    def _ring_everywhere(self) -> None:
        if self._listener:
            self._listener.announce()
        self._ring_soon()

    def _ring_soon(self) -> None:
        if self._loop:
            call_in(self._loop, self._ring)

    def _ring(self) -> None:
        for bell in list(self._bells):
            bell.set()


def open_store(
    url: str,
    *,
    time: TimeSource,
    keys: Keyring | None = None,
    read_threads: int = 2,
    writer_threads: int = 2,
    queue_limit: int = 5000,
    batch_limit: int = 256,
    lock_wait: timedelta = LOCK_WAIT,
) -> Store:
    """Return a store, not yet started, for `sqlite:///path`, `sqlite://` (in memory) or `postgresql://…`.

    `keys` encrypt `Secret` columns. `writer_threads` only counts on PostgreSQL: SQLite has exactly one writer.
    `lock_wait` is how long a transaction waits for a lock that somebody outside holds.
    """
    address = make_url(url)
    lease = listener = None
    attempts = 1
    if address.get_backend_name() == "sqlite":
        file = sqlite.file_of(address)
        writing = sqlite.writing_engine(file, lock_wait)
        reading = sqlite.reading_engine(file, read_threads, lock_wait) if file else None
        lease = sqlite.FileLease(file) if file else None
        writer_threads = 1
    else:
        postgres = _postgres()
        writing, reading = postgres.engines(address, writer_threads, read_threads)
        attempts = max(1, lock_wait // postgres.LOCK_TRY)
        listener = postgres.Listener(address)
    if keys:
        for engine in filter(None, (writing, reading)):
            keys.install(engine)
    return Store(
        time=time,
        writing=writing,
        reading=reading,
        lease=lease,
        listener=listener,
        queue=WorkQueue(queue_limit),
        writers=writer_threads,
        batch_limit=batch_limit,
        attempts=attempts,
        read_threads=read_threads,
    )


def look(url: str, question: Callable[[Transaction], T], *, keys: Keyring | None = None) -> T:
    """Answer one question without a store, also while another process has it open; blocks, so not for an event loop."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        file = sqlite.file_of(address)
        if file is None or not file.exists():
            raise SetupError(
                f"there is no database at {url}", "run `chatops db upgrade`, or check CHATOPS_DATABASE_URL"
            )
        engine = sqlite.reading_engine(file, 1, LOCK_WAIT)
    else:
        _, engine = _postgres().engines(address, 1, 1)
    if keys:
        keys.install(engine)
    try:
        return _ask(engine, question)
    finally:
        engine.dispose()


def _ask(engine: Engine, question: Callable[[Transaction], T]) -> T:
    try:
        with engine.connect() as connection, connection.begin():
            return question(Transaction(connection, looks=True))
    except StatementError as error:
        raise explained(error) from error


def _postgres() -> ModuleType:
    """Return the part that needs psycopg, which is an extra."""
    try:
        return import_module("chatops.store.postgres")
    except ModuleNotFoundError as error:
        raise SetupError("PostgreSQL needs psycopg", 'install it: pip install "chatops[postgres]"') from error
