"""Ticks: the only import of APScheduler, which only says "now" at steady intervals; what is due is in the database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from chatops.times import SystemTime, TimeSource

LOOK_AFTER = 1  # second


class Ticker:
    """Calls coroutines every so many seconds, one call of each at a time; a late tick is still a tick."""

    def __init__(self, time: TimeSource | None = None) -> None:
        self._time = time or SystemTime()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._looking: asyncio.Task[None] | None = None

    def every(self, seconds: float, call: Callable[[], Awaitable[None]]) -> None:
        """Call `call` every `seconds`, the first time after that many."""
        self._scheduler.add_job(
            call, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin to tick in the running loop."""
        self._scheduler.start()
        self._looking = asyncio.create_task(self._look_at_the_clock())

    def stop(self) -> None:
        """Tick no more; a running call is not interrupted."""
        if self._looking is not None:
            self._looking.cancel()
        self._scheduler.shutdown(wait=False)

    async def _look_at_the_clock(self) -> None:
        """Tick on when the machine's clock is set back: the scheduler waits until that shows what it is to show."""
        while True:
            seen = self._time.now()
            await asyncio.sleep(LOOK_AFTER)
            if (now := self._time.now()) < seen:
                for tick in self._scheduler.get_jobs():
                    tick.modify(next_run_time=now + tick.trigger.interval)
