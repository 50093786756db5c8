"""The server itself, its members and roles, and direct conversations with them."""

from typing import Any

from chatops.sandbox.discord.channel import DIRECT, Channel, Thread
from chatops.sandbox.discord.member import Member
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.permissions import MANAGE_ROLES
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.rest.call import Call, Route

OF_THE_GATEWAY = {"members", "channels", "threads", "voice_states", "presences", "member_count", "large", "unavailable",
                  "joined_at", "guild_scheduled_events", "stage_instances", "soundboard_sounds"}  # fmt: skip
SETTLED: Json = {
    "max_members": 500_000, "max_stage_video_channel_users": 50, "max_video_channel_users": 25, "nsfw": False,
    "region": "rotterdam", "widget_enabled": False,
}  # fmt: skip
UNSET = (
    "application_id", "discovery_splash", "home_header", "incidents_data", "max_presences",
    "public_updates_channel_id",
    "rules_channel_id", "safety_alerts_channel_id", "vanity_url_code", "widget_channel_id",
)  # fmt: skip


def guild(call: Call) -> Json:
    """Return the server without what only the gateway tells."""
    known = {name: value for name, value in call.guild().wire().items() if name not in OF_THE_GATEWAY}
    return dict.fromkeys(UNSET) | SETTLED | known


def roles(call: Call) -> list[Json]:
    """Return the server's roles."""
    return [role.wire() for role in call.guild().roles.values()]


def places(call: Call) -> list[Json]:
    """Return the server's channels without threads."""
    known = call.guild().channels.values()
    return [place.wire() for place in known if not isinstance(place, Thread) and place.type != DIRECT]


def member(call: Call) -> Json:
    """Return one member."""
    known = call.guild().members.get(call.path["user_id"])
    if known is None:
        raise Refusal(10007)
    return known.wire()


def give_role(call: Call) -> None:
    """Give a member a role."""
    who, role = _role_of(call)
    if role not in who.roles:
        _change_roles(call, who, [*who.roles, role])


def take_role(call: Call) -> None:
    """Take a role from a member."""
    who, role = _role_of(call)
    if role in who.roles:
        _change_roles(call, who, [one for one in who.roles if one != role])


def _role_of(call: Call) -> tuple[Member, str]:
    """Return whom it is about and the role, if the bot may give it: below its own highest, and nobody's own."""
    server = call.guild()
    who, role = server.members.get(call.path["user_id"]), server.roles.get(call.path["role_id"])
    if who is None:
        raise Refusal(10007)
    if role is None or role.id == server.id:
        raise Refusal(10011)
    call.need(None, MANAGE_ROLES)
    highest = max((server.roles[held].position for held in call.app.bot.roles), default=0)
    if role.managed or role.position >= highest:
        raise Refusal(50013)
    return who, role.id


def _change_roles(call: Call, who: Member, roles: list[str]) -> None:
    who.roles = roles
    call.server.happens("GUILD_MEMBER_UPDATE", who.wire() | {"guild_id": call.server.id})


def search(call: Call) -> list[Json]:
    """Return the members whose name or nickname begins with the query."""
    wanted, limit = call.query.get("query", "").lower(), call.number("limit", 1, 1, 1000)
    named = [who for who in call.guild().members.values() if (who.nick or who.name).lower().startswith(wanted)]
    return [who.wire() for who in named[:limit]]


def person(call: Call) -> Json:
    """Return one user object."""
    return call.member().user()


def open_direct(call: Call) -> Json:
    """Return the direct conversation with a person, opened on first use."""
    payload: dict[str, Any] = call.only("recipient_id")
    who = call.server.members.get(str(payload.get("recipient_id")))
    if who is None:
        raise Refusal(10013)
    known = (place for place in call.server.channels.values() if place.type == DIRECT and place.name == who.id)
    place = next(known, None)
    if place is None:
        place = Channel(call.server.ids.next(), DIRECT, who.id, "", recipient=who.user(), surroundings=call.server)
        call.server.channels[place.id] = place
    return place.wire()


ROUTES = (
    Route("GET", "/guilds/{guild_id}", "guilds.get", guild),
    Route("GET", "/guilds/{guild_id}/roles", "guilds.roles", roles),
    Route("GET", "/guilds/{guild_id}/channels", "guilds.channels", places),
    Route("GET", "/guilds/{guild_id}/members/search", "members.search", search),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", "members.get", member),
    Route("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", "roles.give", give_role),
    Route("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", "roles.take", take_role),
    Route("POST", "/users/@me/channels", "direct.open", open_direct),
    Route("GET", "/users/{user_id}", "users.get", person),
)
