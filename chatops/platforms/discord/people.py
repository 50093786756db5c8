"""People on a Discord server: how they are written to, and the roles they have."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from chatops.errors import Rejected, TargetGone
from chatops.platforms.conversations import Conversations
from chatops.platforms.discord.calls import Wire, harmless
from chatops.platforms.ports import PersonRef

T = TypeVar("T")
UNREACHABLE = {"cannot_message_person", "no_server_shared", "unknown_person"}


class People:
    """Knows the people of the servers that the bot is on."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._conversations = Conversations(self._opened, UNREACHABLE)

    async def reached(self, person: PersonRef, way: Callable[[str], Awaitable[T]]) -> tuple[str, T]:
        """Do something where somebody is written to alone, as `Conversations.reached`."""

        async def within_reach(channel_id: str) -> T:
            with _reaching():
                return await way(channel_id)

        return await self._conversations.reached(person, within_reach)

    async def _opened(self, person: PersonRef) -> str:
        body = {"recipient_id": person.agent_id}
        with _reaching():
            return str((await self._wire.call("POST /users/@me/channels", repeatable=True, body=body))["id"])

    async def set_role(self, server_id: str, role_id: str, members: Sequence[str], former: Sequence[str]) -> None:
        """Give a role to the `members` and take it from the `former`; who left the server is passed over."""
        changes = {**dict.fromkeys(former, "DELETE"), **dict.fromkeys(members, "PUT")}
        for agent_id, method in changes.items():
            with harmless("unknown_member"):
                route = f"{method} /guilds/{{}}/members/{{}}/roles/{{}}"
                await self._wire.call(route, server_id, agent_id, role_id, repeatable=True)


@contextmanager
def _reaching() -> Iterator[None]:
    """Tell that somebody cannot be written to from what was asked wrongly."""
    try:
        yield
    except Rejected as refused:
        if refused.code in UNREACHABLE:
            raise TargetGone(refused.code) from refused
        raise
