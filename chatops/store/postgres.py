"""PostgreSQL through psycopg 3: engines for writers and readers, and the bell that all replicas hear.

One NOTIFY per batch in which somebody rang; every replica listens on one connection. Hearing is a convenience:
whoever waits for deliveries also looks by himself from time to time.
"""

import select
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL

from chatops.errors import SetupError
from chatops.store.transaction import Transaction

if TYPE_CHECKING:
    import psycopg

CHANNEL = "chatops_bell"
RECONNECT_SECONDS = 1.0

log = structlog.get_logger(__name__)


def engines(url: URL, writers: int, readers: int, lock_wait: timedelta) -> tuple[Engine, Engine]:
    """Return the engines to write and to read with; `SetupError` when psycopg is not installed."""
    address = url.set(drivername="postgresql+psycopg")
    waits = f"-c lock_timeout={int(lock_wait.total_seconds() * 1000)}"
    try:
        writing = _engine(address, writers, connect_args={"options": waits})
        reading = _engine(
            address,
            readers,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
        )
    except ModuleNotFoundError as error:
        raise SetupError("PostgreSQL needs psycopg", 'install it: pip install "chatops[postgres]"') from error
    return writing, reading


def _engine(url: URL, size: int, **options: Any) -> Engine:
    return create_engine(url, pool_size=size, max_overflow=1, hide_parameters=True, **options)


class Listener:
    """Hears the other replicas' bells in a thread of its own, and reconnects by itself."""

    def __init__(self, url: URL) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._me = uuid4().hex
        self._stop_here, self._stop_there = socket.socketpair()
        self._thread: threading.Thread | None = None

    def announce(self, tx: Transaction) -> None:
        """Tell the other replicas, when `tx` commits, that there is something to deliver."""
        tx.execute(text("SELECT pg_notify(:channel, :me)"), {"channel": CHANNEL, "me": self._me})

    def start(self, rung: Callable[[], None]) -> None:
        """Listen, and call `rung` (from another thread) when another replica rang."""
        self._thread = threading.Thread(target=self._run, args=(rung,), name="chatops-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._stop_here.close()
        if self._thread:
            self._thread.join()
        self._stop_there.close()

    def _run(self, rung: Callable[[], None]) -> None:
        import psycopg  # noqa: PLC0415 - an extra, needed only with PostgreSQL

        while True:
            try:
                with psycopg.connect(self._address, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    rung()  # something may have been said while nobody listened
                    self._listen(connection, rung)
                    return
            except psycopg.OperationalError as error:
                log.warning("bell_lost", reason=type(error).__name__)
            if select.select([self._stop_there], [], [], RECONNECT_SECONDS)[0]:
                return

    def _listen(self, connection: "psycopg.Connection[Any]", rung: Callable[[], None]) -> None:
        """Listen until `stop`; psycopg.OperationalError when the connection breaks."""
        while True:
            ready, _, _ = select.select([connection.fileno(), self._stop_there.fileno()], [], [])
            if self._stop_there.fileno() in ready:
                return
            heard = {notice.payload for notice in connection.notifies(timeout=0)}
            if heard - {self._me}:
                rung()
