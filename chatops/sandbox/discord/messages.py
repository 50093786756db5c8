"""What happens to messages: posted, changed, removed, reacted to; each is announced to whoever listens."""

from typing import Any

from chatops.sandbox.discord.archiving import refuse_archived, update
from chatops.sandbox.discord.channel import DIRECT, Channel, Thread
from chatops.sandbox.discord.member import Member
from chatops.sandbox.discord.mentions import mention
from chatops.sandbox.discord.message import REPLY, THREAD_STARTER, Json, Message, emoji_object
from chatops.sandbox.discord.permissions import MANAGE_THREADS, permissions
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.server import Server

MOST_REACTIONS = 20


def compose(
    server: Server,
    channel: Channel,
    author: Member | Json,
    content: str = "",
    allowed_mentions: Json | None = None,
    **fields: Any,
) -> Message:
    """Return a new message that stands nowhere yet; `fields` are those of `Message`, an author may be a user object."""
    shown = author.user() if isinstance(author, Member) else author
    message = Message(fields.pop("id", None) or server.ids.next(), channel.id, shown, content, **fields)
    mention(server, channel, message, allowed_mentions)
    return message


def post(
    server: Server,
    channel: Channel,
    author: Member | Json,
    content: str = "",
    allowed_mentions: Json | None = None,
    **fields: Any,
) -> Message:
    """Say something in a channel and announce it; arguments as in `compose`.

    An archived thread opens again first; a locked one refuses whoever cannot manage threads (Refusal 160005).
    """
    if isinstance(channel, Thread):
        may_unlock = bool(permissions(server, _id(author), channel) & MANAGE_THREADS)
        if channel.locked and not may_unlock:
            raise Refusal(160005)
        if channel.archived:
            update(server, channel, archived=False)
    message = compose(server, channel, author, content, allowed_mentions, **fields)
    put(server, channel, message)
    return message


def put(server: Server, channel: Channel, message: Message) -> None:
    """Let a composed message stand in its channel and announce it."""
    if isinstance(channel, Thread):
        message.position = channel.total_message_sent
        channel.total_message_sent += message.id != channel.id
    channel.messages[message.id] = message
    server.happens("MESSAGE_CREATE", announced(server, channel, message), channel.id)


def change(
    server: Server,
    channel: Channel,
    message: Message,
    allowed_mentions: Json | None = None,
    *,
    edited: bool = True,
    **fields: Any,
) -> Message:
    """Set fields of a message and announce it; mentions are read again, as on the first day.

    An archived thread refuses (50083). `edited=False` is for what Discord itself changes, such as a pin.
    """
    refuse_archived(channel)
    for name, value in fields.items():
        setattr(message, name, value)
    if edited:
        message.edited = server.time.now()
        mention(server, channel, message, allowed_mentions)
    if message.ephemeral_to:
        server.changed()
    else:
        server.happens("MESSAGE_UPDATE", announced(server, channel, message), channel.id)
    return message


def remove(server: Server, channel: Channel, message: Message) -> None:
    """Delete a message, in an archived thread too."""
    if message.ephemeral_to:
        server.ephemerals.remove(message)
        server.changed()
        return
    del channel.messages[message.id]
    data = {"id": message.id, "channel_id": channel.id} | _place(channel)
    server.happens("MESSAGE_DELETE", data, channel.id)


def react(server: Server, channel: Channel, message: Message, who: str, emoji: str) -> bool:
    """Add a reaction (a Unicode emoji or `name:id`); return False when this member had already reacted so."""
    refuse_archived(channel)
    by = message.reactions.get(emoji, [])
    if who in by:
        return False
    if not by and len(message.reactions) >= MOST_REACTIONS:
        raise Refusal(30010)
    message.reactions[emoji] = [*by, who]
    data = _reaction(channel, message, who, emoji) | {"message_author_id": message.author_id}
    if who in server.members and channel.type != DIRECT:
        data["member"] = server.members[who].wire()
    server.happens("MESSAGE_REACTION_ADD", data, channel.id)
    return True


def unreact(server: Server, channel: Channel, message: Message, who: str, emoji: str) -> bool:
    """Take a reaction back; return False when there was none."""
    refuse_archived(channel)
    by = message.reactions.get(emoji, [])
    if who not in by:
        return False
    by.remove(who)
    if not by:
        del message.reactions[emoji]
    server.happens("MESSAGE_REACTION_REMOVE", _reaction(channel, message, who, emoji), channel.id)
    return True


def announced(server: Server, channel: Channel, message: Message) -> Json:
    """Return the `d` of MESSAGE_CREATE and MESSAGE_UPDATE."""
    data = shown(server, message, with_nonce=True) | _place(channel) | {"channel_type": channel.type}
    author = server.members.get(message.author_id)
    if author and channel.type != DIRECT and not message.webhook_id:
        data["member"] = author.wire(with_user=False)
    return data


def shown(server: Server, message: Message, viewer: str = "", *, with_nonce: bool = False) -> Json:
    """Return the message object with what it refers to: the thread on it, the message that it answers."""
    whole = message.wire(viewer, with_nonce=with_nonce)
    thread = server.channels.get(message.id)
    if isinstance(thread, Thread) and message.channel_id == thread.parent_id:
        whole["thread"] = thread.wire(viewer)
    if message.type in {REPLY, THREAD_STARTER} and message.reference:
        answered = server.find_message(message.reference["message_id"])
        whole["referenced_message"] = answered[1].wire(viewer) if answered else None
    return whole


def _place(channel: Channel) -> Json:
    return {} if channel.type == DIRECT else {"guild_id": channel.guild_id}


def _reaction(channel: Channel, message: Message, who: str, emoji: str) -> Json:
    data: Json = {"user_id": who, "channel_id": channel.id, "message_id": message.id, "type": 0, "burst": False}
    return data | {"emoji": emoji_object(emoji)} | _place(channel)


def _id(author: Member | Json) -> str:
    return author.id if isinstance(author, Member) else str(author["id"])
