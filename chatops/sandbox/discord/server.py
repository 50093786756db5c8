"""The server's memory: who and what is there, and who wants to hear of a change."""

from collections.abc import Callable
from dataclasses import dataclass

from chatops.sandbox.discord.channel import Channel, Thread
from chatops.sandbox.discord.member import App, Member, Role, Webhook
from chatops.sandbox.discord.message import Json, Message, StoredFile
from chatops.sandbox.discord.snowflakes import Snowflakes
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.watching import Watched


@dataclass
class Happening:
    """Something that gateway sessions may hear of; `data` is the full `d` as a session with every intent gets it."""

    name: str
    data: Json
    channel_id: str | None
    number: int  # of all happenings, from 1
    only: App | None = None  # the one app that hears of it


@dataclass(frozen=True)
class Ping:
    """Somebody was notified for good; kind is person, role or everyone."""

    kind: str
    target: str
    channel_id: str
    message_id: str


class Server(Watched):
    """Everything Discord would store for one server; operations live in `messages` and `threads`."""

    def __init__(self, time: StoryTime, ids: Snowflakes | None = None, name: str = "Team") -> None:
        self.time = time
        self.ids = ids or Snowflakes(time)
        self.id = self.ids.next()
        self.name = name
        self.url = ""  # of the world, once it runs
        self.locale = "en-US"
        self.upload_limit = 10 * 1024 * 1024  # bytes of one file; more with boosts
        self.roles: dict[str, Role] = {self.id: Role(self.id, "@everyone", position=0)}
        self.channels: dict[str, Channel] = {}  # threads and direct conversations too
        self.members: dict[str, Member] = {}
        self.apps: dict[str, App] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.files: dict[str, StoredFile] = {}
        self.ephemerals: list[Message] = []
        self.pings: list[Ping] = []  # of apps' messages only: buyer text must never get in here
        self.happenings: list[Happening] = []
        self.listeners: list[Callable[[Happening], None]] = []
        self.watchers: list[Callable[[], None]] = []

    @property
    def threads(self) -> list[Thread]:
        """Return every thread and post, oldest first."""
        return [channel for channel in self.channels.values() if isinstance(channel, Thread)]

    def app_of(self, bot_id: str) -> App | None:
        """Return the app that acts as this bot member."""
        return next((app for app in self.apps.values() if app.bot.id == bot_id), None)

    def find_message(self, message_id: str) -> tuple[Channel, Message] | None:
        """Return the message with this id and where it stands; ephemeral ones too."""
        for channel in self.channels.values():
            if message_id in channel.messages:
                return channel, channel.messages[message_id]
        shown = next((message for message in self.ephemerals if message.id == message_id), None)
        return (self.channels[shown.channel_id], shown) if shown else None

    def happens(self, name: str, data: Json, channel_id: str | None = None, only: App | None = None) -> Happening:
        """Tell everyone who carries happenings to gateway sessions, then everyone who watches the state."""
        happening = Happening(name, data, channel_id, len(self.happenings) + 1, only)
        self.happenings.append(happening)
        for listener in tuple(self.listeners):
            listener(happening)
        self.changed()
        return happening

    def wire(self) -> Json:
        """Return the guild object of GUILD_CREATE, without members (the gateway decides whom a session may see)."""
        places = [
            channel for channel in self.channels.values() if not isinstance(channel, Thread) and channel.type != 1
        ]
        return {
            "id": self.id, "name": self.name, "icon": None, "owner_id": next(iter(self.members), self.id),
            "unavailable": False, "preferred_locale": self.locale, "features": [], "emojis": [], "stickers": [],
            "roles": [role.wire() for role in self.roles.values()], "member_count": len(self.members),
            "large": False, "joined_at": self.time.now().isoformat(), "channels": [place.wire() for place in places],
            "threads": [thread.wire() for thread in self.threads if not thread.archived],
            "voice_states": [], "presences": [], "stage_instances": [], "guild_scheduled_events": [],
            "soundboard_sounds": [], "premium_tier": 0, "premium_subscription_count": 0, "verification_level": 0,
            "default_message_notifications": 1, "explicit_content_filter": 0, "mfa_level": 0, "nsfw_level": 0,
            "system_channel_id": None, "system_channel_flags": 0, "afk_channel_id": None, "afk_timeout": 300,
            "description": None, "banner": None, "splash": None, "premium_progress_bar_enabled": False,
        }  # fmt: skip
