"""`python -m tests.crash`: kill the product many times under traffic; exit 1 when anything was lost or doubled."""

import argparse
import asyncio
import contextlib
import os
import platform as machine
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typer

from chatops.sandbox.world import DISCORD, SLACK
from chatops.store.sqlite import DRIVER
from tests.crash.product import BrokenProductError
from tests.crash.report import table
from tests.crash.run import Plan, crash
from tests.postgres import new_database, running_server

SECONDS_PER_KILL = 2.0


def main() -> int:
    """Run one crash test as the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seconds", type=float, help="time for all kills (default: 2.0 for each)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--platform", choices=(SLACK, DISCORD), help="where the team sits (default: first one, then the other)"
    )
    parser.add_argument("--replicas", type=int, choices=(1, 2), default=1)
    parser.add_argument("--keep", type=Path, help="keep database and logs in this new folder")
    wanted = parser.parse_args()
    if wanted.replicas > 1 and wanted.database == "sqlite":
        parser.error("two replicas need --database postgresql")
    typer.echo(f"{machine.platform()}, {os.cpu_count()} CPUs, Python {machine.python_version()}, {_engine()}")
    failed = 0
    for platform in (wanted.platform,) if wanted.platform else (SLACK, DISCORD):
        failed |= _crash_on(platform, wanted)
    return failed


def _crash_on(platform: str, wanted: argparse.Namespace) -> int:
    chosen = f"--kills {wanted.kills} --database {wanted.database} --replicas {wanted.replicas} --seed {wanted.seed}"
    typer.echo(f"\nTo repeat: python -m tests.crash --platform {platform} {chosen}")
    with _folder(wanted.keep and wanted.keep / platform) as folder, _database(wanted.database) as url:
        seconds = wanted.seconds or SECONDS_PER_KILL * wanted.kills
        plan = Plan(wanted.kills, seconds, wanted.seed, url, wanted.replicas, platform)
        try:
            report = asyncio.run(crash(plan, folder, typer.echo))
        except BrokenProductError as broken:
            typer.echo(f"FAILED: {broken}")
            return 1
    typer.echo(table(report))
    return 0 if report.verdict.is_clean else 1


def _engine() -> str:
    version = getattr(DRIVER, "sqlite_version", sqlite3.sqlite_version)
    return f"SQLite {version}"


@contextlib.contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="chatops-crash-") as folder:
        yield Path(folder)


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    with running_server() as server, new_database(server) as url:
        yield url


if __name__ == "__main__":
    raise SystemExit(main())
