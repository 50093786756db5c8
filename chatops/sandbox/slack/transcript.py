"""Messages as a person reads them: for waiting tests, failure reports and the demo page."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatops.sandbox.slack.channel import Channel
    from chatops.sandbox.slack.message import Message


MENTIONS = {
    "user": "<@{user_id}>", "usergroup": "<!subteam^{usergroup_id}>", "broadcast": "<!{range}>",
    "channel": "<#{channel_id}>", "emoji": ":{name}:",
}  # fmt: skip


def texts(piece: Any) -> list[str]:
    """Return every readable string inside blocks, in reading order."""
    if isinstance(piece, list):
        return [text for part in piece for text in texts(part)]
    if not isinstance(piece, dict):
        return []
    kind = piece.get("type", "")
    if kind in MENTIONS:
        return [MENTIONS[kind].format(**piece)]
    if kind == "link":
        return [piece.get("text") or piece["url"]]
    if kind in {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}:
        return ["".join(texts(piece["elements"]))]
    own = [piece["text"]] if isinstance(piece.get("text"), str) else []
    own += [piece["alt_text"]] if isinstance(piece.get("alt_text"), str) else []
    return own + [text for value in piece.values() if isinstance(value, dict | list) for text in texts(value)]


def visible(message: "Message") -> str:
    """Return all text of a message: its blocks, its fallback text, its file names."""
    parts = [message.text, *texts(message.blocks), *texts(message.attachments), *(file.name for file in message.files)]
    return "\n".join(dict.fromkeys(part for part in parts if part))


def transcript(channel: "Channel") -> str:
    """Return a channel with its threads indented, one line per message."""
    lines = [f"#{channel.name or channel.id} ({channel.id}{', archived' if channel.archived else ''})"]
    for root in (message for message in channel.messages if not message.is_reply):
        lines.append(_line(channel, root))
        lines += ["    " + _line(channel, reply) for reply in channel.replies(root.ts)]
    return "\n".join(lines if len(lines) > 1 else [*lines, "  (silence)"])


def _line(channel: "Channel", message: "Message") -> str:
    member = channel.workspace.members.get(message.user or "")
    who = message.username or (member.name if member else message.user) or "?"
    said = visible(message).replace("\n", " / ")
    marks = "".join(f" :{name}:×{len(by)}" for name, by in message.reactions.items())
    notes = f" [{message.subtype}]" if message.subtype else ""
    return f"  {message.ts} {who}: {said}{marks}{notes}{' (edited)' if message.edited else ''}"
