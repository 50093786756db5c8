"""Other processes: starting them, hearing what they say, and what the system says they cost."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[2]
OURS = ("CHATOPS_", "SLACK_", "TIKTOK_")
TICKS = os.sysconf("SC_CLK_TCK")
END_WITHIN = 15.0
LONGEST_LINE = 64 * 1024 * 1024
Thing = TypeVar("Thing")
PATIENCE = 180.0  # seconds until somebody who says nothing is given up


async def spawn(*args: str, settings: Mapping[str, str] | None = None, log: Path | None = None) -> Process:
    """Start `python …`, which knows no settings of the product but these.

    What it prints is for us; with a `log` it works in that file's folder, and everything it says goes there.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    environment = {**inherited, "PYTHONPATH": str(ROOT), **(settings or {})}
    if log is None:
        return await asyncio.create_subprocess_exec(
            sys.executable, *args, cwd=ROOT, env=environment, stdin=PIPE, stdout=PIPE, limit=LONGEST_LINE
        )
    with log.open("ab") as file:
        return await asyncio.create_subprocess_exec(
            sys.executable, *args, cwd=log.parent, env=environment, stdout=file, stderr=file
        )


async def said(process: Process) -> Any:
    """Return the next line a process printed, which is JSON; RuntimeError when it ended instead."""
    if process.stdout is None:
        raise RuntimeError("nobody listens to this process")
    async with asyncio.timeout(PATIENCE):
        line = await process.stdout.readline()
    if not line:
        raise RuntimeError(f"the process ended with {await process.wait()} and said nothing")
    return json.loads(line)


async def tell(process: Process, line: str) -> None:
    """Give a process a line to read."""
    if process.stdin is None:
        raise RuntimeError("this process does not listen")
    process.stdin.write(f"{line}\n".encode())
    await process.stdin.drain()


async def until(came: Callable[[], object], every: float) -> None:
    """Return once `came()`, looking `every` so many seconds; TimeoutError when nobody can expect it any more."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if came():
                return
            await asyncio.sleep(every)


async def paced(things: Iterable[Thing], apart: float) -> AsyncIterator[Thing]:
    """Yield one after the other, so many seconds apart: what is done with one of them does not put off the next."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number, thing in enumerate(things):
        await asyncio.sleep(max(0.0, began + number * apart - loop.time()))
        yield thing


@asynccontextmanager
async def running(
    *args: str, settings: Mapping[str, str] | None = None, log: Path | None = None
) -> AsyncIterator[Process]:
    """Give a process, and end it afterwards; otherwise as `spawn`."""
    process = await spawn(*args, settings=settings, log=log)
    try:
        yield process
    finally:
        await end(process)


async def end(process: Process) -> None:
    """Ask a process to end, and make it end when it does not."""
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), END_WITHIN)
        except TimeoutError:
            process.kill()
            await process.wait()


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used, in user and system mode, by all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mib(pid: int) -> float:
    """Return how much memory a process holds, shared pages included, in MiB."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
