"""Discord's ids: the milliseconds since 2015 and a counter in one number, so an id is an instant too."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def instant(snowflake: str) -> datetime:
    """Return the instant an id was made at (whole milliseconds)."""
    return EPOCH + (int(snowflake) >> 22) * _MILLISECOND


def stamp(moment: datetime) -> str:
    """Return the least id that can be made at this instant."""
    return str(max(0, (moment - EPOCH) // _MILLISECOND) << 22)


def order(snowflake: str) -> int:
    """Return what ids are sorted by."""
    return int(snowflake)
