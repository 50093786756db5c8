"""What happens to our servers, channels, threads and our rights in them."""

import structlog

from chatops.desk import shown
from chatops.errors import PlatformError
from chatops.model import message as messages
from chatops.model import workspace as workspaces
from chatops.platforms.discord.codes import NOT_LET_IN
from handlers.comparing import compare
from handlers.discord.comparing import DiscordReader
from handlers.discord.context import Context, Payload

log = structlog.get_logger(__name__)


async def server_back(context: Context, server: Payload, _: str) -> None:
    """Go on posting into a server that is there (again): told at the start of each session too."""
    await _let_in(context, server["id"])


async def server_lost(context: Context, server: Payload, _: str) -> None:
    """Warn that nothing can be said in a server until somebody invites us again; an outage of Discord's ends alone."""
    if not server.get("unavailable") and await context.store.read(workspaces.get, server["id"]) is not None:
        log.error("discord_server_lost", server=server["id"], remedy="invite the bot again: chatops discord invite")


async def channel_changed(context: Context, channel: Payload, _: str) -> None:
    """Go on posting into a channel: its permissions may have been what kept us out."""
    await _let_in(context, channel.get("guild_id") or "", channel["id"])


async def channel_lost(_: Context, channel: Payload, __: str) -> None:
    """Warn of a channel that somebody deleted; what is on its way there is kept."""
    log.warning("channel_lost", channel=channel["id"], server=channel.get("guild_id"))


async def rights_changed(context: Context, change: Payload, _: str) -> None:
    """Go on posting into a server in which a role changed, or which roles we have."""
    about = (change.get("user") or {}).get("id")
    if about in {None, context.ours.user_id}:
        await _let_in(context, change.get("guild_id") or "")


async def _let_in(context: Context, server_id: str, channel_id: str = "") -> None:
    """Try again what was refused because we were not let in: into one channel, or into every one of a server."""
    shut = await context.store.read(shown.shut_channels, server_id, NOT_LET_IN)
    for place in shut:
        if place == (channel_id or place):
            await context.store.write(shown.channel_answers, server_id, place, NOT_LET_IN, context.now())


async def thread_lost(context: Context, gone: Payload, _: str) -> None:
    """Take back what waits to leave a thread of ours that somebody deleted: its messages went with it."""
    thread = await context.thread_at(gone.get("guild_id") or "", gone["id"])
    if thread is None:
        return
    waiting = await context.store.read(messages.waiting_in_open_tickets, thread.workspace_id)
    unsent = [message for message in waiting if message.source_thread_id == thread.id]
    try:
        await compare(DiscordReader(context), thread, unsent, {})
    except PlatformError as error:
        log.warning("thread_not_compared", error=error.code)
