"""The product of the year: in this process, or as replicas of which one is killed now and then."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

from sqlalchemy import make_url

from chatops.app import open_desk
from chatops.desk import alarms
from chatops.sandbox.tiktok.state import Shop
from chatops.store import postgres
from chatops.store.transaction import Transaction
from tests.crash.ledger import Ledger
from tests.crash.product import Replica
from tests.crash.replica import SHORT_LEASE
from tests.stories.cast import Story, unfinished

# Where nothing goes on for so many real seconds, the story does: a lease of one that was killed may have to run out.
# That is seven times as fast as the real time: hardly anybody is late because the machine is busy.
STUCK_AFTER, GO_ON = 0.3, timedelta(seconds=2)
LOOK_EVERY = 0.02


class Product(Protocol):
    """What a year needs of the product."""

    reconcile_seconds: int
    kills: int

    async def start(self) -> None:
        """Begin to work."""
        ...

    async def read(self, question: Callable[..., Any], *args: Any) -> Any:
        """Ask the database."""
        ...

    async def connects(self, shop: Shop) -> None:
        """Let a seller press Authorize once more."""
        ...

    async def rests(self) -> None:
        """Return once there is nothing to do at this instant."""
        ...

    async def leapt(self) -> None:
        """Follow the worlds' clock."""
        ...

    async def end(self) -> None:
        """Leave nothing running."""
        ...


class OneProduct:
    """The product in this process."""

    reconcile_seconds = 86_400
    kills = 0

    def __init__(self, story: Story) -> None:
        self._story = story

    async def start(self) -> None:
        """Begin to work."""
        await self._story.product_starts()

    async def connects(self, shop: Shop) -> None:
        """Let a seller press Authorize once more."""
        await self._story.shop_is_connected_again(shop)

    async def rests(self) -> None:
        """Return once there is nothing to do at this instant."""
        await self._story.rests()

    async def end(self) -> None:
        """Leave nothing running."""
        await self._story.product_stops()

    async def read(self, question: Callable[..., Any], *args: Any) -> Any:
        """Ask the database."""
        return await self._story.store.read(question, *args)

    async def leapt(self) -> None:
        """Do nothing: there is one clock."""


class Fleet:
    """Two replicas on PostgreSQL; every few simulated hours one is killed, whatever it does, and started again."""

    reconcile_seconds = 3

    def __init__(self, story: Story, folder: Path, random: Random, kill_every: timedelta) -> None:
        self._story, self._random, self._kill_every = story, random, kill_every
        self._ahead = folder / "ahead"
        self.kills = 0
        config = story.config
        environment = {
            **story.world.environment(),
            "CHATOPS_LISTEN": "127.0.0.1:0",
            "CHATOPS_PACE_FACTOR": "1000",
            "CHATOPS_SECRET_KEY": config.secret_key.get_secret_value(),
            "CHATOPS_DATABASE_URL": config.database,
        }
        ledger = Ledger(story.world, story.side)
        self._replicas = [
            Replica(name, folder, environment, ledger, self._point, SHORT_LEASE, ahead=self._ahead)
            for name in ("replica1", "replica2")
        ]
        self._reading = postgres.engines(make_url(config.database), 1, 1)[1]

    async def start(self) -> None:
        """Begin to work."""
        world = self._story.world
        world.slack.delivery.retry_seconds = (0.0, 3.0, 6.0)
        world.tiktok.webhook_policy.retry_after = (3.0,)
        world.tiktok.limits.daily_quota = 10_000_000
        self._killed_at = world.time.now()
        self._follow()
        for replica in self._replicas:
            await replica.start()
        for replica in self._replicas:
            await replica.ready()

    async def read(self, question: Callable[..., Any], *args: Any) -> Any:
        """Ask the database."""

        def ask() -> Any:
            with self._reading.connect() as connection, connection.begin():
                return question(Transaction(connection), *args)

        return await asyncio.to_thread(ask)

    async def connects(self, shop: Shop) -> None:
        """Let a seller press Authorize once more, and an operator connect the shop."""
        store = await open_desk(self._story.config, self._story.clock)
        await self._story._connect(store, shop)
        await store.close()

    async def rests(self) -> None:
        """Return once there is nothing to do at this instant; what a killed replica had in hand takes its lease."""
        await self._both_hear()
        world, began = self._story.world, time.monotonic()
        waited_since = began
        while True:
            await self._story.rests()
            left = await self.read(unfinished, world.time.now())
            if not left:
                return
            if time.monotonic() - began > self._story.patience:
                raise AssertionError(f"waited {self._story.patience:g} s in vain for the replicas to rest: {left}")
            if time.monotonic() - waited_since > STUCK_AFTER:
                coming = await self.read(alarms.next_at)
                if coming is None or coming > world.time.now() + GO_ON:
                    world.time.skip(GO_ON)
                    self._follow()
                    waited_since = time.monotonic()
            await asyncio.sleep(LOOK_EVERY)

    async def _both_hear(self) -> None:
        """Return once both replicas are there: days pass faster than one starts, and both are never killed at once."""
        for replica in self._replicas:
            await replica.ready()
        sockets, app, number = self._story.world.slack.sockets, self._story.cast.slack_app, len(self._replicas)
        await self._story.until(lambda: len(sockets.of(app)) == number, "both replicas to hear")

    async def leapt(self) -> None:
        """Follow the worlds' clock, and kill a replica when it is time."""
        self._follow()
        now = self._story.world.time.now()
        if now - self._killed_at >= self._kill_every:
            victim = self._random.choice(self._replicas)
            await asyncio.sleep(self._random.uniform(0, 0.4))  # anywhere in what the leap made due
            await victim.kill()
            self._point()
            self.kills += 1
            self._killed_at = now
            await victim.start()

    async def end(self) -> None:
        """Leave nothing running."""
        for replica in self._replicas:
            replica.end()
        self._reading.dispose()

    def _follow(self) -> None:
        written = self._ahead.with_suffix(".new")
        written.write_text(str(self._story.world.time.skipped // timedelta(milliseconds=1)))
        written.replace(self._ahead)

    def _point(self) -> None:
        living = [replica.address for replica in self._replicas if replica.address]
        if not living:
            return
        url = f"{self._random.choice(living)}/tiktok/shop/webhook"
        self._story.cast.shop_app.webhook_url = url
        for told in self._story.world.tiktok.webhooks:
            if told.outcome in {"waiting", "sending", "held"}:
                told.url = url
