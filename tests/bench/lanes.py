"""How many deliveries a second the lanes let through when carrying them costs nothing, in order."""

import asyncio
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

import migrations
from chatops.store import Transaction, look, open_store
from chatops.store.lanes import Delivery, put
from chatops.times import SystemTime
from tests.bench.carrying import KIND
from tests.bench.databases import postgres_database, sqlite_database
from tests.bench.processes import running, said, tell, until
from tests.bench.tables import Table, count

LOOK_EVERY = 0.05  # seconds
BATCH = 500


@dataclass(frozen=True)
class Size:
    """How many deliveries, and how many of them each lane holds."""

    deliveries: int
    depth: int

    @property
    def lanes(self) -> int:
        """Over how many lanes they are spread."""
        return self.deliveries // self.depth


FULL, QUICK, TINY = Size(40_000, 5), Size(8_000, 5), Size(60, 5)


async def run(size: Size) -> list[Table]:
    """Measure one worker on SQLite, and two on PostgreSQL."""
    table = Table(
        f"Lanes: {count(size.deliveries)} deliveries, {size.depth} in each lane, carried nowhere",
        ("database", "workers", "a second", "CPU µs each"),
    )
    with TemporaryDirectory() as folder:
        await _on(table, "SQLite", sqlite_database(Path(folder), "lanes"), size, workers=1, wanted=10_000)
    with postgres_database() as url:
        await _on(table, "PostgreSQL", url, size, workers=2, wanted=5_000)
    table.remarks.append("Every lane was carried in order, nothing twice; one delivery for each claim of a lane.")
    return [table]


async def _on(table: Table, where: str, url: str, size: Size, *, workers: int, wanted: int) -> None:
    await asyncio.to_thread(migrations.upgrade, url)
    await _fill(url, size)
    reports = await _carried(url, workers)
    carried = sorted(tuple(one) for report in reports for one in report["carried"])
    check(carried, size)
    seconds = carried[-1][0] - min(report["began"] for report in reports)
    a_second = len(carried) / seconds
    cpu = sum(report["cpu"] for report in reports) / len(carried)
    table.add(where, str(workers), count(a_second), count(cpu * 1e6))
    table.aim(f"deliveries a second, {where}", f"≥ {count(wanted)}", count(a_second), met=a_second >= wanted)


async def _fill(url: str, size: Size) -> None:
    store = open_store(url, time=SystemTime(), writer_threads=1)
    await store.start()
    for first in range(0, size.deliveries, BATCH):
        await store.write(put_some, range(first, min(first + BATCH, size.deliveries)), size.lanes)
    await store.close()


def put_some(tx: Transaction, numbers: range, lanes: int) -> None:
    """Put one delivery for each number, into the lanes in turn."""
    now = SystemTime().now()
    for number in numbers:
        lane = f"lane:{number % lanes:04}"
        put(tx, lane=lane, scope=lane, wide="", priority=2, kind=KIND, args={"n": number}, not_before=now, now=now)


async def _carried(url: str, workers: int) -> list[Any]:
    """Let workers carry everything, and return what they report."""
    async with AsyncExitStack() as stack:
        started = [
            await stack.enter_async_context(running("-m", "tests.bench.carrying", url, f"worker-{number}"))
            for number in range(workers)
        ]
        for worker in started:
            await said(worker)
        for worker in started:
            await tell(worker, "go")
        await until(lambda: look(url, left) == 0, LOOK_EVERY)
        for worker in started:
            await tell(worker, "end")
        return [await said(worker) for worker in started]


def left(tx: Transaction) -> int:
    """Return how many deliveries wait."""
    return int(tx.scalar(select(func.count()).select_from(Delivery)))


def check(carried: list[Any], size: Size) -> None:
    """Raise AssertionError unless everything was carried once, each lane in the order of its numbers."""
    by_lane: dict[str, list[int]] = defaultdict(list)
    for _, lane, seq in carried:
        by_lane[lane].append(seq)
    if len(carried) != size.deliveries or len(by_lane) != size.lanes:
        raise AssertionError(f"{len(carried)} deliveries of {len(by_lane)} lanes were carried")
    wrong = [lane for lane, numbers in by_lane.items() if numbers != list(range(1, len(numbers) + 1))]
    if wrong:
        raise AssertionError(f"out of order, or twice: {wrong}")
