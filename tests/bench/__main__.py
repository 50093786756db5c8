"""Run all measures or the named ones: `python -m tests.bench [MEASURE …] [--quick] [--write]`."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from chatops.app import spare_collector
from tests.bench import (
    arithmetic,
    clocks,
    digest,
    footprint,
    intake,
    lanes,
    languages,
    limits,
    machine,
    mirror,
    mornings,
    pages,
    pictures,
    previews,
)
from tests.bench.tables import Table

MEASURES: dict[str, Any] = {
    "intake": intake,
    "mirror": mirror,
    "limits": limits,
    "lanes": lanes,
    "footprint": footprint,
    "languages": languages,
    "pages": pages,
    "mornings": mornings,
    "arithmetic": arithmetic,
    "clocks": clocks,
    "previews": previews,
    "digest": digest,
    "pictures": pictures,
}
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEAD = """\
# Benchmarks

How fast and how small the product is, measured by `make bench`; each section is one run and names its day and machine.
Load generators, worlds and databases share the processor with what is measured, so compare figures of one section with
each other and believe the ratios and the processor time rather than the rates. "Aim" is what the design promised itself
before anything was measured.
"""

WHY_MISSED = {
    "clocks": """\
An alarm is four rows: its clock, the ledger, a line for its thread, that line's lane; PostgreSQL locks clock and
ticket, too. What is urgent goes ahead of the rest, but behind the batches that are being written.
An alarm is raised once the disk has its commit, and a commit may wait for the one before it: see the disk alone.""",
    "digest": """\
A month of a large desk is a million rows: two thirds of the time go to who wrote how much about what and who
answered how soon, each one walk through an index. A day takes a fifth of it.""",
    "footprint": """\
Clocks, pages, rotations and their forms are loaded at the start. With conversations there, so is the model that tells
languages (68 MiB).""",
    "intake": """\
The processor's microseconds hang on how fast the machine is at that moment, and it was not the same for all tables:
compare with "hello" and "verify and parse" in the same one. On PostgreSQL a commit is three messages to the server.""",
    "mirror": """\
The worlds and the sender are one Python process on the same cores. A new buyer costs two posts, three questions to the
shop, and the making of buyer, conversation, ticket and thread: fifty a second fill most of both processes. Slack itself
takes one post a second and channel, Discord seems to take ten new threads a minute.""",
    "lanes": """\
Every delivery is claimed and settled by rows of its own; what is left is mostly Python around rows.""",
}


def main() -> None:
    """Measure, print, and write docs/benchmarks.md when told to."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"{', '.join(MEASURES)} (all of them)")
    parser.add_argument("--quick", action="store_true", help="small sizes, for a first impression")
    parser.add_argument("--write", action="store_true", help="write their sections of docs/benchmarks.md")
    given = parser.parse_args()
    names = given.measures or list(MEASURES)
    if unknown := set(names) - MEASURES.keys():
        parser.error(f"there is no measure {', '.join(sorted(unknown))}")
    if given.write and given.quick:
        parser.error("only a full run is written down")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    spare_collector()  # as the product does
    for name in names:
        tables = measured(name, quick=given.quick)
        if given.write:  # at once: the next measure may take long
            PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), {name: section(name, tables)}), encoding="utf-8")


def measured(name: str, *, quick: bool) -> list[Table]:
    """Run one measure and print its tables."""
    measure = MEASURES[name]
    tables: list[Table] = asyncio.run(measure.run(measure.QUICK if quick else measure.FULL))
    for table in tables:
        sys.stdout.write(f"\n{table.plain()}\n")
        sys.stdout.flush()
    return tables


def page(before: str, written: Mapping[str, str]) -> str:
    """Return docs/benchmarks.md with these sections written anew; those that people write by hand stay behind them."""
    _, *held = before.split("\n## ")
    sections = {text.split("\n", 1)[0].lower(): text.rstrip() for text in held}
    sections.update(written)
    names = [*(name for name in MEASURES if name in sections), *(name for name in sections if name not in MEASURES)]
    return "\n\n## ".join([HEAD.rstrip(), *(sections[name] for name in names)]) + "\n"


def section(name: str, tables: Sequence[Table]) -> str:
    """Return what the page says of one measure: the machine, the day, what was aimed at, and every table."""
    summary = (MEASURES[name].__doc__ or "").splitlines()[0]
    parts = [name.capitalize(), "", summary, "", f"`.venv/bin/python -m tests.bench {name}`"]
    parts += [f"on {datetime.now(UTC):%Y-%m-%d}: {'; '.join(machine.described())}"]
    aims = [aim for table in tables for aim in table.aims]
    if aims:
        parts += ["", "| | aim | found | |", "| :-- | --: | --: | :-- |"]
    parts += [f"| {aim.what} | {aim.wanted} | {aim.found} | {'met' if aim.met else '**missed**'} |" for aim in aims]
    for table in tables:
        parts += ["", table.markdown()]
    if name in WHY_MISSED and not all(aim.met for aim in aims):
        parts += ["", f"Why an aim was missed: {WHY_MISSED[name]}"]
    return "\n".join(parts)


if __name__ == "__main__":
    main()
