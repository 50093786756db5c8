"""How soon a buyer's message stands in Slack or Discord: from the webhook's start to the post's arrival."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.world import DISCORD, SLACK
from tests.bench.processes import paced, until
from tests.bench.stage import Shown, product, set_stage
from tests.bench.tables import Table, count, milliseconds, percentile
from tests.stories.cast import Story

A_SECOND = 50
NO_LIMIT = 100_000
LOOK_EVERY = 0.02


@dataclass(frozen=True)
class Size:
    """How many messages go into known threads (of how many buyers), and how many buyers are new."""

    messages: int
    buyers: int
    new: int


FULL, QUICK, TINY = Size(2_000, 100, 500), Size(500, 50, 150), Size(10, 3, 3)


async def run(size: Size) -> list[Table]:
    """Measure each chat platform with the product as one process and the worlds in this one."""
    return [await _run(size, platform) for platform in (SLACK, DISCORD)]


async def _run(size: Size, platform: str) -> Table:
    where = platform.capitalize()
    table = Table(
        f"From the webhook to {where}, {A_SECOND} messages a second, {where}'s limits lifted",
        ("message", "number", "p50 ms", "p99 ms"),
    )
    async with set_stage(NO_LIMIT, platform=platform) as story, product(story):
        await _connected(story)
        known = _buyers(story, "known", size.buyers)
        await _said(story, [(buyer, f"hello from {buyer.nickname}.") for buyer in known])
        mirrors = await _said(story, [(known[n % len(known)], f"message {n}.") for n in range(size.messages)])
        new = [(buyer, f"first words of {buyer.nickname}.") for buyer in _buyers(story, "new", size.new)]
        heads = await _said(story, new, heads=True)
    for name, took in (("in a known thread", mirrors), ("of a new buyer: the thread's head", heads)):
        p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
        table.add(name, count(len(took)), milliseconds(p50), milliseconds(p99))
        table.aim(f"{where}, {name}, p50", "≤ 15 ms", f"{milliseconds(p50)} ms", met=p50 <= 0.015)
        table.aim(f"{where}, {name}, p99", "≤ 75 ms", f"{milliseconds(p99)} ms", met=p99 <= 0.075)
    table.remarks.append(
        "Counted from the instant the TikTok world starts to send the webhook (so the intake is part of it) to the "
        f"instant the {where} world stores the post. The worlds and the sender are one Python process, whose own work "
        "is part of the figures."
    )
    return table


async def _connected(story: Story) -> None:
    if story.side.platform == SLACK:
        await story.world.slack.connected(story.cast.slack_app)
    else:
        await story.world.discord.connected(story.cast.discord.app)


def _buyers(story: Story, name: str, number: int) -> list[Buyer]:
    return [story.world.tiktok.create_buyer(story.cast.shop, f"{name} {n}") for n in range(number)]


async def _said(story: Story, lines: Sequence[tuple[Buyer, str]], *, heads: bool = False) -> list[float]:
    """Let buyers say things at a steady pace; return how long each took to its post (or the head above it), sorted."""
    shown, said = Shown(story.side), {}
    async for buyer, text in paced(lines, 1 / A_SECOND):
        said[(await buyer.says(text)).id] = text
    await until(lambda: shown.all_of(said.values()), LOOK_EVERY)
    posts = {text: post.thread_at if heads else post.at for text, post in shown.posts.items()}
    sent = {
        one.data["message_id"]: one.attempts[0].at.timestamp() for one in story.world.tiktok.webhooks if one.attempts
    }
    return sorted(posts[text] - sent[message_id] for message_id, text in said.items())
