"""Databases for the tests: every test that asks for `store` or `database_url` runs on SQLite and on PostgreSQL."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import psycopg
import pytest
import structlog
import uvloop
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, make_url
from sqlmodel import SQLModel

import chatops.model.tables  # noqa: F401 - whichever tests run together, they know the whole schema
import migrations
from chatops.store import Keyring, Store, generate_key, open_store
from chatops.store import sqlite as sqlite_rooms
from chatops.times import SystemTime
from tests import statements
from tests.postgres import new_database, shared_server, turn

gc.disable()  # until all is loaded: none of it is garbage, and looking through it again and again takes half a second

SLOW = ("tests/stories/test_demo.py", "tests/crash/", "tests/bench/", "tests/year/", "tests/migrations/")

# How long something takes proves nothing: machines are busy. What a fixture keeps, each example empties or begins anew.
ALLOWED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("patient", settings(), deadline=None, suppress_health_check=ALLOWED)
settings.load_profile("patient")
statements.remember()
structlog.configure(  # as it comes, but a traceback that nobody reads is not coloured: that takes a fifth of a second
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


def pytest_runtest_logfinish() -> None:
    """Let the next test have what this one's databases learned."""
    statements.let_go()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of what takes long, so that none of it is waited for at the end."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [one for one in items if one.nodeid.startswith(SLOW)]
    rest = iter([one for one in items if not one.nodeid.startswith(SLOW)])
    size = -(-len(items) // workers)  # of the portion that each gets of the list
    shares = (slow[worker::workers] for worker in range(workers))
    items[:] = [one for share in shares for one in (*share, *islice(rest, size - len(share)))]


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what stays to the end: everything loaded, and thousands of tests."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 20)  # what a test leaves behind is little: looking for it takes longer than keeping it
    gc.enable()


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run every test on the event loop on which the product runs."""
    return {"uvloop": uvloop.new_event_loop}


def create_schema(url: str) -> None:
    """Create every table in the database at `url`: the product's by its migrations, then those that tests declare."""
    migrations.upgrade(url)
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, module=sqlite_rooms.DRIVER)
    else:
        engine = create_engine(address.set(drivername="postgresql+psycopg"))
    SQLModel.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run's own, the same for all workers."""
    ours = tmp_path_factory.getbasetemp()
    return ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours


@pytest.fixture(scope="session")
def sqlite_template(shared_folder: Path) -> Path:
    """A SQLite file with every table and no rows."""
    file = shared_folder / "template.db"
    with turn(shared_folder):
        if not file.exists():
            create_schema(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server(shared_folder: Path) -> Iterator[str]:
    """A running PostgreSQL."""
    with shared_server(shared_folder) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str, shared_folder: Path) -> Iterator[str]:
    """The URL of the PostgreSQL database that has every table; one test after the other has it to itself."""
    template = f"chatops_template_{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        with turn(shared_folder):
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
                connection.execute(f'CREATE DATABASE "{template}"'.encode())
                create_schema(make_url(postgres_server).set(database=template).render_as_string(hide_password=False))
        with new_database(postgres_server, template) as url:
            yield url
        connection.execute(f'DROP DATABASE IF EXISTS "{template}"'.encode())


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty SQLite database of this test's own."""
    file = tmp_path / "chatops.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url(postgres_database: str) -> Iterator[str]:
    """A PostgreSQL database with every table and no rows."""
    yield postgres_database
    forget(postgres_database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of this test's own, once of each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A started store on an empty database."""
    opened = open_store(database_url, time=SystemTime(), keys=Keyring([generate_key()]))
    await opened.start()
    yield opened
    await opened.close()


def forget(url: str) -> None:
    """End whatever still talks to the database at `url`, and leave no row there; a new database costs 20 times that."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(END_OTHER_TALKS)
        connection.execute(FORGET)


END_OTHER_TALKS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
FORGET = b"""
DO $$
DECLARE
    filled text;
BEGIN
    SELECT string_agg(quote_ident(relname), ', ') INTO filled FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
        AND pg_relation_size(oid) > 0;
    IF filled <> '' THEN
        EXECUTE 'TRUNCATE ' || filled || ' CASCADE';
    END IF;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences;
END $$
"""
