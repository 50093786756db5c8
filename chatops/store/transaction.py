"""The transaction handed to units of work and questions: a thin typed face of a SQLAlchemy connection."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeVar, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Table,
    bindparam,
    inspect,
    select,
    text,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.orm import class_mapper
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from chatops.errors import Undone
from chatops.store.failures import is_down
from chatops.store.prepared import ROWS, ForAll, ForEach, Prepared, Row, Values, add_each, for_all, packed, plan, run
from chatops.times import from_milliseconds

M = TypeVar("M", bound=SQLModel)
Dialect = Literal["sqlite", "postgresql"]
Insert = SqliteInsert | PostgresInsert
Rows = CursorResult[*tuple[Any, ...]]
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def table(model: type[SQLModel]) -> Table:
    """Return the table behind a SQLModel class, for statements in SQLAlchemy Core."""
    return cast("Table", inspect(model).local_table)


def built(model: type[M], names: Sequence[str], row: Sequence[Any]) -> M:
    """Return a plain `model` with a row's values: no session, no validation, a tenth of the price of either."""
    instance: M = _maker(model)()
    instance.__dict__.update(zip(names, row, strict=True))
    return instance


def new(model: type[M], **values: Any) -> M:
    """Return a new `model` with these values and its defaults, for rows that come by the thousand: see `built`."""
    instance: M = _maker(model)()
    made = {name: make() for name, make in _made_anew(model) if name not in values}
    instance.__dict__.update(_defaults(model), **made, **values)
    return instance


@cache
def _made_anew(model: type[SQLModel]) -> list[tuple[str, Callable[[], Any]]]:
    """Return how the defaults are made that no two rows may share: lists, above all."""
    factories = ((name, field.default_factory) for name, field in model.model_fields.items())
    return [(name, cast("Callable[[], Any]", factory)) for name, factory in factories if factory is not None]


@cache
def _defaults(model: type[SQLModel]) -> dict[str, Any]:
    """Return the values of the columns nobody has to give, but for those that are made anew each time."""
    fields = model.model_fields.items()
    return {name: field.default for name, field in fields if field.default_factory is None and not field.is_required()}


@cache
def _maker(model: type[SQLModel]) -> Callable[[], Any]:
    return class_mapper(model).class_manager.new_instance


