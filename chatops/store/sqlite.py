"""SQLite: one writing connection, read-only readers, and a lease on the file.

Exactly one connection writes and checkpoints. That is what keeps SQLite 3.7.0 to 3.51.2 from the WAL-reset bug, which
needs two connections that write or checkpoint at the same instant.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO
from urllib.parse import quote

from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool, StaticPool

from chatops.errors import SetupError
from chatops.store import json_text

try:
    from pysqlite3 import dbapi2 as driver  # newer than Python's own, without the WAL-reset bug
except ImportError:
    import sqlite3 as driver

DRIVER: ModuleType = driver
VERSION: str = driver.sqlite_version


def file_of(url: URL) -> Path | None:
    """Return the database's file, or None for one in memory."""
    return None if url.database in (None, "", ":memory:") else Path(str(url.database)).resolve()


def writing_engine(file: Path | None, lock_wait: timedelta) -> Engine:
    """Return an engine with the one connection that writes; a transaction begins by taking the write lock."""

    def connect() -> Any:
        connection = _connect(":memory:" if file is None else str(file), lock_wait)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    # a deferred BEGIN that reads first fails at once with BUSY_SNAPSHOT instead of waiting
    return _engine(connect, "BEGIN IMMEDIATE", poolclass=StaticPool)


def reading_engine(file: Path, readers: int, lock_wait: timedelta) -> Engine:
    """Return an engine whose connections cannot write; a transaction sees one unchanging state."""

    def connect() -> Any:
        connection = _connect(f"file:{quote(str(file))}?mode=ro", lock_wait, uri=True)
        connection.execute("PRAGMA query_only=ON")
        return connection

    return _engine(connect, "BEGIN", poolclass=QueuePool, pool_size=readers, max_overflow=0)


def _connect(name: str, lock_wait: timedelta, *, uri: bool = False) -> Any:
    # isolation_level None: the driver begins nothing on its own
    return driver.connect(
        name, uri=uri, timeout=lock_wait.total_seconds(), isolation_level=None, check_same_thread=False
    )


def _engine(connect: Any, begin: str, **options: Any) -> Engine:
    options = {"hide_parameters": True, "json_serializer": json_text.written, **options}
    engine = create_engine("sqlite://", module=DRIVER, creator=connect, **options)
    # the dialect's own way to begin, because listening to an engine makes SQLAlchemy call around every statement
    vars(engine.dialect)["do_begin"] = lambda connection: connection.execute(begin)
    engine.dialect.statement_compiler = _Compiler
    return engine


class _Compiler(SQLiteCompiler):
    """Heeds hints such as `INDEXED BY name`: without statistics SQLite often takes another index than the best."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return text


class FileLease:
    """Held while this process owns the database file; the operating system frees it when the process dies."""

    def __init__(self, file: Path) -> None:
        self._database = file
        self._path = file.with_name(file.name + ".lock")
        self._handle: BinaryIO | None = None

    def take(self) -> None:
        """Take it, or raise `SetupError` naming the process that has it."""
        try:
            handle = self._path.open("a+b")
        except OSError as error:
            raise SetupError(f"{self._database} cannot be opened: {error.strerror}", "check its folder") from error
        try:
            _lock(handle)
        except OSError:
            handle.seek(0)
            owner = handle.read(20).decode(errors="replace").strip() or "unknown"
            handle.close()
            raise SetupError(
                f"{self._database} is in use by process {owner}",
                "stop that process first, or use PostgreSQL to run several",
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()).encode())
        handle.flush()
        self._handle = handle

    def give_back(self) -> None:
        """Let the next process have the file (the lock file stays: without it two processes could lock two files)."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None


def _lock(handle: BinaryIO) -> None:
    """Lock an open file without waiting; OSError when somebody else has it."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - only there

        handle.seek(1 << 30)  # locked bytes cannot be read: lock one far behind the owner's number
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - only there

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
