"""Databases to measure on: a file in a temporary folder, or a PostgreSQL that keeps what it promises to keep."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgres import new_database, running_server


def sqlite_database(folder: Path, name: str) -> str:
    """Return the URL of a database file that is not there yet."""
    return f"sqlite:///{folder / name}.db"


@contextmanager
def postgres_database() -> Iterator[str]:
    """Give the URL of an empty database on a server with fsync on."""
    with running_server(durable=True) as server, new_database(server) as url:
        yield url


def kept_tidy(url: str) -> None:
    """Do at once what PostgreSQL's own keepers do in a month: what none has seen is fetched and written row by row."""
    if url.startswith("postgresql"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")
