"""One clock for a whole story: it runs like the real one and can be moved forward."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta


class StoryTime:
    """The instant every world and the product agree on: real time plus what the story skipped."""

    def __init__(self) -> None:
        self._skipped = timedelta()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """Return the story's instant (aware, UTC)."""
        return datetime.now(UTC) + self._skipped

    @property
    def skipped(self) -> timedelta:
        """How far the story is ahead of the real time."""
        return self._skipped

    def skip(self, step: timedelta) -> None:
        """Move the story forward (or, to play a wrong clock, backward) and wake everyone who waits for an instant."""
        self._skipped += step
        for listener in tuple(self._listeners):
            listener()

    def on_skip(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every skip, on the skipping thread; returns a function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def wait_until(self, instant: datetime) -> None:
        """Return once the story has reached `instant`, whether by waiting or by a skip."""
        skipped = asyncio.Event()
        forget = self.on_skip(skipped.set)
        try:
            while (left := (instant - self.now()).total_seconds()) > 0:
                skipped.clear()
                with suppress(TimeoutError):  # wait_for of Python 3.11 may swallow a cancellation
                    async with asyncio.timeout(left):
                        await skipped.wait()
        finally:
            forget()
