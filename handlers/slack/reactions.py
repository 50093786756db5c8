"""Reactions the team adds to our messages, or takes away."""

from chatops.catalog import by_reaction
from chatops.desk import gestures
from chatops.model import binding as bindings
from handlers.slack.context import Context, Payload


async def reaction(context: Context, event: Payload, body: Payload) -> None:
    """Hear a reaction that means something; a shared channel does not tell whose workspace it comes from."""
    item, name = event.get("item") or {}, event.get("reaction") or ""
    if item.get("type") != "message" or not context.is_colleague(event, body):
        return
    alone = str(item["channel"]).startswith("D")  # with us; there anything somebody adds says that they have read
    known = alone or by_reaction(name) is not None
    if not known and await context.store.read(bindings.get, context.workspace_id, name) is None:
        return
    heard = gestures.Reacted(
        workspace_id=context.workspace_id,
        channel_id=item["channel"],
        message_id=item["ts"],
        agent_id=event["user"],
        name=name,
        added=event["type"] == "reaction_added",
        id=event.get("event_ts") or "",
    )
    await context.store.write(gestures.reacted, heard, context.now())
