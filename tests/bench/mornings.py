"""How long very many digests, all due at the same minute, take to be there within the platforms' real limits.

Product and worlds run in this process on the story's clock, which leaps over the time in which nobody has anything to
do, as in the measure of a rush.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chatops.sandbox.world import DISCORD, SLACK, WORKSPACES
from tests.bench.limits import PATIENCE, LeapingClock, leap, posts
from tests.bench.stage import set_stage
from tests.bench.tables import Table, count
from tests.stories.cast import Story

ZONES = (
    "Pacific/Honolulu", "America/Los_Angeles", "America/Denver", "America/Mexico_City", "America/New_York",
    "America/Sao_Paulo", "UTC", "Europe/London", "Europe/Madrid", "Europe/Istanbul", "Asia/Dubai", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Bangkok", "Asia/Jakarta", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo",
    "Australia/Adelaide", "Pacific/Auckland",
)  # fmt: skip
SAYS = "Nobody wrote"
BEFORE = timedelta(seconds=5)
WITHIN = 180


@dataclass(frozen=True)
class Size:
    """How many plans, for how many channels."""

    plans: int
    channels: int


FULL, QUICK, TINY = Size(500, 100), Size(60, 20), Size(8, 4)


async def run(size: Size) -> list[Table]:
    """Measure one such minute on each chat platform."""
    table = Table(
        f"{count(size.plans)} digests due at the same minute in {len(ZONES)} zones, in {size.channels} channels",
        ("", "seconds until all are there", "posts", "refused with 429"),
    )
    for platform in (SLACK, DISCORD):
        took, posted, refused = await _run(size, platform)
        where = platform.capitalize()
        table.add(where, f"{took:.0f}", str(posted), str(refused))
        met = took <= WITHIN and not refused
        table.aim(f"{where}, all digests there", f"≤ {WITHIN} s, none refused", f"{took:.0f} s, {refused}", met=met)
    table.remarks.append(
        "Slack takes some three hundred posts a minute for a whole workspace, of which we take 220; Discord fifty "
        "requests a second. Nobody wrote, so each is one line: threads and pictures come after all heads."
    )
    return [table]


async def _run(size: Size, platform: str) -> tuple[float, int, int]:
    async with set_stage(clock=LeapingClock, platform=platform) as story:
        channels = [_channel(story, n) for n in range(size.channels)]
        due = (story.clock.now() + timedelta(hours=2)).replace(second=0, microsecond=0)
        await story.set_up(story.desk_toml() + "".join(_plans(story, size, channels, due)))
        story.world.time.skip(due - BEFORE - story.clock.now())
        story.world.slack.limits.real()
        story.world.discord.limits.real()
        await story.product_starts()
        async with asyncio.timeout(PATIENCE):
            while sum(len(_there(story, channel)) for channel in channels) < size.plans:
                await leap(story, due)
        took = (story.clock.now() - due).total_seconds()
        _check(story, size, channels)
        return took, *posts(story)


def _channel(story: Story, number: int) -> Any:
    if story.side.platform == DISCORD:
        return story.world.discord.create_channel(f"team-{number}")
    return story.world.slack.create_channel(f"team-{number}", members=[story.cast.slack_app])


def _plans(story: Story, size: Size, channels: list[Any], due: datetime) -> Iterator[str]:
    for number in range(size.plans):
        zone = ZONES[number % len(ZONES)]
        yield f"""
[[digests]]
name = "plan {number}"
workspace = "{WORKSPACES[story.side.platform]}"
channel = "{channels[number % size.channels].id}"
timezone = "{zone}"
at = "{due.astimezone(ZoneInfo(zone)):%H:%M}"
"""


def _there(story: Story, channel: Any) -> list[Any]:
    """Return the digests that stand in a channel."""
    return [post for post in _everything(channel) if SAYS in story.side.text(post)]


def _everything(channel: Any) -> list[Any]:
    return list(channel.messages.values() if isinstance(channel.messages, dict) else channel.messages)


def _check(story: Story, size: Size, channels: list[Any]) -> None:
    """Raise AssertionError unless each channel has its digests, and none twice."""
    each = [len(_there(story, channel)) for channel in channels]
    if each != [size.plans // size.channels] * size.channels:
        raise AssertionError(f"some are missing, or there twice: {each}")
