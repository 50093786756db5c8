"""What the server keeps about one message and one file."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chatops.sandbox.discord.snowflakes import instant

Json = dict[str, Any]

SUPPRESS_EMBEDS, HAS_THREAD, EPHEMERAL, LOADING = 1 << 2, 1 << 5, 1 << 6, 1 << 7
SUPPRESS_NOTIFICATIONS, COMPONENTS_V2 = 1 << 12, 1 << 15
NORMAL, RENAMED, THREAD_CREATED, REPLY, COMMAND, THREAD_STARTER, CONTEXT_COMMAND = 0, 4, 18, 19, 20, 21, 23


@dataclass
class StoredFile:
    """A file that hangs on a message; served at `url`, which wants its signature."""

    id: str
    filename: str
    content: bytes
    content_type: str
    url: str
    description: str | None = None
    size_on_screen: tuple[int, int] | None = None  # width and height of a picture

    def wire(self) -> Json:
        """Return Discord's attachment object."""
        shown: Json = {
            "id": self.id, "filename": self.filename, "size": len(self.content), "url": self.url,
            "proxy_url": self.url, "content_type": self.content_type,
        }  # fmt: skip
        if self.description is not None:
            shown["description"] = self.description
        if self.size_on_screen:
            shown["width"], shown["height"] = self.size_on_screen
        return shown


@dataclass
class Message:
    """One message; `author` is the user object it is shown with (a bot's, a person's or a webhook's)."""

    id: str
    channel_id: str
    author: Json
    content: str = ""
    type: int = NORMAL
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    flags: int = 0
    tts: bool = False
    nonce: str | int | None = None
    reference: Json | None = None  # message_reference
    reactions: dict[str, list[str]] = field(default_factory=dict)  # emoji, then who
    pinged: list[str] = field(default_factory=list)  # members
    pinged_roles: list[str] = field(default_factory=list)
    pinged_everyone: bool = False
    mentions: list[Json] = field(default_factory=list)  # the user objects of `pinged`
    edited: datetime | None = None
    pinned: bool = False
    webhook_id: str | None = None
    application_id: str | None = None
    interaction_metadata: Json | None = None
    position: int | None = None  # within a thread
    ephemeral_to: str | None = None  # the only person who sees it; such a message stands in no channel

    @property
    def author_id(self) -> str:
        """Return the id of the author, a webhook's own id if a webhook spoke."""
        return str(self.author["id"])

    def wire(self, viewer: str = "", *, with_nonce: bool = False) -> Json:
        """Return Discord's message object as `viewer` sees it; the nonce is told when the message is made only."""
        shown: Json = {
            "id": self.id, "channel_id": self.channel_id, "type": self.type, "content": self.content,
            "author": self.author, "timestamp": instant(self.id).isoformat(),
            "edited_timestamp": self.edited.isoformat() if self.edited else None, "tts": self.tts,
            "mention_everyone": self.pinged_everyone, "mentions": self.mentions, "mention_roles": self.pinged_roles,
            "attachments": [file.wire() for file in self.files], "embeds": [] if self.hides_embeds else self.embeds,
            "components": self.components, "pinned": self.pinned, "flags": self.flags,
        }  # fmt: skip
        optional = {
            "message_reference": self.reference, "webhook_id": self.webhook_id, "application_id": self.application_id,
            "interaction_metadata": self.interaction_metadata, "position": self.position,
            "nonce": self.nonce if with_nonce else None,
        }  # fmt: skip
        shown |= {key: value for key, value in optional.items() if value is not None}
        if self.reactions:
            shown["reactions"] = [_reaction(emoji, who, viewer) for emoji, who in self.reactions.items()]
        return shown

    @property
    def hides_embeds(self) -> bool:
        """Return whether embeds are suppressed."""
        return bool(self.flags & SUPPRESS_EMBEDS)


def emoji_object(emoji: str) -> Json:
    """Return the emoji object of `name:id` or of a Unicode emoji."""
    name, _, emoji_id = emoji.rpartition(":")
    return {"id": emoji_id, "name": name} if name else {"id": None, "name": emoji}


def _reaction(emoji: str, who: list[str], viewer: str) -> Json:
    return {
        "emoji": emoji_object(emoji), "count": len(who), "count_details": {"burst": 0, "normal": len(who)},
        "burst_colors": [], "me_burst": False, "me": viewer in who, "burst_me": False, "burst_count": 0,
    }  # fmt: skip
