"""Write the next step from what the tables have become: `python -m migrations.draft "What it brings" "Why"`."""

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine
from sqlmodel import SQLModel

import migrations
from chatops.store import sqlite
from chatops.store.dialects import ONLY_ON

DECLARED_IN = ("chatops.model.tables", "chatops.store.lanes", "chatops.store.leases")
FORMAT = {
    "hooks": "format",
    "format.type": "module",
    "format.module": "ruff",
    "format.options": "format REVISION_SCRIPT_FILENAME",
}


def declared(dialect: str = "sqlite") -> MetaData:
    """Return every table the product's classes declare, with the indexes that one database has."""
    for module in DECLARED_IN:
        import_module(module)
    found = MetaData()
    for table in SQLModel.metadata.sorted_tables:
        if not table.name.startswith("test_"):  # tests declare some of their own
            there = table.to_metadata(found)
            elsewhere = {one.name for one in table.indexes if one.info.get(ONLY_ON, dialect) != dialect}
            there.indexes -= {one for one in there.indexes if one.name in elsewhere}
    return found


def draft(what: str, why: str) -> None:
    """Write the step that leads from the newest schema to the tables as they are declared now."""
    newest = migrations.head()
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'draft.db'}"
        if newest is not None:
            migrations.upgrade(url)
        engine = create_engine(url, module=sqlite.DRIVER)
        with engine.connect() as connection:
            command.revision(_configuration(connection, why), what, autogenerate=True, rev_id=_number_after(newest))
        engine.dispose()


def _configuration(connection: Connection, why: str) -> Config:
    made = migrations.configuration(connection)
    made.attributes |= {"tables": declared(), "why": why}
    for name, value in FORMAT.items():
        made.set_section_option("post_write_hooks", name, value)
    return made


def _number_after(newest: str | None) -> str:
    return f"{int(newest or 0) + 1:04}"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit('usage: python -m migrations.draft "Tickets remember who opened them" "Digests count openings"')
    draft(*sys.argv[1:])
