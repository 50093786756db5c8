"""Answers to a press, by its `trigger`: the interaction's id and token, joined by a colon."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chatops.errors import Rejected, Unavailable
from chatops.platforms.discord.answers import first_answer
from chatops.platforms.discord.calls import Wire, harmless
from chatops.platforms.discord.stamps import instant
from chatops.times import TimeSource

ACKNOWLEDGED_WITHIN = timedelta(seconds=3)  # so long Discord waits for it

_MESSAGE, _HEARD, _MODAL = 4, 6, 9  # Discord's numbers of first answers
_FORGOTTEN = {"unknown_webhook", "invalid_webhook_token"}  # too old, or nobody has acknowledged it


class Presses:
    """Says and shows things to the person behind a press, and to nobody else."""

    def __init__(self, wire: Wire, time: TimeSource) -> None:
        self._wire = wire
        self._time = time

    async def acknowledge(self, trigger: str) -> None:
        """Tell Discord that a press was heard; the message that was pressed stays as it is."""
        with harmless("already_acknowledged"):
            await first_answer(self._wire, trigger, _HEARD)

    async def say(self, trigger: str, message: Mapping[str, Any]) -> None:
        """Answer with a message; good for three seconds, once."""
        await first_answer(self._wire, trigger, _MESSAGE, message)

    async def show_form(self, trigger: str, form: Mapping[str, Any]) -> None:
        """Open a form; good for three seconds, once, and only as the first answer."""
        await first_answer(self._wire, trigger, _MODAL, form)

    async def say_more(self, application_id: str, trigger: str, message: Mapping[str, Any]) -> bool:
        """Answer a press that was acknowledged, for fifteen minutes; False when Discord has forgotten it.

        Raises:
            Unavailable: it is so new that it may still be acknowledged.
        """
        interaction_id, _, token = trigger.partition(":")
        try:
            await self._wire.call("POST /webhooks/{}/{}", application_id, token, repeatable=False, body=message)
        except Rejected as refused:
            if refused.code not in _FORGOTTEN:
                raise
            if self._time.now() - instant(interaction_id) < ACKNOWLEDGED_WITHIN:
                raise Unavailable("not_acknowledged_yet") from refused
            return False
        return True
