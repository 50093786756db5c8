"""JSON as columns keep it: written several times faster than by the standard library."""

import json
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode


def written(value: Any) -> str:
    """Return a value as JSON; what only the standard library can write (half a character, say) it writes."""
    try:
        return _encode(value).decode()
    except (UnicodeEncodeError, TypeError, msgspec.MsgspecError):
        return json.dumps(value)
