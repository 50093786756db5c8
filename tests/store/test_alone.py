"""What one replica does alone, no other does at the same time; other things go on."""

import asyncio
import threading

from chatops.store import Transaction, open_store
from chatops.times import SystemTime

PATIENCE = 10  # seconds


async def test_a_second_replica_waits_until_the_first_has_committed(postgres_url: str) -> None:
    seen: list[str] = []
    inside, waiting, go_on = threading.Event(), threading.Event(), threading.Event()

    def first(tx: Transaction) -> None:
        tx.alone("this")
        inside.set()
        assert go_on.wait(PATIENCE)
        seen.append("first")

    def second(tx: Transaction) -> None:
        waiting.set()
        tx.alone("this")
        seen.append("second")

    def something_else(tx: Transaction) -> None:
        assert waiting.wait(PATIENCE)
        tx.alone("that")
        seen.append("something else")
        go_on.set()

    replicas = [open_store(postgres_url, time=SystemTime(), writer_threads=1) for _ in range(3)]
    for replica in replicas:
        await replica.start()
    one, two, three = replicas
    holding = asyncio.create_task(one.write(first))
    await asyncio.to_thread(inside.wait, PATIENCE)
    await asyncio.gather(two.write(second), three.write(something_else), holding)
    assert seen == ["something else", "first", "second"]
    for replica in replicas:
        await replica.close()
