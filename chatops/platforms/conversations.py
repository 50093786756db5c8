"""Where people are written to alone: asked for once, and again where that place is gone."""

from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from chatops.errors import TargetGone
from chatops.platforms.ports import PersonRef

T = TypeVar("T")


class Conversations:
    """Knows the direct conversations with people; `unreachable` are the codes of refusals that mean the person.

    `opened` asks the platform for the channel of a conversation, which it may have to open.
    """

    def __init__(self, opened: Callable[[PersonRef], Awaitable[str]], unreachable: Collection[str]) -> None:
        self._opened = opened
        self._unreachable = unreachable
        self._known: dict[PersonRef, str] = {}

    async def reached(self, person: PersonRef, way: Callable[[str], Awaitable[T]]) -> tuple[str, T]:
        """Do something in the channel in which somebody is written to alone; return the channel, and what came of it.

        Raises:
            TargetGone: they cannot be reached.
        """
        if known := person.channel_id or self._known.get(person):
            try:
                return known, await way(known)
            except TargetGone as gone:
                if gone.code in self._unreachable:
                    raise
        self._known[person] = found = await self._opened(person)
        return found, await way(found)
