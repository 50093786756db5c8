"""How late alarms are among a million open clocks: nothing due, a few each second, very many at one instant."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import bindparam, text, update
from sqlmodel import SQLModel, col, select

import migrations
from chatops.desk import alarms, definitions, intake, recounting, setup
from chatops.desk.definitions import Defined
from chatops.desk.setup import OpenedShop
from chatops.desk.sweeping import Done, Sweeper
from chatops.model.clock import AlarmRaised, Clock, Promised
from chatops.model.conversation import Conversation
from chatops.model.definition import DefinitionKind
from chatops.model.facts import SenderRole
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.rules.escalation import Escalation, Step
from chatops.rules.targets import Metric, ServiceLevel, Target, Urgency
from chatops.store import Keyring, Store, Transaction, generate_key, open_store
from chatops.store.transaction import table
from chatops.times import SystemTime
from handlers.timers.alarms import Alarms
from tests.bench.databases import kept_tidy, postgres_database, sqlite_database
from tests.bench.disk import probed
from tests.bench.processes import paced, until
from tests.bench.tables import Table, count, milliseconds, percentile
from tests.desk.scenes import NOON, SHOP, a_permission, a_plan, a_route, heard_from

EACH = 3  # clocks of a ticket
LIMIT, MOMENT = timedelta(minutes=5), timedelta(milliseconds=1)
LOOK_EVERY = 0.02  # seconds
A_SECOND = 25  # alarms, and as many messages of buyers
URGENT = 5
LEVEL = ServiceLevel(
    (
        Target(Metric.FIRST_RESPONSE, "5m", warn=(), urgency=Urgency.CHANNEL),
        Target(Metric.RESOLUTION, "5m", warn=(), urgency=Urgency.PAGE),
        Target(Metric.PLATFORM_RESPONSE, "12h", warn=(), urgency=Urgency.CHANNEL),
    ),
    escalation="front",
)


@dataclass(frozen=True)
class Size:
    """How many clocks are open, how many of them are due at one instant, and for how long a few are each second."""

    clocks: int
    herd: int
    seconds: int
    sweeps: int


FULL, QUICK, TINY = Size(1_000_000, 20_000, 20, 2_000), Size(60_000, 4_000, 5, 300), Size(600, 60, 1, 10)


class Watched(Alarms):
    """The loop of the product; it remembers how late each alarm was when it was committed."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, SystemTime(), shared_clock=True)
        self.late: list[float] = []
        self.longest = 0.0  # that one turn took

    async def _turn(self, sweeper: Sweeper[Any, Any]) -> float:
        began = perf_counter()

        def kept(tx: Transaction, rows: Sequence[Any], now: datetime) -> Done:
            found[:] = [sweeper.act(tx, rows, now)]
            return found[0]

        found: list[Done] = []
        share = await super()._turn(replace(sweeper, act=kept))
        took = perf_counter() - began
        self.longest = max(self.longest, took)
        self.late += [one.total_seconds() + took for done in found if not isinstance(done, int) for one in done]
        return share


async def run(size: Size) -> list[Table]:
    """Measure on SQLite, and on PostgreSQL."""
    title = f"Clocks: {count(size.clocks)} open, {count(size.herd)} due at one instant"
    a_few = "a few: late ms", "p99 ms", "the disk alone: p99 ms"
    columns = ("database", "empty sweep ms", "p99 ms", *a_few, "all at once: last s", "urgent ms")
    made = Table(title, columns)
    with TemporaryDirectory() as folder:
        await _on(made, "SQLite", sqlite_database(Path(folder), "clocks"), size, sweep=0.001)
    with postgres_database() as url:
        await _on(made, "PostgreSQL", url, size, sweep=0.005)
    made.remarks.append(f"A few: {A_SECOND} alarms a second while as many messages of buyers are taken in.")
    made.remarks.append(
        "The disk alone: meanwhile, and as often, a page goes into a file of its own, and the disk says when it has it."
    )
    made.remarks.append("PostgreSQL has vacuumed once and has no checkpoint yet to end, as after hours without a rush.")
    made.remarks.append(
        f"All at once: each alarm writes its row, its ledger and a thread's line; {URGENT} pages come due meanwhile."
    )
    return [made]


