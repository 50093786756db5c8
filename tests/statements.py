"""What a statement becomes in a database's own words is worked out once in a run, not once for every test.

SQLAlchemy keeps it per engine, by the engine's dialect; a test has engines of its own, and working it out costs more
than all that the test does with it. So the dialects of a test that is over serve the next one: they begin as new, but
remember the statements.
"""

from collections import defaultdict
from threading import Lock
from typing import Any, Self

from sqlalchemy import Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from chatops.store import secrets

REMEMBERED = 2000  # statements of a dialect
_idle: defaultdict[type, list[Any]] = defaultdict(list)
_busy: list[Any] = []
_lock = Lock()


class _Remembering(DefaultDialect):
    """A dialect that was in use before, when one is idle: two engines never share one."""

    supports_statement_cache = True

    def __new__(cls, *_args: Any, **_more: Any) -> Self:
        with _lock:
            one: Self = _idle[cls].pop() if _idle[cls] else super().__new__(cls)
            _busy.append(one)
        secrets._installed.pop(one, None)  # nor its keys
        known = vars(one).get("_type_memos")
        statements = vars(one).get("statements") or LRUCache(REMEMBERED)
        vars(one).clear()
        vars(one).update({"statements": statements} | ({"_type_memos": known} if known is not None else {}))
        return one

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Let the engine use what its dialect remembers; as on PostgreSQL, nobody waits for the disk."""
        if engine.dialect.name == "sqlite":
            event.listen(engine.pool, "connect", lambda opened, _: opened.execute("PRAGMA synchronous=OFF").close())
        engine.update_execution_options(compiled_cache=vars(engine.dialect)["statements"])


class SQLite(_Remembering, SQLiteDialect_pysqlite):
    """SQLite as tests open it."""

    supports_statement_cache = True


class PostgreSQL(_Remembering, PGDialect_psycopg):
    """PostgreSQL as tests open it."""

    supports_statement_cache = True


def remember() -> None:
    """Let every engine that is made from now on remember statements."""
    registry.register("sqlite", __name__, "SQLite")
    registry.register("sqlite.pysqlite", __name__, "SQLite")
    registry.register("postgresql.psycopg", __name__, "PostgreSQL")


def let_go() -> None:
    """Take back the dialects of engines that nobody uses any more, the first ones to be the first again."""
    with _lock:
        for one in reversed(_busy):
            _idle[type(one)].append(one)
        _busy.clear()
