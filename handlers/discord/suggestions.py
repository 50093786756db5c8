"""What Discord offers while somebody types a command's words: chosen or not, what they send is what counts."""

from typing import Any

from chatops.catalog import by_command
from handlers.asking import suggested
from handlers.discord.commands import read
from handlers.discord.context import Context, Payload, trigger_of


async def suggest(context: Context, payload: Payload) -> None:
    """Offer what fits what was typed so far."""
    name, typed = read(payload["data"])
    found = by_command(name)
    options: list[dict[str, Any]] = []
    if found is not None and found.argument is not None:
        thread = await context.thread_at(payload.get("guild_id") or "", payload["channel_id"])
        who, takes = context.asker(payload), found.argument.takes
        fitting = await context.store.read(suggested, who, thread, takes, typed, context.now())
        options = [{"name": option.label, "value": option.value} for option in fitting]
    await context.discord.answers.suggest(trigger_of(payload), options)