async def _on(made: Table, where: str, url: str, size: Size, *, sweep: float) -> None:
    await asyncio.to_thread(migrations.upgrade, url)
    store = open_store(url, time=SystemTime(), keys=Keyring([generate_key()]))
    await store.start()
    try:
        await store.write(prepare)
        await store.write(multiply, size.clocks // EACH)
        await asyncio.to_thread(kept_tidy, url)
        empty = await _swept(store, size.sweeps)
        few, disk = await _few(store, size.seconds)
        last, urgent = await _herd(store, size.clocks // EACH, size.herd)
    finally:
        await store.close()
    found = [percentile(empty, 0.5), percentile(empty, 0.99), percentile(few, 0.5), percentile(few, 0.99)]
    made.add(where, *map(milliseconds, [*found, percentile(disk, 0.99)]), f"{last:.2f}", milliseconds(urgent))
    for what, wanted, came in (
        ("empty sweep, p99", sweep, found[1]),
        ("lateness, p99", 0.05, found[3]),
        (f"{count(size.herd)} at one instant", 2.0, last),
        ("an urgent page meanwhile", 0.25, urgent),
    ):
        made.aim(f"{what}, {where}", f"≤ {milliseconds(wanted)} ms", f"{milliseconds(came)} ms", met=came <= wanted)


def prepare(tx: Transaction) -> None:
    """Make a desk that promises something, and one ticket with all its clocks."""
    setup.apply(tx, a_plan(a_route()), NOON)
    setup.shops_connected(tx, a_permission(), [OpenedShop(SHOP, "GB", "cipher")])
    front = Escalation("team", (Step(("agent U0LI",)),))
    definitions.define(tx, Defined(DefinitionKind.ESCALATION, "front", front), None, NOON)
    definitions.define(tx, Defined(DefinitionKind.SERVICE_LEVEL, "all", LEVEL), None, NOON)
    now = SystemTime().now()
    while recounting.move_due(tx, now):
        pass
    intake.message_arrived(tx, SHOP, now, heard_from(SenderRole.BUYER, "Where?", 1, "0", now))
    far = {"running_since": now, "due_at": now + timedelta(days=1), "next_alarm_at": now + timedelta(days=1)}
    tx.execute(update(Clock).values(**far))
    tx.execute(update(Thread).values(external_id="1.0", state="open"))


def multiply(tx: Transaction, tickets: int) -> None:
    """Make that many more tickets like it, each with its conversation, thread and clocks, due one after the other."""
    conversation, ticket = "CAST(n AS VARCHAR)", "CAST(n AS VARCHAR) || '.1'"
    here = {"conversation_id": conversation, "ticket_id": ticket}
    later = {name: f"{name} + n" for name in ("due_at", "next_alarm_at")}
    copy(tx, Conversation, tickets, {"id": conversation})
    copy(tx, Ticket, tickets, {**here, "id": ticket})
    copy(tx, Thread, tickets, {**here, "id": ticket})
    copy(tx, Promised, tickets, here)
    copy(tx, Clock, tickets, {**here, **later})
    tx.execute(text("ANALYZE"))  # a database that has run for a while knows its tables


def copy(tx: Transaction, model: type[SQLModel], times: int, values: Mapping[str, str]) -> None:
    """Copy the rows of a table so many times, some columns with values of their own."""
    names = [each.key for each in table(model).columns]
    into, what = ", ".join(f'"{name}"' for name in names), ", ".join(values.get(name, f'"{name}"') for name in names)
    series = f"WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {times})"  # noqa: S608 - a number
    one = table(model).name
    tx.execute(text(f"{series} INSERT INTO {one} ({into}) SELECT {what} FROM {one}, series"))  # noqa: S608 - names of ours


async def _swept(store: Store, times: int) -> list[float]:
    """Return how long it takes to find that nothing is due, sorted."""
    return sorted([await store.write(look) for _ in range(times)])


def look(tx: Transaction) -> float:
    """Return how long the loop takes to find that nothing is due yet."""
    began = perf_counter()
    coming = alarms.next_at(tx)
    took = perf_counter() - began
    if coming is None or coming <= SystemTime().now():
        raise AssertionError("something is due")
    return took


async def _few(store: Store, seconds: int) -> tuple[list[float], list[float]]:
    """Return how late alarms are, a few each second while buyers write, and how long the disk alone takes; sorted."""
    start, number = SystemTime().now() + timedelta(seconds=1), seconds * A_SECOND
    await store.write(come_due, Metric.FIRST_RESPONSE, range(1, number + 1), start, timedelta(seconds=1) / A_SECOND)
    async with watching(store) as watched, probed(1 / A_SECOND) as disk:
        async for each in paced(range(number), 1 / A_SECOND):
            said = heard_from(SenderRole.BUYER, "Hello?", 100 + each, f"{number + each}", SystemTime().now())
            await store.write(intake.message_arrived, SHOP, SystemTime().now(), said)
        await until(lambda: len(watched.late) >= number, LOOK_EVERY)
    return sorted(watched.late), sorted(disk)


async def _herd(store: Store, tickets: int, size: int) -> tuple[float, float]:
    """Return how late the last of very many alarms is, and the latest of some pages that come due meanwhile."""
    begin = SystemTime().now() + timedelta(seconds=5)  # setting it up takes its time
    soon = begin + timedelta(milliseconds=100)
    herd, urgent = range(tickets - size, tickets), range(1, URGENT + 1)
    await store.write(come_due, Metric.FIRST_RESPONSE, herd, begin, timedelta())
    await store.write(come_due, Metric.RESOLUTION, urgent, soon, timedelta(milliseconds=50))
    async with watching(store) as watched:
        await until(lambda: len(watched.late) >= size + URGENT, LOOK_EVERY)
    late = await store.read(raised, Metric.RESOLUTION)
    if len(late) != URGENT or len(watched.late) != size + URGENT:
        raise AssertionError(f"{len(late)} urgent alarms, {len(watched.late)} in all")
    return max(watched.late), max(late).total_seconds() + watched.longest


def come_due(tx: Transaction, metric: Metric, tickets: range, start: datetime, apart: timedelta) -> None:
    """Let a clock of each ticket run out, one after the other."""
    rows = []
    for place, number in enumerate(tickets):
        at = start + place * apart
        rows.append({"ticket": f"{number}.1", "since": at - LIMIT - MOMENT, "at": at - MOMENT, "alarm": at})
    clock = table(Clock)
    sought = clock.c.shop_id == SHOP, clock.c.ticket_id == bindparam("ticket"), clock.c.target == metric.value
    values: dict[str, Any] = {
        "started_at": bindparam("since"),
        "running_since": bindparam("since"),
        "due_at": bindparam("at"),
    }
    tx.execute(clock.update().where(*sought).values(**values, next_alarm_at=bindparam("alarm")), rows)


def raised(tx: Transaction, metric: Metric) -> list[timedelta]:
    """Return how late the alarms of a metric were raised."""
    found = tx.all(AlarmRaised, select(AlarmRaised).where(col(AlarmRaised.target) == metric.value))
    return [one.raised_at - one.due_at for one in found]


@asynccontextmanager
async def watching(store: Store) -> AsyncIterator[Watched]:
    """Let the loop run meanwhile."""
    watched = Watched(store)
    running = asyncio.create_task(watched.run())
    try:
        yield watched
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
