"""The words a person reads in a message, wherever they stand in it."""

from typing import Any

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


def visible(message: Message) -> str:
    """Return all text of a message: its blocks, its fallback text, its file names."""
    parts = [message.text, *texts(message.blocks), *texts(message.attachments), *(file.name for file in message.files)]
    return "\n".join(dict.fromkeys(part for part in parts if part))
