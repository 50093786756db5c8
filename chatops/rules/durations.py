"""Lengths of time as people write them: "90s", "5m", "1h 30m", "3d"."""

import re

from chatops.errors import SetupError
from chatops.rules.walltime import DAY, HOUR, MINUTE

_UNITS = {"s": 1_000, "m": MINUTE, "h": HOUR, "d": DAY}
_WHOLE = re.compile(r"\s*(?:\d{1,6}\s*[smhd]\s*)+")
_PART = re.compile(r"(\d+)\s*([smhd])")


def milliseconds(text: str) -> int:
    """Return a length of time in milliseconds.

    Raises:
        SetupError: it is none, or nothing at all.
    """
    length = sum(int(count) * _UNITS[unit] for count, unit in _PART.findall(text)) if _WHOLE.fullmatch(text) else 0
    if not length:
        raise SetupError(f"{text!r} is no length of time", 'Write it like "90s", "5m", "1h 30m" or "3d".')
    return length


def written(length: int) -> str:
    """Return milliseconds as `milliseconds` reads them; what is less than a second is left out."""
    found = []
    for unit, size in reversed(_UNITS.items()):
        count, length = divmod(length, size)
        if count:
            found.append(f"{count}{unit}")
    return " ".join(found) or "0s"
