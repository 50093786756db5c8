"""PostgreSQL through psycopg 3: engines for writers and readers, and the bell that all replicas hear.

Every replica listens on one connection, and tells the others on it. Never in a transaction that writes: PostgreSQL lets
only one transaction that has notified somebody commit at a time, in all of its databases, and a disk that is slow for a
moment would hold up every writer of the fleet. Somebody may die before he tells, so the bell also rings by itself,
after a while in which nobody was heard.
"""

import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import structlog
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL

from chatops.store import json_text

CHANNEL = "chatops_bell"
RECONNECT_SECONDS = 1.0
CONNECT_SECONDS = 5
QUIET_SECONDS = 5.0  # after which the bell rings by itself
ANNOUNCED_AT_ONCE = 4096  # commits that one notice stands for, at most
# Batches lock rows in the order of their units, so two may wait for each other: give up soon, long before PostgreSQL's
# own search for deadlocks (1 s), and let the writer run the units one by one.
LOCK_TRY = timedelta(milliseconds=100)
# A replica that stands still in the middle of a transaction must not hold up the others for longer.
IDLE_LIMIT = timedelta(seconds=10)

log = structlog.get_logger(__name__)


def engines(url: URL, writers: int, readers: int) -> tuple[Engine, Engine]:
    """Return the engines to write and to read with."""
    address = url.set(drivername="postgresql+psycopg")
    millisecond = timedelta(milliseconds=1)
    waits = (
        f"-c lock_timeout={LOCK_TRY // millisecond} -c idle_in_transaction_session_timeout={IDLE_LIMIT // millisecond}"
    )
    writing = _engine(address, writers, connect_args={"connect_timeout": CONNECT_SECONDS, "options": waits})
    reading = _engine(
        address,
        readers,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_SECONDS},
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )
    return writing, reading


def _engine(url: URL, size: int, **options: Any) -> Engine:
    options = {"hide_parameters": True, "json_serializer": json_text.written, **options}
    return create_engine(url, pool_size=size, max_overflow=1, **options)


class Listener:
    """Rings for the other replicas and hears them, in a thread of its own, and reconnects by itself."""

    def __init__(self, url: URL) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._me = uuid4().hex
        self._here, self._there = socket.socketpair()
        self._here.settimeout(0)
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def announce(self) -> None:
        """Tell the other replicas, soon and without waiting for it, that there is something to deliver."""
        with suppress(BlockingIOError):  # then it is yet to be told anyway
            self._here.send(b"!")

    def start(self, rung: Callable[[], None]) -> None:
        """Listen, and call `rung` (from another thread) when another replica rang."""
        connection = self._connect()
        self._thread = threading.Thread(target=self._run, args=(connection, rung), name="chatops-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Tell what is yet to be told, and stop listening."""
        self._stopped.set()
        self._here.close()
        if self._thread:
            self._thread.join()
        self._there.close()

    def _connect(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self._address, autocommit=True, connect_timeout=CONNECT_SECONDS)
        connection.execute("SET synchronous_commit = off")  # what it says need not outlast a crash
        connection.execute(f"LISTEN {CHANNEL}")
        return connection

    def _run(self, connection: psycopg.Connection[Any] | None, rung: Callable[[], None]) -> None:
        while True:
            try:
                with connection or self._connect() as listening:
                    if connection is None:
                        rung()  # something may have been said while nobody listened
                    self._listen(listening, rung)
            except psycopg.OperationalError as error:
                log.warning("bell_lost", reason=type(error).__name__)
            connection = None
            if self._stopped.wait(RECONNECT_SECONDS):
                return

    def _listen(self, connection: psycopg.Connection[Any], rung: Callable[[], None]) -> None:
        """Listen and tell until `stop`; psycopg.OperationalError when the connection breaks."""
        while True:
            ready, _, _ = select.select([connection.fileno(), self._there.fileno()], [], [], QUIET_SECONDS)
            if self._there.fileno() in ready:
                if self._there.recv(ANNOUNCED_AT_ONCE):
                    connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, self._me])
                else:
                    return
            heard = {notice.payload for notice in connection.notifies(timeout=0)}
            if not ready or heard - {self._me}:
                rung()
