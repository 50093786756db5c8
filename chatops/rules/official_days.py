"""Which days TikTok's own figures are read of: it counts on after a day is over, and we may have been away."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

ONE_DAY = timedelta(days=1)
COUNTS_ON = 3  # days after a day is over
LOOK_BACK = 31  # days: we may have been away
AGAIN = timedelta(hours=6)


def wanted(known: Mapping[date, datetime], now: datetime) -> Iterator[date]:
    """Yield the days to be read, the last one first, of those that were `known` at these instants; `now` by its clock.

    Of days long over they are those on which nobody looked since the first that is known.
    """
    first = min(known, default=now.date())
    for back in range(1, LOOK_BACK + 1):
        day = now.date() - back * ONE_DAY
        read_at = known.get(day)
        if read_at is None:
            is_wanted = back <= COUNTS_ON or day > first
        else:
            was_over = read_at.astimezone(now.tzinfo).date() - day >= COUNTS_ON * ONE_DAY
            is_wanted = now - read_at >= AGAIN and (back <= COUNTS_ON or not was_over)
        if is_wanted:
            yield day
