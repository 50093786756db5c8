"""What one replica does alone, no other does at the same time; other things go on."""

import asyncio
import threading

from chatops.store import Transaction, open_store
from chatops.times import SystemTime

PATIENCE = 10  # seconds


async def test_a_second_replica_is_told_until_the_first_has_committed(postgres_url: str) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def first(tx: Transaction) -> bool:
        mine = tx.alone("this")
        inside.set()
        assert go_on.wait(PATIENCE)
        return mine

    one, two = (open_store(postgres_url, time=SystemTime(), writer_threads=1) for _ in range(2))
    await one.start()
    await two.start()
    holding = asyncio.create_task(one.write(first))
    await asyncio.to_thread(inside.wait, PATIENCE)
    assert not await two.write(Transaction.alone, "this")
    assert await two.write(Transaction.alone, "that")
    go_on.set()
    assert await holding
    assert await two.write(Transaction.alone, "this")
    await one.close()
    await two.close()
