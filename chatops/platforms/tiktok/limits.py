"""How fast TikTok Shop may be called; TikTok publishes no numbers, so these are careful defaults to override.

Quotas are counted per app and authorized shop, adjusted by TikTok while running, and tripped by bursts below a second.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from chatops.store.lanes import Limit

PACES: Mapping[str, Limit] = {
    "send": Limit(count=5, per=timedelta(seconds=1), burst=3),
    "read": Limit(count=10, per=timedelta(seconds=1), burst=5),
}

DAILY_RESET = time(0, 0, tzinfo=UTC)  # the time zone of the reset is not published

BACKOFF = timedelta(seconds=1)  # after a 429 that does not say how long
LONGEST_BACKOFF = timedelta(days=1)

IMAGE_BYTES = 10 * 1024 * 1024
CONVERSATIONS_PER_PAGE = 20
MESSAGES_PER_PAGE = 10


def until_next_day(now: datetime, reset: time = DAILY_RESET) -> timedelta:
    """Return how long the daily quota stays used up, seen from `now`."""
    start = datetime.combine(now.astimezone(reset.tzinfo).date(), reset)
    return start - now if start > now else start + timedelta(days=1) - now
