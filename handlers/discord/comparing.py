"""How Discord's threads are read, to be compared; and first is heard what came first."""

from collections.abc import AsyncIterator

from chatops.desk import hearing
from chatops.model.thread import Thread
from chatops.platforms.discord.stamps import order
from chatops.platforms.ports import ThreadRef
from handlers import comparing
from handlers.discord import messages
from handlers.discord.context import Context, Payload

FIRST_WITHIN = 2.0  # seconds a thread waits for what was written in it before this session began


async def created(context: Context, said: Payload, _: str) -> None:
    """Hear a new message, but first what was written in its thread before this session began."""
    if not messages.is_ours_to_hear(context, said):
        return
    thread = await context.thread_at(said.get("guild_id") or "", said["channel_id"])
    if thread is None:
        return
    place = thread.channel_id, thread.external_id
    fresh = thread.seen_id == thread.external_id
    if fresh or context.gap.is_open(place):
        await comparing.first(DiscordReader(context), thread.workspace_id, place, {}, FIRST_WITHIN, fresh=fresh)
    await messages.written(context, said, thread)


async def changed(context: Context, said: Payload, _: str) -> None:
    """Follow an edit; previews of links, pins and our own redraws change no words."""
    if said.get("edited_timestamp"):
        await created(context, said, "")


class DiscordReader:
    """Reads the threads of every server; what an event tells of a channel beside a message is nothing."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def standing(self, place: ThreadRef, since: str) -> AsyncIterator[Payload]:
        """Read what stands in a thread after a message."""
        return self.context.discord.payloads_after(place, since)

    def read(self, said: Payload, thread: Thread, _: Payload) -> hearing.Said | None:
        """Return what a member of the team wrote."""
        return messages.read(self.context, said, thread)

    def id_of(self, said: Payload) -> str:
        """Return a message's id."""
        return str(said["id"])

    def order(self, message_id: str) -> int:
        """Return what ids are sorted by."""
        return order(message_id)

    def before(self, message_id: str) -> str:
        """Return the largest id below this one."""
        return str(order(message_id) - 1)
