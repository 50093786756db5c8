"""Channels, forums and threads, with what stands in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chatops.sandbox.discord.message import Json, Message
from chatops.sandbox.discord.reading import visible
from chatops.sandbox.watching import PATIENCE

Wanted = str | Callable[[Message], Any]

TEXT, DIRECT, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 11, 12, 15


class Surroundings(Protocol):
    """What a channel needs of the server around it."""

    async def until(self, condition: Callable[[], Any], timeout: float, describe: str) -> Any:  # noqa: ASYNC109 - as the server has it
        """Return the condition's first true value."""


@dataclass
class Channel:
    """A text channel, a forum or a direct conversation."""

    id: str
    type: int
    name: str
    guild_id: str
    topic: str | None = None
    position: int = 0
    overwrites: list[Json] = field(default_factory=list)  # permission_overwrites
    available_tags: list[Json] = field(default_factory=list)  # a forum's
    tag_required: bool = False
    recipient: Json | None = None  # the person of a direct conversation
    messages: dict[str, Message] = field(default_factory=dict)  # oldest first
    surroundings: Surroundings | None = field(default=None, repr=False, compare=False)

    @property
    def last_message_id(self) -> str | None:
        """Return the id of the newest message, if there is one."""
        return next(reversed(self.messages), None)

    def wire(self) -> Json:
        """Return Discord's channel object."""
        if self.type == DIRECT:
            return {"id": self.id, "type": self.type, "flags": 0, "last_message_id": self.last_message_id,
                    "recipients": [self.recipient]}  # fmt: skip
        shown: Json = {
            "id": self.id, "type": self.type, "guild_id": self.guild_id, "name": self.name, "topic": self.topic,
            "position": self.position, "permission_overwrites": self.overwrites, "nsfw": False, "parent_id": None,
            "last_message_id": self.last_message_id, "rate_limit_per_user": 0,
            "flags": 16 if self.tag_required else 0,
        }  # fmt: skip
        if self.type == FORUM:
            shown |= {"available_tags": self.available_tags, "default_reaction_emoji": None,
                      "default_sort_order": None, "default_forum_layout": 0}  # fmt: skip
        return shown

    async def expects(self, wanted: Wanted, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109 - a test's own patience, in real seconds
        """Return the newest message that shows this text or satisfies this predicate, waiting for it if need be."""

        def found() -> Message | None:
            return next((one for one in reversed(self.messages.values()) if _matches(one, wanted)), None)

        if self.surroundings is None:
            raise AssertionError(f"#{self.name} stands on no server")
        what = repr(wanted) if isinstance(wanted, str) else "a matching message"
        message: Message = await self.surroundings.until(found, timeout, f"{what} in #{self.name}")
        return message

    def transcript(self) -> str:
        """Return what stands here, for the message of a failed expectation."""
        lines = [f"#{self.name} ({self.id})"]
        lines += [_line(message) for message in self.messages.values()]
        return "\n".join(lines)


@dataclass
class Thread(Channel):
    """A thread or a forum post; a post's first message has the thread's own id."""

    parent_id: str = ""
    owner_id: str = ""
    created: datetime = datetime.min  # noqa: DTZ901 - a dataclass wants a default; every opener sets it
    archived: bool = False
    locked: bool = False
    archive_changed: datetime = datetime.min  # noqa: DTZ901 - as above
    auto_archive_duration: int = 4320
    applied_tags: list[str] = field(default_factory=list)
    members: dict[str, datetime] = field(default_factory=dict)  # who joined, and when
    rate_limit_per_user: int = 0
    total_message_sent: int = 0
    invitable: bool = True
    flags: int = 0
    parent_is_forum: bool = False

    @property
    def message_count(self) -> int:
        """Return how many messages stand here beside the one that the thread began with."""
        begun = {self.id} | {key for key, message in self.messages.items() if message.type == 21}
        return len(self.messages.keys() - begun)

    def wire(self, viewer: str = "") -> Json:
        """Return Discord's thread object; `member` is there when the viewer joined."""
        metadata: Json = {
            "archived": self.archived, "archive_timestamp": self.archive_changed.isoformat(), "locked": self.locked,
            "auto_archive_duration": self.auto_archive_duration, "create_timestamp": self.created.isoformat(),
        }  # fmt: skip
        if self.type == PRIVATE_THREAD:
            metadata["invitable"] = self.invitable
        shown: Json = {
            "id": self.id, "type": self.type, "guild_id": self.guild_id, "name": self.name,
            "parent_id": self.parent_id, "owner_id": self.owner_id, "last_message_id": self.last_message_id,
            "message_count": self.message_count, "member_count": min(len(self.members), 50),
            "total_message_sent": self.total_message_sent, "rate_limit_per_user": self.rate_limit_per_user,
            "thread_metadata": metadata, "flags": self.flags,
        }  # fmt: skip
        if self.parent_is_forum:
            shown["applied_tags"] = list(self.applied_tags)
        if viewer in self.members:
            shown["member"] = self.member(viewer)
        return shown

    def member(self, member_id: str) -> Json:
        """Return Discord's thread member object."""
        return {"id": self.id, "user_id": member_id, "join_timestamp": self.members[member_id].isoformat(), "flags": 0}


def _line(message: Message) -> str:
    said = message.content or "".join(f" [{embed.get('description', '')}]" for embed in message.embeds)
    files = "".join(f" <{file.filename}>" for file in message.files)
    marks = "".join(f" {emoji}×{len(who)}" for emoji, who in message.reactions.items())
    return f"  {message.author['username']}: {said}{files}{marks}"


def _matches(message: Message, wanted: Wanted) -> bool:
    return wanted in visible(message) if isinstance(wanted, str) else bool(wanted(message))
