"""One crash run: the scene, the kills, the calm afterwards, the verdict."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from chatops.sandbox.world import SLACK, World
from chatops.store.secrets import generate_key
from tests.crash.held import Held
from tests.crash.ledger import Ledger
from tests.crash.product import BrokenProductError, Replica
from tests.crash.replica import SHORT_LEASE
from tests.crash.traffic import Traffic
from tests.crash.trouble import BadDays
from tests.crash.verdict import Judge, Verdict
from tests.stories.discord_side import DiscordSide
from tests.stories.slack_side import SlackSide

BUYERS = 8
WEBHOOK_RETRIES = (3.0,)  # seconds; what meets a dead product twice is left to the product's own comparison
EVENT_RETRIES = (0.0, 3.0, 6.0)  # seconds
RECONCILE_SECONDS = 3
LOOK_EVERY = 0.05
WHILE_STARTING = 0.3  # the share of kills that are aimed at the start-up
SHORTEST_WORK = 1.0  # seconds


@dataclass(frozen=True)
class Plan:
    """What a run does; `seconds` are shared out among the kills."""

    kills: int
    seconds: float
    seed: int
    database_url: str = ""  # empty: SQLite in the product's own folder
    replicas: int = 1
    platform: str = SLACK  # where the team sits
    calm: float = 400.0  # seconds that everything may take after the last kill: two tries may be six minutes apart

    @property
    def between(self) -> float:
        """The time between two kills, on average."""
        return self.seconds / self.kills


@dataclass
class Report:
    """What happened, and what was wrong with it."""

    plan: Plan
    ledger: Ledger
    verdict: Verdict
    took: float
    calm_after: float
    exits: list[int | None]
    stuck: list[str]  # what the product still had to do


async def crash(plan: Plan, folder: Path, tell: Callable[[str], None] = lambda _: None) -> Report:
    """Run one crash test in `folder`.

    Raises:
        BrokenProductError: the product ended by itself, or did not start.
    """
    began = time.monotonic()
    async with World() as world:
        stage = Stage(plan, world, folder)
        try:
            await stage.set_up()
            async with stage.busy():
                await stage.kill_many(tell)
            calm_after = await stage.calm_down()
            stuck = stage.held.stuck(world.time.now())
            exits = [await replica.stop() for replica in stage.replicas]
        finally:
            for replica in stage.replicas:
                replica.end()
        judge = Judge(stage.ledger, stage.held)
        return Report(plan, stage.ledger, judge.judge(), time.monotonic() - began, calm_after, exits, stuck)


class Stage:
    """The worlds, everyone in them, and the product's processes."""

    def __init__(self, plan: Plan, world: World, folder: Path) -> None:
        self._plan = plan
        self._world = world
        self._folder = folder
        self._random = Random(plan.seed)  # noqa: S311 - repeatable on purpose
        self.replicas: list[Replica] = []

    async def set_up(self) -> None:
        """Bring everyone in, connect the shop, start the product."""
        world = self._world
        cast = await world.set_the_scene(platforms=(self._plan.platform,))
        self.ledger = Ledger(world, (SlackSide if self._plan.platform == SLACK else DiscordSide)(world))
        world.tiktok.webhook_policy.retry_after = WEBHOOK_RETRIES
        world.slack.delivery.retry_seconds = EVENT_RETRIES
        world.discord.sessions.identify_seconds = 0  # between two kills nobody can wait for five
        world.tiktok.limits.daily_quota = 1_000_000
        self._buyers = [world.tiktok.create_buyer(cast.shop, f"Buyer{number:02}") for number in range(BUYERS)]
        environment = {
            **world.environment(),
            "CHATOPS_LISTEN": "127.0.0.1:0",
            "CHATOPS_PACE_FACTOR": "1000",
            "CHATOPS_SECRET_KEY": generate_key(),
            "CHATOPS_DATABASE_URL": self._plan.database_url,
        }
        options = (SHORT_LEASE,) if self._plan.replicas > 1 else ()
        for number in range(self._plan.replicas):
            name = f"replica{number + 1}"
            self.replicas.append(Replica(name, self._folder, environment, self.ledger, self._point_webhooks, *options))
        first = self.replicas[0]
        self.held = Held(self._plan.database_url or f"sqlite:///{self._folder / first.name / 'data' / 'chatops.db'}")
        toml = self._folder / "desk.toml"
        toml.write_text(world.desk_toml(undo_seconds=1, reconcile_seconds=RECONCILE_SECONDS, crossing_seconds=0))
        if self._plan.database_url:
            await first.order("db", "upgrade")
        await first.order("apply", str(toml), "--yes")
        await first.order("shop", "connect", "--code", world.authorization_code())
        for replica in self.replicas:
            await replica.start()
        for replica in self.replicas:
            await replica.ready()

    def _point_webhooks(self) -> None:
        """Let webhooks, also those that wait for another try, go to a product that listens, as one address would."""
        living = [replica.address for replica in self.replicas if replica.address]
        if not living:
            return
        url = f"{self._random.choice(living)}/tiktok/shop/webhook"
        self._world.cast.shop_app.webhook_url = url
        for told in self._world.tiktok.webhooks:
            if told.outcome in {"waiting", "sending", "held"}:
                told.url = url

    @contextlib.asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """Let everyone talk and everything go wrong meanwhile."""
        traffic = Traffic(self.ledger, self._buyers, Random(self._plan.seed + 1))  # noqa: S311
        trouble = BadDays(self.ledger, Random(self._plan.seed + 2))  # noqa: S311
        works = [asyncio.create_task(work) for work in (traffic.run(), trouble.run(), self._watch())]
        try:
            yield
        finally:
            for work in works:
                work.cancel()
            ended = await asyncio.gather(*works, return_exceptions=True)
            trouble.end()
        for result in ended:
            if isinstance(result, Exception):
                raise result

    async def _watch(self) -> None:
        while True:
            self.ledger.look()
            if len(self.replicas) > 1:
                self._point_webhooks()
            await asyncio.sleep(LOOK_EVERY)

    async def kill_many(self, tell: Callable[[str], None]) -> None:
        """Kill at random instants, during start-up too; what was killed is started again at once."""
        for number in range(1, self._plan.kills + 1):
            victim = self._random.choice(self.replicas)
            await self._random_instant(victim)
            was_ready = await victim.kill()
            self.ledger.kills += 1
            self.ledger.kills_while_starting += not was_ready
            self._point_webhooks()
            await victim.start()
            if number % 20 == 0:
                tell(f"{number} kills, {len(self.ledger.questions)} questions, {len(self.ledger.answers)} answers")

    async def _random_instant(self, victim: Replica) -> None:
        """Wait for an instant somewhere in the victim's start-up, or more often in its work."""
        start_up = median(self.ledger.start_ups[-9:])
        if self._random.random() < WHILE_STARTING:
            await asyncio.sleep(self._random.uniform(0, start_up))
            return
        # so long that all kills together take the plan's time, at least the shortest
        left = (self._plan.between - WHILE_STARTING * start_up / 2) / (1 - WHILE_STARTING) - start_up
        await victim.ready()
        await asyncio.sleep(self._random.uniform(0, max(2 * left, SHORTEST_WORK)))

    async def calm_down(self) -> float:
        """Wait until nothing is missing and the product has nothing left to do; return how long that took, in seconds.

        The verdict says what is missing when it takes longer than the plan allows.
        """
        began = time.monotonic()
        for replica in self.replicas:
            await replica.ready()
        judge = Judge(self.ledger, self.held)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._plan.calm):
                calm = False
                while not calm:  # what is told again late may give the product something to do
                    await self._until_nothing_waits(judge)
                    await self._world.tiktok.settled()
                    await self.ledger.side.settled()
                    calm = self._is_calm(judge)
        for replica in self.replicas:
            if not replica.address:
                raise BrokenProductError(f"{replica.name} is not there: {replica.last_words()}")
        return time.monotonic() - began

    async def _until_nothing_waits(self, judge: Judge) -> None:
        while True:
            if self._is_calm(judge):
                return
            await asyncio.sleep(10 * LOOK_EVERY)

    def _is_calm(self, judge: Judge) -> bool:
        return judge.judge().is_clean and self.held.waiting() == 0
