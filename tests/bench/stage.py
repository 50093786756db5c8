"""The worlds in this process, and the product in front of them: in a process of its own, or in this one."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chatops.config import Config
from chatops.platforms.discord.stamps import instant
from chatops.sandbox.world import DISCORD, SLACK, World
from tests.bench.processes import end, spawn
from tests.stories.cast import Side, Story, StoryClock
from tests.stories.discord_side import DiscordSide

START_WITHIN = 60.0
LOOK_EVERY = 0.005


@dataclass(frozen=True)
class Seen:
    """A post: its id and its thread's, and when each was stored (seconds since 1970)."""

    id: str
    thread: str
    at: float
    thread_at: float


class Shown:
    """The posts of the team's channel by what they show; looks at each post once."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._looked_at: Counter[str] = Counter()
        self.posts: dict[str, Seen] = {}
        self.all_of(())

    def all_of(self, texts: Collection[str]) -> bool:
        """Whether every one of these texts stands in a post that was not there at the beginning."""
        for place, messages in self._places().items():
            for post_id, post in islice(messages.items(), self._looked_at[place], None):
                words = self._side.text(post)
                self.posts |= {text: self._seen(place, post_id, post) for text in texts if text in words}
            self._looked_at[place] = len(messages)
        return self.posts.keys() >= set(texts)

    def _places(self) -> dict[str, dict[str, Any]]:
        if isinstance(self._side, DiscordSide):
            return {thread.id: thread.messages for thread in self._side.threads}
        return {"": self._side.channel.all_messages}

    def _seen(self, place: str, post_id: str, post: Any) -> Seen:
        thread = place or post.thread_ts or post_id
        return Seen(post_id, thread, *(self._instant(one) for one in (post_id, thread)))

    def _instant(self, post_id: str) -> float:
        return instant(post_id).timestamp() if self._side.platform == DISCORD else float(post_id)


@asynccontextmanager
async def set_stage(
    pace_factor: float = 1.0, clock: type[StoryClock] = StoryClock, platform: str = SLACK
) -> AsyncIterator[Story]:
    """Give the worlds with their cast, and a product that is set up but not running."""
    with TemporaryDirectory() as folder:
        async with World() as world:
            cast = await world.set_the_scene(platforms=(platform,))
            story = Story(
                world, cast, Config.model_validate(settings(world, Path(folder), pace_factor)), clock(world.time)
            )
            await story.set_up(story.desk_toml())
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
