"""How long very many digests, all due at the same minute, take to be there within the platforms' real limits.

Buyers wrote in every zone's yesterday and some were answered, so each digest has sections in a thread, and a picture.
Product and worlds run in this process on the story's clock, which leaps over the time in which nobody has anything to
do, as in the measure of a rush.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import func, select

from chatops.model.digest import Digest
from chatops.outbox import Kind
from chatops.platforms.discord.limits import DEFAULTS
from chatops.sandbox.discord.limits import THREADS
from chatops.sandbox.world import DISCORD, SLACK, WORKSPACES
from chatops.store import lanes
from chatops.store.transaction import Transaction
from tests.bench.limits import PATIENCE, LeapingClock, leap, posts
from tests.bench.stage import set_stage
from tests.bench.tables import Table, count
from tests.stories.cast import Story
from tests.stories.discord_side import SAID

ZONES = (
    "Pacific/Honolulu", "America/Los_Angeles", "America/Denver", "America/Mexico_City", "America/New_York",
    "America/Sao_Paulo", "UTC", "Europe/London", "Europe/Madrid", "Europe/Istanbul", "Asia/Dubai", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Bangkok", "Asia/Jakarta", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo",
    "Australia/Adelaide", "Pacific/Auckland",
)  # fmt: skip
SAYS = " conversation"
BEFORE = timedelta(seconds=5)
WITHIN = 180
TWO_DAYS = timedelta(days=2)  # some of them are the yesterday of every zone
BELOW = (Kind.DIGEST_THREAD, Kind.DIGEST_SECTION, Kind.DIGEST_PICTURE)


@dataclass(frozen=True)
class Size:
    """How many plans, for how many channels, in how many zones; how many buyers wrote in the two days before."""

    plans: int
    channels: int
    zones: int
    buyers: int


FULL, QUICK, TINY = Size(500, 100, len(ZONES), 12), Size(60, 20, len(ZONES), 12), Size(8, 4, 1, 4)


@dataclass(frozen=True)
class Morning:
    """After how many seconds all heads were there, and all of it; what was posted, and what refused as too fast."""

    heads: float
    whole: float
    posts: int
    pictures: int
    refused: int


async def run(size: Size) -> list[Table]:
    """Measure one such minute on each chat platform."""
    table = Table(
        f"{count(size.plans)} digests due at the same minute in {size.zones} zones, in {size.channels} channels",
        ("", "seconds until all heads are there", "and threads and pictures", "posts", "pictures", "refused with 429"),
    )
    for platform in (SLACK, DISCORD):
        took = await _run(size, platform)
        where = platform.capitalize()
        told = str(took.posts), str(took.pictures), str(took.refused)
        table.add(where, f"{took.heads:.0f}", f"{took.whole:.0f}", *told)
        met, found = took.heads <= WITHIN and not took.refused, f"{took.heads:.0f} s, {took.refused}"
        table.aim(f"{where}, all heads there", f"≤ {WITHIN} s, none refused", found, met=met)
    table.remarks += _why(size, took.posts)
    return [table]


def _why(size: Size, posted: int) -> Iterator[str]:
    """Say what the limits make of a whole morning, for which there is no aim: it only has to hold up nothing else."""
    threads, seconds = THREADS
    least, ours = (size.plans - 1) // threads * seconds, DEFAULTS["thread/below"].count
    yield (
        "Threads and pictures come after all heads. Slack takes some three hundred posts a minute for a whole "
        f"workspace, of which we take 220: {count(posted)} take {posted / 300:.0f} minutes at the least. It lets fifty "
        "messages a minute be changed, as a picture needs, of which we take 45."
    )
    yield (
        "Discord takes fifty requests a second, but few new threads. It publishes no number: as the world has it "
        f"{threads} in {seconds:.0f} s, so {size.plans} take {least:.0f} s at the least. We open {ours} a minute and "
        "leave the others to buyers, whose words cannot wait, so that the last one of such a morning is without its "
        f"thread for {size.plans / ours:.0f} minutes. Where the number is a lower one in truth, the product learns it "
        "by being refused, and that takes longer still."
    )
    yield (
        f"Plans of a zone show the same picture, so {size.zones} are drawn, each by a process of its own; one that is "
        "like none of the last few takes its second of the processor."
    )


async def _run(size: Size, platform: str) -> Morning:
    async with set_stage(clock=LeapingClock, platform=platform) as story:
        channels = [_channel(story, n) for n in range(size.channels)]
        await story.product_starts()
        await _days_before(story, size)
        due = (story.clock.now() + timedelta(hours=2)).replace(second=0, microsecond=0)
        await story.operator("apply", toml=story.desk_toml() + "".join(_plans(story, size, channels, due)))
        await story.time_passes(seconds=(due - BEFORE - story.clock.now()).total_seconds())
        posted, _refused = posts(story)
        story.world.slack.limits.real()
        story.world.discord.limits.real()
        async with asyncio.timeout(PATIENCE):
            while await story.store.read(_heads_there) < size.plans:
                await leap(story, due, heard=False)
            heads = (story.clock.now() - due).total_seconds()
            while await story.store.read(_waits_below):
                await leap(story, None, heard=False)
        whole = (story.clock.now() - due).total_seconds()
        shown = await _check(story, size, channels)
        return Morning(heads, whole, posts(story)[0] - posted, shown, _refused_of(story))


async def _days_before(story: Story, size: Size) -> None:
    """Let buyers write, one after the other, and every second one be answered."""
    for number in range(size.buyers):
        buyer = story.world.tiktok.create_buyer(story.cast.shop, f"buyer {number}")
        thread = await story.conversation(buyer, "Where is my parcel?")
        if number % 2:
            await story.answers(story.li, thread, "It comes tomorrow.")
        await story.time_passes(seconds=(TWO_DAYS / size.buyers).total_seconds())


def _heads_there(tx: Transaction) -> int:
    return int(tx.scalar(select(func.count()).where(Digest.head_id != "")) or 0)


def _waits_below(tx: Transaction) -> int:
    """Return how much is still to be said below heads, and shown on them."""
    waiting = lanes.waiting(tx)
    return sum(waiting.get(kind, 0) for kind in BELOW)


def _refused_of(story: Story) -> int:
    """Return how many requests of any kind were refused as too fast."""
    if story.side.platform == SLACK:
        return sum(call.error == "ratelimited" for call in story.world.slack.requests)
    return sum(call.status == 429 for call in story.world.discord.requests)


def _channel(story: Story, number: int) -> Any:
    if story.side.platform == DISCORD:
        return story.world.discord.create_channel(f"team-{number}")
    return story.world.slack.create_channel(f"team-{number}", members=[story.cast.slack_app])


def _plans(story: Story, size: Size, channels: list[Any], due: datetime) -> Iterator[str]:
    for number in range(size.plans):
        zone = ZONES[number * size.zones // size.plans]
        yield f"""
