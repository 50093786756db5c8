"""An installation and what an operator does with it; commands run as typed, each in a thread with a loop of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from sqlalchemy import make_url
from typer.testing import CliRunner, Result

from chatops.app import App, open_desk, order_desk, prepare
from chatops.cli import commands
from chatops.cli.check import check_all
from chatops.cli.connect import keep
from chatops.cli.orders import order
from chatops.config import Config, read_config
from chatops.sandbox.world import World
from chatops.store.sqlite import file_of
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import SystemTime
from handlers.http.serving import Listener

OURS = ("CHATOPS_", "SLACK_", "TIKTOK_", "DISCORD_")
T = TypeVar("T")


class Shifted(SystemTime):
    """A machine whose clock is wrong."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return super().now() + self._by


@dataclass
class Seen:
    """What `chatops check` showed: facts by mark, what to do by fact, and every line."""

    lines: list[str]
    exit_code: int = 0
    facts: dict[str, list[str]] = field(default_factory=lambda: {mark: [] for mark in "✓·!✗"})
    remedies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.lines:
            mark, _, rest = line.strip().partition(" ")
            if mark in self.facts:
                self.facts[mark].append(rest)
                fact = rest
            elif mark == "→":
                self.remedies[fact] = rest

    @property
    def broken(self) -> list[str]:
        return self.facts["✗"]

    @property
    def doubts(self) -> list[str]:
        """What wants a look, but for the public address, which no installation here has."""
        return [fact for fact in self.facts["!"] if "CHATOPS_PUBLIC_URL is not set" not in fact]

    @property
    def fine(self) -> list[str]:
        return self.facts["✓"]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def assert_only_broken(self, fact: str, remedy: str) -> None:
        """Expect one broken thing, nothing doubtful, and this advice."""
        assert len(self.broken) == self.exit_code == 1, self.text
        assert self.doubts == [], self.text
        assert fact in self.broken[0]
        assert remedy in self.remedies[self.broken[0]]

    def assert_only_doubtful(self, fact: str, remedy: str) -> None:
        """Expect nothing broken and one thing to look at, with this advice."""
        assert self.broken == [], self.text
        assert self.exit_code == 0
        assert len(self.doubts) == 1, self.text
        assert fact in self.doubts[0]
        assert remedy in self.remedies[self.doubts[0]]


async def check(config: Config, *, offline: bool = False, time: SystemTime | None = None) -> Seen:
    """Run the check and read what it showed."""
    lines: list[str] = []
    count = await check_all(config, offline=offline, say=lambda line, **_: lines.append(line), time=time)
    return Seen(lines, count)


@dataclass
class Installation:
    """One installation in a folder, with both worlds around it."""

    folder: Path
    world: World

    @property
    def config(self) -> Config:
        return read_config()

    def changed(self, **settings: object) -> Config:
        """Return the settings with some of them different."""
        return self.config.model_copy(update=settings)

    def gets_tables(self, template: Path) -> None:
        """Begin with a copy of a database that has every table: making them takes longer than most tests."""
        prepare(self.config)
        file = file_of(make_url(self.config.database))
        assert file is not None
        file.write_bytes(template.read_bytes())
        file.chmod(0o600)

    async def apply(self) -> None:
        await order("apply", {"toml": self.world.desk_toml()})

    async def connect(self) -> None:
        assert await keep(self.world.authorization_code()) == ([self.world.cast.shop.id], [self.world.cast.shop.id])

    async def check(self, **more: Any) -> Seen:
        return await check(self.config, **more)

    async def chatops(self, *args: str, typed: str = "") -> Result:
        """Type a command."""
        return await asyncio.to_thread(lambda: CliRunner().invoke(commands, list(args), typed))

    async def write(self, unit: Callable[[Transaction], T]) -> T:
        """Change the database while nothing runs."""
        store = await open_desk(self.config, SystemTime())
        try:
            return await store.write(unit)
        finally:
            await store.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[App]:
        """Let the product run meanwhile, from the moment it is ready."""
        app = App(self.config, SystemTime())
        await app.start()
        try:
            await _ready(app)
            yield app
        finally:
            await app.stop()

    @asynccontextmanager
    async def order_socket(self) -> AsyncIterator[Store]:
        """Hold the database and take orders as the running product does, while nobody carries deliveries out."""
        store = await open_desk(self.config, SystemTime())
        socket = self.config.data_dir / "control.sock"
        listener = Listener(order_desk(store, SystemTime()).application(), uds=socket)
        await listener.start()
        try:
            yield store
        finally:
            await listener.stop()
            await store.close()


async def _ready(app: App) -> None:
    """Return when the product says that all its connections stand; asking again is what takes the time."""
    async with asyncio.timeout(10), aiohttp.ClientSession() as session:
        ready = False
        while not ready:
            async with session.get(f"{app.address}/health/ready") as answer:
                ready = answer.status == 200


def lines(result: Result, expected: int = 0) -> Sequence[str]:
    """Return what a command printed, after it ended as expected and without a traceback."""
    assert result.exit_code == expected, result.output
    assert "Traceback" not in result.output
    return result.output.splitlines()
