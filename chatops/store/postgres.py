"""PostgreSQL through psycopg 3: engines for writers and readers, and the bell that all replicas hear.

One NOTIFY per batch in which somebody rang; every replica listens on one connection. Hearing is a convenience:
whoever waits for deliveries also looks by himself from time to time.
"""

import select
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import structlog
from sqlalchemy import Engine, String, bindparam, create_engine, func
from sqlalchemy.engine import URL

from chatops.store import json_text
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction

CHANNEL = "chatops_bell"
RECONNECT_SECONDS = 1.0
CONNECT_SECONDS = 5
# Batches lock rows in the order of their units, so two may wait for each other: give up soon, long before PostgreSQL's
# own search for deadlocks (1 s), and let the writer run the units one by one.
LOCK_TRY = timedelta(milliseconds=100)
# A replica that stands still in the middle of a transaction must not hold up the others for longer.
IDLE_LIMIT = timedelta(seconds=10)

_NOTIFY = Prepared(func.pg_notify(bindparam("channel", type_=String), bindparam("me", type_=String)).select())
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
    """Hears the other replicas' bells in a thread of its own, and reconnects by itself."""

    def __init__(self, url: URL) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._me = uuid4().hex
        self._stop_here, self._stop_there = socket.socketpair()
        self._thread: threading.Thread | None = None

    def announce(self, tx: Transaction) -> None:
        """Tell the other replicas, when `tx` commits, that there is something to deliver."""
        tx.rows(_NOTIFY, channel=CHANNEL, me=self._me)

    def start(self, rung: Callable[[], None]) -> None:
        """Listen, and call `rung` (from another thread) when another replica rang."""
        connection = self._connect()
        self._thread = threading.Thread(target=self._run, args=(connection, rung), name="chatops-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._stop_here.close()
        if self._thread:
            self._thread.join()
        self._stop_there.close()

    def _connect(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self._address, autocommit=True, connect_timeout=CONNECT_SECONDS)
        connection.execute(f"LISTEN {CHANNEL}")
        return connection

    def _run(self, connection: psycopg.Connection[Any] | None, rung: Callable[[], None]) -> None:
        pause = 0.0
        while not select.select([self._stop_there], [], [], pause)[0]:
            try:
                with connection or self._connect() as listening:
                    if connection is None:
                        rung()  # something may have been said while nobody listened
                    self._listen(listening, rung)
            except psycopg.OperationalError as error:
                log.warning("bell_lost", reason=type(error).__name__)
            connection, pause = None, RECONNECT_SECONDS

    def _listen(self, connection: psycopg.Connection[Any], rung: Callable[[], None]) -> None:
        """Listen until `stop`; psycopg.OperationalError when the connection breaks."""
        while True:
            ready, _, _ = select.select([connection.fileno(), self._stop_there.fileno()], [], [])
            if self._stop_there.fileno() in ready:
                return
            heard = {notice.payload for notice in connection.notifies(timeout=0)}
            if heard - {self._me}:
                rung()
