"""How long the product takes to start, and how much memory it holds, idle and with many open tickets."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp

from chatops.app import open_desk
from chatops.desk import definitions, intake, shown
from chatops.desk.definitions import Defined
from chatops.model import thread as threads
from chatops.model.facts import MarketMessage
from chatops.sandbox.slack import messages
from chatops.sandbox.world import DISCORD
from chatops.store import Transaction
from chatops.store.lanes import Done, claim, settle
from tests.bench.carrying import no_limit
from tests.bench.processes import resident_mib
from tests.bench.stage import product, set_stage
from tests.bench.tables import Table, count
from tests.stories.cast import Story

BATCH = 100
OWNER = "bench"


@dataclass(frozen=True)
class Size:
    """How many open tickets, how often it is started, and how long it is left alone before the memory is read."""

    tickets: int
    starts: int
    settle: float


FULL, QUICK, TINY = Size(10_000, 5, 15.0), Size(1_000, 3, 5.0), Size(20, 1, 0.1)


async def run(size: Size) -> list[Table]:
    """Measure the product as an operator starts it: `chatops run`."""
    table = Table("Start and memory", ("", "start s (median)", "resident MiB"))
    async with set_stage() as story:
        seconds, idle = await _started(story, size)
        table.add("nothing to do", f"{seconds:.2f}", f"{idle:.0f}")
        await open_tickets(story, size.tickets)
        seconds, busy = await _started(story, size)
        table.add(f"{count(size.tickets)} open tickets", f"{seconds:.2f}", f"{busy:.0f}")
    async with set_stage(platform=DISCORD) as story:
        seconds, gateway = await _started(story, size)
        table.add("nothing to do, the team in Discord", f"{seconds:.2f}", f"{gateway:.0f}")
    table.remarks.append(
        "Start: from the start of the process to the first 200 of `/health/live`. Memory: VmRSS, shared pages "
        f"included, {size.settle:g} s later, with a socket to Slack open and every open thread compared once; or with "
        "a session of Discord's gateway."
    )
    for where, memory in (("Slack", idle), ("Discord", gateway)):
        table.aim(f"{where}, resident memory, idle", "≤ 120 MiB", f"{memory:.0f} MiB", met=memory <= 120)
    return [table]


async def _started(story: Story, size: Size) -> tuple[float, float]:
    """Start it several times; return the median of the times, and the memory of the last one."""
    took, memory = [], 0.0
    for number in range(size.starts):
        began = time.monotonic()
        async with product(story) as (pid, address), aiohttp.ClientSession() as session:
            async with session.get(f"{address}/health/live") as answer:
                answer.raise_for_status()
            took.append(time.monotonic() - began)
            if number == size.starts - 1:
                await asyncio.sleep(size.settle)
                memory = resident_mib(pid)
    return sorted(took)[len(took) // 2], memory


async def open_tickets(story: Story, number: int, defined: Sequence[Defined] = ()) -> None:
    """Let that many buyers have written, and their threads stand in the channel, as if it had happened long ago.

    `defined`: what was promised to them.
    """
    store = await open_desk(story.config, story.clock)
    try:
        for one in defined:
            await store.write(definitions.define, one, None, story.clock.now())
        for first in range(0, number, BATCH):
            heads = [_head(story, n) for n in range(first, min(first + BATCH, number))]
            await store.write(_mirrored, story.cast.shop.id, first, heads, story.clock.now())
    finally:
        await store.close()


def _head(story: Story, number: int) -> str:
    """Post the head of a thread, without telling anybody; return its ts."""
    workspace, support = story.world.slack.workspace, story.cast.support
    post = messages.app_message(workspace, support, story.cast.slack_app, f"ticket {number}")
    support.add(post)
    return post.ts


def _mirrored(tx: Transaction, shop_id: str, first: int, heads: list[str], now: datetime) -> None:
    """Take in the first message of some buyers, and settle what follows from it as done."""
    for number, head in enumerate(heads, start=first):
        intake.message_arrived(tx, shop_id, now, _message(number, now))
        thread = threads.of_ticket(tx, shop_id, f"c{number}.1")[0]
        shown.thread_opened(tx, thread, head, 10, now)
        shown.messages_mirrored(tx, thread, [f"m{number}"], head)
    while taken := claim(
        tx, owner=OWNER, now=now, lease=timedelta(minutes=1), lanes=1000, per_lane=10, limits=no_limit
    ):
        settle(tx, [Done(one.lane, one.deliveries[-1].seq) for one in taken], owner=OWNER, now=now, limits=no_limit)


def _message(number: int, at: datetime) -> MarketMessage:
    return MarketMessage(
        external_id=f"m{number}",
        conversation_id=f"c{number}",
        index=1,
        kind="TEXT",
        content={"content": f"Where is my parcel number {number}?"},
        sender_id=f"b{number}",
        role="BUYER",
        visible=True,
        at=at,
    )
