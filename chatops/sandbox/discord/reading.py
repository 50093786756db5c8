"""The words a person reads in a message, wherever they stand in it."""

from collections.abc import Iterator

from chatops.sandbox.discord.message import Json, Message
from chatops.sandbox.discord.pressing import every


def visible(message: Message) -> str:
    """Return all text of a message: its content, its embeds, its components, its file names."""
    parts = [message.content]
    for embed in message.embeds:
        parts += _of_embed(embed)
    for component in every(message.components):
        emoji = (component.get("emoji") or {}).get("name") or ""
        parts += [component.get("content") or "", f"{emoji} {component.get('label') or ''}".strip()]
    parts += [file.filename for file in message.files]
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _of_embed(embed: Json) -> Iterator[str]:
    yield (embed.get("author") or {}).get("name") or ""
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    for field in embed.get("fields") or []:
        yield field["name"]
        yield field["value"]
    yield (embed.get("footer") or {}).get("text") or ""
