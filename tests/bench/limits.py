"""How long a rush takes to stand in Slack within Slack's real limits, against the least those limits allow.

Product and worlds run in this process on the story's clock, which is the machine's clock except that it leaps over the
time in which nobody has anything to do: nothing in flight, nothing in the worker's hands, nothing due. What is measured
is what a real run would take, without sitting it out.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatops.sandbox.slack.limits import Limits
from chatops.sandbox.storytime import StoryTime
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
FULL, QUICK, TINY = Size(1_000, 200), Size(100, 20), Size(60, 60)


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
    """Measure one rush."""
    async with set_stage(clock=LeapingClock) as story:
        story.world.slack.limits.real()
        await story.product_starts()
        took, posts, refused = await _rush(story, size)
    least = least_seconds(size, story.world.slack.limits)
    table = Table(
        f"A rush within Slack's limits: {count(size.messages)} messages of {size.buyers} buyers in "
        f"{ARRIVE_WITHIN.total_seconds():.0f} s, one channel",
        ("", "seconds until all are visible", "posts", "refused with 429"),
    )
    table.add("the least the limits allow", f"{least:.0f}", str(2 * size.buyers), "0")
    table.add("the product", f"{took:.0f}", str(posts), str(refused))
    table.remarks.append(
        "The least: one head and, all of a buyer's messages joined, one post for each buyer; the channel takes "
        f"{story.world.slack.limits.burst} at once and {story.world.slack.limits.posts_per_second:g} a second after "
        f"that, so ({2 * size.buyers} - {story.world.slack.limits.burst}) / "
        f"{story.world.slack.limits.posts_per_second:g} s. Nobody who does not know what will be written can reach it: "
        "a post that leaves while its buyer is still writing has to be followed by another."
    )
    ratio = took / least
    table.aim("a rush against the least the limits allow", "≤ 1.15 ×", f"{ratio:.2f} ×", met=ratio <= 1.15)
    return [table]


def least_seconds(size: Size, limits: Limits) -> float:
    """Return the shortest time in which a clairvoyant could post everything."""
    posts, last = 2 * size.buyers, ARRIVE_WITHIN * (1 - 1 / size.messages)
    minutes = (posts - 1) // limits.workspace_posts_per_minute
    return max((posts - limits.burst) / limits.posts_per_second, minutes * 60.0, last.total_seconds())


async def _rush(story: Story, size: Size) -> tuple[float, int, int]:
    """Let it happen; return story seconds from the first message to the last post, posts, and posts refused."""
    time, slack = story.world.time, story.world.slack
    buyers = [story.world.tiktok.create_buyer(story.cast.shop, f"buyer {n}") for n in range(size.buyers)]
    began, step = time.now(), ARRIVE_WITHIN / size.messages
    coming = deque((began + n * step, buyers[n % size.buyers], f"message {n}.") for n in range(size.messages))
    texts = [text for _, _, text in coming]
    shown = Shown(story.cast.support)
    async with asyncio.timeout(PATIENCE):
        while not shown.all_of(texts):
            while coming and coming[0][0] <= time.now():
                _, buyer, text = coming.popleft()
                await buyer.says(text)
            await _leap(story, coming[0][0] if coming else None)
    posted = [call for call in slack.requests if call.method == "chat.postMessage"]
    refused = sum(call.error == "ratelimited" for call in posted)
    last = max(float(post.ts) for post in shown.posts.values())
    _check(shown, size, texts)
    return last - began.timestamp(), len(posted) - refused, refused


async def _leap(story: Story, coming: datetime | None) -> None:
    """Once nobody has anything to do, leap to the next instant at which somebody has."""
    app, clock = story.app, story.clock
    assert app is not None
    assert isinstance(clock, LeapingClock)
    await story.world.tiktok.settled()
    await story.world.slack.settled()
    at_rest = clock.rests(app.worker._bell, app.receipts.kept) and app.worker.idle and not app.store.depth
    due = min(filter(None, (coming, *clock.waits.values())), default=None)
    if at_rest and due is not None and due > clock.now():
        story.world.time.skip(due - clock.now())
    await asyncio.sleep(PAUSE)


def _check(shown: Shown, size: Size, texts: list[str]) -> None:
    """Raise AssertionError unless each buyer's messages stand in one thread, in order."""
    for first in range(size.buyers):
        posts = [shown.posts[text] for text in texts[first :: size.buyers]]
        stamps = [post.ts for post in posts]
        if len({post.thread_ts for post in posts}) != 1 or stamps != sorted(stamps):
            raise AssertionError(f"out of order, or in several threads: {posts}")
