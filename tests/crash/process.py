"""Processes of the product, each forked from one that has loaded it already.

Loading takes longer than all that a killed process does before it is killed. What is forked is a process like any
other: it begins with the command line, has its own memory, files and connections, and dies of a real signal.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

OURS = ("CHATOPS_", "SLACK_", "TIKTOK_", "DISCORD_")
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.crash.loaded"])


class ProductProcess:
    """One process that runs a command line of the product, which knows no other settings than those given."""

    def __init__(self, folder: Path, settings: Mapping[str, str], log: Path, *args: str) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self._process = _forks.Process(target=_live, args=(folder, {**inherited, **settings}, log, args), daemon=True)
        self._process.start()

    @property
    def ended(self) -> int | None:
        """How it ended: its exit code, or the signal's number below zero; None while it lives."""
        return self._process.exitcode

    def kill(self) -> None:
        """Kill it on the spot."""
        self._process.kill()

    def terminate(self) -> None:
        """Tell it to end."""
        self._process.terminate()

    async def wait(self) -> int | None:
        """Return how it ended, once it has."""
        await asyncio.to_thread(self._process.join)
        return self._process.exitcode


def _live(folder: Path, environment: Mapping[str, str], log: Path, args: tuple[str, ...]) -> None:
    """Become the product: with its own folder, where no `.env` lies, its settings and its log."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as written:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(written.fileno(), stream.fileno())
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from tests.crash import replica

    replica.live(*args)
