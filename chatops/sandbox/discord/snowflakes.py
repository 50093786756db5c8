"""Discord's ids: an instant and a counter in one number, so that later things have larger ids."""

from datetime import UTC, datetime, timedelta

from chatops.sandbox.storytime import StoryTime

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


class Snowflakes:
    """Hands out ids on the story's clock, each larger than every one before, even when the clock went back."""

    def __init__(self, time: StoryTime) -> None:
        self.time = time
        self._last = 0

    def next(self) -> str:
        """Return a new id as decimal text."""
        since = (self.time.now() - EPOCH) // timedelta(milliseconds=1)
        self._last = max(self._last + 1, since << 22)
        return str(self._last)


def instant(snowflake: str) -> datetime:
    """Return when this id was handed out, to the millisecond."""
    return EPOCH + timedelta(milliseconds=int(snowflake) >> 22)
