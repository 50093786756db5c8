"""How soon whoever is on call is told: from the instant an alarm is due to the direct message that shows it."""

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import col, select

from chatops.desk.definitions import Defined
from chatops.model.clock import AlarmRaised
from chatops.model.definition import DefinitionKind
from chatops.rules.escalation import Escalation, Step
from chatops.rules.rotation import Layer, Rotation
from chatops.rules.targets import Match, Metric, ServiceLevel, Target
from chatops.sandbox.faults import Fault, Trouble
from chatops.store import Transaction, look
from chatops.store.home import keyring
from tests.bench.footprint import open_tickets
from tests.bench.processes import paced, until
from tests.bench.stage import product, set_stage
from tests.bench.tables import Table, count, milliseconds, percentile
from tests.stories.cast import Story

THAI = "สินค้าของฉันอยู่ที่ไหน สั่งไปตั้งแต่สัปดาห์ที่แล้วแล้วค่ะ"
LOOK_EVERY = 0.005
FOREVER = 1_000_000
NAMED = 11  # tickets that a direct message calls by name
COUNTED = re.compile(r"(\d+) tickets need you")


@dataclass(frozen=True)
class Size:
    """How many tickets are open beside, how many pages there are, how many seconds apart, and after how many each.

    `also_refusing`: also with Slack refusing half of all calls.
    """

    tickets: int
    pages: int
    apart: float
    warns_after: int
    also_refusing: bool = True


FULL, QUICK, TINY = Size(10_000, 24, 5.0, 10), Size(1_000, 6, 4.0, 5), Size(5, 2, 0.2, 1, False)


async def run(size: Size) -> list[Table]:
    """Measure with Slack as it is, and with Slack that refuses half of all calls."""
    table = Table(
        "From an alarm's instant to the direct message of whoever is on call", ("Slack", "pages", "p50 ms", "p99 ms")
    )
    for name, refuses, most in (("answers", False, 2.0), ("answers 429 to half of all calls", True, 10.0)):
        if refuses and not size.also_refusing:
            continue
        took = await _run(size, refuses=refuses)
        p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
        table.add(name, count(len(took)), milliseconds(p50), milliseconds(p99))
        table.aim(f"page delivered, Slack {name}, p99", f"≤ {most:g} s", f"{p99:.2f} s", met=p99 <= most)
    table.remarks.append(
        f"{count(size.tickets)} open tickets beside, whose clocks run, too; a page every {size.apart:g} s, all for one "
        "person, who answers none of them: most are edits of a message that names the first eleven and counts the "
        "others."
    )
    return [table]


async def _run(size: Size, *, refuses: bool) -> list[float]:
    async with set_stage() as story:
        await open_tickets(story, size.tickets, _defined(story, size))
        async with product(story):
            await story.world.slack.connected(story.cast.slack_app)
            if refuses:
                refusals = Fault("*.*", Trouble.RATE_LIMITED, times=FOREVER, retry_after=1, share=0.5)
                story.world.slack.faults.plan(refusals)
            seen = await _seen(story, size)
        due = look(story.config.database, _due, keys=keyring(story.config))
    return sorted(seen[name] - due[conversation] for name, conversation in _conversations(story, seen).items())


def _defined(story: Story, size: Size) -> list[Defined]:
    """Return a promise to buyers who write Thai, and one to everybody else that nobody hears of in this hour."""
    noor = story.cast.noor.id
    soon = Target(Metric.FIRST_RESPONSE, f"{2 * size.warns_after}s", warn=("50%",))
    late = Target(Metric.RESOLUTION, "3d", warn=("80%",))
    start = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - a wall clock
    return [
        Defined(DefinitionKind.ROTATION, "desk", Rotation("team", "UTC", (Layer((noor,), start),))),
        Defined(DefinitionKind.ESCALATION, "front", Escalation("team", (Step(("rotation desk",), "1h"),))),
        Defined(DefinitionKind.SERVICE_LEVEL, "thai", ServiceLevel((soon,), Match(languages=("th",)), "front")),
        Defined(DefinitionKind.SERVICE_LEVEL, "others", ServiceLevel((late,), escalation="front")),
    ]


async def _seen(story: Story, size: Size) -> dict[str, float]:
    """Let buyers write one after the other; return when each of them stood in a direct message, by name."""
    noor = story.cast.noor
    seen: dict[str, float] = {}
    waiting = [f"Waiting {n:03}." for n in range(size.pages)]

    def looked() -> bool:
        messages = [story.side.text(one) for one in noor.direct_messages]
        shown, longest = " ".join(messages), max(messages, key=_counted, default="")
        elsewhere = sum(name in shown and name not in longest for name in waiting[:NAMED])
        counted = _counted(longest) and _counted(longest) + elsewhere  # nobody answers: they are the first so many
        there = {name for place, name in enumerate(waiting, 1) if place <= counted or name in shown}
        seen.update({name: datetime.now(UTC).timestamp() for name in there - seen.keys()})
        return len(seen) == size.pages

    looking = asyncio.create_task(until(looked, LOOK_EVERY))
    async for name in paced(waiting, size.apart):
        await story.world.tiktok.create_buyer(story.cast.shop, name).says(THAI)
    try:
        await looking
    except TimeoutError:
        phone = "\n".join(story.side.text(one)[:300] for one in noor.direct_messages)
        raise AssertionError(f"{sorted(set(waiting) - seen.keys())} never came; the phone shows:\n{phone}") from None
    return seen


def _counted(text: str) -> int:
    """Return how many tickets a direct message says there are."""
    return max(map(int, COUNTED.findall(text)), default=0)


def _due(tx: Transaction) -> dict[str, float]:
    raised = tx.all(AlarmRaised, select(AlarmRaised).order_by(col(AlarmRaised.due_at).desc()))
    return {one.ticket_id.rpartition(".")[0]: one.due_at.timestamp() for one in raised if one.spoke}


def _conversations(story: Story, seen: dict[str, float]) -> dict[str, str]:
    return {one.profile.nickname: one.id for one in story.world.tiktok.conversations if one.profile.nickname in seen}
