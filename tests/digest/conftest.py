"""The same desk in memory that the desk's own tests work at."""

from tests.desk.conftest import asked, desk, engine, li, mia, noor, tx
from tests.desk.test_paging import paged

__all__ = ["asked", "desk", "engine", "li", "mia", "noor", "paged", "tx"]
