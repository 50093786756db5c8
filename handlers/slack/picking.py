"""A macro for a ticket whose thread one is not in: a form asks for both, and turns into the macro's own form."""

from chatops.cards import commands as cards
from chatops.catalog import Entry
from chatops.errors import PlatformError
from chatops.i18n import language
from chatops.platforms.ports import ThreadRef
from chatops.platforms.slack.forms import read_values
from chatops.ui import Card
from handlers.asking import locale_of, macro_for_ticket, which_ticket
from handlers.slack.context import Context, Payload


async def begin(context: Context, body: Payload, found: Entry, words: str) -> Payload:
    """Ask for ticket and macro; return the answer to the command that asked for a macro."""
    who = context.asker(body)
    shown = await context.store.read(which_ticket, who, found, words, context.now())
    if isinstance(shown, Card):
        return context.slack.privately(shown)
    try:
        await context.slack.show_form(body.get("trigger_id") or "", shown)
    except PlatformError:
        with language(await context.store.read(locale_of, who)):
            return context.slack.privately(cards.form_not_shown())
    return {}


async def go_on(context: Context, body: Payload) -> Payload:
    """Return the answer to the form that asked for ticket and macro: the macro's own form takes its place.

    Raises:
        Refused: there is nothing that fits.
    """
    values = read_values(body["view"])
    form, thread = await context.store.read(macro_for_ticket, context.asker(body), values, context.now())
    place = ThreadRef(thread.workspace_id, thread.channel_id, thread.external_id)
    return {"response_action": "update", "view": context.slack.view(form, place)}
