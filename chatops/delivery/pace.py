"""How fast each scope may be called: the platforms' limits, by the names the outbox gives its scopes."""

from dataclasses import dataclass

from chatops.model.workspace import PlatformName, platform_of
from chatops.platforms.discord import limits as discord
from chatops.platforms.slack import limits as slack
from chatops.platforms.tiktok import limits as tiktok
from chatops.store.lanes import Limit

# What the outbox calls it → what the platforms' lists call it.
CHAT = {
    **{"post": "post", "update": "update", "file": "file", "thread": "thread/below", "react": "react"},
    **{"whisper": "ephemeral", "read": "read"},
}


@dataclass(frozen=True, slots=True)
class Paces:
    """Answers for the limit of a scope; `factor` goes that many times faster than the platforms publish."""

    factor: float = 1.0

    def __call__(self, scope: str) -> Limit | None:
        """Return the limit of `chat/<workspace>/<what>[/<channel>[/<thread>]]` or `shop/<shop>/<what>`, or None."""
        side, _, rest = scope.partition("/")
        place, _, what = rest.partition("/")
        if side == "shop":
            return self._faster(tiktok.PACES.get(what))
        if platform_of(place) is PlatformName.DISCORD:
            return self._faster(discord.DEFAULTS.get(_on_discord(what)))
        return self._faster(slack.DEFAULTS.get("post/channel" if what.startswith("post/") else CHAT.get(what, "")))

    def _faster(self, limit: Limit | None) -> Limit | None:
        if limit is None:
            return None
        return Limit(max(1, round(limit.count * self.factor)), limit.per, max(1, round(limit.burst * self.factor)))


def _on_discord(what: str) -> str:
    """A channel there takes heads, which open threads; each of these is a channel of its own."""
    name, _, place = what.partition("/")
    if name == "post" and place:
        return "post/channel" if "/" in place else "thread"
    return CHAT.get(what, "")
