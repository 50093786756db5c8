"""Instants in tables: integer milliseconds since 1970, so that both databases keep and compare them alike."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, Select, func, select, union_all
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

from chatops.times import from_milliseconds, to_milliseconds


class Instant(TypeDecorator[datetime]):
    """A column of instants: takes aware datetimes of any zone (a naive one is a ValueError), gives aware UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect | None = None) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn a datetime into milliseconds."""
        return None if value is None else to_milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect | None = None) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn milliseconds into a datetime."""
        return None if value is None else from_milliseconds(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:  # noqa: ARG002 - as above
        """Return what turns a datetime into milliseconds, without the two calls that SQLAlchemy makes around it."""
        return self.process_bind_param

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002 - as above
        """Return what turns milliseconds into a datetime, in the same way."""
        return self.process_result_value


def instant_field(**options: Any) -> Any:
    """Return a SQLModel field stored as an `Instant`; `options` are those of `sqlmodel.Field`."""
    return Field(sa_type=Instant, **options)


def earliest(*questions: Select[Any]) -> Select[tuple[datetime | None]]:
    """Return one question for the earliest of the instants that several ask for; null where there is none."""
    [at] = union_all(*questions).subquery().columns
    return select(func.min(at, type_=Instant))
