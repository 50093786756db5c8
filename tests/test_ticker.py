"""Ticks go on, whatever the machine's clock shows."""

import asyncio
from datetime import UTC, datetime, timedelta

from chatops.ticker import Ticker


class SetRight:
    """A machine's clock that is a day ahead, and set right once somebody has looked at it."""

    def __init__(self) -> None:
        self.ahead = timedelta(days=1)

    def now(self) -> datetime:
        """Return what it shows."""
        shown, self.ahead = datetime.now(UTC) + self.ahead, timedelta()
        return shown

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Nobody waits for it here."""
        raise NotImplementedError


async def test_it_ticks_on_when_the_clock_was_ahead_and_is_set_right() -> None:
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    ticker = Ticker(SetRight())
    ticker.every(0.01, tick)
    ticker.start()
    for job in ticker._scheduler.get_jobs():  # what a scheduler waits for that went by the wrong clock
        job.modify(next_run_time=datetime.now(UTC) + timedelta(days=1))
    try:
        async with asyncio.timeout(10):
            await ticked.wait()
    finally:
        ticker.stop()
