"""The running product in front of both worlds, for what is asked at its HTTP doors."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.stories.conftest import stage, story

__all__ = ["stage", "story"]


@pytest.fixture
def where() -> str:
    """Where the team sits: what comes to the doors does not depend on it."""
    return "slack"


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody outside who asks the product's address."""
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield session
