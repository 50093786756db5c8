"""How much the platform lets an app ask: a request rate and a daily quota."""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chatops.sandbox.tiktok.assumptions import Assumptions
from chatops.sandbox.tiktok.refusals import QUOTA_REACHED, TOO_MANY_REQUESTS, RefusalError
from chatops.sandbox.tiktok.state import App, Shop


@dataclass
class Limits:
    """Counts requests in story time; change the limits at any time."""

    assumptions: Assumptions
    qps: int | None = None  # requests a second per app and shop; None: no throttle
    retry_after: int | None = None  # seconds written into Retry-After when throttled
    daily_quota: int = 10_000  # customer-service requests a UTC day
    _recent: defaultdict[tuple[str, str], deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    _today: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def admit(self, app: App, shop: Shop, endpoint: str, now: datetime, *, counted: bool) -> None:
        """Count a request or refuse it; `counted` requests use up the daily quota."""
        recent = self._recent[app.key, shop.id]
        while recent and recent[0] <= now - timedelta(seconds=1):
            recent.popleft()
        if self.qps is not None and len(recent) >= self.qps:
            raise RefusalError(TOO_MANY_REQUESTS, retry_after=self.retry_after)
        recent.append(now)
        if not counted:
            return
        key = self._key(app, shop, endpoint, now)
        if self._today[key] >= self.daily_quota:
            raise RefusalError(QUOTA_REACHED)
        self._today[key] += 1

    def used(self, app: App, shop: Shop, endpoint: str, now: datetime) -> int:
        """Return how much of today's quota is gone."""
        return self._today[self._key(app, shop, endpoint, now)]

    def _key(self, app: App, shop: Shop, endpoint: str, now: datetime) -> tuple[str, ...]:
        owner = {"app_shop": (app.key, shop.id), "app": (app.key,), "endpoint": (app.key, shop.id, endpoint)}
        return (now.date().isoformat(), *owner[self.assumptions.quota_counts_per])
