"""People on a Discord server: how they are written to, and the roles they have."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from chatops.errors import Rejected, TargetGone
from chatops.platforms.discord.calls import Wire, harmless

UNREACHABLE = {"cannot_message_person", "no_server_shared", "unknown_person"}


class People:
    """Knows the direct conversations with people; each is asked for once."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._conversations: dict[str, str] = {}

    async def conversation(self, agent_id: str, before: str = "") -> str:
        """Return the channel in which we speak with somebody alone; the same whichever server they are of.

        `before`: where they were written to before, as far as that is known.

        Raises:
            TargetGone: there is no such person.
        """
        known = self._conversations.get(agent_id) or before
        if not known:
            body = {"recipient_id": agent_id}
            with reaching():
                known = (await self._wire.call("POST /users/@me/channels", repeatable=True, body=body))["id"]
            self._conversations[agent_id] = known
        return known

    async def set_role(self, server_id: str, role_id: str, members: Sequence[str], former: Sequence[str]) -> None:
        """Give a role to the `members` and take it from the `former`; who left the server is passed over."""
        changes = {**dict.fromkeys(former, "DELETE"), **dict.fromkeys(members, "PUT")}
        for agent_id, method in changes.items():
            with harmless("unknown_member"):
                route = f"{method} /guilds/{{}}/members/{{}}/roles/{{}}"
                await self._wire.call(route, server_id, agent_id, role_id, repeatable=True)


@contextmanager
def reaching() -> Iterator[None]:
    """Tell that somebody cannot be written to from what was asked wrongly."""
    try:
        yield
    except Rejected as refused:
        if refused.code in UNREACHABLE:
            raise TargetGone(refused.code) from refused
        raise
