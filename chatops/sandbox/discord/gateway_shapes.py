"""The large payloads of the gateway: what a new session is told of itself, of the server and of its members."""

from chatops.sandbox.discord.channel import Channel, Thread
from chatops.sandbox.discord.member import App
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.permissions import VIEW_CHANNEL, permissions
from chatops.sandbox.discord.server import Server
from chatops.sandbox.discord.sessions import Session

LARGE = 250  # members; of a larger server Discord names only those who are there, unless asked
MOST_NAMED_MEMBERS = 100  # of one request for members by name


def is_in(server: Server, app: App) -> bool:
    """Return whether the app's bot is a member of the server."""
    return app.bot.id in server.members


def may_see(server: Server, app: App, channel_id: str | None) -> bool:
    """Return whether the app's bot sees what happens there; what happens nowhere in particular, members see."""
    if channel_id is None or (channel := server.channels.get(channel_id)) is None:
        return is_in(server, app)
    if channel.recipient is not None:
        return True
    return bool(permissions(server, app.bot.id, channel) & VIEW_CHANNEL) and _in_thread(channel, app.bot.id)


def _in_thread(channel: Channel, member_id: str) -> bool:
    """A private thread is heard by those who were brought in."""
    return not isinstance(channel, Thread) or channel.type != 12 or member_id in channel.members


def ready(server: Server, session: Session, gateway_url: str, *, with_shard: bool) -> Json:
    """Return what a session is told of itself; servers follow one by one, if they lie in the session's shard."""
    app = session.app
    here = is_in(server, app) and session.covers(server.id)
    bot = app.bot.user() | {"verified": True, "mfa_enabled": False, "email": None}
    shown: Json = {
        "v": 10, "user": bot, "guilds": [{"id": server.id, "unavailable": True}] if here else [],
        "session_id": session.id, "resume_gateway_url": gateway_url, "session_type": "normal",
        "application": {"id": app.id, "flags": 0}, "private_channels": [], "relationships": [], "presences": [],
        "user_settings": {}, "guild_join_requests": [], "geo_ordered_rtc_regions": [], "_trace": ["sandbox"],
    }  # fmt: skip
    return shown | {"shard": list(session.shard)} if with_shard else shown


def guild(server: Server, app: App) -> Json:
    """Return GUILD_CREATE as the app sees it: channels it may see, and of the members itself alone."""
    bot_id = app.bot.id
    shown = server.wire()
    visible = {place.id for place in server.channels.values() if may_see(server, app, place.id)}
    shown["channels"] = [place for place in shown["channels"] if place["id"] in visible]
    shown["threads"] = [
        thread.wire(bot_id) for thread in server.threads if not thread.archived and thread.id in visible
    ]
    shown["members"], shown["large"] = [server.members[bot_id].wire()], len(server.members) > LARGE
    return shown


def thread_list(server: Server, app: App, channel: Channel) -> Json:
    """Return THREAD_LIST_SYNC of a channel that the app sees from now on: its open threads, and those it joined."""
    found = [thread for thread in server.threads if thread.parent_id == channel.id and not thread.archived]
    found = [thread for thread in found if may_see(server, app, thread.id)]
    return {
        "guild_id": server.id, "channel_ids": [channel.id], "threads": [thread.wire(app.bot.id) for thread in found],
        "members": [thread.member(app.bot.id) for thread in found if app.bot.id in thread.members],
    }  # fmt: skip


def chunk(server: Server, wanted: Json) -> Json:
    """Return the members a session asked for, by id or by the beginning of their names."""
    ids = wanted.get("user_ids") or []
    ids = [ids] if isinstance(ids, str) else [str(one) for one in ids]
    query = str(wanted.get("query") or "").lower()
    found = [member for member in server.members.values() if member.name.lower().startswith(query)]
    if ids:
        found = [server.members[one] for one in ids if one in server.members]
    elif query:
        found = found[: min(int(wanted.get("limit") or MOST_NAMED_MEMBERS), MOST_NAMED_MEMBERS)]
    shown: Json = {
        "guild_id": server.id, "members": [member.wire() for member in found], "chunk_index": 0, "chunk_count": 1,
        "not_found": [one for one in ids if one not in server.members],
    }  # fmt: skip
    return shown | {"nonce": wanted["nonce"]} if wanted.get("nonce") else shown
