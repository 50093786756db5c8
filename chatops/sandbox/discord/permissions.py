"""Who may do what where."""

from chatops.sandbox.discord.channel import Channel, Thread
from chatops.sandbox.discord.server import Server

ADD_REACTIONS, VIEW_CHANNEL, SEND_MESSAGES, MANAGE_MESSAGES = 1 << 6, 1 << 10, 1 << 11, 1 << 13
EMBED_LINKS, ATTACH_FILES, READ_MESSAGE_HISTORY, MENTION_EVERYONE = 1 << 14, 1 << 15, 1 << 16, 1 << 17
ADMINISTRATOR, MANAGE_CHANNELS, MANAGE_ROLES, MANAGE_WEBHOOKS = 1 << 3, 1 << 4, 1 << 28, 1 << 29
MANAGE_THREADS, CREATE_PUBLIC_THREADS, CREATE_PRIVATE_THREADS = 1 << 34, 1 << 35, 1 << 36
SEND_MESSAGES_IN_THREADS, PIN_MESSAGES = 1 << 38, 1 << 51
USE_APPLICATION_COMMANDS = 1 << 31
EVERYTHING = (1 << 53) - 1

# What the product asks for in its invitation.
FOR_CHATOPS = 326417632320
FOR_PEOPLE = (
    ADD_REACTIONS | VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_MESSAGE_HISTORY
    | CREATE_PUBLIC_THREADS | SEND_MESSAGES_IN_THREADS | USE_APPLICATION_COMMANDS
)  # fmt: skip


def permissions(server: Server, member_id: str, channel: Channel | None = None) -> int:
    """Return the permission bits of a member, on the server or in one channel; a thread has its parent's."""
    member = server.members.get(member_id)
    if member is None:
        return 0
    held = server.roles[server.id].permissions
    for role_id in member.roles:
        held |= server.roles[role_id].permissions
    if held & ADMINISTRATOR:
        return EVERYTHING
    if isinstance(channel, Thread):
        channel = server.channels[channel.parent_id]
    for reach in ({server.id}, set(member.roles), {member_id}):  # the nearer to the member, the later it speaks
        for overwrite in channel.overwrites if channel else ():
            if overwrite["id"] in reach:
                held = held & ~int(overwrite["deny"]) | int(overwrite["allow"])
    return held if channel is None or held & VIEW_CHANNEL else 0
