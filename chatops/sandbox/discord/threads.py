"""What happens to threads and forum posts: opened, altered, joined, removed; each is announced."""

from typing import Any

from chatops.sandbox.discord import messages
from chatops.sandbox.discord.archiving import refuse_archived, update
from chatops.sandbox.discord.channel import PUBLIC_THREAD, Channel, Thread
from chatops.sandbox.discord.member import Member
from chatops.sandbox.discord.message import HAS_THREAD, RENAMED, THREAD_CREATED, THREAD_STARTER, Json, Message
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.server import Server

MOST_ACTIVE = 1000


def open_on(server: Server, channel: Channel, message: Message, opener: Member, name: str, **fields: Any) -> Thread:
    """Open a thread on a message; it gets the message's id. Raises Refusal 160004 when there is one already."""
    if message.id in server.channels:
        raise Refusal(160004)
    thread = _open(server, channel, opener, name, message.id, **fields)
    message.flags |= HAS_THREAD
    messages.change(server, channel, message, edited=False)
    reference = {"type": 0, "guild_id": server.id, "channel_id": channel.id, "message_id": message.id}
    messages.post(server, thread, message.author, type=THREAD_STARTER, reference=reference, allowed_mentions={})
    return thread


def open_bare(server: Server, channel: Channel, opener: Member, name: str, **fields: Any) -> Thread:
    """Open a thread on no message; a public one leaves Discord's own line in the channel."""
    thread = _open(server, channel, opener, name, server.ids.next(), **fields)
    if thread.type == PUBLIC_THREAD:
        reference = {"type": 0, "guild_id": server.id, "channel_id": thread.id}
        messages.post(
            server, channel, opener, name, {}, type=THREAD_CREATED, reference=reference, flags=HAS_THREAD,
            id=thread.id,
        )  # fmt: skip
    return thread


def open_post(
    server: Server,
    forum: Channel,
    opener: Member | Json,
    name: str,
    content: str = "",
    allowed_mentions: Json | None = None,
    tags: list[str] | None = None,
    about: Json | None = None,
    **fields: Any,
) -> tuple[Thread, Message]:
    """Open a forum post with its first message, whose id is the post's own; `about` holds fields of `Thread`."""
    post_id = server.ids.next()
    thread = _open(server, forum, opener, name, post_id, applied_tags=tags or [], parent_is_forum=True, **about or {})
    message = messages.post(server, thread, opener, content, allowed_mentions, id=post_id, **fields)
    return thread, message


def _open(server: Server, parent: Channel, opener: Member | Json, name: str, thread_id: str, **fields: Any) -> Thread:
    if sum(not thread.archived for thread in server.threads) >= MOST_ACTIVE:
        raise Refusal(160006)
    owner, now = opener.id if isinstance(opener, Member) else str(opener["id"]), server.time.now()
    thread = Thread(
        thread_id, fields.pop("type", PUBLIC_THREAD), name, server.id, parent_id=parent.id, owner_id=owner,
        created=now, archive_changed=now, surroundings=server, **fields,
    )  # fmt: skip
    if owner in server.members:
        thread.members[owner] = now
    server.channels[thread.id] = thread
    server.happens("THREAD_CREATE", thread.wire(owner) | {"newly_created": True}, thread.id)
    return thread


def alter(server: Server, thread: Thread, by: Member | None = None, **fields: Any) -> Thread:
    """Set fields of a thread (`archived`, `locked`, `name`, `applied_tags`, …) and announce it.

    An archived thread takes nothing else unless it is opened in the same go (Refusal 50083). A new name given by
    somebody leaves Discord's own line.
    """
    if set(fields) - {"archived", "locked"} and fields.get("archived") is not False:
        refuse_archived(thread)
    renamed = fields.get("name", thread.name) != thread.name
    update(server, thread, **fields)
    if renamed and by and not thread.archived:
        messages.post(server, thread, by, thread.name, type=RENAMED, allowed_mentions={})
    return thread


def join(server: Server, thread: Thread, member_id: str) -> None:
    """Make someone a member of the thread."""
    refuse_archived(thread)
    if member_id not in thread.members:
        thread.members[member_id] = server.time.now()
        _announce_members(server, thread, added_members=[thread.member(member_id)])


def leave(server: Server, thread: Thread, member_id: str) -> None:
    """End a membership."""
    refuse_archived(thread)
    if thread.members.pop(member_id, None):
        _announce_members(server, thread, removed_member_ids=[member_id])


def _announce_members(server: Server, thread: Thread, **changes: Any) -> None:
    data = {"id": thread.id, "guild_id": server.id, "member_count": min(len(thread.members), 50)}
    server.happens("THREAD_MEMBERS_UPDATE", data | changes, thread.id)


def remove(server: Server, thread: Thread) -> None:
    """Delete a thread with everything in it, as a moderator does."""
    del server.channels[thread.id]
    data = {"id": thread.id, "guild_id": server.id, "parent_id": thread.parent_id, "type": thread.type}
    server.happens("THREAD_DELETE", data, thread.parent_id)


def remove_channel(server: Server, channel: Channel) -> None:
    """Delete a channel or forum with every thread in it."""
    for thread in server.threads:
        if thread.parent_id == channel.id:
            del server.channels[thread.id]
    shown = channel.wire()
    del server.channels[channel.id]
    server.happens("CHANNEL_DELETE", shown)
