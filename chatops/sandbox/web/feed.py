"""What the page shows, as a log of changes: browsers follow it live and catch up from where they were.

The state is a set of documents by key (`message/1721.000100`, `product`, …). Each entry of the log says which
documents are new or different and which are gone.
"""

import asyncio
import contextlib
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

Documents = dict[str, Any]

GATHERED_FOR = 0.02  # seconds in which changes are gathered into one entry
KEPT = 2_000  # entries; a browser that was away for longer gets everything anew
SILENCE = 15.0  # seconds after which a connection with nothing to say is pinged


class Feed:
    """The log of one run; ids are `<run>-<number>`, so that ids of an earlier run are recognised as such."""

    def __init__(self, look: Callable[[], Documents]) -> None:
        self._look = look
        self._run = secrets.token_hex(4)
        self._shown: Documents = {}
        self._log: deque[str] = deque(maxlen=KEPT)
        self._newest = 0
        self._touched = asyncio.Event()
        self._grown = asyncio.Event()
        self._ended = False
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Write down every change that `touch` announces."""
        self._shown = _frozen(self._look())
        self._writer = asyncio.create_task(self._write())

    async def stop(self) -> None:
        """End every `follow`."""
        self._ended = True
        self._ring()
        if self._writer is not None:
            self._writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writer

    def touch(self) -> None:
        """Say that something may look different now; costs nothing when said often."""
        self._touched.set()

    async def follow(self, last_id: str = "") -> AsyncIterator[str]:
        """Yield server-sent events: what happened after `last_id` (everything when that is unknown), then the news."""
        at = self._number(last_id)
        while not self._ended:
            if at is None or at < self._oldest - 1:
                at = self._newest
                yield _event(f"{self._run}-{at}", "everything", json.dumps({"set": self._shown}))
            elif at < self._newest:
                body = self._log[at + 1 - self._oldest]
                at += 1
                yield _event(f"{self._run}-{at}", "change", body)
            else:
                try:
                    await asyncio.wait_for(self._grown.wait(), SILENCE)
                except TimeoutError:
                    yield ": still here\n\n"

    @property
    def _oldest(self) -> int:
        return self._newest - len(self._log) + 1

    def _number(self, last_id: str) -> int | None:
        run, _, number = last_id.partition("-")
        known = run == self._run and number.isdecimal() and int(number) <= self._newest
        return int(number) if known else None

    async def _write(self) -> None:
        while True:
            await self._touched.wait()
            await asyncio.sleep(GATHERED_FOR)
            self._touched.clear()
            now = _frozen(self._look())
            changed = {key: value for key, value in now.items() if self._shown.get(key) != value}
            gone = [key for key in self._shown if key not in now]
            self._shown = now
            if changed or gone:
                self._newest += 1
                self._log.append(json.dumps({"set": changed, "gone": gone}))
                self._ring()

    def _ring(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()


def _frozen(documents: Documents) -> Documents:
    """Return a copy that later changes in the worlds do not reach."""
    copied: Documents = json.loads(json.dumps(documents))
    return copied


def _event(event_id: str, kind: str, body: str) -> str:
    return f"id: {event_id}\nevent: {kind}\ndata: {body}\n\n"
