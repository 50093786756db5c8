"""How Discord's channels are looked through for what it told nobody."""

from collections.abc import Collection, Mapping, Sequence

from chatops.model import workspace as workspaces
from chatops.model.thread import Thread
from chatops.model.workspace import PlatformName
from chatops.platforms.discord.codes import NOT_LET_IN
from chatops.platforms.discord.stamps import order
from chatops.platforms.ports import ChannelRef
from handlers.catchup import CatchUp
from handlers.discord.comparing import DiscordReader
from handlers.discord.context import Context, Payload


def catch_up(context: Context) -> CatchUp:
    """Return what catches up with every server of the desk."""
    return CatchUp(DiscordChannels(context))


class DiscordChannels(DiscordReader):
    """Looks through channels: one request for the open threads of a server, and one for each page of old ones."""

    @property
    def not_let_in(self) -> Collection[str]:
        """The refusals that end without a word to us."""
        return NOT_LET_IN

    async def workspace_ids(self) -> Sequence[str]:
        """Return the servers of the desk."""
        every = await self.context.store.read(workspaces.every)
        return [workspace.id for workspace in every if workspace.platform == PlatformName.DISCORD]

    async def lets_in(self, channel: ChannelRef) -> bool:
        """Tell whether we may post into a channel."""
        return (await self.context.discord.channel_state(channel)).may_post

    async def about(self, _: ChannelRef) -> Payload:
        """Return nothing: a message tells all there is."""
        return {}

    async def newest(self, channel: ChannelRef, opened: Sequence[Thread]) -> Mapping[str, str]:
        """Return the newest message of each thread that may hold one we did not hear."""
        since = min((thread.seen_id for thread in opened), key=order)
        return await self.context.discord.newest_messages(channel, since)
