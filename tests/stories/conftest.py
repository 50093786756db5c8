"""Stories in which the mode can matter run twice: with Slack over sockets, and over HTTP. The others use sockets."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatops.config import Config
from chatops.sandbox.world import World
from tests.stories.cast import Story, StoryClock

both_modes = pytest.mark.parametrize("socket_mode", [True, False], ids=["sockets", "http"])


@pytest.fixture
def socket_mode() -> bool:
    """How Slack reaches the product; `both_modes` tries the other way too."""
    return True


@pytest.fixture
async def stage(tmp_path: Path, sqlite_template: Path, socket_mode: bool) -> AsyncIterator[Story]:
    """The worlds with their cast, and a product that is set up but not running."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    shutil.copyfile(sqlite_template, data / "chatops.db")
    async with World() as world:
        cast = await world.set_the_scene(socket_mode=socket_mode)
        settings = {
            **world.environment(),
            "CHATOPS_DATA_DIR": str(data),
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
