"""Databases to measure on: a file in a temporary folder, or a PostgreSQL that keeps what it promises to keep."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import new_database
from tests.postgres import running_server


def sqlite_database(folder: Path, name: str) -> str:
    """Return the URL of a database file that is not there yet."""
    return f"sqlite:///{folder / name}.db"


@contextmanager
def postgres_database() -> Iterator[str]:
    """Give the URL of an empty database on a server with fsync on."""
    with running_server(durable=True) as server, new_database(server) as url:
        yield url
