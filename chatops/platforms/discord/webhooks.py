"""Speaking under a buyer's name: by a webhook of the channel, which is ours, made when it is first needed.

Whoever has a webhook's token may speak through it, so none is kept: it is read again when we start.
"""

import re
import unicodedata
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
_BLANK = re.compile("[\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")  # letters, by Unicode, that show nothing


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
        """Post a message into a thread (`place`: its channel and itself); None when that was not done, for good.

        Raises:
            Rejected: "file_too_large".
        """
        channel_id, thread_id = place
        if self._time.now() < self._silent_until.get(channel_id, EPOCH):
            return None
        try:
            if webhook := await self._webhook(application_id, channel_id):
                return await self._execute(webhook, thread_id, speaker, message, attached)
        except RateLimited as limited:
            self._silent_until[channel_id] = self._time.now() + limited.retry_after
        except Rejected as refused:  # one message, by its words or the buyer's name: the next may be taken
            if refused.code == "file_too_large":
                raise
            if refused.code in _FORGOTTEN:
                self._known.pop(channel_id, None)
        except TargetGone as gone:
            if gone.code != "missing_permissions":
                raise
            self._silent_until[channel_id] = self._time.now() + TRY_AGAIN_AFTER
        return None

    async def _webhook(self, application_id: str, channel_id: str) -> tuple[str, str] | None:
        """Return our webhook of a channel; None when it can have none, and nobody asks again for a while."""
        if channel_id in self._known:
            return self._known[channel_id]
        try:
            self._known[channel_id] = await self._found_or_made(application_id, channel_id)
        except Rejected:
            self._silent_until[channel_id] = self._time.now() + TRY_AGAIN_AFTER
        return self._known.get(channel_id)

    async def _found_or_made(self, application_id: str, channel_id: str) -> tuple[str, str]:
        there = await self._wire.call("GET /channels/{}/webhooks", channel_id, repeatable=True)
        mine = [one for one in there if one.get("application_id") == application_id and one.get("token")]
        if not mine:
            route, body = "POST /channels/{}/webhooks", {"name": _OURS}
            mine = [await self._wire.call(route, channel_id, repeatable=False, body=body)]
        return mine[0]["id"], mine[0]["token"]

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
    name = _FORBIDDEN.sub(" ", _BLANK.sub(" ", clean(speaker.name)))  # a blank keeps the rest of a word from meeting
    alike = unicodedata.normalize("NFKC", name)  # Discord knows its name in letters that only look different, too
    name = " ".join((_FORBIDDEN.sub(" ", alike) if _FORBIDDEN.search(alike) else name).split())
    suffix = f" · {one_line(speaker.role)}"
    return shorten(name or "…", NAME - len(suffix)) + suffix
