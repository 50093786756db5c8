"""Every measure runs through at a tiny size: what it counts adds up, what it orders is in order. Nothing is timed."""

from pathlib import Path

import pytest

from chatops.digest import sections
from chatops.store import look
from tests.bench import (
    arithmetic,
    clocks,
    digest,
    footprint,
    intake,
    lanes,
    languages,
    limits,
    mirror,
    mornings,
    pages,
    pictures,
    previews,
    slow_disk,
)
from tests.bench.__main__ import page, section
from tests.bench.databases import sqlite_database
from tests.bench.tables import Table

# Where only the sums are looked at, the server need not keep what it promises: the one of all tests will do.
on_postgresql_too = pytest.mark.usefixtures("postgres_server")


async def test_what_the_product_and_the_orm_acknowledge_is_kept_once(tmp_path: Path) -> None:
    library = slow_disk.compiled(tmp_path)
    settings = slow_disk.settings(library, 1000) if library else {}
    bench = intake.Bench(sqlite_database(tmp_path, "bench"), intake.TINY, settings)
    await bench.measured("product", 40, new=10)
    await bench.measured("orm", 16)
    assert look(bench.url, intake.kept) == (bench.used, bench.used, 0), "receipts, messages, gaps in lanes"


async def test_every_message_reaches_the_team() -> None:
    tables = await mirror.run(mirror.TINY)
    assert [[row[1] for row in table.rows] for table in tables] == [["10", "3"]] * 2


async def test_a_rush_stands_in_order_and_slack_tells_nobody_to_slow_down() -> None:
    slack, discord = await limits.run(limits.TINY)
    assert [row[-1] for row in slack.rows] == ["0", "0"]
    assert discord.rows[0][-1] == "0"


async def test_digests_due_at_the_same_minute_are_all_there_once_and_none_is_refused() -> None:
    [table] = await mornings.run(mornings.TINY)
    assert [row[-2:] for row in table.rows] == [("8", "0")] * 2


@on_postgresql_too
async def test_lanes_are_carried_once_and_in_order_on_both_databases() -> None:
    [table] = await lanes.run(lanes.TINY)
    assert [row[0] for row in table.rows] == ["SQLite", "PostgreSQL"]


@on_postgresql_too
async def test_trying_other_promises_finds_every_clock_that_would_move() -> None:
    [table] = await previews.run(previews.TINY)
    assert [row[-1] for row in table.rows] == ["60", "60"]


@on_postgresql_too
async def test_every_alarm_among_many_clocks_is_raised_once() -> None:
    [table] = await clocks.run(clocks.TINY)
    assert [row[0] for row in table.rows] == ["SQLite", "PostgreSQL"]


async def test_the_product_starts_with_open_tickets() -> None:
    [table] = await footprint.run(footprint.TINY)
    assert [row[0] for row in table.rows] == [
        "nothing to do",
        "20 open tickets",
        "nothing to do, the team in Discord",
    ]


async def test_a_picture_is_drawn_by_a_process_that_is_gone_afterwards() -> None:
    [table] = await pictures.run(pictures.TINY)
    assert table.rows[0][0] == "drawn from nothing"


async def test_every_section_of_a_digest_is_counted(tmp_path: Path) -> None:
    took = await digest.measured_on(sqlite_database(tmp_path, "digest"), digest.TINY)
    assert took.month.keys() == took.day.keys() == {section.key for section in sections.every()}


async def test_whoever_is_on_call_is_told_of_every_page() -> None:
    [table] = await pages.run(pages.TINY)
    assert [row[1] for row in table.rows] == ["2"]


async def test_the_arithmetic_of_time_is_asked_and_proven() -> None:
    [table] = await arithmetic.run(arithmetic.TINY)
    assert [row[0] for row in table.rows] == ["open time added, two windows a day", "who is on call, three layers"]
    assert len(table.aims) == 3


async def test_the_languages_of_a_few_messages_are_told() -> None:
    [table] = await languages.run(languages.TINY)
    assert table.rows[0][1] == "100.0%"


@on_postgresql_too
def test_the_page_names_the_machine_and_what_was_missed() -> None:
    table = Table("Speed", ("", "a second"))
    table.add("snail", "1")
    table.aim("snails a second", "≥ 2", "1", met=False)
    before = "# Benchmarks\n\nLong ago\n\n## Lanes\n\nslow\n\n## Footprint\n\nsmall\n\n## Crash\n\nby hand\n"
    written = page(before, {"lanes": section("lanes", [table])})
    assert [line for line in written.splitlines() if line.startswith("## ")] == ["## Lanes", "## Footprint", "## Crash"]
    assert "slow" not in written
    assert "small" in written
    assert "cores" in written
    assert "| snail | 1 |" in written
    assert "| snails a second | ≥ 2 | 1 | **missed** |" in written
