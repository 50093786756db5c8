"""Instants in tables: integer milliseconds since 1970, so that both databases keep and compare them alike."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

from chatops.times import from_milliseconds, to_milliseconds


class Instant(TypeDecorator[datetime]):
    """A column of instants: takes aware datetimes of any zone (a naive one is a ValueError), gives aware UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn a datetime into milliseconds."""
        return None if value is None else to_milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn milliseconds into a datetime."""
        return None if value is None else from_milliseconds(value)


def instant_field(**options: Any) -> Any:
    """Return a SQLModel field stored as an `Instant`; `options` are those of `sqlmodel.Field`."""
    return Field(sa_type=Instant, **options)
