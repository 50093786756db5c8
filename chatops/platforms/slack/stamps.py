"""Slack's message ids: `seconds.microseconds` as text, an instant and a name at the same time."""

from datetime import UTC, datetime, timedelta


def instant(ts: str) -> datetime:
    """Return the instant in a message id; computed in whole numbers because a float would lose digits."""
    seconds, micros = order(ts)
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)


def stamp(moment: datetime) -> str:
    """Return the message id that a message of this instant would have."""
    return f"{int(moment.timestamp())}.{moment.microsecond:06d}"


def order(ts: str) -> tuple[int, int]:
    """Return what message ids are sorted by."""
    seconds, _, micros = ts.partition(".")
    return int(seconds), int(micros.ljust(6, "0")[:6] or 0)
