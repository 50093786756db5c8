"""Those who act in the workspace: people, apps and named groups of people."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.message import Json


@dataclass
class Member:
    """A person's or a bot's entry in the workspace's list of members."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "UTC"
    locale: str = "en-US"
    email: str = ""
    is_bot: bool = False
    app_id: str | None = None
    bot_id: str | None = None
    is_admin: bool = False
    deleted: bool = False
    is_guest: bool = False
    presence: str = "active"
    status_text: str = ""
    status_emoji: str = ""
    dnd: tuple[int, int] | None = None  # from, until in unix seconds
    updated: int = 0

    def wire(self, now: datetime, *, with_locale: bool = False, with_email: bool = True) -> Json:
        """Return Slack's user object."""
        profile: Json = {
            "avatar_hash": "g00000000000", "status_text": self.status_text, "status_emoji": self.status_emoji,
            "status_expiration": 0, "status_emoji_display_info": [], "real_name": self.real_name,
            "display_name": self.real_name, "display_name_normalized": self.real_name,
            "real_name_normalized": self.real_name,
            "team": self.team_id, "title": "", "phone": "", "skype": "", "first_name": self.real_name, "last_name": "",
        }  # fmt: skip
        if self.email and with_email:
            profile["email"] = self.email
        if self.bot_id:
            profile |= {"bot_id": self.bot_id, "api_app_id": self.app_id}
        shown: Json = {
            "id": self.id, "team_id": self.team_id, "name": self.name, "deleted": self.deleted, "color": "9f69e7",
            "real_name": self.real_name, "profile": profile, "is_admin": self.is_admin, "is_owner": False,
            "is_primary_owner": False, "is_restricted": self.is_guest, "is_ultra_restricted": False,
            "is_bot": self.is_bot, "is_app_user": False, "is_email_confirmed": True,
            "who_can_share_contact_card": "EVERYONE", "updated": self.updated, "has_2fa": False,
        }  # fmt: skip
        if not self.deleted:  # Slack forgets the zone of people who left
            offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
            shown |= {"tz": self.tz, "tz_label": self.tz, "tz_offset": int(offset.total_seconds()) if offset else 0}
        if with_locale:
            shown["locale"] = self.locale
        return shown

    def dnd_wire(self) -> Json:
        """Return the do-not-disturb window; Slack writes 1 for "none"."""
        start, end = self.dnd or (1, 1)
        return {"dnd_enabled": self.dnd is not None, "next_dnd_start_ts": start, "next_dnd_end_ts": end}


@dataclass
class App:
    """An installed app: its identity, its secrets, what it may do and what it wants to hear."""

    app_id: str
    name: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    team_id: str
    scopes: tuple[str, ...]
    events: tuple[str, ...]
    socket_mode: bool = True
    request_url: str | None = None
    commands: tuple[str, ...] | None = None  # None: every slash command is this app's
    escapes_commands: bool = False  # the manifest's should_escape
    home_enabled: bool = True
    messages_tab_enabled: bool = True  # without it an app cannot write to people
    revoked: bool = False
    thrown_out: Callable[[Channel], None] = field(default=lambda _: None, repr=False)

    @property
    def mention(self) -> str:
        """Return what a person types to mention the app."""
        return f"@{self.name}"

    def join(self, channel: Channel) -> None:
        """Be a member of the channel from now on, silently (part of the scenery)."""
        if self.bot_user_id not in channel.members:
            channel.members.append(self.bot_user_id)

    def kick(self, channel: Channel) -> None:
        """Be thrown out of the channel, which Slack announces."""
        self.thrown_out(channel)

    def bot_profile(self) -> Json:
        """Return what Slack attaches to each message of the app."""
        return {
            "id": self.bot_id, "deleted": False, "name": self.name, "updated": 1607307935, "app_id": self.app_id,
            "team_id": self.team_id,
            "icons": {f"image_{size}": f"https://a.slack-edge.com/bot_{size}.png" for size in (36, 48, 72)},
        }  # fmt: skip


@dataclass
class Group:
    """A user group such as @tts-oncall."""

    id: str
    name: str
    handle: str
    team_id: str
    description: str = ""
    users: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    created_by: str = ""
    updated_by: str = ""
    deleted_at: int = 0

    def wire(self, *, with_users: bool = True, with_count: bool = True) -> Json:
        """Return Slack's usergroup object."""
        shown: Json = {
            "id": self.id, "team_id": self.team_id, "is_usergroup": True, "is_subteam": True, "name": self.name,
            "description": self.description, "handle": self.handle, "is_external": False, "date_create": self.created,
            "date_update": self.updated, "date_delete": self.deleted_at, "auto_type": None,
            "created_by": self.created_by, "updated_by": self.updated_by, "deleted_by": None,
            "prefs": {"channels": self.channels, "groups": []},
        }  # fmt: skip
        if with_users:
            shown["users"] = list(self.users)
        if with_count:
            shown["user_count"] = len(self.users)
        return shown
