"""Ticks: the only import of APScheduler, which only says "now" at steady intervals; what is due is in the database."""

from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Ticker:
    """Calls coroutines every so many seconds, one call of each at a time; a late tick is still a tick."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def every(self, seconds: float, call: Callable[[], Awaitable[None]]) -> None:
        """Call `call` every `seconds`, the first time after that many."""
        self._scheduler.add_job(
            call, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin to tick in the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; a running call is not interrupted."""
        self._scheduler.shutdown(wait=False)
