"""The only place that knows what time it is."""

import asyncio
import zoneinfo
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Protocol

zoneinfo.reset_tzpath(())  # time zones come from the pinned tzdata package, on every machine the same

TIME_ZONES: str = import_module("tzdata").IANA_VERSION  # such as "2026f"; a later release sorts after it
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
AHEAD_LOOK = 0.1  # seconds


def to_milliseconds(instant: datetime) -> int:
    """Return whole milliseconds since 1970, rounded down; a naive `instant` raises ValueError."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {instant!r}")
    return (instant - EPOCH) // MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """Return the aware UTC instant that many milliseconds after 1970."""
    return EPOCH + milliseconds * MILLISECOND


class TimeSource(Protocol):
    """Where instants come from; replaced in tests by a story's own clock."""

    def now(self) -> datetime:
        """Return the present instant (aware, UTC)."""
        ...

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when `bell` is set or the instant `until` has come, whichever is first."""
        ...


class SystemTime:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant (aware, UTC)."""
        return datetime.now(UTC)

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when `bell` is set or the instant `until` has come, whichever is first."""
        timeout = None if until is None else max(0.0, (until - self.now()).total_seconds())
        with suppress(TimeoutError):  # not wait_for: on Python 3.11 a bell at that moment swallows a cancellation
            async with asyncio.timeout(timeout):
                await bell.wait()


class AheadTime:
    """The machine's clock, ahead by as many milliseconds as a file says: in the demo, a visitor lets time pass."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """Return the present instant (aware, UTC)."""
        try:
            ahead = int(self._file.read_text())
        except (OSError, ValueError):  # nobody has let time pass yet, or is just writing
            ahead = 0
        return datetime.now(UTC) + ahead * MILLISECOND

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when `bell` is set or the instant `until` has come, whichever is first; looks now and then."""
        while not bell.is_set() and (until is None or self.now() < until):
            left = AHEAD_LOOK if until is None else min(AHEAD_LOOK, (until - self.now()).total_seconds())
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, left)):
                    await bell.wait()
