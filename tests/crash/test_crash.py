"""The short crash run: `make crash` is the long one."""

from pathlib import Path

from tests.crash.report import table
from tests.crash.run import Plan, Report, crash


def assert_nothing_went_wrong(report: Report) -> None:
    assert report.verdict.is_clean, table(report)
    assert set(report.exits) == {0}, table(report)


async def test_killed_many_times_nothing_is_lost_or_doubled_and_order_is_kept(tmp_path: Path) -> None:
    report = await crash(Plan(kills=15, seconds=15, seed=15), tmp_path)
    assert_nothing_went_wrong(report)
    assert report.ledger.kills == 15
    assert report.ledger.kills_while_starting < 15


async def test_of_two_replicas_one_is_always_being_killed(tmp_path: Path, postgres_url: str) -> None:
    plan = Plan(kills=5, seconds=6, seed=5, database_url=postgres_url, replicas=2)
    assert_nothing_went_wrong(await crash(plan, tmp_path))
