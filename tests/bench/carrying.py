"""A worker that carries nothing anywhere, a process of its own: `python -m tests.bench.carrying DATABASE_URL OWNER`.

Starts when it reads a line, ends when it reads another, and prints one line of JSON: what it carried and when, and what
that cost.
"""

import asyncio
import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvloop

from chatops.app import spare_collector
from chatops.delivery.hand import Hand, Result, Tools
from chatops.delivery.worker import Worker
from chatops.store import open_store
from chatops.store.lanes import Limit
from chatops.times import SystemTime

KIND = "null"


def no_limit(_scope: str) -> Limit | None:
    """Every scope may be called at any speed."""
    return None


async def main(url: str, owner: str) -> None:
    """Carry until told to end."""
    carried: list[tuple[float, str, int]] = []

    async def carry(_tools: Tools, hand: Hand) -> Result:
        carried.append((time.monotonic(), hand.first.lane, hand.first.seq))
        return Result(hand.first.seq)

    store = open_store(url, time=SystemTime())
    await store.start()
    nobody: Any = None
    tools = Tools(store, store.time, nobody, nobody, Path())
    worker = Worker(tools, {KIND: carry}, no_limit, owner)
    spare_collector()
    say("READY")
    await asyncio.to_thread(sys.stdin.readline)
    began, cpu = time.monotonic(), time.process_time()
    working = asyncio.create_task(worker.run())
    await asyncio.to_thread(sys.stdin.readline)
    cpu = time.process_time() - cpu
    await worker.stop(timedelta(seconds=1))
    await working
    await store.close()
    say({"began": began, "cpu": cpu, "carried": carried})


def say(what: object) -> None:
    """Print one line of JSON."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2]))
