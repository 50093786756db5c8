"""One bell for everything that changes in a world: it wakes those who wait for a condition and calls listeners."""

import asyncio
from collections.abc import Callable


class Changes:
    """Rings after every change; waiting is on a condition, never on a span of time."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every change; returns a function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def ring(self) -> None:
        """Tell everyone that something changed."""
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()
        for listener in tuple(self._listeners):
            listener()

    async def until(self, condition: Callable[[], bool], timeout: float | None = None) -> bool:  # noqa: ASYNC109 - the limit is part of the promise
        """Return True once `condition` holds, False when `timeout` seconds of real time passed first."""
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    await self._bell.wait()
        except TimeoutError:
            return condition()
        return True
