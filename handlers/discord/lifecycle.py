"""What happens to our servers, channels, threads and our rights in them."""

import structlog

from chatops.desk import shown
from chatops.errors import PlatformError
from chatops.model import message as messages
from chatops.model import workspace as workspaces
from handlers.comparing import compare
from handlers.discord.comparing import DiscordReader
from handlers.discord.context import Context, Payload

log = structlog.get_logger(__name__)


async def server_back(context: Context, server: Payload, _: str) -> None:
    """Go on posting into a server that is there (again): told at the start of each session too."""
    if await context.store.read(workspaces.get, server["id"]) is not None:
        await context.store.write(shown.workspace_back, server["id"], context.now())


async def server_lost(context: Context, server: Payload, _: str) -> None:
    """Warn that nothing can be said in a server until somebody invites us again; an outage of Discord's ends alone."""
    if not server.get("unavailable") and await context.store.read(workspaces.get, server["id"]) is not None:
        log.error("discord_server_lost", server=server["id"], remedy="invite the bot again: chatops discord invite")


async def channel_changed(context: Context, channel: Payload, _: str) -> None:
    """Go on posting into a channel: its permissions may have been what kept us out."""
    await context.store.write(shown.channel_back, channel.get("guild_id") or "", channel["id"], context.now())


async def channel_lost(_: Context, channel: Payload, __: str) -> None:
    """Warn of a channel that somebody deleted; what is on its way there is kept."""
    log.warning("channel_lost", channel=channel["id"], server=channel.get("guild_id"))


async def rights_changed(context: Context, change: Payload, _: str) -> None:
    """Go on posting into a server in which a role changed, or which roles we have."""
    about = (change.get("user") or {}).get("id")
    if about in {None, context.ours.user_id}:
        await context.store.write(shown.workspace_back, change.get("guild_id") or "", context.now())


async def thread_changed(context: Context, thread: Payload, _: str) -> None:
    """Go on posting into a thread of ours that a moderator had locked."""
    about = thread.get("thread_metadata") or {}
    ours = not about.get("locked") and await context.thread_at(thread.get("guild_id") or "", thread["id"])
    if ours:
        await context.store.write(shown.channel_back, ours.workspace_id, ours.channel_id, context.now())


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
