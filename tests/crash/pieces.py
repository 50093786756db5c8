"""What a post of the product shows, piece by piece in the order in which people read it."""

from collections.abc import Iterator

from chatops.sandbox.discord.message import Message as DiscordMessage
from chatops.sandbox.slack.message import Message as SlackMessage
from chatops.sandbox.slack.reading import texts
from chatops.sandbox.world import World


def pieces(world: World, message: SlackMessage | DiscordMessage) -> Iterator[tuple[str, bytes]]:
    """Yield words and, where there is one, the picture beside or below them."""
    if isinstance(message, SlackMessage):
        for block in message.blocks:
            file = world.slack.workspace.files.get((block.get("slack_file") or {}).get("id", ""))
            yield " ".join(texts(block)), file.content if file else b""
        return
    held = {file.url: file.content for file in message.files}
    held |= {f"attachment://{file.filename}": file.content for file in message.files}
    for embed in message.embeds:
        yield embed.get("description") or "", b""
        yield "", held.get((embed.get("image") or {}).get("url", ""), b"")
