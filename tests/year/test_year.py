"""The short year: `python -m tests.year` is the long one."""

from datetime import UTC, datetime, timedelta

from tests.year.__main__ import year

NEW_YORK_TURNS_ITS_CLOCKS_BACK = datetime(2026, 10, 31, tzinfo=UTC)


async def test_around_a_clock_change_everybody_is_called_once_and_in_time() -> None:
    verdict = await year(days=2, seed=8, start=NEW_YORK_TURNS_ITS_CLOCKS_BACK)
    assert verdict.wrong == []
    assert verdict.calls >= 10
    assert (verdict.said, verdict.swaps) == (3, 1)


async def test_of_two_replicas_one_is_killed_every_few_hours(postgres_url: str) -> None:
    start = NEW_YORK_TURNS_ITS_CLOCKS_BACK
    verdict = await year(days=1, seed=9, start=start, database_url=postgres_url, kill_every=timedelta(hours=12))
    assert verdict.wrong == []
    assert verdict.kills >= 2
    assert verdict.calls == 8
