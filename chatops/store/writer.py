"""Group commit: a writer thread runs everything that is queued in one transaction, then answers everybody.

Batching appears by itself under load, and a lone unit pays one commit: nothing waits for company. When a unit raises,
the batch is rolled back and its units run again one by one, so that only the bad one fails. No SAVEPOINTs: they double
the price of every unit.

Who gets what:
* a unit's own exception: its caller;
* database locked, disk full, not reachable: `Unwritable`, nothing was kept; the writer works again when it does;
* connection lost during COMMIT (PostgreSQL): `Unconfirmed`, perhaps kept;
* more than `queue_limit` waiting: `Busy` at once, nothing was queued.
A caller who is cancelled does not stop his unit: once queued it is carried out.
"""

import asyncio
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from chatops.errors import Busy
from chatops.store.failures import explained, is_clash, is_down, is_unreachable
from chatops.store.transaction import Transaction

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Work:
    """A queued unit and whoever waits for it; one that takes long is `alone` in its transaction."""

    unit: Callable[[Transaction], Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    alone: bool = False
    value: Any = None
    error: BaseException | None = None

    def answer(self) -> None:
        """Tell the caller, in his loop; one who no longer waits is left alone."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.value)
        else:
            self.future.set_exception(self.error)


@dataclass(slots=True)
class Figures:
    """What the writers did so far; `sizes` counts batches by their number of units."""

    units: int = 0
    commits: int = 0
    refused: int = 0
    sizes: Counter[int] = field(default_factory=Counter)


class WorkQueue:
    """What waits to be written; bounded, filled by event loops, emptied by writer threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: deque[Work] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self.figures = Figures()

    def __len__(self) -> int:
        """Return how many units wait."""
        return len(self._waiting)

    def put(self, work: Work) -> None:
        """Queue a unit; `Busy` when too many wait or the store is closed."""
        with self._changed:
            if self._closed:
                raise Busy("the store is closed")
            if len(self._waiting) >= self._limit:
                self.figures.refused += 1
                raise Busy(f"{self._limit} units wait to be written")
            self._waiting.append(work)
            self._changed.notify()

    def take(self, limit: int) -> list[Work]:
        """Wait for work and return up to `limit` units; none means: closed and nothing left."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            batch = [self._waiting.popleft()] if self._waiting else []
            while self._waiting and len(batch) < limit and not (batch[-1].alone or self._waiting[0].alone):
                batch.append(self._waiting.popleft())
            return batch

    def count(self, batch: Sequence[Work]) -> None:
        """Count a batch that was committed."""
        with self._changed:
            self.figures.commits += 1
            self.figures.units += len(batch)
            self.figures.sizes[len(batch)] += 1

    def close(self) -> None:
        """Take nothing more; writers finish what is queued."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class Writer(threading.Thread):
    """One thread with one connection; `rung` follows a transaction in which units rang."""

    def __init__(
        self,
        engine: Engine,
        queue: WorkQueue,
        *,
        batch_limit: int,
        attempts: int,
        rung: Callable[[], None],
    ) -> None:
        super().__init__(name="chatops-writer", daemon=True)
        self._engine = engine
        self._queue = queue
        self._batch_limit = batch_limit
        self._attempts = attempts  # for a unit that meets another transaction's locks
        self._rung = rung
        self._connection: Connection | None = None
        self._committing = False

    def run(self) -> None:
        """Write until the queue is closed and empty."""
        while batch := self._queue.take(self._batch_limit):
            self._carry_out(batch)
            _answer(batch)
        self._disconnect()

    def _carry_out(self, batch: Sequence[Work]) -> None:
        """Give every unit of the batch its value or its error."""
        error = self._attempt(batch)
        if error is None:
            return
        if len(batch) > 1 and (is_clash(error) or not is_down(error)):
            for work in batch:
                self._carry_out([work])
            return
        for work in batch:
            work.error = explained(error, committing=self._committing)

    def _attempt(self, batch: Sequence[Work]) -> BaseException | None:
        """Commit the batch in one transaction; return what prevented it, after which nothing of it is there."""
        attempts = self._attempts if len(batch) == 1 else 1
        reconnected = False
        while True:
            try:
                self._commit(batch)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the callers, and the thread must live
                attempts -= 1
                if is_unreachable(error):
                    self._disconnect()
                    if not reconnected and not self._committing:
                        reconnected = True
                        continue
                if is_clash(error) and attempts > 0:
                    continue
                return error
            return None

    def _commit(self, batch: Sequence[Work]) -> None:
        self._committing = False
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            tx = Transaction(self._connection)
            for work in batch:
                work.value = work.unit(tx)
            self._committing = True
        self._queue.count(batch)
        if tx.rung:
            self._rung()

    def _disconnect(self) -> None:
        if self._connection is not None:
            try:
                self._connection.close()
            except DBAPIError as error:
                log.warning("store_disconnect_failed", reason=str(error.orig))
            self._connection = None


def _answer(batch: Iterable[Work]) -> None:
    """Answer every caller, with one call into each event loop."""
    loops: dict[asyncio.AbstractEventLoop, list[Work]] = {}
    for work in batch:
        loops.setdefault(work.loop, []).append(work)
    for loop, works in loops.items():
        call_in(loop, partial(_answer_here, works))


def _answer_here(works: Iterable[Work]) -> None:
    for work in works:
        work.answer()


def call_in(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
    """Run `call` in `loop` from another thread; a loop that is closed has nobody left to tell."""
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:
        log.debug("loop_closed")
