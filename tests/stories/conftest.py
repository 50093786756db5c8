"""Stories run twice: once with Slack over sockets, once over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatops.config import Config
from chatops.sandbox.world import World
from tests.stories.cast import Story, StoryClock


@pytest.fixture(params=["sockets", "http"])
def socket_mode(request: pytest.FixtureRequest) -> bool:
    """How Slack reaches the product."""
    return bool(request.param == "sockets")


@pytest.fixture
async def stage(tmp_path: Path, socket_mode: bool) -> AsyncIterator[Story]:
    """The worlds with their cast, and a product that is set up but not running."""
    async with World() as world:
        cast = await world.set_the_scene(socket_mode=socket_mode)
        settings = {
            **world.environment(),
            "CHATOPS_DATA_DIR": str(tmp_path / "data"),
            "CHATOPS_LISTEN": "127.0.0.1:0",
            "CHATOPS_PACE_FACTOR": "1000",
        }
        story = Story(world, cast, Config.model_validate(settings), StoryClock(world.time))
        await story.set_up(world.desk_toml())
        yield story
        await story.product_stops()


@pytest.fixture
async def story(stage: Story) -> Story:
    """The same with the product running."""
    await stage.product_starts()
    return stage
