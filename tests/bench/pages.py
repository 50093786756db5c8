"""How soon whoever is on call is told: from the instant a promise breaks to the direct message that rings them up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlmodel import col, select

from chatops.app import open_desk, order_desk
from chatops.model.clock import AlarmRaised
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.slack.people import Person
from chatops.sandbox.tiktok.state import Shop
from chatops.sandbox.world import SLACK, route_toml
from chatops.store import Transaction, look
from chatops.store.home import keyring
from tests.bench.footprint import open_tickets
from tests.bench.processes import paced, until
from tests.bench.stage import product, set_stage
from tests.bench.tables import Table, count, milliseconds, percentile
from tests.stories.cast import Story

LOOK_EVERY = 0.25
FOREVER = 1_000_000
SHARE = 3  # teams that sit in one channel
TEAM = """
[[shops]]
id = "{shop_id}"
name = "{name}"
timezone = "Europe/London"
locale = "en"

[[rotations]]
name = "{name}"
workspace = "team"
timezone = "UTC"
layers = [{{ members = ["{person_id}"], start = 2026-01-05T09:00:00 }}]

[[escalations]]
name = "{name}"
workspace = "team"
steps = [{{ notify = ["rotation {name}"], wait = "1h" }}]

[[service_levels]]
name = "{name}"
match = {{ shops = ["{name}"] }}
escalation = "{name}"
targets = [{{ metric = "first_response", within = "{within}s", warn = [] }}]
"""
OTHERS = """
[[service_levels]]
name = "others"
targets = [{ metric = "resolution", within = "3d" }]
"""


@dataclass(frozen=True)
class Size:
    """How many tickets are open beside, how many teams have somebody on call, how often each of them is called, how
    many seconds pass between two calls, and after how many a promise breaks.

    A team is called once in a round; rounds are more than a minute long, for within one a person is rung up once.
    `also_refusing`: also with Slack refusing half of all calls. `met`: everybody was called once before, for a message
    of half an hour ahead reaches whoever comes on call.
    """

    tickets: int
    teams: int
    rounds: int
    apart: float
    within: int
    also_refusing: bool = True
    met: bool = False


FULL, QUICK, TINY = Size(10_000, 60, 4, 1.1, 10, met=True), Size(1_000, 20, 1, 1.1, 5), Size(5, 2, 1, 0.2, 1, False)


@dataclass(frozen=True)
class Team:
    """Somebody who is on call for a shop."""

    shop: Shop
    person: Person


async def run(size: Size) -> list[Table]:
    """Measure with Slack as it is, and with Slack that refuses half of all calls."""
    table = Table(
        "From the instant a promise breaks to a new direct message of whoever is on call",
        ("Slack", "pages", "people", "p50 ms", "p99 ms", "latest ms"),
    )
    for name, refuses, most in (("answers", False, 2.0), ("answers 429 to half of all calls", True, 10.0)):
        if refuses and not size.also_refusing:
            continue
        took = await _run(size, refuses=refuses)
        p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
        table.add(name, count(len(took)), count(size.teams), *map(milliseconds, (p50, p99, took[-1])))
        table.aim(f"page delivered, Slack {name}, p99", f"≤ {most:g} s", f"{p99:.2f} s", met=p99 <= most)
    table.remarks.append(
        f"{count(size.tickets)} open tickets beside, whose clocks run, too; a page every {size.apart:g} s, for each of "
        f"{count(size.teams)} people {count(size.rounds)}, more than a minute apart, so that each rings by a message "
        "of its own: what only joins an older message by an edit is not counted. Nobody answers any of them. "
        + ("Each had been called once before, and the product was started anew since." if size.met else "")
    )
    return [table]


async def _run(size: Size, *, refuses: bool) -> list[float]:
    async with set_stage() as story:
        teams = await _opened(story, size)
        await open_tickets(story, size.tickets)
        if size.met:
            async with product(story):
                await story.world.slack.connected(story.cast.slack_app)
                await _came(story, replace(size, rounds=1), teams)
        async with product(story):
            await story.world.slack.connected(story.cast.slack_app)
            if refuses:
                refusals = Fault("*.*", Trouble.RATE_LIMITED, times=FOREVER, retry_after=1, share=0.5)
                story.world.slack.faults.plan(refusals)
            came = await _came(story, size, teams)
        due = look(story.config.database, _due, keys=keyring(story.config))
    return sorted(at - due[conversation] for conversation, at in came.items())


async def _opened(story: Story, size: Size) -> list[Team]:
    """Open a shop for each team, and let a desk of them all promise what soon breaks."""
    world, toml = story.world, story.desk_toml()
    app, teams, channels = story.cast.slack_app, [], []
    for number in range(size.teams):
        name = f"team-{number:02}"
        if number % SHARE == 0:
            channels.append(world.slack.create_channel(name, members=(app,)))
        shop = world.tiktok.create_shop(story.cast.shop_app, name=name, authorized=False)
        team = Team(shop, world.slack.create_person(name))
        facts = {"shop_id": team.shop.id, "name": name, "person_id": team.person.id, "within": size.within}
        toml += TEAM.format(**facts) + route_toml(name, SLACK, channels[-1].id)
        teams.append(team)
    store = await open_desk(story.config, story.clock)
    try:
        await order_desk(store, story.clock).obey("apply", {"toml": toml + OTHERS})
        for team in teams:
            await story._connect(store, team.shop)
    finally:
        await store.close()
    return teams


async def _came(story: Story, size: Size, teams: list[Team]) -> Mapping[str, float]:
    """Let buyers write one after the other; return when a new message told of each of them, by conversation."""
    waiting: dict[str, tuple[str, Person, float]] = {}
    came: dict[str, float] = {}
    async for number in paced(range(size.rounds * size.teams), size.apart):
        team, words = teams[number % size.teams], f"Where is parcel {number}?"
        said = await story.world.tiktok.create_buyer(team.shop).says(words)
        waiting[said.conversation.id] = words, team.person, said.created_at.timestamp()

    def looked() -> bool:
        for conversation in waiting.keys() - came.keys():
            words, person, asked_at = waiting[conversation]
            shown = [float(one.ts) for one in person.direct_messages if words in story.side.text(one)]
            came.update((conversation, at) for at in shown[-1:] if at > asked_at)
        return came.keys() == waiting.keys()

    try:
        await until(looked, LOOK_EVERY)
    except TimeoutError:
        missing = [words for conversation, (words, _, _) in waiting.items() if conversation not in came]
        raise AssertionError(f"nobody was rung up for {missing}") from None
    return came


def _due(tx: Transaction) -> dict[str, float]:
    raised = tx.all(AlarmRaised, select(AlarmRaised).where(col(AlarmRaised.spoke)))
    return {one.ticket_id.rpartition(".")[0]: one.due_at.timestamp() for one in raised}
