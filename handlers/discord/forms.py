"""Forms that somebody sent off. What a form means stands in it, so it outlives a restart and an update."""

from datetime import datetime

from chatops.cards import commands as cards
from chatops.cards.forms import words_of
from chatops.catalog import CATALOG, About, Entry, Verb
from chatops.desk import gestures
from chatops.errors import NotUnderstood, Refusal, Refused
from chatops.i18n import language
from chatops.platforms.discord.forms import read_values
from chatops.store.transaction import Transaction
from chatops.ui import Card, Press
from handlers.asking import ANSWERED, FILLED, Asker, answer, came_of_it, locale_of, pressed, thread_in, tried, wrong
from handlers.discord import commands
from handlers.discord.context import Context, Payload, trigger_of


async def submitted(context: Context, payload: Payload) -> None:
    """Do what a form is for; what was written into one that means nothing (any more) is given back."""
    data = payload["data"]
    given = words(data)
    try:
        found, ref = _purpose(data["custom_id"])
    except NotUnderstood:
        await context.give_back(payload, Refused(Refusal.STALE), given)
        return
    thread = None
    if found.verb in FILLED:
        await _fill_in(context, payload, found.verb, ref, given)
        return
    if found.verb in (Verb.REPLY, Verb.NOTE):
        thread = await context.thread_at(payload.get("guild_id") or "", payload["channel_id"])
    elif found.about is About.TICKET:
        place = payload.get("guild_id") or "", await context.channel_of(payload)
        thread = await context.store.read(thread_in, *place, ref)
    if thread is None and found.about is About.TICKET:
        await context.answer(payload, lambda: cards.no_thread(given))
    else:
        await commands.do(context, payload, thread, found, words_of(read_values(data.get("components"))))


async def _fill_in(context: Context, payload: Payload, verb: Verb, ref: str, given: str) -> None:
    """Do what a form of several inputs is for; what cannot be done is given back."""
    values = read_values(payload["data"].get("components"))
    who, channel_id = context.asker(payload), await context.channel_of(payload)
    place = who.workspace_id, channel_id, who.agent_id
    told = {"id": payload["id"], "trigger": trigger_of(payload), "locale": who.locale}
    heard = gestures.Pressed(*place, verb, ref, values=values, **told)
    try:
        await context.in_time(payload, context.store.read(tried, who, heard, context.now()))
        done = await context.in_time(payload, context.store.write(pressed, who, heard, context.now()))
    except Refused as refused:
        await context.give_back(payload, refused, given)
        return
    if not done:
        await context.give_back(payload, Refused(Refusal.STALE), given)
        return
    about = values.get("name", "") if verb is Verb.MACRO_WRITE else ref
    card = await context.in_time(payload, context.store.read(_shown, who, verb, about, context.now()))
    await context.answer(payload, lambda: card)


def _shown(tx: Transaction, who: Asker, verb: Verb, about: str, now: datetime) -> Card:
    """Return what somebody sees once a form was kept: the macro, what a rule would change, or that it is on its way."""
    if verb is Verb.MACRO_WRITE:
        return answer(tx, who, None, Verb.MACROS, about, now)
    with language(locale_of(tx, who)):
        return _came_of_it(tx, who, verb, about, now) if verb in ANSWERED else cards.passed_on()


def _came_of_it(tx: Transaction, who: Asker, verb: Verb, ref: str, now: datetime) -> Card:
    """Return what came of a form, or why nothing did: Discord's form is closed by now, what was written is kept."""
    try:
        return came_of_it(tx, who, verb, ref, now)
    except Refused as refused:
        return wrong(tx, who, verb, ref, refused)


def words(data: Payload) -> str:
    """Return what somebody wrote into a form."""
    return "\n".join(filter(None, read_values(data.get("components")).values()))


def _purpose(custom_id: str) -> tuple[Entry, str]:
    """Return what the words of a form are for, and what they are about.

    Raises:
        NotUnderstood: an older version, or nobody of ours, made the form.
    """
    said = Press.decode(custom_id)
    found = next((one for one in CATALOG if one.verb == said.verb and (one.argument or one.verb in FILLED)), None)
    if found is None:
        raise NotUnderstood("a form with a verb that takes no words")
    return found, said.ref
