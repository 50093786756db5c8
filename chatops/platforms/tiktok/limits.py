"""How fast TikTok Shop may be called; TikTok publishes no numbers, so these are careful defaults to override.

Quotas are counted per app and authorized shop, adjusted by TikTok while running, and tripped by bursts below a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` calls within `per`, of which `burst` may leave at once."""

    count: int
    per: timedelta
    burst: int


SEND = "tiktok/{shop}/send"
ANY = "tiktok/{shop}"

PACES: Mapping[str, Limit] = {
    SEND: Limit(count=5, per=timedelta(seconds=1), burst=3),
    ANY: Limit(count=10, per=timedelta(seconds=1), burst=5),
}

DAILY_REQUESTS = 10_000  # customer-service calls; whether per shop, app or endpoint is not published
DAILY_READS = 4_000  # what catch-up may take of them, so that answers always find room
DAILY_RESET = time(0, 0, tzinfo=UTC)  # the time zone of the reset is not published

BACKOFF = timedelta(seconds=1)  # after a 429 that does not say how long
LONGEST_BACKOFF = timedelta(days=1)

TEXT_LENGTH = 2_000
IMAGE_BYTES = 10 * 1024 * 1024
CONVERSATIONS_PER_PAGE = 20
MESSAGES_PER_PAGE = 10


def paces(shop_id: str, overrides: Mapping[str, Limit] | None = None) -> dict[str, Limit]:
    """Return the limit of every scope of a shop; `overrides` use the same keys as `PACES`."""
    return {scope.format(shop=shop_id): limit for scope, limit in {**PACES, **(overrides or {})}.items()}


def until_next_day(now: datetime, reset: time = DAILY_RESET) -> timedelta:
    """Return how long the daily quota stays used up, seen from `now`."""
    start = datetime.combine(now.astimezone(reset.tzinfo).date(), reset)
    return start - now if start > now else start + timedelta(days=1) - now
