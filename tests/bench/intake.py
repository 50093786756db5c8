"""How many notifications a second are taken in durably, next to the same server doing less, and to one commit each."""

import time
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from chatops.desk.intake import SOURCE
from chatops.model import inbox
from chatops.model.inbox import Inbox
from chatops.model.message import Message
from chatops.store import Transaction, look
from chatops.store.lanes import Delivery, Lane
from tests.bench import slow_disk
from tests.bench.databases import postgres_database, sqlite_database
from tests.bench.processes import cpu_seconds, running, said, tell, until
from tests.bench.tables import Table, count, milliseconds

COLUMNS = ("server", "kept a second", "ack p50 ms", "ack p99 ms", "CPU µs each", "taken in a second")
TAKES_IN = "product"
KEEP_NOTHING = ("hello", "parse")
LOOK_EVERY = 0.02  # seconds
EXTRA_MICROSECONDS = 1000
NEW_EVERY = 20


@dataclass(frozen=True)
class Size:
    """How many notifications a round of how many conversations; fewer for the slow servers, and to warm up."""

    rounds: int
    notifications: int
    conversations: int
    slow: int
    warm_up: int


FULL, QUICK, TINY = Size(3, 5_000, 200, 3_000, 500), Size(1, 4_000, 100, 800, 400), Size(2, 20, 4, 16, 8)


@dataclass(frozen=True)
class Result:
    """What one server did with its notifications; `cpu` in microseconds of the server, `sender` in cores.

    `taken_in`: how many a second went all the way to the lanes, counted until the last one did; None where none does.
    """

    a_second: float
    p50: float
    p99: float
    cpu: float
    sender: float
    taken_in: float | None

    @classmethod
    def median(cls, results: Sequence["Result"]) -> "Result":
        """Return the median of each figure."""
        taken_in = [result.taken_in for result in results if result.taken_in is not None]
        return cls(
            a_second=median(result.a_second for result in results),
            p50=median(result.p50 for result in results),
            p99=median(result.p99 for result in results),
            cpu=median(result.cpu for result in results),
            sender=median(result.sender for result in results),
            taken_in=median(taken_in) if taken_in else None,
        )

    def cells(self) -> list[str]:
        """Return it as cells of a table."""
        times = milliseconds(self.p50), milliseconds(self.p99)
        return [count(self.a_second), *times, count(self.cpu), "" if self.taken_in is None else count(self.taken_in)]


@dataclass
class Bench:
    """One database, and the servers that are measured on it one after the other; no notification is sent twice."""

    url: str
    size: Size
    settings: Mapping[str, str] = field(default_factory=dict)
    used: int = 0
    kept: int = 0

    async def in_turns(self, *servers: str) -> list[Result]:
        """Let servers answer in turns, so that a moody machine is unfair to none of them; return their medians."""
        rounds = [
            [await self.measured(what, self.size.notifications) for what in servers] for _ in range(self.size.rounds)
        ]
        return [Result.median(results) for results in zip(*rounds, strict=True)]

    async def measured(self, what: str, number: int, new: int = 0) -> Result:
        """Let one server answer `number` notifications, after a warm-up with others of the same conversations."""
        async with (
            running("-m", "tests.bench.server", what, self.url, settings=self.settings) as server,
            running("-m", "tests.bench.load", str(await said(server))) as sender,
        ):
            await self._send(sender, self.size.warm_up, 0)
            if what == TAKES_IN:
                await self.taken_in()
            before, began = cpu_seconds(server.pid), time.monotonic()
            found = await self._send(sender, number, new)
            if what == TAKES_IN:
                await self.taken_in()
            ended, cpu = time.monotonic(), cpu_seconds(server.pid) - before
        self.kept += self.size.warm_up + number if what not in KEEP_NOTHING else 0
        seconds = found["seconds"]
        whole = number / (ended - began) if what == TAKES_IN else None
        return Result(number / seconds, found["p50"], found["p99"], cpu / number * 1e6, found["cpu"] / seconds, whole)

    async def taken_in(self) -> None:
        """Return once everything that was kept is taken in."""
        await until(lambda: look(self.url, waiting) == 0, LOOK_EVERY)

    async def _send(self, sender: Process, number: int, new: int) -> dict[str, Any]:
        """Let the sender send, and return what it saw."""
        await tell(sender, f"{self.used} {number} {self.size.conversations} {new}")
        self.used += number
        result: dict[str, Any] = await said(sender)
        if result["statuses"] != {"200": number}:
            raise AssertionError(f"{number} notifications were answered with {result['statuses']}")
        return result

    def check(self, receipts: int, messages: int) -> None:
        """Raise AssertionError unless every answered notification is there, once, and every lane has no gap."""
        found = look(self.url, kept)
        if found != (receipts, messages, 0):
            raise AssertionError(f"kept {found}, but {receipts} receipts and {messages} messages were acknowledged")


