"""How long the numbers of a digest take to count among a million messages, for a month and for a day."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple
from zoneinfo import ZoneInfo

import migrations
from chatops.app import spare_collector
from chatops.digest import kept, memory, sections
from chatops.digest.scope import Scope, Window
from chatops.model.shop import Shop
from chatops.store import Keyring, Store, Transaction, generate_key, open_store
from chatops.times import SystemTime, to_milliseconds
from tests.bench.databases import kept_tidy, postgres_database, sqlite_database
from tests.bench.processes import resident_mib, running, said
from tests.bench.tables import Table, count, milliseconds

START = datetime(2026, 9, 30, 17, tzinfo=UTC)  # midnight in ZONE, as days of digests begin
DAYS, SHOPS, EACH = 30, 20, 5  # messages of a ticket
MONTH = START + timedelta(days=DAYS)
REGIONS = ("GB", "US", "ID", "VN", "TH", "MY")
ZONE = ZoneInfo("Asia/Bangkok")
TEAM = "T0TEAM"
LIVED = Path(__file__).parent / "month.sql"


@dataclass(frozen=True)
class Size:
    """How many tickets there are, with five messages each, and how often each digest is counted."""

    tickets: int
    rounds: int


FULL, QUICK, TINY = Size(200_000, 3), Size(20_000, 3), Size(400, 1)


class Took(NamedTuple):
    """How long sections took, in seconds, the fastest of some rounds, and the memory they left behind, in MiB."""

    month: dict[str, float]
    day: dict[str, float]
    before: float
    after: float


async def run(size: Size) -> list[Table]:
    """Measure on SQLite, and on PostgreSQL."""
    title = f"Digests among {count(size.tickets * EACH)} messages in {count(size.tickets)} tickets of {SHOPS} shops"
    made = Table(title, ("", "SQLite: a month ms", "a day ms", "PostgreSQL: a month ms", "a day ms"))
    with TemporaryDirectory() as folder:
        lite = await measured_on(sqlite_database(Path(folder), "digest"), size)
    with postgres_database() as url:
        post = await measured_on(url, size)
    for key in lite.month:
        made.add(key, *(milliseconds(times[key]) for one in (lite, post) for times in (one.month, one.day)))
    for where, one in (("SQLite", lite), ("PostgreSQL", post)):
        usual = {section.key for section in sections.every() if not section.on_request}
        whole, left = sum(took for key, took in one.month.items() if key in usual), one.after - one.before
        made.aim(f"all sections of a month, {where}", "≤ 2 s", f"{whole:.2f} s", met=whole <= 2)
        made.aim(f"memory kept afterwards, {where}", "≤ 20 MiB", f"{left:.0f} MiB", met=left <= 20)
    asked = ", ".join(section.key for section in sections.every() if section.on_request)
    made.remarks += [
        "The fastest of each section's rounds, one after the other; nothing else is written meanwhile.",
        f"All sections: those of a planned digest. Only who asks for it gets {asked}; it is not in the sum.",
        "PostgreSQL has vacuumed once, as autovacuum does in a month. Without it, volume takes several times as long.",
    ]
    return [made]


async def measured_on(url: str, size: Size) -> Took:
    """Fill a new database, and count in a process of its own."""
    await asyncio.to_thread(migrations.upgrade, url)
    key = generate_key()
    store = await _opened(url, key)
    await store.write(fill, size.tickets)
    await store.close()
    await asyncio.to_thread(kept_tidy, url)
    async with running("-m", "tests.bench.digest", url, str(size.rounds), key) as process:
        return Took(**await said(process))


async def _opened(url: str, key: str) -> Store:
    store = open_store(url, time=SystemTime(), keys=Keyring([key]))
    await store.start()
    return store


def fill(tx: Transaction, tickets: int) -> None:
    """Write a month of what shops lived through, as it is kept."""
    for number in range(SHOPS):
        market = REGIONS[number % len(REGIONS)]
        tx.insert(Shop(id=_shop(number), name=f"shop-{number}", timezone="UTC", locale="en", region=market, cipher="c"))
    step = DAYS * 86_400_000 // tickets
    numbers = {"TICKETS": tickets, "LINES": tickets * 3 // 4, "SHOPS": SHOPS, "START": to_milliseconds(START)}
    words = (LIVED.read_text(encoding="utf-8")).replace("::JSON", "::JSON" if tx.dialect == "postgresql" else "")
    for name, value in {**numbers, "STEP": step}.items():
        words = words.replace(name, str(value))
    for statement in words.split(";\n"):
        tx.connection.exec_driver_sql(statement.replace("%", "%%") if tx.dialect == "postgresql" else statement)


def _shop(number: int) -> str:
    return f"7495540735365{100_000 + number}"


async def counted(url: str, rounds: int, key: str) -> Took:
    """Count a month and a day as the product does, in this process."""
    store = await _opened(url, key)
    scope = Scope(TEAM, tuple(_shop(number) for number in range(SHOPS)))
    await _all(store, scope, Window(MONTH - timedelta(minutes=1), MONTH, ZONE), 1)  # what is made once
    before = resident_mib(os.getpid())
    month = await _all(store, scope, Window(START, MONTH, ZONE), rounds)
    day = await _all(store, scope, Window(MONTH - timedelta(days=2), MONTH - timedelta(days=1), ZONE), rounds)
    after = resident_mib(os.getpid())
    await store.close()
    return Took(month, day, before, after)


async def _all(store: Store, scope: Scope, window: Window, rounds: int) -> dict[str, float]:
    """Return how long each section takes."""
    took: dict[str, float] = {}
    for section in sections.every():
        for _ in range(rounds):
            began = perf_counter()
            await store.read(kept.counted, section.key, scope, window)
            took[section.key] = min(took.get(section.key, 1e9), perf_counter() - began)
    memory.give_back()  # as whoever counts a digest does
    return took


if __name__ == "__main__":
    spare_collector()
    sys.stdout.write(json.dumps(asyncio.run(counted(sys.argv[1], int(sys.argv[2]), sys.argv[3]))._asdict()) + "\n")
