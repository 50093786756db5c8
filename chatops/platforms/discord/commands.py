"""The commands of an application, as Discord keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any

from chatops.platforms.discord.calls import Wire

Payload = Mapping[str, Any]


class Commands:
    """Reads and replaces what an application offers in every server."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def all(self, application_id: str) -> Sequence[Payload]:
        """Return the commands with their names in every language."""
        query = {"with_localizations": "true"}
        route = "GET /applications/{}/commands"
        found: Sequence[Payload] = await self._wire.call(route, application_id, repeatable=True, query=query)
        return found

    async def replace(self, application_id: str, commands: Sequence[Payload]) -> None:
        """Make these the only commands; the new ones among them count against 200 a day."""
        await self._wire.call("PUT /applications/{}/commands", application_id, repeatable=True, body=commands)
