"""Pace: how fast a scope is called, whoever calls it."""

from datetime import timedelta

import pytest

from chatops.store import Store, open_store
from chatops.store.lanes import Back, Done, Later, Limit, claim, next_due, settle
from chatops.times import SystemTime
from tests.store.rooms import LEASE, NOON, put_one, seconds

LIMITS = {
    "slow channel": Limit(1, timedelta(seconds=1)),
    "bursting channel": Limit(1, timedelta(seconds=1), burst=3),
    "workspace": Limit(2, timedelta(seconds=1), burst=2),
}


async def lanes_claimed(store: Store, owner: str, at: float, lanes: int = 100) -> list[str]:
    claimed = await store.write(
        claim, owner=owner, now=seconds(at), lease=LEASE, lanes=lanes, per_lane=10, limits=LIMITS.get
    )
    return [taken.lane for taken in claimed]


async def fill(store: Store, scope: str, count: int, *, wide: str = "", priority: int = 2) -> None:
    for number in range(count):
        await store.write(
            put_one,
            f"{scope}:{number}",
            "hello",
            at=seconds(number / 100 - 1),
            scope=scope,
            wide=wide,
            priority=priority,
        )


async def test_a_scope_is_called_at_its_pace(store: Store) -> None:
    await fill(store, "slow channel", 3)
    assert await lanes_claimed(store, "ada", 0) == ["slow channel:0"]
    assert await lanes_claimed(store, "ada", 0.9) == []
    due = await store.read(next_due, NOON)
    assert due is not None
    assert timedelta(seconds=1) <= due - NOON <= timedelta(seconds=1, milliseconds=1)
    assert await lanes_claimed(store, "ada", 1.01) == ["slow channel:1"]
    assert await lanes_claimed(store, "ada", 2.0) == []
    assert await lanes_claimed(store, "ada", 9.0) == ["slow channel:2"]


async def test_two_owners_share_one_pace(postgres_url: str) -> None:
    stores = [open_store(postgres_url, time=SystemTime()) for _ in range(2)]
    for store in stores:
        await store.start()
    await fill(stores[0], "bursting channel", 10)
    both = [await lanes_claimed(store, f"worker {number}", 0) for number, store in enumerate(stores)]
    assert [len(lanes) for lanes in both] == [3, 0]
    for store in stores:
        await store.close()


async def test_a_burst_is_allowed_and_then_the_pace(store: Store) -> None:
    await fill(store, "bursting channel", 6)
    assert len(await lanes_claimed(store, "ada", 0)) == 3
    assert len(await lanes_claimed(store, "ada", 0.5)) == 0
    assert len(await lanes_claimed(store, "ada", 1.1)) == 1
    assert len(await lanes_claimed(store, "ada", 9)) == 2


async def test_the_wider_scope_slows_all_of_its_channels(store: Store) -> None:
    for channel in ("red", "green", "blue"):
        await fill(store, channel, 1, wide="workspace")
    assert len(await lanes_claimed(store, "ada", 0)) == 2
    assert len(await lanes_claimed(store, "ada", 0.1)) == 0
    assert len(await lanes_claimed(store, "ada", 0.6)) == 1


async def test_a_crowd_before_a_closed_scope_keeps_nobody_else_waiting(store: Store) -> None:
    await fill(store, "slow channel", 50, priority=1)
    await fill(store, "open channel", 1, priority=3)
    assert await lanes_claimed(store, "ada", 0, lanes=2) == ["slow channel:0"]
    assert await lanes_claimed(store, "ada", 0, lanes=2) == ["open channel:0"]


async def test_being_told_to_slow_down_stops_the_scope_for_everybody(store: Store) -> None:
    await fill(store, "free channel", 3)
    assert len(await lanes_claimed(store, "ada", 0, lanes=1)) == 1
    told = Later("free channel:0", seconds(30), "ratelimited", slow_scope="free channel", counts=False)
    await store.write(settle, [told], owner="ada", now=NOON, limits=LIMITS.get)
    assert await lanes_claimed(store, "bob", 29) == []
    assert await store.read(next_due, NOON) == seconds(30)
    assert len(await lanes_claimed(store, "bob", 30)) == 3


@pytest.mark.parametrize("nothing_sent", [Back("slow channel:0"), Done("slow channel:0", 1, paced=False)])
async def test_a_call_that_was_not_made_is_given_back(store: Store, nothing_sent: Back | Done) -> None:
    await fill(store, "slow channel", 2)
    assert len(await lanes_claimed(store, "ada", 0)) == 1
    await store.write(settle, [nothing_sent], owner="ada", now=NOON, limits=LIMITS.get)
    assert len(await lanes_claimed(store, "ada", 0.01)) == 1


async def test_giving_back_does_not_end_a_pause(store: Store) -> None:
    await fill(store, "bursting channel", 2)
    assert len(await lanes_claimed(store, "ada", 0)) == 2
    told = Later("bursting channel:0", seconds(30), "ratelimited", slow_scope="bursting channel")
    await store.write(settle, [told], owner="ada", now=NOON, limits=LIMITS.get)
    await store.write(settle, [Back("bursting channel:1")], owner="ada", now=NOON, limits=LIMITS.get)
    assert await lanes_claimed(store, "ada", 29) == []
    assert len(await lanes_claimed(store, "ada", 30)) == 2


async def test_what_can_wait_leaves_a_part_of_each_burst_to_what_cannot(store: Store) -> None:
    await fill(store, "workspace", 4, priority=3)
    assert await lanes_claimed(store, "ada", 0) == ["workspace:0"]
    assert await lanes_claimed(store, "ada", 0.3) == []
    assert await store.read(next_due, seconds(0.3)) == seconds(0.5)
    await store.write(put_one, "urgent", "hello", at=NOON, scope="workspace", priority=0)
    assert await lanes_claimed(store, "ada", 0.3) == ["urgent"]
    assert await lanes_claimed(store, "ada", 0.9) == []
    assert await lanes_claimed(store, "ada", 1.0) == ["workspace:1"]


async def test_where_no_burst_is_allowed_everybody_goes_at_the_same_pace(store: Store) -> None:
    await fill(store, "slow channel", 2, priority=5)
    assert await lanes_claimed(store, "ada", 0) == ["slow channel:0"]
    assert await lanes_claimed(store, "ada", 1.01) == ["slow channel:1"]
