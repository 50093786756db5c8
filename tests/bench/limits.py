"""How long a rush takes to stand in Slack or Discord within their real limits, against the least those limits allow.

Product and worlds run in this process on the story's clock, which is the machine's clock except that it leaps over the
time in which nobody has anything to do: nothing in flight, nothing in the worker's hands, nothing due. What is measured
is what a real run would take, without sitting it out.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatops.sandbox.discord.limits import Limits as DiscordLimits
from chatops.sandbox.slack.limits import Limits as SlackLimits
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.world import DISCORD, SLACK
from tests.bench.stage import Shown, set_stage
from tests.bench.tables import Table, count
from tests.stories.cast import Story, StoryClock

ARRIVE_WITHIN = timedelta(seconds=60)
PAUSE = 0.001
PATIENCE = 600.0


@dataclass(frozen=True)
class Size:
    """How many messages of how many buyers."""

    messages: int
    buyers: int


# Even the tiny one makes more posts than Slack takes in that minute: after it, the clock leaps from wait to wait.
FULL, QUICK, TINY = Size(1_000, 200), Size(100, 20), Size(35, 35)


class LeapingClock(StoryClock):
    """The story's clock, which tells who in the product waits: for which bell, and until when."""

    def __init__(self, story: StoryTime) -> None:
        super().__init__(story)
        self.waits: dict[asyncio.Event, datetime | None] = {}

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Wait as the story's clock does."""
        self.waits[bell] = until
        try:
            await super().wait(bell, until)
        finally:
            del self.waits[bell]

    def rests(self, *bells: asyncio.Event) -> bool:
        """Tell whether somebody waits for each of these bells, and none has rung."""
        return all(bell in self.waits and not bell.is_set() for bell in bells)


async def run(size: Size) -> list[Table]:
    """Measure one rush on each chat platform."""
    return [await _run(size, platform) for platform in (SLACK, DISCORD)]


async def _run(size: Size, platform: str) -> Table:
    async with set_stage(clock=LeapingClock, platform=platform) as story:
        story.world.slack.limits.real()
        story.world.discord.limits.real()
        await story.product_starts()
        took, posts, refused = await _rush(story, size)
    slack, discord = story.world.slack.limits, story.world.discord.limits
    least, why = on_slack(size, slack) if platform == SLACK else on_discord(size, discord)
    where = platform.capitalize()
    table = Table(
        f"A rush within {where}'s limits: {count(size.messages)} messages of {size.buyers} buyers in "
        f"{ARRIVE_WITHIN.total_seconds():.0f} s, one {'channel' if platform == SLACK else 'forum'}",
        ("", "seconds until all are visible", "posts", "refused with 429"),
    )
    table.add("the least the limits allow", f"{least:.0f}", str(2 * size.buyers), "0")
    table.add("the product", f"{took:.0f}", str(posts), str(refused))
    table.remarks += ["The least: one head and, all of a buyer's messages joined, one post for each buyer; " + why]
    ratio = took / least
    table.aim(f"{where}, a rush against the least the limits allow", "≤ 1.15 ×", f"{ratio:.2f} ×", met=ratio <= 1.15)
    return table


def on_slack(size: Size, limits: SlackLimits) -> tuple[float, str]:
    """Return the shortest time in which a clairvoyant could post everything, and why it is that."""
    posts = 2 * size.buyers
    minutes = (posts - 1) // limits.workspace_posts_per_minute
    least = max((posts - limits.burst) / limits.posts_per_second, minutes * 60.0, _all_said(size))
    why = (
        f"the channel takes {limits.burst} at once and {limits.posts_per_second:g} a second after that, so ({posts} - "
        f"{limits.burst}) / {limits.posts_per_second:g} s. Nobody who does not know what will be written can reach it: "
        "a post that leaves while its buyer is still writing has to be followed by another."
    )
    return least, why


def on_discord(size: Size, limits: DiscordLimits) -> tuple[float, str]:
    """Return the same for Discord, where a thread takes its posts by itself and opening threads is what is scarce."""
    threads, seconds = limits.threads
    least = max((size.buyers - 1) // threads * seconds, _all_said(size))
    why = (
        f"a server takes {threads} new threads in {seconds:g} s (as the world has it: Discord publishes no number, so "
        "the product learns it by being refused), and what is said in each goes beside that."
    )
    return least, why


def _all_said(size: Size) -> float:
    """Return when the last message is written."""
    return (ARRIVE_WITHIN * (1 - 1 / size.messages)).total_seconds()


async def _rush(story: Story, size: Size) -> tuple[float, int, int]:
    """Let it happen; return story seconds from the first message to the last post, posts, and posts refused."""
    time = story.world.time
    buyers = [story.world.tiktok.create_buyer(story.cast.shop, f"buyer {n}") for n in range(size.buyers)]
    began, step = time.now(), ARRIVE_WITHIN / size.messages
    coming = deque((began + n * step, buyers[n % size.buyers], f"message {n}.") for n in range(size.messages))
    texts = [text for _, _, text in coming]
    shown = Shown(story.side)
    async with asyncio.timeout(PATIENCE):
        while not shown.all_of(texts):
            while coming and coming[0][0] <= time.now():
                _, buyer, text = coming.popleft()
                await buyer.says(text)
            await leap(story, coming[0][0] if coming else None)
    posted, refused = posts(story)
    last = max(post.at for post in shown.posts.values())
    _check(shown, size, texts)
    return last - began.timestamp(), posted, refused


def posts(story: Story) -> tuple[int, int]:
    """Return how many posts were taken and how many refused as too fast."""
    if story.side.platform == SLACK:
        slack = [call for call in story.world.slack.requests if call.method == "chat.postMessage"]
        refused = sum(call.error == "ratelimited" for call in slack)
        return len(slack) - refused, refused
    names = {"messages.create", "threads.create"}
    discord = [call for call in story.world.discord.requests if call.name in names]
    refused = sum(call.status == 429 for call in discord)
    return len(discord) - refused, refused


async def leap(story: Story, coming: datetime | None, *, heard: bool = True) -> None:
    """Once nobody has anything to do, leap to the next instant at which somebody has.

    `heard`: wait until what is on its way to the product has arrived. Discord's client says so twice a second at most.
    """
    if _rests(story):  # asked first, for it is cheap
        if heard:
            await story.world.tiktok.settled()
            await story.side.settled()
        due = min(filter(None, (coming, *_clock(story).waits.values())), default=None)
        if _rests(story) and due is not None and due > story.clock.now():
            story.world.time.skip(due - story.clock.now())
    await asyncio.sleep(PAUSE)


def _rests(story: Story) -> bool:
    """Tell whether the product has nothing to do at this instant, as far as it knows."""
    app = story.running
    hearing = any(getattr(edge, "busy", False) for edge in app.edges.values())
    waits = _clock(story).rests(app.worker._bell, app.receipts.kept)
    return waits and app.worker.idle and not app.store.depth and not hearing


def _clock(story: Story) -> LeapingClock:
    assert isinstance(story.clock, LeapingClock)
    return story.clock


def _check(shown: Shown, size: Size, texts: list[str]) -> None:
    """Raise AssertionError unless each buyer's messages stand in one thread, in order."""
    for first in range(size.buyers):
        posts = [shown.posts[text] for text in texts[first :: size.buyers]]
        stamps = [float(post.id) for post in posts]
        if len({post.thread for post in posts}) != 1 or stamps != sorted(stamps):
            raise AssertionError(f"out of order, or in several threads: {posts}")