[[digests]]
name = "plan {number}"
workspace = "{WORKSPACES[story.side.platform]}"
channel = "{channels[number % size.channels].id}"
timezone = "{zone}"
at = "{due.astimezone(ZoneInfo(zone)):%H:%M}"
"""


def _heads(story: Story, channel: Any) -> list[Any]:
    """Return the digests that stand in a channel."""
    there = channel.messages.values() if story.side.platform == DISCORD else channel.roots
    return [post for post in there if SAYS in story.side.text(post)]


async def _check(story: Story, size: Size, channels: list[Any]) -> int:
    """Return how many pictures are shown.

    Raises:
        AssertionError: a digest, a section or a picture is missing, or there twice.
    """
    each = [_heads(story, channel) for channel in channels]
    if [len(heads) for heads in each] != [size.plans // size.channels] * size.channels:
        raise AssertionError(f"some are missing, or there twice: {[len(heads) for heads in each]}")
    below = sum(len(one.numbers) for one in await story.store.read(lambda tx: tx.all(Digest, select(Digest))))
    pictures = sum(len(story.side.pictures(head)) for heads in each for head in heads)
    found = sum(_below(story, channel, head) for channel, heads in zip(channels, each, strict=True) for head in heads)
    if (found, pictures) != (below, size.plans):
        raise AssertionError(f"{found} sections of {below}, {pictures} pictures of {size.plans}")
    return pictures


def _below(story: Story, channel: Any, head: Any) -> int:
    """Return how many messages stand below a head."""
    if story.side.platform == DISCORD:
        return sum(one.type in SAID for one in story.world.discord.server.channels[head.id].messages.values())
    return len(channel.replies(head.ts))
