"""What the menu of a message offers."""

from chatops.cards import commands as cards
from chatops.catalog import Verb, entry
from chatops.errors import Refusal, Refused
from chatops.model import thread as threads
from chatops.refs import ticket_ref
from handlers.slack.buttons import meet
from handlers.slack.context import Context, Payload, place_of

OFFERED: tuple[Verb, ...] = (Verb.MACRO,)  # by `manifest.yml`


async def chosen(context: Context, body: Payload) -> None:
    """Do what was chosen for a message, in the ticket in whose thread it stands."""
    if (body.get("user") or {}).get("team_id", context.workspace_id) != context.workspace_id:
        return
    place = place_of(body, context.workspace_id)
    found = next((entry(one) for one in OFFERED if one == body.get("callback_id")), None)
    if place is None:
        return
    thread = await context.store.read(threads.at, place.workspace_id, place.channel_id, place.thread_id)
    if found is None:
        await context.refuse(body, Refused(Refusal.STALE), place)
    elif thread is None:
        await context.whisper(body, cards.no_thread, place)
    elif not await meet(context, body, place, found, ticket_ref(thread.shop_id, thread.ticket_id)):
        await context.refuse(body, Refused(Refusal.STALE), place)
