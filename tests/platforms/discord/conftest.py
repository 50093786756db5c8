"""The desk every story here starts at."""

from collections.abc import AsyncIterator

import pytest

from tests.platforms.discord.desk import Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A server with a text channel, a forum and Li, and the product connected."""
    async with open_desk() as opened:
        yield opened
