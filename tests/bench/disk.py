"""How long the disk alone takes to keep something, while something else is measured: what nobody can be faster than."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

PAGE = b"\1" * 8192


@asynccontextmanager
async def probed(every: float) -> AsyncIterator[list[float]]:
    """Keep a page in the temporary folder, as the databases measured do, again and again; give how long each took."""
    took: list[float] = []
    with tempfile.TemporaryFile() as file:
        await asyncio.to_thread(_keep, file.fileno())  # from here on it is there, and only written over
        probing = asyncio.create_task(_probe(file.fileno(), every, took))
        try:
            yield took
        finally:
            probing.cancel()
            await asyncio.wait([probing])


async def _probe(file: int, every: float, took: list[float]) -> None:
    while True:
        await asyncio.sleep(every)
        took.append(await asyncio.to_thread(_keep, file))


def _keep(file: int) -> float:
    """Return how many seconds it takes to write one page and to hear from the disk that it has it."""
    began = perf_counter()
    os.pwrite(file, PAGE, 0)
    os.fdatasync(file)
    return perf_counter() - began
