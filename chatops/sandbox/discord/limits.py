"""Discord's rate limits, off until a story wants them; all windows run on the story's clock."""

import hashlib
from dataclasses import dataclass, field

from chatops.sandbox.storytime import StoryTime

# Requests and seconds of one window. Discord publishes none of these; they are what its headers were seen to say.
PER_CHANNEL = {
    "messages.create": (5, 5.0),
    "messages.edit": (5, 5.0),
    "messages.delete": (5, 1.0),
    "reactions.put": (1, 0.25),
    "reactions.delete": (1, 0.25),
}
WEBHOOK = (5, 2.0)
WEBHOOKS_OF_A_CHANNEL = (30, 60.0)  # no header tells of it
OTHERS = (50, 1.0)
GLOBAL = (50, 1.0)
RENAME = (2, 600.0)  # no header tells of it
THREADS = (50, 300.0)  # the server's, shared by everyone on it; the true number moves
INVALID = (10_000, 600.0)  # 401, 403 and 429 from one address, then Cloudflare answers


@dataclass(frozen=True)
class Verdict:
    """What the limits say about one request; `wait` is None when it may pass, else seconds."""

    wait: float | None = None
    scope: str = "user"  # or shared, or global
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Limits:
    """Counts requests in fixed windows: per app, route and channel, per app altogether, and the hidden ones."""

    time: StoryTime
    enabled: bool = False
    threads: tuple[int, float] = THREADS
    invalid: tuple[int, float] = INVALID
    _windows: dict[tuple[str, ...], tuple[float, int]] = field(default_factory=dict)  # when it ends, what it took

    def real(self) -> None:
        """Enforce the limits that Discord is known to have."""
        self.enabled = True

    def off(self) -> None:
        """Enforce nothing and forget what was counted."""
        self.enabled = False
        self._windows.clear()

    def ask(
        self, app_id: str, route: str, major: str, *, renames: bool = False, counts_globally: bool = True
    ) -> Verdict:
        """Count one request, or say how long to wait; `major` is the channel, server or webhook it is about."""
        if not self.enabled:
            return Verdict()
        if counts_globally and (wait := self._take(("global", app_id), GLOBAL)):
            return Verdict(wait, "global")
        if renames and (wait := self._take(("rename", app_id, major), RENAME)):
            return Verdict(wait)
        if route in {"threads.create", "threads.open_on"} and (wait := self._take(("threads",), self.threads)):
            return Verdict(wait, "shared")
        key, bucket = (app_id, route, major), PER_CHANNEL.get(route, OTHERS)
        wait = self._take(key, bucket)
        return Verdict(wait, headers=self._headers(key, bucket))

    def ask_webhook(self, webhook_id: str, channel_id: str) -> Verdict:
        """Count one message by webhook, or say how long to wait."""
        if not self.enabled:
            return Verdict()
        key = ("", "webhooks.execute", webhook_id)
        wait = self._take(key, WEBHOOK) or self._take(("webhooks", channel_id), WEBHOOKS_OF_A_CHANNEL)
        return Verdict(wait, headers=self._headers(key, WEBHOOK))

    def count_invalid(self, status: int, scope: str) -> None:
        """Count an answer that counts as an invalid request."""
        if self.enabled and status in {401, 403, 429} and scope != "shared":
            self._take(("invalid",), self.invalid)

    @property
    def banned(self) -> bool:
        """Return whether the address sent so many invalid requests that Cloudflare answers in Discord's stead."""
        ends, taken = self._windows.get(("invalid",), (0.0, 0))
        return self.enabled and taken >= self.invalid[0] and self._now() < ends

    def _now(self) -> float:
        return self.time.now().timestamp()

    def _take(self, key: tuple[str, ...], bucket: tuple[int, float]) -> float | None:
        most, seconds = bucket
        ends, taken = self._windows.get(key, (0.0, 0))
        now = self._now()
        if not 0 < ends - now <= seconds:  # over, or the story's clock went back
            ends, taken = now + seconds, 0
        if taken >= most:
            return ends - now
        self._windows[key] = (ends, taken + 1)
        return None

    def _headers(self, key: tuple[str, ...], bucket: tuple[int, float]) -> dict[str, str]:
        ends, taken = self._windows[key]
        return {
            "X-RateLimit-Limit": str(bucket[0]),
            "X-RateLimit-Remaining": str(bucket[0] - taken),
            "X-RateLimit-Reset": f"{ends:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.0, ends - self._now()):.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(key[1].encode()).hexdigest()[:32],
        }
