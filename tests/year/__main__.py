"""`python -m tests.year`: 400 days over every clock change, and nobody called too often, too late or not at all.

With --fleet two replicas share a PostgreSQL, and one of them is killed every few simulated hours.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from chatops.config import Config
from chatops.sandbox.world import SLACK, World
from chatops.store import generate_key
from tests.conftest import create_schema
from tests.postgres import new_database, running_server
from tests.stories.cast import Story, StoryClock
from tests.year.product import Fleet, OneProduct
from tests.year.run import Year
from tests.year.verdict import Verdict

FIRST_DAY = datetime(2026, 10, 1, tzinfo=UTC)
KILL_EVERY = timedelta(hours=6)
PATIENCE = 600.0  # real seconds in which anything must happen that needs no more time of the story: machines are busy


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

    def tell(how_far: str) -> None:
        sys.stdout.write(f"{(time.monotonic() - began) / 60:6.1f} min  {how_far}\n")
        sys.stdout.flush()

    if given.fleet:
        with running_server() as server, new_database(server) as url:
            create_schema(url)
            verdict = asyncio.run(year(given.days, given.seed, given.start, url, PATIENCE, tell))
    else:
        verdict = asyncio.run(year(given.days, given.seed, given.start, "", PATIENCE, tell))
    sys.stdout.write(
        f"{given.days} days in {time.monotonic() - began:.0f} s: {verdict.questions} questions, {verdict.calls} calls, "
        f"{verdict.said} words about being on call ({verdict.swaps} of them swaps), {verdict.holes} holes of the rota, "
        f"{verdict.kills} kills; the latest call came {verdict.latest.total_seconds():.1f} s after its instant; "
        f"wrong: {len(verdict.wrong)}\n"
    )
    sys.stdout.writelines(f"  {what}\n" for what in verdict.wrong)
    sys.exit(bool(verdict.wrong))


async def year(
    days: int,
    seed: int,
    start: datetime = FIRST_DAY,
    database_url: str = "",
    patience: float = 60.0,
    tell: Callable[[str], object] = str,
    kill_every: timedelta = KILL_EVERY,
) -> Verdict:
    """Let so many days pass and return what came of them; with a PostgreSQL, for two replicas.

    `patience`: real seconds. `tell` is told now and then how far it has come. `kill_every`: of the story.
    """
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
            config = Config.model_validate(world.environment() | settings)
            story = Story(world, cast, config, StoryClock(world.time), patience=patience)
            random = Random(seed)  # noqa: S311 - repeatable on purpose
            product = Fleet(story, folder, random, kill_every) if database_url else OneProduct(story)
            lived = Year(story, product, start, days, seed, tell)
            try:
                await lived.begin()
                stopped = await lived.live()
                verdict = await lived.verdict()
            finally:
                await product.end()
            verdict.kills = product.kills
            verdict.wrong += [f"stopped at {stopped}"] if stopped else []
            return verdict


if __name__ == "__main__":
    main()
