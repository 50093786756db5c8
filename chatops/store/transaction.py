"""The transaction handed to units of work and questions: a thin typed face of a SQLAlchemy connection."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Literal, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, CursorResult, Executable, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.engine import Row
from sqlalchemy.orm import class_mapper
from sqlmodel import SQLModel

M = TypeVar("M", bound=SQLModel)
Dialect = Literal["sqlite", "postgresql"]
Insert = SqliteInsert | PostgresInsert
Rows = CursorResult[*tuple[Any, ...]]
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def table(model: type[SQLModel]) -> Table:
    """Return the table behind a SQLModel class, for statements in SQLAlchemy Core."""
    return cast("Table", inspect(model).local_table)


def built(model: type[M], row: Row[*tuple[Any, ...]]) -> M:
    """Return a plain `model` with the row's values: no session, no validation, a tenth of the price of either."""
    instance: M = _maker(model)()
    instance.__dict__.update(zip(row._fields, row, strict=True))
    return instance


@cache
def _maker(model: type[SQLModel]) -> Callable[[], Any]:
    return class_mapper(model).class_manager.new_instance


class Transaction:
    """One open transaction. A unit must have no effect outside of it: it may be rolled back and run again."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect: Dialect = "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
        self.rung = False

    def execute(self, statement: Executable, parameters: Parameters | None = None) -> Rows:
        """Run a statement; a sequence of parameters runs it once for each, in one go."""
        return self.connection.execute(statement, parameters)

    def one(self, model: type[M], statement: Executable) -> M | None:
        """Return the first row of `select(Model)…` as a `model`, or None."""
        row = self.connection.execute(statement).first()
        return None if row is None else built(model, row)

    def all(self, model: type[M], statement: Executable) -> list[M]:
        """Return every row of `select(Model)…` as a `model`."""
        return [built(model, row) for row in self.connection.execute(statement).all()]

    def scalar(self, statement: Executable) -> Any:
        """Return the first column of the first row, or None."""
        return self.connection.scalar(statement)

    def insert(self, row: SQLModel) -> None:
        """Add `row`; a primary key that the database makes is filled in."""
        columns = table(type(row))
        result = self.connection.execute(columns.insert(), _values(row))
        for column, value in zip(columns.primary_key, result.inserted_primary_key or (), strict=False):
            setattr(row, column.key, value)

    def insert_ignore(self, row: SQLModel) -> bool:
        """Add `row` unless one with the same key is there; return whether it was added (then keys are filled in)."""
        keys = list(table(type(row)).primary_key)
        statement = self._insert(type(row)).on_conflict_do_nothing().returning(*keys)
        added = self.connection.execute(statement, _values(row)).first()
        if added is None:
            return False
        for column, value in zip(keys, added, strict=True):
            setattr(row, column.key, value)
        return True

    def upsert(
        self,
        model: type[SQLModel],
        values: Mapping[str, Any],
        key: Sequence[str],
        change: Mapping[str, Any],
        where: ColumnElement[bool] | None = None,
    ) -> Insert:
        """Return `INSERT values`, or where `key` exists `UPDATE change` (if `where` holds); run it with `execute`."""
        return self._insert(model).values(values).on_conflict_do_update(index_elements=key, set_=change, where=where)

    def ring(self) -> None:
        """After the commit, wake whoever waits for new deliveries, on every replica."""
        self.rung = True

    def _insert(self, model: type[SQLModel]) -> Insert:
        return sqlite.insert(table(model)) if self.dialect == "sqlite" else postgresql.insert(table(model))


def _values(row: SQLModel) -> dict[str, Any]:
    """Return the row's columns, leaving out a primary key that the database has yet to make."""
    values = {column.key: getattr(row, column.key) for column in table(type(row)).columns}
    return {
        name: value for name, value in values.items() if value is not None or not table(type(row)).c[name].primary_key
    }
