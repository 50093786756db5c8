"""A channel with its messages and threads, and what a person waiting in it can see."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from chatops.sandbox.slack.message import Json, Message
from chatops.sandbox.slack.reading import visible
from chatops.sandbox.watching import PATIENCE

Wanted = str | Callable[[Message], Any]


class Surroundings(Protocol):
    """What a channel needs of the workspace around it."""

    def name_of(self, member_id: str) -> str:
        """Return how a member is called."""

    async def until(self, condition: Callable[[], Any], timeout: float, describe: str) -> Any:  # noqa: ASYNC109 - as the workspace has it
        """Return the condition's first true value."""


@dataclass
class Channel:
    """A public or private channel, or a direct conversation; kind is channel, group or im."""

    id: str
    name: str
    kind: str
    workspace: Surroundings = field(repr=False)
    team_id: str = ""
    created: int = 0
    creator: str = ""
    members: list[str] = field(default_factory=list)
    archived: bool = False
    shared: bool = False  # with another company (Slack Connect)
    topic: str = ""
    purpose: str = ""
    pins: list[str] = field(default_factory=list)
    all_messages: dict[str, Message] = field(default_factory=dict, repr=False)
    _below: dict[str, dict[str, Message]] = field(default_factory=dict, repr=False)

    @property
    def messages(self) -> list[Message]:
        """Return every message, threads included, oldest first."""
        return list(self.all_messages.values())

    @property
    def roots(self) -> list[Message]:
        """Return what stands in the channel itself, oldest first: posts and replies also sent to the channel."""
        return [message for message in self.messages if not message.is_reply or message.broadcast]

    def replies(self, ts: str) -> list[Message]:
        """Return the replies below the message `ts`, oldest first."""
        return list(self._below.get(ts, {}).values())

    def add(self, message: Message) -> None:
        """Store a message in its place."""
        self.all_messages[message.ts] = message
        if message.is_reply and message.thread_ts:
            self._below.setdefault(message.thread_ts, {})[message.ts] = message

    def drop(self, message: Message) -> None:
        """Forget a message."""
        del self.all_messages[message.ts]
        self._below.get(message.thread_ts or "", {}).pop(message.ts, None)

    def thread(self, ts: str | Message) -> list[Message]:
        """Return the root and its replies, root first."""
        root = ts.thread_ts or ts.ts if isinstance(ts, Message) else ts
        first = self.all_messages.get(root)
        return ([first] if first else []) + self.replies(root)

    def wire(self, message: Message, *, all_metadata: bool = True) -> Json:
        """Return the message with its place in a thread: counters on the root, the parent's author on a reply."""
        shown = message.wire(all_metadata=all_metadata)
        if message.is_reply:
            parent = self.all_messages.get(message.thread_ts or "")
            if parent and parent.user:
                shown["parent_user_id"] = parent.user
            return shown | ({"subtype": "thread_broadcast"} if message.broadcast else {})
        below = self.replies(message.ts)
        if below:
            authors = list(dict.fromkeys(reply.user or reply.bot_id or "" for reply in below))
            shown |= {
                "thread_ts": message.ts, "reply_count": len(below), "reply_users": authors,
                "reply_users_count": len(authors), "latest_reply": below[-1].ts, "is_locked": False,
                "subscribed": False,
            }  # fmt: skip
        return shown

    async def expects(self, wanted: Wanted, timeout: float = PATIENCE, thread: str | Message | None = None) -> Message:  # noqa: ASYNC109 - a test's own patience, in real seconds
        """Return the newest message that shows this text or satisfies this predicate, waiting for it if need be."""

        def found() -> Message | None:
            among = self.messages if thread is None else self.thread(thread)
            return next((message for message in reversed(among) if _matches(message, wanted)), None)

        what = repr(wanted) if isinstance(wanted, str) else "a matching message"
        message: Message = await self.workspace.until(found, timeout, f"{what} in #{self.name or self.id}")
        return message

    def transcript(self) -> str:
        """Return the channel as a person would read it: a line per message, threads indented."""
        lines = [f"#{self.name or self.id} ({self.id}{', archived' if self.archived else ''})"]
        for root in (message for message in self.messages if not message.is_reply):
            lines += [self._line(root), *("    " + self._line(reply) for reply in self.replies(root.ts))]
        return "\n".join(lines if len(lines) > 1 else [*lines, "  (silence)"])

    def _line(self, message: Message) -> str:
        who = message.username or self.workspace.name_of(message.user or "?")
        marks = "".join(f" :{name}:×{len(by)}" for name, by in message.reactions.items())
        notes = f" [{message.subtype}]" if message.subtype else ""
        said = visible(message).replace("\n", " / ")
        return f"  {message.ts} {who}: {said}{marks}{notes}{' (edited)' if message.edited else ''}"

    def info(self, for_member: str, *, with_count: bool = False) -> Json:
        """Return Slack's conversation object as seen by one member."""
        common: Json = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.archived,
            "is_im": self.kind == "im",
        }
        if self.kind == "im":
            other = next((who for who in self.members if who != for_member), for_member)
            return common | {"user": other, "is_org_shared": False, "is_user_deleted": False, "priority": 0}
        shown = common | {
            "name": self.name, "name_normalized": self.name, "is_channel": self.kind == "channel",
            "is_group": self.kind == "group", "is_mpim": False, "is_private": self.kind == "group",
            "is_general": False, "is_shared": self.shared, "is_ext_shared": self.shared, "is_org_shared": False,
            "is_member": for_member in self.members, "creator": self.creator, "unlinked": 0,
            "context_team_id": self.team_id,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": self.purpose, "creator": "", "last_set": 0}, "previous_names": [],
        }  # fmt: skip
        if with_count:
            shown["num_members"] = len(self.members)
        return shown


def _matches(message: Message, wanted: Wanted) -> bool:
    return wanted in visible(message) if isinstance(wanted, str) else bool(wanted(message))
