"""Speaking under a buyer's name: by a webhook of the channel, which is ours, made when it is first needed.

Whoever has a webhook's token may speak through it, so none is kept: it is read again when we start.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chatops.errors import RateLimited, Rejected, TargetGone
from chatops.platforms.cutting import clean, shorten
from chatops.platforms.discord.calls import Attached, Wire
from chatops.platforms.discord.stamps import EPOCH
from chatops.platforms.discord.texts import one_line
from chatops.times import TimeSource
from chatops.ui import Speaker

NAME = 80
TRY_AGAIN_AFTER = timedelta(minutes=5)  # somebody may have given us the right, or removed a webhook, by then

_OURS = "chatops"
_FORGOTTEN = {"unknown_webhook", "invalid_webhook_token"}  # somebody removed it
_FORBIDDEN = re.compile("discord|clyde|[@#:`]", re.IGNORECASE)


class Webhooks:
    """Knows our webhook of each channel. Where it cannot be used, somebody else has to speak for the buyer."""

    def __init__(self, wire: Wire, time: TimeSource) -> None:
        self._wire = wire
        self._time = time
        self._known: dict[str, tuple[str, str]] = {}
        self._silent_until: dict[str, datetime] = {}

    async def speak(
        self,
        application_id: str,
        place: tuple[str, str],
        speaker: Speaker,
        message: Mapping[str, Any],
        attached: Sequence[Attached] = (),
    ) -> Mapping[str, Any] | None:
        """Post a message into a thread (`place`: its channel and itself); None when that was not done, for good."""
        channel_id, thread_id = place
        if self._time.now() < self._silent_until.get(channel_id, EPOCH):
            return None
        try:
            webhook = await self._webhook(application_id, channel_id)
            return await self._execute(webhook, thread_id, speaker, message, attached)
        except RateLimited as limited:
            self._silent_until[channel_id] = self._time.now() + limited.retry_after
        except Rejected as refused:
            self._known.pop(channel_id, None)
            if refused.code not in _FORGOTTEN:
                self._silent_until[channel_id] = self._time.now() + TRY_AGAIN_AFTER
        except TargetGone as gone:
            if gone.code != "missing_permissions":
                raise
            self._silent_until[channel_id] = self._time.now() + TRY_AGAIN_AFTER
        return None

    async def _webhook(self, application_id: str, channel_id: str) -> tuple[str, str]:
        if channel_id not in self._known:
            there = await self._wire.call("GET /channels/{}/webhooks", channel_id, repeatable=True)
            mine = [one for one in there if one.get("application_id") == application_id and one.get("token")]
            if not mine:
                route, body = "POST /channels/{}/webhooks", {"name": _OURS}
                mine = [await self._wire.call(route, channel_id, repeatable=False, body=body)]
            self._known[channel_id] = mine[0]["id"], mine[0]["token"]
        return self._known[channel_id]

    async def _execute(
        self,
        webhook: tuple[str, str],
        thread_id: str,
        speaker: Speaker,
        message: Mapping[str, Any],
        attached: Sequence[Attached],
    ) -> Mapping[str, Any]:
        body = {**message, "username": called(speaker)}
        if speaker.picture_url.startswith("https://"):
            body["avatar_url"] = speaker.picture_url
        query = {"wait": "true", "thread_id": thread_id}
        said: Mapping[str, Any] = await self._wire.call(
            "POST /webhooks/{}/{}", *webhook, repeatable=False, body=body, files=attached, query=query
        )
        return said


def called(speaker: Speaker) -> str:
    """Return a name that Discord takes, and that is nobody's of the team: it ends with what they are."""
    name = _FORBIDDEN.sub(" ", clean(speaker.name))  # what is left of a forbidden word has a blank in it
    name = " ".join(name.split())
    suffix = f" · {one_line(speaker.role)}"
    return shorten(name or "…", NAME - len(suffix)) + suffix
