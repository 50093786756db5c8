"""Statements that are asked for every message: compiled once, run on the driver's own cursor.

What SQLAlchemy does around a statement costs more than what the database does for it. A `Prepared` statement has the
same SQL, its values go through the same column types, and what goes wrong is the same `DBAPIError`. Its rows
are tuples.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    ReturnsRows,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.types import TypeEngine

Values = Mapping[str, Any]
Row = tuple[Any, ...]
Process = Callable[[Any], Any]
ROWS = "rows"  # the parameter that holds all rows of a change
PLANS = "chatops_plans"  # in `Connection.info`, which lives as long as the driver's connection


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A statement built once, in its module, with `bindparam`s for what changes; for lists see `key_among`.

    Values for all columns of an insert must be given: defaults are not filled in.
    """

    statement: ClauseElement
    compiled: "dict[tuple[str, ...], Compiled]" = field(default_factory=dict, init=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class ForEach:
    """A change of many rows: `one` with the values of a row, or `all_of` them in one statement, as a JSON array.

    On SQLite the driver repeats `one` for next to nothing; on PostgreSQL each time would be a message to the server.
    """

    one: Prepared
    all_of: Prepared
    types: Mapping[str, TypeEngine[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class ForAll:
    """A change of very many rows: one statement or more, in each database's dialect, take them all as a JSON array.

    Repeated, SQLite would plan an `UPDATE` anew for every row, once its tables were analyzed.
    """

    stated: Mapping[str, Sequence[Prepared]]  # by dialect


def for_each(change: Callable[[Any], ClauseElement], **types: TypeEngine[Any]) -> ForEach:
    """Return a change of many rows: `change(given)` states it for one, whose values are `given.<name>` of these types.

    No two of the rows given to it may be about the same row.
    """
    return add_each(change, change, **types)


def add_each(
    on_sqlite: Callable[[Any], ClauseElement], on_postgresql: Callable[[Any], ClauseElement], **types: TypeEngine[Any]
) -> ForEach:
    """Return a change as `for_each` does that the two databases' dialects state in their own ways."""
    one = SimpleNamespace(**{name: bindparam(name, type_=kind) for name, kind in types.items()})
    return ForEach(Prepared(on_sqlite(one)), Prepared(on_postgresql(given_rows("postgresql", types))), types)


def for_all(change: Callable[[str, Any], Sequence[ClauseElement]], **types: TypeEngine[Any]) -> ForAll:
    """Return a change of very many rows: `change(dialect, given)` states it for rows as `for_each` does.

    The rows it is given are tuples, in the order of the types, of what JSON can hold: an instant is its milliseconds.
    """
    dialects = ("sqlite", "postgresql")
    return ForAll({one: [Prepared(stated) for stated in change(one, given_rows(one, types))] for one in dialects})


def given_rows(dialect: str, types: Mapping[str, TypeEngine[Any]]) -> Any:
    """Return the rows of a JSON array, for a statement that takes them all; their values are the attributes.

    JSONB is taken apart once, JSON once for each column. Not lists for each column: psycopg would look through every
    text for quotes, in Python.
    """
    if dialect == "sqlite":
        row: Any = func.json_each(bindparam(ROWS, type_=JSON)).table_valued("value").c.value
        found = [func.json_extract(row, f"$[{place}]") for place, _ in enumerate(types)]
    else:
        rows = func.jsonb_array_elements(bindparam(ROWS, type_=postgresql.JSONB))
        row = rows.table_valued(column("value", postgresql.JSONB)).render_derived(name="given").c.value
        found = [row.op("->>")(literal_column(str(place))) for place, _ in enumerate(types)]
    return SimpleNamespace(
        **{name: _as(kind, one, dialect) for one, (name, kind) in zip(found, types.items(), strict=True)}
    )


def _as(kind: TypeEngine[Any], given: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """Return a given value as a column of that type takes it; JSON is text on SQLite, which knows no such type."""
    return given if dialect == "sqlite" and isinstance(kind, JSON) else cast(given, kind)


def packed(dialect: Dialect, types: Mapping[str, TypeEngine[Any]], rows: Sequence[Values]) -> Values:
    """Return rows as the one parameter of a statement about `given_rows` of these types."""
    stored = [
        (name, None if isinstance(kind, JSON) else kind.dialect_impl(dialect).bind_processor(dialect))
        for name, kind in types.items()
    ]
    return {ROWS: [[row[name] if store is None else store(row[name]) for name, store in stored] for row in rows]}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement in the SQL of one kind of database, the same for all of its connections."""

    sql: str
    positional: bool
    given: tuple[tuple[str, TypeEngine[Any]], ...]  # by placeholder
    constants: Values
    columns: tuple[tuple[str, TypeEngine[Any]], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a driver is given for a statement, and how values are changed on their way in and out."""

    sql: str
    positional: bool
    given: tuple[tuple[str, Process | None], ...]  # by placeholder
    constants: Values
    columns: tuple[str, ...]
    found: tuple[tuple[int, Process], ...]  # by index in the row

    def parameters(self, values: Values) -> Any:
        """Return `values` as the driver takes them."""
        values = {**self.constants, **values} if self.constants else values
        if self.positional:
            return tuple([values[name] if process is None else process(values[name]) for name, process in self.given])
        return {name: values[name] if process is None else process(values[name]) for name, process in self.given}

    def rows(self, found: Sequence[Row]) -> Sequence[Row]:
        """Return rows with the values that the columns' types give."""
        if not self.found:
            return found
        rows = [list(row) for row in found]
        for index, process in self.found:
            for row in rows:
                row[index] = process(row[index])
        return [tuple(row) for row in rows]


def plan(connection: Connection, prepared: Prepared, names: Sequence[str]) -> Plan:
    """Return how to run a statement on this connection, with values of these names."""
    plans: dict[Any, Plan] = connection.info.setdefault(PLANS, {})
    key = (prepared, *names)
    if (known := plans.get(key)) is None:
        known = plans[key] = _planned(connection.dialect, prepared, names)
    return known


def _planned(dialect: Dialect, prepared: Prepared, names: Sequence[str]) -> Plan:
    """Return the plan for a connection; only its own part is made anew, such as the keys to secret columns."""
    key = (dialect.name, *names)
    if (known := prepared.compiled.get(key)) is None:
        known = prepared.compiled[key] = _compiled(dialect, prepared.statement, names)
    results = [kind.dialect_impl(dialect).result_processor(dialect, None) for _, kind in known.columns]
    return Plan(
        sql=known.sql,
        positional=known.positional,
        given=tuple((name, kind.dialect_impl(dialect).bind_processor(dialect)) for name, kind in known.given),
        constants=known.constants,
        columns=tuple(name for name, _ in known.columns),
        found=tuple((index, process) for index, process in enumerate(results) if process is not None),
    )


def _compiled(dialect: Dialect, statement: ClauseElement, names: Sequence[str]) -> Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=list(names) if isinstance(statement, Insert) else None)
    if not isinstance(compiled, SQLCompiler) or "POSTCOMPILE" in compiled.string or compiled.escaped_bind_names:
        raise TypeError(f"cannot be prepared: {compiled}")
    placeholders = compiled.positiontup if compiled.positiontup is not None else compiled.binds
    columns = statement.exported_columns if isinstance(statement, ReturnsRows) else ()
    return Compiled(
        sql=compiled.string,
        positional=compiled.positional,
        given=tuple((name, compiled.binds[name].type) for name in placeholders),
        constants={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
        columns=tuple((column.key, column.type) for column in columns),
    )


def run(connection: Connection, plan: Plan, values: Values | Sequence[Values]) -> tuple[Sequence[Row], int]:
    """Run a statement, for a sequence of values once for each; return the rows it gives and how many it touched."""
    cursor = connection.connection.cursor()
    try:
        if isinstance(values, Mapping):
            cursor.execute(plan.sql, plan.parameters(values))
        else:
            cursor.executemany(plan.sql, [plan.parameters(each) for each in values])
        return plan.rows(cursor.fetchall()) if plan.columns else [], cursor.rowcount
    except connection.dialect.loaded_dbapi.Error as error:
        raise _explained(connection, plan.sql, error) from error
    finally:
        cursor.close()


def _explained(connection: Connection, sql: str, error: Any) -> Exception:
    """Return a driver's error as SQLAlchemy raises it; a connection that is gone is let go."""
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection.driver_connection, None)
    if gone:
        connection.invalidate(error)
    base: Any = dialect.loaded_dbapi.Error
    explained: Exception = DBAPIError.instance(
        sql, None, error, base, hide_parameters=True, connection_invalidated=gone, dialect=dialect
    )
    return explained


def key_among(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Return `column IN (…)` for texts given as one parameter by `keys`: the statement stays the same for any number.

    They travel as the keys of a JSON object, which is what both databases' `json_each` takes apart in the same way.
    """
    given = func.json_each(bindparam(name, type_=JSON)).table_valued("key")
    return column.in_(select(given.c.key))


def keys(texts: Collection[str]) -> Values:
    """Return texts as the parameter of `key_among`."""
    return dict.fromkeys(texts, 0)
