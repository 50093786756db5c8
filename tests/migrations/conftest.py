"""Databases without any table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import new_database


@pytest.fixture
def bare_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database without tables."""
    with new_database(postgres_server) as url:
        yield url


@pytest.fixture
def another_bare_postgres_url(postgres_server: str) -> Iterator[str]:
    """One more."""
    with new_database(postgres_server) as url:
        yield url


@pytest.fixture
def bare_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'bare.db'}"


@pytest.fixture
def another_bare_sqlite_url(tmp_path: Path) -> str:
    """One more."""
    return f"sqlite:///{tmp_path / 'another.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def bare_url(request: pytest.FixtureRequest) -> str:
    """A database without tables, once of each kind."""
    return str(request.getfixturevalue(f"bare_{request.param}_url"))


@pytest.fixture
def another_bare_url(request: pytest.FixtureRequest, bare_url: str) -> str:
    """One more of the same kind."""
    return str(request.getfixturevalue(f"another_bare_{'sqlite' if bare_url.startswith('sqlite') else 'postgres'}_url"))
