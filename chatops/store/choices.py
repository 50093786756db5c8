"""Enumerations as text columns: stored by value, so that renaming a member needs no migration."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import Dialect, String, TypeDecorator


class Choice(TypeDecorator[StrEnum]):
    """A text column that refuses values outside one enumeration and gives back its members."""

    impl = String
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices
        self._stored = {choice: choice.value for choice in choices}
        self._known: dict[str, StrEnum] = {choice.value: choice for choice in choices}

    def process_bind_param(self, value: Any, dialect: Dialect | None = None) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Store the member's value.

        Raises:
            ValueError: the value is not one of the choices.
        """
        return None if value is None else self._stored.get(value) or self.choices(value).value

    def process_result_value(self, value: Any, dialect: Dialect | None = None) -> StrEnum | None:  # noqa: ARG002 - as above
        """Give back the member."""
        return None if value is None else self._known.get(value) or self.choices(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:  # noqa: ARG002 - as above
        """Return what stores a value, without the two calls that SQLAlchemy makes around it."""
        return self.process_bind_param

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002 - as above
        """Return what gives back a member, in the same way."""
        return self.process_result_value
