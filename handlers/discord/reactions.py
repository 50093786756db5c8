"""Reactions the team adds to our messages, or takes away."""

import emoji

from chatops.catalog import by_reaction
from chatops.desk import gestures
from chatops.model import binding as bindings
from chatops.model import thread as threads
from handlers.discord.context import Context, Payload

VARIATION = "\ufe0f"  # says that a sign is meant as a picture; Discord sends it or not


async def added(context: Context, reaction: Payload, number: str) -> None:
    """Hear a reaction that means something."""
    await _changed(context, reaction, number, is_there=True)


async def removed(context: Context, reaction: Payload, number: str) -> None:
    """Hear that somebody took a reaction away; Discord does not tell whether it was a bot's."""
    await _changed(context, reaction, number, is_there=False)


async def _changed(context: Context, reaction: Payload, number: str, *, is_there: bool) -> None:
    name, channel_id = short_name(reaction["emoji"]), reaction["channel_id"]
    person = {"id": reaction["user_id"], **((reaction.get("member") or {}).get("user") or {})}
    if not name or not context.is_colleague(person):
        return
    server_id = (await context.at_home(reaction)).get("guild_id") or ""
    alone = not reaction.get("guild_id")  # with us; there anything somebody adds says that they have read
    if not alone and by_reaction(name) is None and await context.store.read(bindings.get, server_id, name) is None:
        return
    thread = await context.store.read(threads.named, server_id, channel_id)
    heard = gestures.Reacted(
        workspace_id=server_id,
        channel_id=thread.channel_id if thread else channel_id,  # a head in a text channel stands in the channel
        message_id=reaction["message_id"],
        agent_id=reaction["user_id"],
        name=name,
        added=is_there,
        id=number,
    )
    await context.store.write(gestures.reacted, heard, context.now())


def short_name(found: Payload) -> str:
    """Return the short name of an emoji: `eyes` for 👀, `:eyes:` for one of the server's own that is called so."""
    if not found.get("name"):
        return ""
    if found.get("id"):
        return f":{found['name']}:"
    sign = found["name"].replace(VARIATION, "")
    name = emoji.demojize(sign, language="alias").strip(":")
    return "" if name == sign else name
