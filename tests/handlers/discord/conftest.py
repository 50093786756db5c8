"""The desk every story here starts at."""

from collections.abc import AsyncIterator

import pytest

from chatops.store import Keyring, Store, generate_key, open_store
from chatops.times import SystemTime
from tests.handlers.discord.desk import Desk, open_desk


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    """A started store on an empty SQLite database; what the databases have in common is tested elsewhere."""
    opened = open_store(sqlite_url, time=SystemTime(), keys=Keyring([generate_key()]))
    await opened.start()
    yield opened
    await opened.close()


@pytest.fixture
async def store_of_a_fleet(postgres_url: str) -> AsyncIterator[Store]:
    """A started store on PostgreSQL, which several replicas share."""
    opened = open_store(postgres_url, time=SystemTime(), keys=Keyring([generate_key()]))
    await opened.start()
    yield opened
    await opened.close()


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    """The desk, listening."""
    async with open_desk(store) as opened:
        yield opened


@pytest.fixture
async def deaf_desk(store: Store) -> AsyncIterator[Desk]:
    """The desk while nobody listens."""
    async with open_desk(store, listening=False) as opened:
        yield opened
