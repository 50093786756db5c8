"""Every story runs in Slack and in Discord; those in which the way there can matter, on every way.

`where` is "slack" (over sockets), "slack-http", "discord" (a forum), "discord-text" (a text channel) or "both".
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatops.config import Config
from chatops.rules import languages
from chatops.sandbox.world import DISCORD, SLACK, World
from tests.stories.cast import Story, StoryClock
from tests.stories.discord_side import DiscordSide
from tests.stories.side import Side

every_way = pytest.mark.parametrize("where", ["slack", "slack-http", "discord"])
every_place = pytest.mark.parametrize("where", ["slack", "slack-http", "discord", "discord-text"])
every_kind_of_place = pytest.mark.parametrize("where", ["slack", "discord", "discord-text"])
in_slack = pytest.mark.parametrize("where", ["slack"])
in_both = pytest.mark.parametrize("where", ["both"])
in_discord = pytest.mark.parametrize("where", ["discord"])
slack_ways = pytest.mark.parametrize("where", ["slack", "slack-http"])


@pytest.fixture(scope="session", autouse=True)
def _languages_are_told() -> None:
    """Read the model that tells languages before any story begins: no patience of a story is spent on it."""
    languages.load()


@pytest.fixture(params=["slack", "discord"])
def where(request: pytest.FixtureRequest) -> str:
    """Where the story's team sits."""
    return str(request.param)


@pytest.fixture
async def stage(tmp_path: Path, sqlite_template: Path, where: str) -> AsyncIterator[Story]:
    """The worlds with their cast, and a product that is set up but not running."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    shutil.copyfile(sqlite_template, data / "chatops.db")
    async with World() as world:
        platforms = (SLACK, DISCORD) if where == "both" else (DISCORD if where.startswith(DISCORD) else SLACK,)
        cast = await world.set_the_scene(platforms=platforms, socket_mode=where != "slack-http")
        told = {"CHATOPS_DATA_DIR": str(data), "CHATOPS_LISTEN": "127.0.0.1:0", "CHATOPS_PACE_FACTOR": "1000"}
        config = Config.model_validate(world.environment() | told)
        sides: tuple[Side, ...] = (DiscordSide(world, cast.discord.general),) if where == "discord-text" else ()
        story = Story(world, cast, config, StoryClock(world.time), sides)
        await story.set_up(story.desk_toml())
        yield story
        await story.product_stops()


@pytest.fixture
async def story(stage: Story) -> Story:
    """The same with the product running."""
    await stage.product_starts()
    return stage
