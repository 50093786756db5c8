"""The desk every story here starts at."""

from collections.abc import AsyncIterator

import pytest

from chatops.store import Keyring, Store, generate_key, open_store
from chatops.times import SystemTime
from tests.platforms.discord.desk import Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A server with a text channel, a forum and Li, and the product connected."""
    async with open_desk() as opened:
        yield opened


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    """A started store on an empty SQLite database; what the databases have in common is tested elsewhere."""
    opened = open_store(sqlite_url, time=SystemTime(), keys=Keyring([generate_key()]))
    await opened.start()
    yield opened
    await opened.close()