def waiting(tx: Transaction) -> int:
    """Return how many notifications are kept and not taken in yet."""
    return len(inbox.received(tx, SOURCE, 1))


def kept(tx: Transaction) -> tuple[int, int, int]:
    """Return how many receipts and messages there are, and how many lanes miss a number."""
    in_lane = select(func.count()).where(col(Delivery.lane) == Lane.key).scalar_subquery()
    gaps = select(func.count()).select_from(Lane).where(col(Lane.next_seq) != in_lane)
    return (
        tx.scalar(select(func.count()).select_from(Inbox)),
        tx.scalar(select(func.count()).select_from(Message)),
        tx.scalar(gaps),
    )


async def run(size: Size) -> list[Table]:
    """Measure on SQLite, on SQLite with a slower disk, and on PostgreSQL."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        tables = [await on("SQLite", Bench(sqlite_database(folder, "fast"), size))]
        library = slow_disk.compiled(folder)
        if library is None:
            tables[0].remarks.append("No C compiler here: the slower disk was not measured.")
        else:
            slow = Bench(sqlite_database(folder, "slow"), size, slow_disk.settings(library, EXTRA_MICROSECONDS))
            tables.append(await on("SQLite, every fsync 1 ms slower", slow))
    with postgres_database() as url:
        tables.append(await on("PostgreSQL", Bench(url, size)))
    return tables


async def on(where: str, bench: Bench) -> Table:
    """Measure every server on one database."""
    size = bench.size
    hello, parse, keeps, product = await bench.in_turns("hello", "parse", "product-keeps", "product")
    new = await bench.measured("product", size.slow, NEW_EVERY)
    single = await bench.measured("product-one-commit-each", size.slow)
    await bench.measured("product", size.slow)  # takes in what was only kept
    orm = await bench.measured("orm", size.slow)
    messages = bench.kept
    receipt = await bench.measured("orm-receipt", size.slow)
    bench.check(receipts=bench.kept, messages=messages)
    table = Table(f"Webhook intake: {where}", COLUMNS)
    table.add('"hello"', *hello.cells())
    table.add("verify and parse, keep nothing", *parse.cells())
    table.add("**the product**", *product.cells())
    table.add(f"the product, every {NEW_EVERY}th message from a new buyer", *new.cells())
    table.add("the product, only keeping", *keeps.cells())
    table.add("the product, only keeping, one commit each", *single.cells())
    table.add("ORM session, one commit each, the same rows", *orm.cells())
    table.add("ORM session, one commit each, only the receipt", *receipt.cells())
    table.remarks.append(
        f"{count(size.notifications)} notifications ({count(size.slow)} with new buyers or one commit each) of "
        f"{size.conversations} known conversations over 64 keep-alive connections; the first three and keeping alone "
        f"took turns, the figures are medians of {size.rounds} rounds; "
        f"the sender took {product.sender:.2f} of the cores. "
        'The product takes in what it keeps, beside keeping it, unless "only keeping" is said.'
    )
    _aims(table, where, parse, product, keeps, orm)
    return table


def _aims(table: Table, where: str, parse: Result, product: Result, keeps: Result, orm: Result) -> None:
    share, times = product.a_second / parse.a_second, product.a_second / orm.a_second
    table.aim(f"intake against verify and parse, {where}", "≥ 60 %", f"{share:.0%}", met=share >= 0.6)
    table.aim(f"intake against one ORM commit each, {where}", "≥ 5 ×", f"{times:.1f} ×", met=times >= 5)
    table.aim(f"CPU to keep a notification, {where}", "≤ 150 µs", f"{keeps.cpu:.0f} µs", met=keeps.cpu <= 150)
