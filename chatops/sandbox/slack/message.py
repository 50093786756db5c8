"""What the workspace keeps about one message and one file."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class StoredFile:
    """A file uploaded by a person or an app, with the places where it was shared."""

    id: str
    name: str
    title: str
    mimetype: str
    content: bytes
    user: str
    created: int
    team_id: str
    base_url: str
    alt_txt: str = ""
    shares: dict[str, dict[str, list[Json]]] = field(default_factory=dict)  # public or private, then channel id
    deleted: bool = False

    def wire(self, *, with_shares: bool = False) -> Json:
        """Return Slack's file object; `shares` only on request, as `files.info` gives it."""
        kind = self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "binary"
        private = f"{self.base_url}/files-pri/{self.team_id}-{self.id}"
        shown: Json = {
            "id": self.id, "created": self.created, "timestamp": self.created, "name": self.name, "title": self.title,
            "mimetype": self.mimetype, "filetype": kind, "pretty_type": kind.upper(), "user": self.user,
            "user_team": self.team_id, "editable": False, "size": len(self.content), "mode": "hosted",
            "is_external": False, "external_type": "", "is_public": True, "public_url_shared": False,
            "display_as_bot": False, "username": "", "url_private": f"{private}/{self.name}",
            "url_private_download": f"{private}/download/{self.name}", "media_display_type": "unknown",
            "permalink": f"{self.base_url}/files/{self.user}/{self.id}/{self.name}",
            "permalink_public": f"{self.base_url}/pub/{self.team_id}-{self.id}", "has_rich_preview": False,
            "file_access": "visible",
        }  # fmt: skip
        if self.alt_txt:
            shown["alt_txt"] = self.alt_txt
        if self.mimetype.startswith("image/"):
            thumb = f"{private}/{self.name}"
            shown |= {"thumb_64": thumb, "thumb_360": thumb, "thumb_360_w": 360, "thumb_360_h": 360}
        if with_shares:
            shown["shares"] = self.shares
        return shown


@dataclass
class Message:
    """One message; `ts` is its id within the channel and never changes."""

    channel_id: str
    ts: str
    team_id: str
    text: str = ""
    user: str | None = None
    subtype: str | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    client_msg_id: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    bot_profile: Json | None = None
    username: str | None = None
    icons: Json | None = None
    files: list[StoredFile] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: Json | None = None
    edited: Json | None = None
    extra: Json = field(default_factory=dict)  # what only one subtype carries, such as a new topic
    broadcast: bool = False  # a reply that also stands in the channel
    unfurls: bool = True
    parse: str = "none"  # the app asked Slack to find names and links in `text`: full, or names
    ephemeral_to: str | None = None

    @property
    def is_reply(self) -> bool:
        """Return whether the message stands in a thread below another one."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def by_app(self) -> bool:
        """Return whether an app wrote it."""
        return self.bot_id is not None

    def wire(self, *, all_metadata: bool = True) -> Json:
        """Return the message as Slack shows it, without thread counters and channel."""
        shown: Json = {"type": "message", "text": self.text, "ts": self.ts, "team": self.team_id}
        optional = {
            "subtype": self.subtype, "user": self.user, "client_msg_id": self.client_msg_id, "bot_id": self.bot_id,
            "app_id": self.app_id, "bot_profile": self.bot_profile, "username": self.username, "icons": self.icons,
            "edited": self.edited, "blocks": self.blocks or None, "attachments": self.attachments or None,
            "thread_ts": self.thread_ts,
        }  # fmt: skip
        shown |= {key: value for key, value in optional.items() if value is not None}
        if self.files:
            shown |= {"files": [file.wire() for file in self.files], "upload": False, "display_as_bot": False}
        if self.reactions:
            shown["reactions"] = [
                {"name": name, "users": list(who), "count": len(who)} for name, who in self.reactions.items()
            ]
        if self.metadata is not None:
            shown["metadata"] = self.metadata if all_metadata else {"event_type": self.metadata["event_type"]}
        return shown | self.extra
