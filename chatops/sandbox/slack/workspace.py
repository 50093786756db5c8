"""The workspace's memory: who and what is there, the ids it hands out, and who wants to hear of a change."""

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chatops.sandbox.slack.audit import Live, audit
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.member import App, Group, Member
from chatops.sandbox.slack.message import Json, Message, StoredFile
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.watching import Watched


@dataclass
class Team:
    """The Slack workspace itself."""

    id: str = "T0TEAM"
    name: str = "Team"
    domain: str = "team"


@dataclass
class Happening:
    """Something apps may hear of: the subscription it belongs to, its payload and where it took place."""

    subscription: str
    event: Json
    channel: Channel | None = None
    only: App | None = None  # when set, this app alone hears it, member or not


@dataclass
class Workspace(Watched):
    """Everything Slack would store for one workspace; operations on messages live in `messages`."""

    time: StoryTime
    team: Team = field(default_factory=Team)
    url: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)
    custom_emoji: dict[str, str] = field(default_factory=dict)
    listeners: list[Callable[[Happening], None]] = field(default_factory=list)
    watchers: list[Callable[[], None]] = field(default_factory=list)
    alive: dict[Live, None] = field(default_factory=dict)  # every mention, link and unfurl an app ever produced
    _last_ts: int = 0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def now(self) -> datetime:
        """Return the story's instant."""
        return self.time.now()

    def unix(self) -> int:
        """Return the story's instant in whole seconds."""
        return int(self.now().timestamp())

    def mint_ts(self) -> str:
        """Return a message id that is later than every one before, even when the story's clock went back."""
        self._last_ts = max(self._last_ts + 1, int(self.now().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def mint_id(self, prefix: str, name: str = "") -> str:
        """Return an unused id such as `C0SUPPORT`, readable where the name allows."""
        slug = re.sub(r"[^A-Z0-9]", "", name.upper())
        taken = self.members.keys() | self.channels.keys() | self.apps.keys() | self.groups.keys()
        if slug and f"{prefix}0{slug}" not in taken:
            return f"{prefix}0{slug}"
        return f"{prefix}0{slug}{next(self._numbers):05d}"

    def channel(self, channel_id: str) -> Channel | None:
        """Return the channel with this id."""
        return self.channels.get(channel_id)

    def show(self, message: Message) -> None:
        """Show a message to one person alone."""
        self.ephemerals.append(message)
        self.note_alive(message)
        self.changed()

    def note_alive(self, message: Message) -> None:
        """Remember what is alive in an app's message, for good: a ping cannot be taken back."""
        if message.by_app:
            self.alive |= dict.fromkeys(audit(message))

    def find_message(self, ts: str) -> Message | None:
        """Return the message or ephemeral with this ts, wherever it stands (ids are unique across this world)."""
        for channel in self.channels.values():
            if ts in channel.all_messages:
                return channel.all_messages[ts]
        return next((message for message in self.ephemerals if message.ts == ts), None)

    def direct(self, member_id: str, bot_user_id: str) -> Channel:
        """Return the direct conversation of a person with an app, opened on first use."""
        for channel in self.channels.values():
            if channel.kind == "im" and set(channel.members) == {member_id, bot_user_id}:
                return channel
        return self.add_channel("", kind="im", members=(member_id, bot_user_id))

    def add_channel(self, name: str, kind: str, members: Iterable[str], channel_id: str | None = None) -> Channel:
        """Store a new channel without announcing it."""
        prefix = "D" if kind == "im" else "C"
        new = Channel(channel_id or self.mint_id(prefix, name), name, kind, self, self.team.id, created=self.unix())
        new.members = list(members)
        self.channels[new.id] = new
        self.changed()
        return new

    def name_of(self, member_id: str) -> str:
        """Return how a member is called, or the id of an unknown one."""
        return self.members[member_id].name if member_id in self.members else member_id

    def app_of(self, bot_user_id: str) -> App | None:
        """Return the app that acts as this bot member."""
        return next((app for app in self.apps.values() if app.bot_user_id == bot_user_id), None)

    def announce(self, happening: Happening) -> None:
        """Let everyone who carries events to apps know, then everyone who watches the state."""
        for listener in self.listeners:
            listener(happening)
        self.changed()
