"""`python -m tests.year`: 400 days over every clock change, and nobody called too often, too late or not at all."""

import argparse
import asyncio
import sys
import time
from datetime import UTC, datetime

from tests.bench.stage import set_stage
from tests.year.run import Verdict, Year

FIRST_DAY = datetime(2026, 10, 1, tzinfo=UTC)


def main() -> None:
    """Read the arguments, run, tell; the exit code says whether all came as it must."""
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    verdict = asyncio.run(year(given.days, given.seed))
    took = time.monotonic() - began
    sys.stdout.write(
        f"{given.days} days in {took:.0f} s: {verdict.questions} questions, {verdict.pages} pages, "
        f"{verdict.holes} holes of the rota; wrong: {len(verdict.wrong)}\n"
    )
    sys.stdout.writelines(f"  {what}\n" for what in verdict.wrong)
    sys.exit(bool(verdict.wrong))


async def year(days: int, seed: int, start: datetime = FIRST_DAY) -> Verdict:
    """Let so many days pass and return what came of them."""
    async with set_stage(pace_factor=1000) as story:
        return await lived(Year(story, start, days, seed))


async def lived(year: Year) -> Verdict:
    """Let a year begin, and go by."""
    await year.begin()
    await year.live()
    return await year.verdict()


if __name__ == "__main__":
    main()