class Transaction:
    """One open transaction. A unit must have no effect outside of it: it may be rolled back and run again."""

    def __init__(self, connection: Connection, *, looks: bool = False) -> None:
        self.connection = connection
        self._looks = looks  # it only reads
        if not connection.in_transaction():  # a prepared statement does not begin one by itself
            connection.begin()
        self.dialect: Dialect = "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
        self.rung = False

    def execute(self, statement: Executable, parameters: Parameters | None = None) -> Rows:
        """Run a statement; a sequence of parameters runs it once for each, in one go."""
        return self.connection.execute(statement, parameters)

    def change(self, statement: Prepared, values: Values | Sequence[Values]) -> int:
        """Run a prepared statement, for a sequence of values once for each; return how many rows it touched."""
        names = tuple(values if isinstance(values, Mapping) else values[0])
        return run(self.connection, plan(self.connection, statement, names), values)[1]

    def change_each(self, statement: ForEach, rows: Sequence[Values]) -> None:
        """Carry a change out for each of `rows`."""
        if not rows:
            return
        if self.dialect == "sqlite":
            self.change(statement.one, rows)
        else:
            self.change(statement.all_of, packed(self.connection.dialect, statement.types, rows))

    def change_all(self, change: ForAll, rows: Sequence[tuple[Any, ...]]) -> Sequence[Row]:
        """Carry a change out for all of `rows`; return the rows it gives."""
        found: Sequence[Row] = []
        for statement in change.stated[self.dialect] if rows else ():
            found = self.rows(statement, **{ROWS: rows})
        return found

    def rows(self, statement: Prepared, **parameters: Any) -> Sequence[Row]:
        """Return the rows of a prepared statement."""
        return self._ask(statement, parameters)[0]

    def one(self, model: type[M], statement: Executable | Prepared, **parameters: Any) -> M | None:
        """Return the first row of `select(Model)…` as a `model`, or None.

        A question asked for every message is `Prepared`, once, in its module, with `bindparam`s for the `parameters`:
        building it costs several times what asking it does.
        """
        rows, names = self._ask(statement, parameters)
        return built(model, names, rows[0]) if rows else None

    def get(self, model: type[M], *key: str | None) -> M | None:
        """Return the row with this primary key, or None."""
        return self.one(model, _by_key(model), **dict(zip(_keys(model), key, strict=True)))

    def all(self, model: type[M], statement: Executable | Prepared, **parameters: Any) -> list[M]:
        """Return every row of `select(Model)…` as a `model`."""
        rows, names = self._ask(statement, parameters)
        return [built(model, names, row) for row in rows]

    def scalar(self, statement: Executable | Prepared, **parameters: Any) -> Any:
        """Return the first column of the first row, or None."""
        rows, _ = self._ask(statement, parameters)
        return rows[0][0] if rows else None

    def insert(self, row: SQLModel) -> None:
        """Add `row`; a primary key that the database makes is filled in."""
        [keys] = self.rows(_plain_insert(type(row)), **_values(row))
        _fill_in(row, keys)

    def update(self, row: SQLModel, **values: Any) -> None:
        """Change columns of the row with this primary key, in its table and in `row` itself."""
        keys = {f"this_{name}": getattr(row, name) for name in _keys(type(row))}
        row.__dict__.update(values)
        self.change(_update(type(row), tuple(values)), keys | {f"new_{name}": value for name, value in values.items()})

    def insert_ignore(self, row: SQLModel) -> bool:
        """Add `row` unless one with the same key is there; return whether it was added (then keys are filled in)."""
        added = self.rows(_careful_insert(type(row), self.dialect), **_values(row))
        if not added:
            return False
        _fill_in(row, added[0])
        return True

    def _ask(self, statement: Executable | Prepared, parameters: Values) -> tuple[Sequence[Row], Sequence[str]]:
        """Return the rows that answer a question, and the names of their columns."""
        if self._looks:
            _must_hold_nothing(statement)
        if isinstance(statement, Prepared):
            how = plan(self.connection, statement, tuple(parameters))
            return run(self.connection, how, parameters)[0], how.columns
        rows = self.connection.execute(statement, parameters)
        names = tuple(rows.keys())
        return [tuple(row) for row in rows], names

    def insert_ignore_all(self, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Add many rows, each with every column; those whose key is there already are left out."""
        self.change_each(_insert_or_leave(model), rows)

    def insert_new(self, model: type[SQLModel], rows: Sequence[tuple[Any, ...]]) -> set[Row]:
        """Add many rows, in the order of the model's columns, as `for_all` takes them; return the keys of the new ones.

        Those whose key is there already are left out.
        """
        return set(self.change_all(_insert_new(model), rows))

    def upsert(
        self,
        model: type[SQLModel],
        values: Mapping[str, Any],
        key: Sequence[str],
        change: Mapping[str, Any],
        where: ColumnElement[bool] | None = None,
    ) -> Insert:
        """Return `INSERT values`, or where `key` exists `UPDATE change` (if `where` holds); run it with `execute`."""
        return (
            _insert(model, self.dialect)
            .values(values)
            .on_conflict_do_update(index_elements=key, set_=change, where=where)
        )

    def alone(self, what: str) -> bool:
        """Until the commit, let nobody else on any replica do `what`; False when somebody does it now.

        On SQLite whoever writes is alone anyway.
        """
        return self.dialect == "sqlite" or bool(self.connection.scalar(_LOCK_WHAT, {"what": what}))

    def not_ahead(self, now: datetime) -> datetime:
        """Return `now`, or what the database's clock says where this machine's is ahead of it.

        Replicas share that clock, so none of them does early what is due; on SQLite there is one machine.
        """
        if self.dialect == "sqlite":
            return now
        return min(now, from_milliseconds(self.scalar(_MILLISECONDS)))

    @contextmanager
    def undone_on_failure(self) -> Iterator[None]:
        """Undo what is done within when it fails, and raise `Undone`: what was done, or held, before stays so.

        What is the database's own condition is raised as it is: then the whole transaction cannot go on. It costs two
        statements more.
        """
        rung, savepoint = self.rung, self.connection.begin_nested()
        try:
            yield
        except Exception as error:
            if is_down(error):
                raise
            savepoint.rollback()
            self.rung = rung
            raise Undone from error
        savepoint.commit()

    def ring(self) -> None:
        """After the commit, wake whoever waits for new deliveries, on every replica."""
        self.rung = True


def _must_hold_nothing(statement: Executable | Prepared) -> None:
    """Refuse to hold rows where one only reads: PostgreSQL does, so that SQLite must not hide it until a fleet runs."""
    clause = statement.statement if isinstance(statement, Prepared) else statement
    if getattr(clause, "_for_update_arg", None) is not None:
        raise AssertionError(f"whoever only reads holds no rows: {clause}")


_MILLISECONDS = Prepared(
    text("SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT) AS now").columns(now=BigInteger)
)
_LOCK_WHAT = text("SELECT pg_try_advisory_xact_lock(hashtext(:what))")


def _insert(model: type[SQLModel], dialect: str) -> Insert:
    return sqlite.insert(table(model)) if dialect == "sqlite" else postgresql.insert(table(model))


@cache
def _plain_insert(model: type[SQLModel]) -> Prepared:
    return Prepared(table(model).insert().returning(*table(model).primary_key))


@cache
def _update(model: type[SQLModel], names: tuple[str, ...]) -> Prepared:
    columns = table(model).columns
    key = [columns[name] == bindparam(f"this_{name}", type_=columns[name].type) for name in _keys(model)]
    given = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in names}
    return Prepared(table(model).update().where(*key).values(given))


@cache
def _careful_insert(model: type[SQLModel], dialect: Dialect) -> Prepared:
    insert = _insert(model, dialect).on_conflict_do_nothing()
    return Prepared(insert.returning(*table(model).primary_key))


def _insert_given(model: type[SQLModel], dialect: str, given: Any) -> Insert:
    rows = select(*(getattr(given, name) for name in _columns(model))).where(true())  # SQLite took ON for a join's
    return _insert(model, dialect).from_select(_columns(model), rows).on_conflict_do_nothing()


@cache
def _insert_or_leave(model: type[SQLModel]) -> ForEach:
    return add_each(
        lambda _: _insert(model, "sqlite").on_conflict_do_nothing(),
        lambda given: _insert_given(model, "postgresql", given),
        **_types(model),
    )


@cache
def _insert_new(model: type[SQLModel]) -> ForAll:
    return for_all(
        lambda dialect, given: [_insert_given(model, dialect, given).returning(*table(model).primary_key)],
        **_types(model),
    )


@cache
def _types(model: type[SQLModel]) -> dict[str, TypeEngine[Any]]:
    return {column.key: column.type for column in table(model).columns}


@cache
def _by_key(model: type[SQLModel]) -> Prepared:
    key = [column == bindparam(column.key) for column in table(model).primary_key]
    return Prepared(select(table(model)).where(*key))


@cache
def _keys(model: type[SQLModel]) -> tuple[str, ...]:
    return tuple(column.key for column in table(model).primary_key)


@cache
def _columns(model: type[SQLModel]) -> tuple[str, ...]:
    return tuple(column.key for column in table(model).columns)


def _fill_in(row: SQLModel, keys: Sequence[Any]) -> None:
    """Give the row the keys that the database made."""
    for name, value in zip(_keys(type(row)), keys, strict=False):
        if getattr(row, name) is None:
            setattr(row, name, value)


def _values(row: SQLModel) -> dict[str, Any]:
    """Return the row's columns, leaving out a primary key that the database has yet to make."""
    values = {name: getattr(row, name) for name in _columns(type(row))}
    for name in _keys(type(row)):
        if values[name] is None:
            del values[name]
    return values
