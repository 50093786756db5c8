"""What owners and moderators do to a bot and its channels: bad days that no code of ours can prevent."""

import secrets

from chatops.sandbox.discord import threads
from chatops.sandbox.discord.channel import Channel, Thread
from chatops.sandbox.discord.gateway_shapes import guild, may_see, thread_list
from chatops.sandbox.discord.member import App, Role
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.permissions import VIEW_CHANNEL
from chatops.sandbox.discord.server import Happening, Server
from chatops.sandbox.discord.sessions import Sessions


def let_in(server: Server, sessions: Sessions, app: App, permissions: int) -> None:
    """Make a bot a member with a role that carries its permissions; its sessions hear of the server they joined."""
    role = Role(server.ids.next(), app.name, permissions, managed=True, position=10)  # its owner has dragged it up
    server.roles[role.id] = role
    app.bot.roles, app.bot.joined = [role.id], server.time.now()
    server.members[app.bot.id] = app.bot
    for session in sessions.of(app):
        if session.covers(server.id):
            whole = guild(server, app)
            del whole["unavailable"]  # which tells a server that is new from one that comes back after an outage
            session.dispatch("GUILD_CREATE", whole)
    server.changed()


def kick(server: Server, sessions: Sessions, app: App) -> None:
    """Throw a bot out: it hears that the server is gone, and its calls are refused from then on."""
    del server.members[app.bot.id]
    server.roles = {key: role for key, role in server.roles.items() if key not in app.bot.roles}
    gone = {"id": server.id}
    server.happenings.append(Happening("GUILD_DELETE", gone, None, len(server.happenings) + 1))
    for session in sessions.of(app):
        if session.covers(server.id):
            session.dispatch("GUILD_DELETE", gone)
    server.happens("GUILD_MEMBER_REMOVE", {"guild_id": server.id, "user": app.bot.user()})


def reset_token(server: Server, app: App) -> str:
    """Give an app a new token, as its owner does in the portal; the old one is worthless at once."""
    app.token = f"sandbox.{secrets.token_hex(16)}"
    server.changed()
    return app.token


def overwrite(server: Server, channel: Channel, overwrites: list[Json]) -> None:
    """Say anew who may do what in a channel; an app that sees it for the first time is told of its open threads."""
    saw = [app for app in server.apps.values() if may_see(server, app, channel.id)]
    told = channel.wire() | {"permission_overwrites": overwrites}
    for app in saw:  # also those that lose sight of it now
        server.happens("CHANNEL_UPDATE", told, channel.id, app)
    channel.overwrites = overwrites
    for app in server.apps.values():
        if app not in saw and may_see(server, app, channel.id):
            server.happens("CHANNEL_UPDATE", told, channel.id, app)
            server.happens("THREAD_LIST_SYNC", thread_list(server, app, channel), channel.id, app)


def hide(server: Server, channel: Channel, app: App, *, hidden: bool = True) -> None:
    """Take a channel out of a bot's sight, or let it see the channel again."""
    others = [one for one in channel.overwrites if one["id"] != app.bot.id]
    own = [{"id": app.bot.id, "type": 1, "deny": str(VIEW_CHANNEL), "allow": "0"}] if hidden else []
    overwrite(server, channel, others + own)


def delete(server: Server, channel: Channel) -> None:
    """Delete a channel with everything below it, or a thread."""
    if isinstance(channel, Thread):
        threads.remove(server, channel)
        return
    for thread in server.threads:
        if thread.parent_id == channel.id:
            del server.channels[thread.id]
    shown = channel.wire()
    del server.channels[channel.id]
    server.happens("CHANNEL_DELETE", shown)
