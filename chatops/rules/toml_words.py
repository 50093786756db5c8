"""Values as TOML: on one line, and as the lines of a table that people read and change."""

from collections.abc import Mapping
from typing import Any

import msgspec

WIDE = 100  # characters; a list that takes more stands on several lines


def inline(value: Any) -> str:
    """Return a value as TOML on one line; its basic strings are written like JSON's."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {inline(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(each) for each in value) + "]"
    return msgspec.json.encode(value).decode()


def lines(values: Mapping[str, Any]) -> str:
    """Return a table's values, one a line; a long list has each of its entries on a line."""
    return "\n".join(f"{key} = {_wrapped(value)}" for key, value in values.items())


def _wrapped(value: Any) -> str:
    said = inline(value)
    if len(said) <= WIDE or not isinstance(value, list | tuple):
        return said
    return "[\n" + "".join(f"    {inline(each)},\n" for each in value) + "]"
