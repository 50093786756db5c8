"""The product as processes of its own, killed without warning and started again."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.crash.ledger import Ledger
from tests.crash.process import ProductProcess

READY_WITHIN = 60.0
LOOK_EVERY = 0.02


class BrokenProductError(Exception):
    """The product ended by itself, or did not start."""


class Replica:
    """One running product; `listening` is told its address each time it has started."""

    def __init__(
        self,
        name: str,
        folder: Path,
        environment: dict[str, str],
        ledger: Ledger,
        listening: Callable[[], None],
        *options: str,
        ahead: Path | None = None,
    ) -> None:
        self.name = name
        self.address = ""  # empty while it does not listen
        self._folder = folder / name
        self._folder.mkdir()
        self._environment = {**environment, "CHATOPS_DATA_DIR": str(self._folder / "data")}
        self._ledger = ledger
        self._listening = listening
        self._options = options
        self._run = ("run", "--ahead", str(ahead)) if ahead else ("run",)  # whose clock it goes by
        self._process: ProductProcess | None = None
        self._watch: asyncio.Task[None] | None = None

    async def order(self, *args: str) -> None:
        """Run one command of the product's command line to its end."""
        if await self._begun(*args).wait():
            raise BrokenProductError(f"`chatops {' '.join(args[:2])}` failed: {self.last_words()}")

    async def start(self) -> None:
        """Start the product; it may be killed before it is ready."""
        self._address_file.unlink(missing_ok=True)
        self._process = self._begun(*self._options, *self._run)
        self._watch = asyncio.create_task(self._await_address(self._process))

    async def ready(self) -> None:
        """Return once it listens."""
        if self._watch is not None:
            await self._watch

    async def kill(self) -> bool:
        """Kill it on the spot; True when it had been ready. `BrokenProductError` when it was dead already."""
        if self._process is None or self._watch is None:
            raise BrokenProductError("it was never started")
        was_ready = bool(self.address)
        self.address = ""
        if self._process.ended is not None:
            raise BrokenProductError(f"{self.name} ended by itself: {self.last_words()}")
        self._process.kill()
        self._watch.cancel()
        if await self._process.wait() != -signal.SIGKILL:
            raise BrokenProductError(f"{self.name} ended by itself: {self.last_words()}")
        with contextlib.suppress(asyncio.CancelledError):
            await self._watch
        return was_ready

    async def stop(self) -> int | None:
        """Stop it as an operator does; return how it ended."""
        if self._process is None or self._process.ended is not None:
            return None
        self.address = ""
        self._process.terminate()
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self._process.wait(), 20)
        self._process.kill()
        return await self._process.wait()

    def end(self) -> None:
        """Leave nothing running behind."""
        if self._watch is not None:
            self._watch.cancel()
        if self._process is not None and self._process.ended is None:
            self._process.kill()

    def last_words(self) -> str:
        """Return the end of its log."""
        return " / ".join(self._log.read_text(errors="replace").strip().splitlines()[-8:])

    @property
    def _address_file(self) -> Path:
        return self._folder / "data" / "address"

    @property
    def _log(self) -> Path:
        return self._folder / "log.txt"

    async def _await_address(self, process: ProductProcess) -> None:
        began = time.monotonic()
        while not (self._address_file.exists() and (found := self._address_file.read_text())):
            if process.ended is not None or time.monotonic() - began > READY_WITHIN:
                raise BrokenProductError(f"{self.name} did not start: {self.last_words()}")
            await asyncio.sleep(LOOK_EVERY)
        self._ledger.start_ups.append(time.monotonic() - began)
        self.address = found
        self._listening()

    def _begun(self, *args: str) -> ProductProcess:
        """Start a process with a command line of the product."""
        return ProductProcess(self._folder, self._environment, self._log, *args)
