"""`python -m tests.year`: 400 days over every clock change, and nobody called too often, too late or not at all.

With --fleet two replicas share a PostgreSQL, and one of them is killed every few simulated hours.
"""

import argparse
import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from chatops.config import Config
from chatops.sandbox.world import SLACK, World
from chatops.store import generate_key
from tests.conftest import create_schema, new_database
from tests.postgres import running_server
from tests.stories.cast import Story, StoryClock
from tests.year.product import Fleet, OneProduct
from tests.year.run import Verdict, Year

FIRST_DAY = datetime(2026, 10, 1, tzinfo=UTC)
KILL_EVERY = timedelta(hours=5)


def main() -> None:
    """Read the arguments, run, tell; the exit code says whether all came as it must."""
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--start", type=lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC), default=FIRST_DAY
    )
    parser.add_argument("--fleet", action="store_true")
    given = parser.parse_args()
    began = time.monotonic()
    if given.fleet:
        with running_server() as server, new_database(server) as url:
            create_schema(url)
            verdict = asyncio.run(year(given.days, given.seed, given.start, url))
    else:
        verdict = asyncio.run(year(given.days, given.seed, given.start))
    took = time.monotonic() - began
    sys.stdout.write(
        f"{given.days} days in {took:.0f} s: {verdict.questions} questions, {verdict.pages} pages, "
        f"{verdict.holes} holes of the rota, {verdict.kills} kills; wrong: {len(verdict.wrong)}\n"
    )
    sys.stdout.writelines(f"  {what}\n" for what in verdict.wrong)
    sys.exit(bool(verdict.wrong))


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def year(days: int, seed: int, start: datetime = FIRST_DAY, database_url: str = "") -> Verdict:
    """Let so many days pass and return what came of them; with a PostgreSQL, for two replicas."""
    with TemporaryDirectory(prefix="chatops-year-") as name:
        async with World() as world:
            folder = Path(name)
            cast = await world.set_the_scene(platforms=(SLACK,))
            settings = {
                "CHATOPS_DATA_DIR": str(folder / "data"),
                "CHATOPS_DATABASE_URL": database_url,
                "CHATOPS_LISTEN": "127.0.0.1:0",
                "CHATOPS_PACE_FACTOR": "1000",
                "CHATOPS_SECRET_KEY": generate_key(),
            }
            story = Story(world, cast, Config.model_validate(world.environment() | settings), StoryClock(world.time))
            random = Random(seed)  # noqa: S311 - repeatable on purpose
            product = Fleet(story, folder, random, KILL_EVERY) if database_url else OneProduct(story)
            lived = Year(story, product, start, days, seed)
            try:
                await lived.begin()
                await lived.live()
                verdict = await lived.verdict()
            finally:
                await product.end()
            verdict.kills = product.kills
            return verdict


if __name__ == "__main__":
    main()
