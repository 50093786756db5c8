"""What a lead waits for who tries other promises: how many clocks would move, among many open tickets."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import migrations
from chatops.desk.definitions import Defined
from chatops.model.definition import DefinitionKind
from chatops.model.preview import Preview, preview
from chatops.rules.targets import Metric, ServiceLevel, Target
from chatops.store import Keyring, generate_key, open_store
from chatops.times import SystemTime
from tests.bench.clocks import EACH, multiply, prepare
from tests.bench.databases import postgres_database, sqlite_database
from tests.bench.tables import Table, count

AIM = 1.5  # seconds
OTHER = ServiceLevel(
    (
        Target(Metric.FIRST_RESPONSE, "10m", warn=()),
        Target(Metric.RESOLUTION, "4h", warn=()),
        Target(Metric.PLATFORM_RESPONSE, "8h", warn=()),
    )
)


@dataclass(frozen=True)
class Size:
    """How many tickets are open, and how often is asked."""

    tickets: int
    times: int


FULL, QUICK, TINY = Size(10_000, 10), Size(10_000, 3), Size(20, 1)


async def run(size: Size) -> list[Table]:
    """Measure on SQLite, and on PostgreSQL."""
    made = Table(
        f"Trying other promises: {count(size.tickets)} open tickets", ("database", "best s", "worst s", "move")
    )
    with TemporaryDirectory() as folder:
        await _on(made, "SQLite", sqlite_database(Path(folder), "previews"), size)
    with postgres_database() as url:
        await _on(made, "PostgreSQL", url, size)
    made.remarks.append(f"Each ticket has {EACH} clocks, and every one of them would move.")
    return [made]


async def _on(made: Table, where: str, url: str, size: Size) -> None:
    await asyncio.to_thread(migrations.upgrade, url)
    store = open_store(url, time=SystemTime(), keys=Keyring([generate_key()]))
    await store.start()
    wanted = [Defined(DefinitionKind.SERVICE_LEVEL, "all", OTHER)]
    try:
        await store.write(prepare)
        await store.write(multiply, size.tickets - 1)
        took, found = [], Preview(0, 0, 0)
        for _ in range(size.times):
            began = perf_counter()
            found = await store.read(preview, wanted, SystemTime().now())
            took.append(perf_counter() - began)
    finally:
        await store.close()
    made.add(where, f"{min(took):.2f}", f"{max(took):.2f}", count(found.move))
    made.aim(f"the figure, {where}", f"≤ {AIM:g} s", f"{max(took):.2f} s", met=max(took) <= AIM)
