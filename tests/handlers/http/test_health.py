"""What a load balancer is told: whether the process runs, and whether it can do its work. Nothing secret is in it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import psycopg
import pytest
from sqlalchemy import make_url

from chatops.app import App
from chatops.sandbox.faults import Trouble
from chatops.times import TIME_ZONES
from tests.stories.cast import Story
from tests.stories.conftest import slack_ways


class Balancer:
    """Asks the running product how it is."""

    def __init__(self, story: Story, browser: aiohttp.ClientSession) -> None:
        self._story = story
        self._browser = browser

    async def asks(self, what: str) -> tuple[int, dict[str, object]]:
        """Return status and answer of a question."""
        async with self._browser.get(f"{self._story.running.address}/health/{what}") as answer:
            return answer.status, await answer.json()

    async def is_told(self, *missing: str) -> None:
        """Return once exactly these parts are said to be missing, to a product that is alive all the time."""
        parts = {
            name: name not in missing for name in ("database", "inbox", "deliveries", "alarms", "time_zones", "slack")
        }
        told = {"ready": not missing, "parts": parts, "time_zones": TIME_ZONES}
        expected = (503 if missing else 200, told)
        async with asyncio.timeout(15):
            while await self.asks("ready") != expected:
                assert await self.asks("live") == (200, {"alive": True})


@pytest.fixture
def balancer(stage: Story, browser: aiohttp.ClientSession) -> Balancer:
    """A load balancer in front of whatever the product is at that moment."""
    return Balancer(stage, browser)


@asynccontextmanager
async def started(story: Story) -> AsyncIterator[App]:
    """Start the product without waiting until it hears."""
    story.app = App(story.config, story.clock)
    await story.app.start()
    yield story.app
    await story.product_stops()


@slack_ways
async def test_a_product_that_hears_and_keeps_is_ready(story: Story, balancer: Balancer) -> None:
    await balancer.is_told()


@slack_ways
async def test_before_slack_answered_for_the_first_time_it_is_not_ready(stage: Story, balancer: Balancer) -> None:
    stage.side.fails("auth.test", Trouble.SERVER_ERROR, times=1_000)
    async with started(stage):
        await balancer.is_told("slack")


async def test_a_part_that_ended_by_an_error_is_missed(story: Story, balancer: Balancer) -> None:
    await balancer.is_told()
    story.running._reading.cancel()
    await balancer.is_told("inbox")
    story.running._working.cancel()
    await balancer.is_told("inbox", "deliveries")


async def test_a_connection_that_breaks_later_is_missed(story: Story, balancer: Balancer) -> None:
    await balancer.is_told()
    story.side.fails("apps.connections.open", Trouble.SERVER_ERROR, times=1_000)
    story.world.slack.disconnect_sockets("abrupt")
    await balancer.is_told("slack")


@contextmanager
def shut(database_url: str) -> Iterator[None]:
    """Let nobody use a PostgreSQL database for a while."""
    address = make_url(database_url)
    server = address.set(database="postgres").render_as_string(hide_password=False)
    allow = f'ALTER DATABASE "{address.database}" ALLOW_CONNECTIONS '
    hang_up = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"{allow} false".encode())
        connection.execute(hang_up, [address.database])
        yield
        connection.execute(f"{allow} true".encode())


async def test_without_its_database_it_lives_and_is_ready_again_by_itself(
    stage: Story, balancer: Balancer, postgres_url: str
) -> None:
    stage.config = stage.config.model_copy(update={"database_url": postgres_url})
    await stage.set_up(stage.desk_toml())
    async with started(stage):
        await balancer.is_told()
        with shut(postgres_url):
            await balancer.is_told("database")
        await balancer.is_told()
