"""The short year: `python -m tests.year` is the long one."""

from datetime import UTC, datetime

from tests.year.__main__ import year

NEW_YORK_TURNS_ITS_CLOCKS_BACK = datetime(2026, 10, 31, tzinfo=UTC)


async def test_around_a_clock_change_everybody_is_called_once_and_in_time() -> None:
    verdict = await year(days=2, seed=6, start=NEW_YORK_TURNS_ITS_CLOCKS_BACK)
    assert verdict.wrong == []
    assert verdict.pages >= 3


async def test_of_two_replicas_one_is_killed_every_few_hours(postgres_url: str) -> None:
    verdict = await year(days=1, seed=9, start=NEW_YORK_TURNS_ITS_CLOCKS_BACK, database_url=postgres_url)
    assert verdict.wrong == []
    assert verdict.kills >= 3
    assert verdict.pages == 4
