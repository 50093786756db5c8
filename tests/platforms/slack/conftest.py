"""The desk every story here starts at."""

from collections.abc import AsyncIterator

import pytest

from tests.platforms.slack.desk import Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A workspace with one channel, Li in it, and the product connected."""
    async with open_desk() as opened:
        yield opened
