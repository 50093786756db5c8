"""The state of a thread as it changes, and what an archived one refuses."""

from typing import Any

from chatops.sandbox.discord.channel import Channel, Thread
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.server import Server


def update(server: Server, thread: Thread, **fields: Any) -> None:
    """Set fields of a thread and announce it with the whole thread."""
    opened = thread.archived and fields.get("archived") is False
    if fields.get("archived", thread.archived) != thread.archived:
        thread.archive_changed = server.time.now()
    for name, value in fields.items():
        setattr(thread, name, value)
    server.happens("THREAD_UPDATE", thread.wire(), thread.id)
    if opened:
        _remind_members(server, thread)


def _remind_members(server: Server, thread: Thread) -> None:
    """Whoever had joined a thread before it was archived is told so once it is open again."""
    for app in server.apps.values():
        if app.bot.id in thread.members:
            mine = thread.member(app.bot.id) | {"guild_id": server.id}
            server.happens("THREAD_MEMBER_UPDATE", mine, thread.id, app)


def refuse_archived(channel: Channel) -> None:
    """Raise Refusal 50083 in an archived thread."""
    if isinstance(channel, Thread) and channel.archived:
        raise Refusal(50083)
