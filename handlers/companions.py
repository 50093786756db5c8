"""Work that goes on beside what listens, and ends with it."""

import asyncio
from collections.abc import Awaitable

import structlog

log = structlog.get_logger(__name__)


class Companions:
    """Keeps hold of work until it ends; what ends by an error is logged by its kind: the rest may be personal."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Future[object]] = set()

    def keep(self, work: Awaitable[object]) -> None:
        """Begin work, and hold on to it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def close(self) -> None:
        """End what still goes on."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: "asyncio.Future[object]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("companion_failed", error=type(error).__name__)
