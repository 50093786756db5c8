"""The short crash run: `make crash` is the long one."""

from pathlib import Path

import pytest

from chatops.sandbox.world import DISCORD, SLACK
from tests.crash.report import table
from tests.crash.run import Plan, Report, crash


def assert_nothing_went_wrong(report: Report) -> None:
    assert report.verdict.is_clean, table(report)
    assert set(report.exits) == {0}, table(report)


@pytest.mark.parametrize("platform", [SLACK, DISCORD])
async def test_killed_many_times_nothing_is_lost_or_doubled_and_order_is_kept(tmp_path: Path, platform: str) -> None:
    report = await crash(Plan(kills=8, seconds=8, seed=15, platform=platform), tmp_path)
    assert_nothing_went_wrong(report)
    assert report.ledger.kills == 8
    assert report.ledger.kills_while_starting < 8


async def test_of_two_replicas_one_is_always_being_killed(tmp_path: Path, postgres_url: str) -> None:
    plan = Plan(kills=5, seconds=6, seed=5, database_url=postgres_url, replicas=2)
    assert_nothing_went_wrong(await crash(plan, tmp_path))
