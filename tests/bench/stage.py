"""The worlds in this process, and the product in front of them: in a process of its own, or in this one."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from chatops.config import Config
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.message import Message
from chatops.sandbox.slack.reading import visible
from chatops.sandbox.world import World
from tests.bench.processes import end, spawn
from tests.stories.cast import Story, StoryClock

START_WITHIN = 60.0
LOOK_EVERY = 0.005


class Shown:
    """The posts of a channel by what they show; looks at each post once."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._looked_at = len(channel.all_messages)
        self.posts: dict[str, Message] = {}

    def all_of(self, texts: Collection[str]) -> bool:
        """Whether every one of these texts stands in a post that was not there at the beginning."""
        fresh = list(islice(self._channel.all_messages.values(), self._looked_at, None))
        self._looked_at += len(fresh)
        for post in fresh:
            words = visible(post)
            self.posts |= {text: post for text in texts if text in words}
        return self.posts.keys() >= set(texts)


@asynccontextmanager
async def set_stage(pace_factor: float = 1.0, clock: type[StoryClock] = StoryClock) -> AsyncIterator[Story]:
    """Give the worlds with their cast, and a product that is set up but not running."""
    with TemporaryDirectory() as folder:
        async with World() as world:
            cast = await world.set_the_scene()
            story = Story(
                world, cast, Config.model_validate(settings(world, Path(folder), pace_factor)), clock(world.time)
            )
            await story.set_up(world.desk_toml())
            yield story
            await story.product_stops()


def settings(world: World, folder: Path, pace_factor: float) -> dict[str, str]:
    """Return the environment of the product."""
    return {
        **world.environment(),
        "CHATOPS_DATA_DIR": str(folder / "data"),
        "CHATOPS_LISTEN": "127.0.0.1:0",
        "CHATOPS_PACE_FACTOR": str(pace_factor),
    }


@asynccontextmanager
async def product(story: Story) -> AsyncIterator[tuple[int, str]]:
    """Run the product as a process of its own; give its process id and its address, known once it listens."""
    folder = story.config.data_dir.parent
    address = story.config.data_dir / "address"
    address.unlink(missing_ok=True)
    told = settings(story.world, folder, story.config.pace_factor)
    process = await spawn("-m", "chatops", "run", settings=told, log=folder / "log.txt")
    try:
        async with asyncio.timeout(START_WITHIN):
            while not (address.exists() and (found := address.read_text())):
                if process.returncode is not None:
                    raise RuntimeError((folder / "log.txt").read_text()[-2000:])
                await asyncio.sleep(LOOK_EVERY)
        story.cast.shop_app.webhook_url = f"{found}/tiktok/shop/webhook"
        yield process.pid, found
    finally:
        await end(process)
