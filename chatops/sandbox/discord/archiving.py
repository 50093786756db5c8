"""The state of a thread as it changes, and what an archived one refuses."""

from typing import Any

from chatops.sandbox.discord.channel import Channel, Thread
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.server import Server


def update(server: Server, thread: Thread, **fields: Any) -> None:
    """Set fields of a thread and announce it with the whole thread."""
    if fields.get("archived", thread.archived) != thread.archived:
        thread.archive_changed = server.time.now()
    for name, value in fields.items():
        setattr(thread, name, value)
    server.happens("THREAD_UPDATE", thread.wire(), thread.id)


def refuse_archived(channel: Channel) -> None:
    """Raise Refusal 50083 in an archived thread."""
    if isinstance(channel, Thread) and channel.archived:
        raise Refusal(50083)
