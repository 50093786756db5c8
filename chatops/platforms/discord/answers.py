"""First answers to a command or form; each is good for three seconds, once.

When in doubt the same is answered again: Discord takes one first answer only, so it cannot be there twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chatops.errors import Rejected, TargetGone, Unsure
from chatops.platforms.discord.calls import Wire, harmless

_MESSAGE, _LATER, _CHOICES = 4, 5, 8  # Discord's numbers
_PRIVATELY = 1 << 6


class Answers:
    """Answers by a `trigger`: the interaction's id and token, joined by a colon."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def openly(self, trigger: str, message: Mapping[str, Any]) -> None:
        """Answer with a message that everybody in the channel sees."""
        await first_answer(self._wire, trigger, _MESSAGE, message)

    async def later(self, trigger: str) -> None:
        """Show the person, and nobody else, that an answer is coming; the first follow-up becomes that answer."""
        await first_answer(self._wire, trigger, _LATER, {"flags": _PRIVATELY})

    async def suggest(self, trigger: str, options: Sequence[Mapping[str, Any]]) -> None:
        """Offer at most 25 choices (name, value) for what somebody is typing."""
        await first_answer(self._wire, trigger, _CHOICES, {"choices": list(options)})

    async def stands(self, application_id: str, trigger: str) -> bool:
        """Tell whether a message that answers stands there."""
        token = trigger.partition(":")[2]
        try:
            await self._wire.call("GET /webhooks/{}/{}/messages/@original", application_id, token, repeatable=True)
        except (Rejected, TargetGone):
            return False
        return True


async def first_answer(wire: Wire, trigger: str, kind: int, data: Mapping[str, Any] | None = None) -> None:
    """Give the one first answer that Discord takes; `Rejected("already_acknowledged")` when somebody gave it before."""
    interaction_id, _, token = trigger.partition(":")
    body = {"type": kind} if data is None else {"type": kind, "data": data}
    route = "POST /interactions/{}/{}/callback"
    try:
        await wire.call(route, interaction_id, token, repeatable=False, body=body)
    except Unsure:
        with harmless("already_acknowledged"):
            await wire.call(route, interaction_id, token, repeatable=False, body=body)
