"""The five traps of ordered delivery (see `chatops.store.lanes`), each with the race that would fall into it."""

import asyncio
import threading
from collections import defaultdict
from datetime import timedelta

import psycopg

from chatops.store import Store, Transaction, open_store
from chatops.store.lanes import Claimed, Done, Later, next_due
from chatops.times import SystemTime
from tests.store.rooms import LEASE, NOON, claim_all, claimed_texts, put_one, seconds, settle_all, texts

REPLICAS = 3


async def replicas(url: str) -> list[Store]:
    """Start several stores on one PostgreSQL database, or one on SQLite, where there can be no other."""
    stores = [open_store(url, time=SystemTime(), writer_threads=2) for _ in range(REPLICAS if "postgres" in url else 1)]
    for store in stores:
        await store.start()
    return stores


async def close(stores: list[Store]) -> None:
    for store in stores:
        await store.close()


async def test_numbers_follow_commits_however_many_put_at_once(database_url: str) -> None:
    stores = await replicas(database_url)
    lanes = [f"thread:{number}" for number in range(5)]
    sent: dict[str, list[int]] = defaultdict(list)
    left = asyncio.Event()

    async def putting(store: Store, writer: int) -> None:
        for number in range(15):
            await store.write(put_one, lanes[(writer + number) % 5], f"{writer}.{number}")

    async def sending(store: Store, owner: str) -> None:
        while not left.is_set() or await store.read(next_due, NOON) is not None:
            for taken in await store.write(claim_all, owner, lanes=2, per_lane=3):
                sent[taken.lane] += [delivery.seq for delivery in taken.deliveries]
                done = Done(taken.lane, taken.deliveries[-1].seq)
                assert await store.write(settle_all, [done], owner) == set()

    workers = [
        asyncio.create_task(sending(store, f"worker {number}")) for number, store in enumerate([*stores, stores[0]])
    ]
    await asyncio.gather(*[putting(store, writer) for writer in range(4) for store in stores])
    left.set()
    await asyncio.gather(*workers)
    each = 15 * 4 * len(stores) // 5
    assert sent == {lane: list(range(1, each + 1)) for lane in lanes}
    await close(stores)


async def test_a_delivery_put_while_its_lane_is_settled_wakes_it(postgres_url: str) -> None:
    stores = await replicas(postgres_url)
    here, there = stores[:2]
    await here.write(put_one, "thread:1", "one")
    await here.write(claim_all)
    number_taken, go_on = threading.Event(), threading.Event()

    def put_slowly(tx: Transaction) -> None:
        put_one(tx, "thread:1", "two")
        number_taken.set()
        go_on.wait(10)

    putting = asyncio.create_task(there.write(put_slowly))
    await asyncio.to_thread(number_taken.wait, 10)
    settling = asyncio.create_task(here.write(settle_all, [Done("thread:1", through=1)]))
    await until_somebody_waits_for_a_lock(there)
    go_on.set()
    await asyncio.gather(putting, settling)
    assert await here.read(next_due, NOON) == NOON
    assert await claimed_texts(here) == {"thread:1": ["two"]}
    await close(stores)


async def until_somebody_waits_for_a_lock(store: Store) -> None:
    def waiting(tx: Transaction) -> bool:
        return bool(
            tx.connection.exec_driver_sql(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            ).first()
        )

    while not await store.read(waiting):
        pass


async def test_lanes_settled_together_are_locked_in_the_order_of_their_keys(postgres_url: str) -> None:
    stores = await replicas(postgres_url)
    await stores[0].write(put_one, "thread:b", "one")
    await stores[0].write(put_one, "thread:a", "one")
    await stores[0].write(claim_all)

    def settle_patiently(tx: Transaction) -> set[str]:
        tx.connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        return settle_all(tx, [Done("thread:b", 1), Done("thread:a", 1)])

    with psycopg.connect(postgres_url) as stranger:
        stranger.execute("SELECT 1 FROM lane WHERE key = 'thread:b' FOR UPDATE")
        settling = asyncio.create_task(stores[0].write(settle_patiently))
        await until_somebody_waits_for_a_lock(stores[1])
        locked = "SELECT key FROM lane WHERE key = 'thread:a' FOR UPDATE SKIP LOCKED"
        assert stranger.execute(locked).fetchall() == []
    assert await settling == set()
    await close(stores)


async def test_a_worker_that_outlived_its_lease_changes_nothing(store: Store) -> None:
    await store.write(put_one, "thread:1", "one")
    await store.write(put_one, "thread:1", "two")
    [paused] = await store.write(claim_all, "ada", per_lane=1)
    after = NOON + LEASE
    assert await store.write(claim_all, "bob", at=after - timedelta(milliseconds=1)) == []
    [taken] = await store.write(claim_all, "bob", at=after)
    assert (texts(taken), taken.in_doubt_through) == (["one"], 1)
    for outcome in (Done("thread:1", paused.deliveries[-1].seq), Later("thread:1", after, "unavailable")):
        assert await store.write(settle_all, [outcome], "ada", at=after) == {"thread:1"}
    assert await store.write(claim_all, "cleo", at=after) == []
    assert await store.write(settle_all, [Done("thread:1", 1)], "bob", at=after) == set()
    [following] = await store.write(claim_all, "cleo", at=after)
    assert (texts(following), following.in_doubt_through) == (["two"], 0)


async def test_a_lost_lane_does_not_spoil_the_others_in_the_batch(store: Store) -> None:
    await store.write(put_one, "thread:1", "one")
    await store.write(put_one, "thread:2", "one")
    await store.write(claim_all, "ada")
    after = NOON + LEASE
    await store.write(claim_all, "bob", at=after, lanes=1)
    lost = await store.write(settle_all, [Done("thread:1", 1), Done("thread:2", 1)], "ada", at=after)
    assert lost == {"thread:1"}


async def test_a_failing_head_stops_its_own_lane_only(store: Store) -> None:
    for lane in ("thread:1", "thread:2"):
        await store.write(put_one, lane, "one")
        await store.write(put_one, lane, "two")
    await store.write(claim_all, per_lane=1)
    await store.write(settle_all, [Later("thread:1", seconds(60), "unavailable"), Done("thread:2", 1)])
    assert await claimed_texts(store) == {"thread:2": ["two"]}
    await store.write(settle_all, [Done("thread:2", 2)])
    assert await store.read(next_due, NOON) == seconds(60)


async def test_two_owners_never_hold_one_lane(database_url: str) -> None:
    stores = await replicas(database_url)
    for number in range(40):
        await stores[0].write(put_one, f"thread:{number}", "one")
    claims = [store.write(claim_all, f"worker {n}", lanes=5) for store in stores for n in range(8)]
    hands: list[list[Claimed]] = await asyncio.gather(*claims)
    lanes = [taken.lane for hand in hands for taken in hand]
    assert len(lanes) == len(set(lanes))
    assert lanes
    await close(stores)
