"""An instant has come: whoever must be called, told or relieved then is, and the next instant is waited for."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from chatops.desk import alarms, paging, recounting
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TIME_ZONES, TimeSource

# Does some of what is due, and returns how much that was, or how late each of it.
Sweeper = Callable[[Transaction, datetime], int | Sequence[timedelta]]
SWEEPERS: tuple[Sweeper, ...] = (
    paging.act_due,
    alarms.raise_due,
    recounting.move_due,
)  # what cannot wait comes first in each round
LOOK_AGAIN = timedelta(milliseconds=250)  # another replica, or somebody's message, may have made something due sooner
ASK_AGAIN = timedelta(minutes=1)
AFTER_TROUBLE = timedelta(seconds=1)
BUCKETS = (0.01, 0.05, 0.25, 1.0, 5.0, 30.0, 300.0)  # seconds
log = structlog.get_logger(__name__)


class Alarms:
    """Does what is due the moment it is due, in small transactions, so that nothing else waits for long."""

    def __init__(self, store: Store, time: TimeSource) -> None:
        self._store = store
        self._time = time
        self.beat: datetime | None = None  # when it last looked
        self.bounds: tuple[float, ...] = BUCKETS
        self.agrees = True  # no other replica counts by newer time zones
        self._ask_again_at = time.now()
        self.lateness = [0] * (len(BUCKETS) + 1)  # how many alarms were late by up to each bucket, the last: by more
        self.late_seconds = 0.0

    async def run(self) -> None:
        """Go on until cancelled; what goes wrong is tried again."""
        while True:
            until = self._time.now() + LOOK_AGAIN
            try:
                await self._sweep()
                coming = await self._store.read(alarms.next_at)
                until = until if coming is None else min(coming, until)
                self.beat = self._time.now()
            except Exception as error:
                log.warning("alarms_not_raised", error=type(error).__name__, exc_info=True)
                until = self._time.now() + AFTER_TROUBLE
            await self._time.wait(asyncio.Event(), until)

    async def _sweep(self) -> None:
        """Let every sweeper have its turn, again and again, until nothing is due."""
        if not await self._agrees():
            return
        while any([await self._turn(sweeper) for sweeper in SWEEPERS]):
            pass

    async def _agrees(self) -> bool:
        """Ask now and then whether another replica counts by newer time zones; then this one leaves it to that one."""
        if self._time.now() >= self._ask_again_at:
            agreed = await self._store.write(recounting.time_zones_agree, TIME_ZONES, self._time.now())
            self._ask_again_at = self._time.now() + ASK_AGAIN
            if self.agrees and not agreed:
                log.error("time_zones_too_old", ours=TIME_ZONES)
            self.agrees = agreed
        return self.agrees

    async def _turn(self, sweeper: Sweeper) -> bool:
        done = await self._store.write(sweeper, self._time.now())
        for late in () if isinstance(done, int) else done:
            seconds = max(late.total_seconds(), 0.0)
            self.late_seconds += seconds
            self.lateness[next((at for at, most in enumerate(BUCKETS) if seconds <= most), len(BUCKETS))] += 1
        return bool(done)
