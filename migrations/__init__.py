"""The schema's history: numbered Alembic migrations, the same ones for SQLite and PostgreSQL.

Everything a step needs is in its own file: no table class is imported there, so that tomorrow's classes cannot change
what yesterday's step did. A step runs in one transaction and leaves nothing behind when it fails.

After a change of the tables, `python -m migrations.draft "What it brings" "Why it is needed"` writes the next step;
read it before you keep it. A step that was released is never changed. One that was not can be drafted again: delete its
file first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, NullPool, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from chatops.errors import SetupError
from chatops.store import sqlite

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent
LOCK_WAIT_SECONDS = 5
ADVISORY_LOCK = 0x63686174  # any number that nobody else in the database uses


def upgrade(url: str) -> None:
    """Bring the database to the newest schema; rows stay, and a database that is there already is left alone.

    On PostgreSQL several processes may call this at once: one works, the others wait.

    Raises:
        SetupError: a process uses the SQLite file, the database cannot be opened, or a newer version made it.
    """
    with _alone(url) as connection:
        found = _revision(connection)
        if found is not None and found not in _revisions():
            raise SetupError(f"the database has schema {found}, made by a newer version", "install that version")
        if found != head():
            from alembic import command  # noqa: PLC0415 - who has nothing to change does not carry it

            command.upgrade(configuration(connection), "head")


def downgrade(url: str, revision: str) -> None:
    """Go back to an earlier schema (`base`: to none at all); what only newer tables and columns hold is lost.

    Raises:
        SetupError: a process uses the SQLite file, or the database cannot be opened.
    """
    from alembic import command  # noqa: PLC0415 - as above

    with _alone(url) as connection:
        command.downgrade(configuration(connection), revision)


def current(url: str) -> str | None:
    """Return the database's schema, None for one without tables or a file that is not there.

    Raises:
        SetupError: the database cannot be opened.
    """
    file = _file(url)
    if file is not None and not file.exists():
        return None
    with _connected(url) as connection:
        return _revision(connection)


def head() -> str | None:
    """Return the newest schema there is, None before the first was drafted."""
    return max(_revisions(), default=None)


def configuration(connection: Connection | None = None) -> "Config":
    """Return Alembic's configuration, made here so that it works from any folder and from a wheel."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    made.attributes["connection"] = connection
    return made


def _revisions() -> set[str]:
    """Return the numbers of all steps, with which their files' names begin."""
    return {file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*_*.py")}


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _file(url: str) -> Path | None:
    address = make_url(url)
    return sqlite.file_of(address) if address.get_backend_name() == "sqlite" else None


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    """Give a connection in a transaction in which nobody else changes the schema."""
    file = _file(url)
    lease = sqlite.FileLease(file) if file else None
    if lease:
        lease.take()
    try:
        with _connected(url) as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
                # whoever waits for a table makes everybody after him wait too: rather give up, and be called again
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT_SECONDS}s'")
            yield connection
            connection.commit()
    finally:
        if lease:
            lease.give_back()


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    """Give a connection; on SQLite without foreign keys, because Alembic rebuilds tables there to change them."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        # isolation_level None: the driver begins nothing on its own, so that schema changes are transactional
        options = {"isolation_level": None, "timeout": LOCK_WAIT_SECONDS}
        engine = create_engine(address, module=sqlite.DRIVER, poolclass=NullPool, connect_args=options)
    else:
        engine = create_engine(address.set(drivername="postgresql+psycopg"), poolclass=NullPool, hide_parameters=True)
    try:
        connection = engine.connect()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA schema_version")  # opening alone does not read the file
    except DBAPIError as error:
        raise SetupError(f"the database cannot be opened: {error.orig}", "check CHATOPS_DATABASE_URL") from error
    with connection:
        yield connection
