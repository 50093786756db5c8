"""The same desk in memory that the desk's own tests work at."""

from tests.desk.conftest import desk, engine, mia, tx

__all__ = ["desk", "engine", "mia", "tx"]
