"""How fast each scope may be called: the platforms' limits, by the names the outbox gives its scopes."""

from dataclasses import dataclass
from datetime import timedelta

from chatops.platforms.slack import limits as slack
from chatops.platforms.tiktok import limits as tiktok
from chatops.store.lanes import Limit

# What the outbox calls it → what the platform's list calls it.
CHAT = {"post": "post", "update": "update", "react": "react", "whisper": "ephemeral", "read": "read"}
SHOP = {"send": tiktok.SEND, "read": tiktok.ANY}


@dataclass(frozen=True, slots=True)
class Paces:
    """Answers for the limit of a scope; `factor` goes that many times faster than the platforms publish."""

    factor: float = 1.0

    def __call__(self, scope: str) -> Limit | None:
        """Return the limit of `chat/<workspace>/<what>[/<channel>]` or `shop/<shop>/<what>`, or None."""
        side, _, rest = scope.partition("/")
        _, _, what = rest.partition("/")
        if side == "shop" and what in SHOP:
            found = tiktok.PACES[SHOP[what]]
            return self._faster(found.count, found.per, found.burst)
        if side == "chat":
            key = "post/channel" if what.startswith("post/") else CHAT.get(what, "")
            limit = slack.DEFAULTS.get(key)
            return None if limit is None else self._faster(limit.allowed, timedelta(seconds=limit.seconds), limit.burst)
        return None

    def _faster(self, count: int, per: timedelta, burst: int) -> Limit:
        return Limit(max(1, round(count * self.factor)), per, max(1, round(burst * self.factor)))
