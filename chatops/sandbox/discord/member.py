"""Who is on the server: people and bots, their roles, and the apps behind the bots."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from chatops.sandbox.discord.message import Json


@dataclass
class Role:
    """A role; the one whose id is the server's own is @everyone."""

    id: str
    name: str
    permissions: int = 0
    mentionable: bool = False
    position: int = 1
    managed: bool = False

    def wire(self) -> Json:
        """Return Discord's role object."""
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        return {
            "id": self.id, "name": self.name, "permissions": str(self.permissions), "position": self.position,
            "color": 0, "colors": colors, "hoist": False, "managed": self.managed, "mentionable": self.mentionable,
            "icon": None, "unicode_emoji": None, "flags": 0,
        }  # fmt: skip


@dataclass
class Member:
    """A person or a bot on the server."""

    id: str
    name: str
    joined: datetime
    locale: str = "en-US"
    roles: list[str] = field(default_factory=list)
    nick: str | None = None
    bot: bool = False
    accepts_dms: bool = True

    def user(self) -> Json:
        """Return Discord's user object."""
        shown: Json = {
            "id": self.id, "username": self.name.lower().replace(" ", "."), "global_name": self.name, "avatar": None,
            "discriminator": "0", "public_flags": 0, "flags": 0, "primary_guild": None,
        }  # fmt: skip
        return shown | {"bot": True, "global_name": None} if self.bot else shown

    def wire(self, *, with_user: bool = True) -> Json:
        """Return Discord's guild member object."""
        shown: Json = {
            "avatar": None, "banner": None, "communication_disabled_until": None, "flags": 0,
            "joined_at": self.joined.isoformat(), "nick": self.nick, "pending": False, "premium_since": None,
            "roles": list(self.roles), "mute": False, "deaf": False,
        }  # fmt: skip
        return shown | {"user": self.user()} if with_user else shown


@dataclass
class Webhook:
    """A way to speak in one channel under any name, for whoever has its token."""

    id: str
    name: str
    channel_id: str
    guild_id: str
    app: "App"
    token: str = field(default_factory=lambda: secrets.token_urlsafe(51))  # 68 characters

    def wire(self) -> Json:
        """Return Discord's webhook object."""
        return {
            "id": self.id, "type": 1, "name": self.name, "avatar": None, "channel_id": self.channel_id,
            "guild_id": self.guild_id, "application_id": self.app.id, "user": self.app.bot.user(), "token": self.token,
        }  # fmt: skip

    def author(self, name: str = "") -> Json:
        """Return the user object with which its messages are shown."""
        return {
            "id": self.id, "username": name or self.name, "avatar": None, "discriminator": "0000", "bot": True,
            "global_name": None, "public_flags": 0, "flags": 0, "primary_guild": None,
        }  # fmt: skip


@dataclass
class App:
    """An installed application; `intents` are those its owner switched on in the portal."""

    id: str
    name: str
    bot: Member
    intents: int
    token: str = field(default_factory=lambda: f"sandbox.{secrets.token_hex(16)}")
    verify_key: str = field(default_factory=lambda: secrets.token_hex(32))
    commands: dict[str, Json] = field(default_factory=dict)  # by id, global ones and this server's
    revoked: bool = False
