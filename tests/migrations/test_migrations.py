"""Migrations lead from nothing to the tables as declared, and back, with rows kept, on both databases."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlmodel import select

import migrations
from chatops.errors import SetupError
from chatops.model.shop import Shop
from chatops.store import Keyring, Transaction, generate_key, open_store, sqlite
from chatops.times import SystemTime
from migrations.draft import declared

ROOT = Path(__file__).parents[2]


def engine_of(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return create_engine(address, module=sqlite.DRIVER)
    return create_engine(address.set(drivername="postgresql+psycopg"))


@contextmanager
def looking_into(url: str) -> Iterator[Connection]:
    engine = engine_of(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def tables_in(url: str) -> set[str]:
    with looking_into(url) as connection:
        return set(inspect(connection).get_table_names())


def portrait(connection: Connection) -> dict[str, Any]:
    """Everything the database itself knows of our tables: columns, keys, references, and its own words for indexes."""
    looked = inspect(connection)
    ours = set(declared().tables)
    if connection.dialect.name == "sqlite":
        indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    return {
        "columns": {
            (name, column["name"]): (str(column["type"]), column["nullable"], column["default"])
            for (_, name), columns in looked.get_multi_columns().items()
            for column in columns
            if name in ours
        },
        "keys": {
            name: key["constrained_columns"]
            for (_, name), key in looked.get_multi_pk_constraint().items()
            if name in ours
        },
        "references": {
            name: sorted((key["constrained_columns"], key["referred_table"]) for key in keys)
            for (_, name), keys in looked.get_multi_foreign_keys().items()
            if name in ours
        },
        "unique": {
            name: sorted(one["column_names"] for one in found)
            for (_, name), found in looked.get_multi_unique_constraints().items()
            if name in ours
        },
        "indexes": {
            name: " ".join(words.split())
            for name, words in connection.execute(text(indexes))
            if not name.startswith("alembic")
        },
    }


def test_migrations_lead_to_what_the_classes_declare(bare_url: str) -> None:
    migrations.upgrade(bare_url)
    with looking_into(bare_url) as connection:
        assert compare_metadata(MigrationContext.configure(connection), declared(connection.dialect.name)) == []


def test_the_database_sees_no_difference_between_migrated_and_declared_tables(
    bare_url: str, another_bare_url: str
) -> None:
    migrations.upgrade(bare_url)
    with looking_into(another_bare_url) as connection:
        declared(connection.dialect.name).create_all(connection)
        wanted = portrait(connection)
    with looking_into(bare_url) as connection:
        assert portrait(connection) == wanted


def test_the_newest_step_is_known_by_its_files_name() -> None:
    steps = ScriptDirectory.from_config(migrations.configuration())
    assert steps.get_current_head() == migrations.head()
    assert {step.revision for step in steps.walk_revisions()} == migrations._revisions()


def test_every_step_can_be_gone_back_and_gone_again(bare_url: str) -> None:
    migrations.upgrade(bare_url)
    newest = migrations.head()
    assert migrations.current(bare_url) == newest
    while (now := migrations.current(bare_url)) is not None:
        migrations.downgrade(bare_url, "-1")
        assert migrations.current(bare_url) != now
    assert tables_in(bare_url) <= {"alembic_version"}
    migrations.upgrade(bare_url)
    assert migrations.current(bare_url) == newest


async def test_what_was_kept_before_an_upgrade_is_there_afterwards(bare_url: str) -> None:
    migrations.upgrade(bare_url)
    keys = Keyring([generate_key()])

    async def with_store(unit: Any) -> Any:
        store = open_store(bare_url, time=SystemTime(), keys=keys)
        await store.start()
        done = await store.write(unit)
        await store.close()
        return done

    def open_shop(tx: Transaction) -> None:
        tx.insert(Shop(id="7", name="maomao-gb", timezone="Europe/London", locale="en", cipher="sesame"))

    await with_store(open_shop)
    await asyncio.to_thread(migrations.upgrade, bare_url)
    kept = await with_store(lambda tx: tx.one(Shop, select(Shop)))
    assert (kept.name, kept.cipher) == ("maomao-gb", "sesame")


def test_a_file_that_is_not_there_has_no_schema_and_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "chatops.db"
    assert migrations.current(f"sqlite:///{file}") is None
    assert not file.exists()


async def test_a_file_that_a_process_uses_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'chatops.db'}"
    store = open_store(url, time=SystemTime())
    await store.start()
    with pytest.raises(SetupError, match=f"in use by process {os.getpid()}"):
        migrations.upgrade(url)
    assert migrations.current(url) is None
    await store.close()
    migrations.upgrade(url)
    assert migrations.current(url) == migrations.head()


def test_a_database_of_a_newer_version_is_left_alone(bare_url: str) -> None:
    migrations.upgrade(bare_url)
    with looking_into(bare_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(SetupError, match="9999, made by a newer version"):
        migrations.upgrade(bare_url)


def test_a_database_that_cannot_be_reached_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be opened"):
        migrations.upgrade(f"sqlite:///{tmp_path / 'nowhere' / 'chatops.db'}")
    with pytest.raises(SetupError, match="cannot be opened"):
        migrations.upgrade("postgresql://postgres@127.0.0.1:1/nowhere")


UPGRADE = "import sys, migrations; sys.stdin.readline(); migrations.upgrade(sys.argv[1])"


def test_processes_that_upgrade_postgresql_together_wait_for_each_other(bare_postgres_url: str) -> None:
    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", UPGRADE, bare_postgres_url],
            cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    with psycopg.connect(bare_postgres_url) as holder:
        holder.execute(f"SELECT pg_advisory_xact_lock({migrations.ADVISORY_LOCK})")
        both = [start(), start()]
        for process in both:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while holder.execute(waiting).fetchone() != (2,):
            assert [process.poll() for process in both] == [None, None]
    assert [(process.communicate()[1], process.returncode) for process in both] == [("", 0), ("", 0)]
    assert migrations.current(bare_postgres_url) == migrations.head()


def test_a_step_that_fails_leaves_nothing_behind(bare_url: str) -> None:
    with looking_into(bare_url) as connection:
        connection.execute(text("CREATE TABLE workspace (id INTEGER)"))  # in the way of the first step
        connection.commit()
    with pytest.raises(Exception, match="workspace"):
        migrations.upgrade(bare_url)
    assert tables_in(bare_url) == {"workspace"}
    assert migrations.current(bare_url) is None


def test_upgrading_works_from_any_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'chatops.db'}"
    subprocess.run(
        [sys.executable, "-c", "import sys, migrations; migrations.upgrade(sys.argv[1])", url],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    assert migrations.current(url) == migrations.head()


def test_steps_are_numbered_say_why_and_import_nothing_of_ours() -> None:
    steps = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    assert [step.name[:4] for step in steps] == [f"{number:04}" for number in range(1, len(steps) + 1)]
    for step in steps:
        words = step.read_text(encoding="utf-8")
        assert "\nWhy: " in words.split('"""')[1], f"{step.name} does not say why"
        assert "chatops" not in words
        assert "sqlmodel" not in words
