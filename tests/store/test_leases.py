"""Leases: what only one replica may hold."""

from datetime import timedelta

from chatops.store import Store
from chatops.store.leases import acquire, release, renew
from tests.store.rooms import NOON, seconds

TTL = timedelta(seconds=30)


async def test_only_one_holds_a_lease(store: Store) -> None:
    assert await store.write(acquire, "gateway", "ada", NOON, TTL)
    assert not await store.write(acquire, "gateway", "bob", seconds(29), TTL)
    assert await store.write(acquire, "refresh", "bob", seconds(29), TTL)


async def test_a_lease_that_is_over_goes_to_whoever_comes(store: Store) -> None:
    await store.write(acquire, "gateway", "ada", NOON, TTL)
    assert await store.write(acquire, "gateway", "bob", seconds(30), TTL)
    assert not await store.write(renew, "gateway", "ada", seconds(31), TTL)


async def test_a_lease_is_prolonged_by_its_owner(store: Store) -> None:
    await store.write(acquire, "gateway", "ada", NOON, TTL)
    assert await store.write(renew, "gateway", "ada", seconds(20), TTL)
    assert not await store.write(acquire, "gateway", "bob", seconds(40), TTL)
    assert not await store.write(renew, "gateway", "ada", seconds(50), TTL)
    assert await store.write(acquire, "gateway", "ada", seconds(50), TTL)


async def test_a_lease_is_given_back_by_its_owner_only(store: Store) -> None:
    await store.write(acquire, "gateway", "ada", NOON, TTL)
    await store.write(release, "gateway", "bob")
    assert not await store.write(acquire, "gateway", "bob", NOON, TTL)
    await store.write(release, "gateway", "ada")
    assert await store.write(acquire, "gateway", "bob", NOON, TTL)
