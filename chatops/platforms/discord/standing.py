"""How we stand with Discord: who we are, how many sessions are left, what we may do in a channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chatops.errors import TargetGone
from chatops.platforms.discord import invitation
from chatops.platforms.discord.calls import Wire
from chatops.platforms.discord.posts import FORUMS
from chatops.platforms.discord.readback import Identity
from chatops.platforms.discord.tags import TAG_REQUIRED
from chatops.platforms.ports import ChannelRef

_ADMINISTRATOR, _EVERYTHING = 1 << 3, (1 << 63) - 1
_TEXT = {0, 5}  # Discord's numbers of a text channel and of one for announcements


@dataclass(frozen=True, slots=True)
class SessionsLeft:
    """How many more sessions may begin before the count starts anew after `reset_after`."""

    total: int
    remaining: int
    reset_after: timedelta


@dataclass(frozen=True, slots=True)
class ChannelState:
    """Whether a channel can take conversations; `permissions` are the bot's bits there."""

    exists: bool
    let_in: bool = False
    name: str = ""
    is_forum: bool = False
    is_text: bool = False
    permissions: int = 0
    open_to_all: bool = False  # everybody on the server sees it, and what is written there
    tags: tuple[str, ...] = ()  # by name
    tag_required: bool = False

    @property
    def may_post(self) -> bool:
        """Whether conversations can be opened and gone on with here."""
        needed = sum((invitation.NEEDED_IN_A_FORUM if self.is_forum else invitation.NEEDED).values())
        return self.let_in and self.permissions & needed == needed


@dataclass(frozen=True, slots=True)
class RoleState:
    """Whether the bot can give a role to people."""

    exists: bool
    name: str = ""
    may_give: bool = False  # roles at all
    below_ours: bool = False  # only such may be given


class Standing:
    """Asks Discord about us."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def identity(self) -> Identity:
        """Ask who we are."""
        us = await self._wire.call("GET /users/@me", repeatable=True)
        app = await self._wire.call("GET /oauth2/applications/@me", repeatable=True)
        return Identity(us["id"], app["id"], app["name"], int(app.get("flags") or 0))

    async def sessions_left(self) -> SessionsLeft:
        """Ask how often a session may still begin today."""
        told = (await self._wire.call("GET /gateway/bot", repeatable=True))["session_start_limit"]
        return SessionsLeft(told["total"], told["remaining"], timedelta(milliseconds=told["reset_after"]))

    async def server_name(self, server_id: str) -> str | None:
        """Ask what a server is called; None when we are not in it."""
        try:
            return str((await self._wire.call("GET /guilds/{}", server_id, repeatable=True))["name"])
        except TargetGone:
            return None

    async def role_state(self, server_id: str, role_id: str, our_id: str) -> RoleState:
        """Ask whether we can give a role of a server."""
        server = await self._wire.call("GET /guilds/{}", server_id, repeatable=True)
        member = await self._wire.call("GET /guilds/{}/members/{}", server_id, our_id, repeatable=True)
        return _role_state(server, member, role_id)

    async def channel_state(self, channel: ChannelRef, our_id: str) -> ChannelState:
        """Ask whether we can post into a channel of a server."""
        try:
            found = await self._wire.call("GET /channels/{}", channel.channel_id, repeatable=True)
            server = await self._wire.call("GET /guilds/{}", channel.workspace_id, repeatable=True)
            where = channel.workspace_id, our_id
            member = await self._wire.call("GET /guilds/{}/members/{}", *where, repeatable=True)
        except TargetGone as gone:
            return ChannelState(exists=gone.code == "missing_access")
        if found.get("guild_id") != channel.workspace_id:
            return ChannelState(exists=False)
        permissions = _permissions(server["roles"], member["roles"], found, our_id)
        for_all = _permissions(server["roles"], (), found, "")
        return ChannelState(
            exists=True,
            let_in=bool(permissions & invitation.NEEDED["View Channels"]),
            name=found.get("name") or "",
            is_forum=found["type"] in FORUMS,
            is_text=found["type"] in _TEXT,
            permissions=permissions,
            open_to_all=bool(for_all & invitation.NEEDED["View Channels"]),
            tags=tuple(tag["name"] for tag in found.get("available_tags") or ()),
            tag_required=bool(int(found.get("flags") or 0) & TAG_REQUIRED),
        )


def _role_state(server: Mapping[str, Any], member: Mapping[str, Any], role_id: str) -> RoleState:
    role = next((one for one in server["roles"] if one["id"] == role_id), None)
    if role is None or role_id == server["id"]:
        return RoleState(exists=False)
    held = [one for one in server["roles"] if one["id"] in {server["id"], *member["roles"]}]
    bits = 0
    for one in held:
        bits |= int(one["permissions"])
    highest = max((one["position"] for one in held), default=0)
    may_give = bool(bits & (_ADMINISTRATOR | invitation.FOR_ROLES["Manage Roles"]))
    below = not role.get("managed") and role["position"] < highest
    return RoleState(exists=True, name=role["name"], may_give=may_give, below_ours=below)


def _permissions(
    roles: Sequence[Mapping[str, Any]], held: Sequence[str], channel: Mapping[str, Any], member_id: str
) -> int:
    """Add up what a member may in a channel: what all may, what their roles may, what it changes about either."""
    everyone = channel["guild_id"]
    theirs = {everyone, *held}
    bits = 0
    for role in roles:
        if role["id"] in theirs:
            bits |= int(role["permissions"])
    if bits & _ADMINISTRATOR:
        return _EVERYTHING
    for reach in ({everyone}, set(held), {member_id}):  # the nearer to them, the later it speaks
        changes = [change for change in channel.get("permission_overwrites") or () if change["id"] in reach]
        for change in changes:
            bits &= ~int(change["deny"])
        for change in changes:
            bits |= int(change["allow"])
    return bits
