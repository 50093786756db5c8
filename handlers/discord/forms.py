"""Forms that somebody sent off. What a form means stands in it, so it outlives a restart and an update."""

from chatops.cards import commands as cards
from chatops.cards import notice
from chatops.catalog import CATALOG, Verb
from chatops.errors import NotUnderstood, Refusal, Refused
from chatops.platforms.discord.forms import read_values
from chatops.ui import Press
from handlers.discord import commands
from handlers.discord.context import Context, Payload


async def submitted(context: Context, payload: Payload) -> None:
    """Do what a form is for; what was written into one that means nothing (any more) is given back."""
    data = payload["data"]
    given = words(data)
    thread = await context.thread_at(payload.get("guild_id") or "", payload["channel_id"])
    verb = _purpose(data["custom_id"])
    if verb is None:
        await context.answer(payload, lambda: cards.given_back(notice.refusal(Refused(Refusal.STALE)), given))
    elif thread is None:
        await context.answer(payload, lambda: cards.no_thread(given))
    else:
        await commands.say(context, payload, thread, verb, given)


def words(data: Payload) -> str:
    """Return what somebody wrote into a form."""
    return "\n".join(filter(None, read_values(data.get("components")).values()))


def _purpose(custom_id: str) -> Verb | None:
    """Return what the words of a form are for."""
    try:
        said = Press.decode(custom_id)
    except NotUnderstood:
        return None
    return next((found.verb for found in CATALOG if found.verb == said.verb and found.argument), None)
