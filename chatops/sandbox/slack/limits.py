"""Slack's rate limits, off until a story wants them."""

import math
from dataclasses import dataclass, field

from chatops.sandbox.storytime import StoryTime


@dataclass
class Limits:
    """Counts calls per app and method in minute windows and posts per channel; all windows run on the story's clock."""

    time: StoryTime
    enabled: bool = False
    restricted: bool = False  # the cohort that reads history once a minute, 15 messages at most
    posts_per_second: float = 1.0
    burst: int = 4  # Slack keeps the true number secret
    workspace_posts_per_minute: int = 300
    _windows: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def real(self) -> None:
        """Enforce the limits that Slack documents."""
        self.enabled = True

    def off(self) -> None:
        """Enforce nothing and forget what was counted."""
        self.enabled = False
        self._windows.clear()
        self._buckets.clear()

    def refuse(self, app_id: str, method: str, per_minute: int) -> int | None:
        """Return the seconds to wait when this call is one too many, else count it."""
        if self.restricted and method in {"conversations.history", "conversations.replies"}:
            return self._minute(app_id, method, 1)
        return self._minute(app_id, method, per_minute) if self.enabled else None

    def refuse_post(self, channel_id: str) -> int | None:
        """Return the seconds to wait when this channel, or the workspace, had enough posts; else count the post."""
        if not self.enabled:
            return None
        now = self.time.now().timestamp()
        tokens, since = self._buckets.get(channel_id, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + max(0.0, now - since) * self.posts_per_second)
        if tokens < 1:
            self._buckets[channel_id] = (tokens, now)
            return max(1, math.ceil((1 - tokens) / self.posts_per_second))
        wait = self._minute("workspace", "posts", self.workspace_posts_per_minute)
        if wait is None:
            self._buckets[channel_id] = (tokens - 1, now)
        return wait

    def _minute(self, who: str, what: str, most: int) -> int | None:
        now = self.time.now().timestamp()
        recent = [at for at in self._windows.get((who, what), []) if now - 60 < at <= now]
        self._windows[who, what] = recent
        if len(recent) >= most:
            return max(1, math.ceil(recent[0] + 60 - now))
        recent.append(now)
        return None
