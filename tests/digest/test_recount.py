"""Numbers are those of whoever counts everything by hand, one row after the other: on random histories, at any hour."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, make_url

from chatops.digest.scope import Scope, Window, midnight
from chatops.digest.section import Section
from chatops.digest.sections import (
    asked,
    audit,
    clocks,
    pages,
    platform,
    policy,
    responses,
    targets,
    team,
    volume,
    waiting,
)
from chatops.store import Keyring, Transaction, generate_key, postgres
from tests.digest.by_hand import ByHand
from tests.digest.lived import CHANGES, SHOPS, TEAM, Lived

SECTIONS: tuple[Section[Any], ...] = tuple(
    room.SECTION for room in (volume, responses, clocks, waiting, targets, platform, pages, team, policy, asked, audit)
)
SCOPES = (
    Scope(TEAM, tuple(SHOPS)),
    Scope(TEAM, ("1", "3", "of others")),
    Scope(TEAM, tuple(SHOPS), markets=("US",)),
    Scope(TEAM, tuple(SHOPS), teams=("front",)),
    Scope(TEAM, tuple(SHOPS), agent_id="li"),
    Scope(TEAM, tuple(SHOPS), in_part=1),
)


def recounted(engine: Engine, seed: int, window: Window, scope: Scope) -> None:
    """Let a digest and a hand count the same history."""
    with engine.connect() as connection, connection.begin() as transaction:
        tx, lived = Transaction(connection), Lived(Random(seed), window)  # noqa: S311 - not for secrets
        lived.insert(tx)
        by_hand = ByHand(lived, scope)
        for section in SECTIONS:
            if section.fits(scope):
                assert section.count(tx, scope, window) == getattr(by_hand, section.key)(), section.key
        transaction.rollback()


HISTORIES = given(some.integers(0, 2**32), some.sampled_from(CHANGES), some.sampled_from(SCOPES))


@HISTORIES
@settings(max_examples=25)
def test_every_number_is_what_a_slow_recount_finds(engine: Engine, seed: int, window: Window, scope: Scope) -> None:
    recounted(engine, seed, window, scope)


@pytest.fixture
def server(postgres_url: str) -> Iterator[Engine]:
    """PostgreSQL, with every table and no rows."""
    engine, reads = postgres.engines(make_url(postgres_url), 1, 1)
    Keyring([generate_key()]).install(engine)
    yield engine
    engine.dispose()
    reads.dispose()


@HISTORIES
@settings(max_examples=6)
def test_postgresql_counts_the_same(server: Engine, seed: int, window: Window, scope: Scope) -> None:
    recounted(server, seed, window, scope)


def test_windows_of_days_meet_without_hole_or_overlap_where_clocks_change() -> None:
    for window in CHANGES:
        days = list(window.days())
        assert [day.start for day in days[1:]] == [day.end for day in days[:-1]]
        assert all(midnight(day.date, window.zone) == day.start for day in days[1:])
