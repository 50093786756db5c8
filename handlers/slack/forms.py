"""Forms that somebody sent off. What a form means stands in it, so it outlives a restart and an update.

What cannot be done is said in the form, which stays open with everything that was typed.
"""

from chatops.cards.forms import words_of
from chatops.cards.refusals import why_refused
from chatops.catalog import SELF, About, Entry, Verb
from chatops.desk import commands as desk
from chatops.desk import gestures
from chatops.errors import NotUnderstood, Refusal, Refused
from chatops.i18n import language
from chatops.platforms.slack.forms import read_place, read_values, wrong
from chatops.ui import Press
from handlers.asking import ANSWERED, FILLED, SEEN_BY, answer, came_of_it, locale_of, meant, pressed, thread_in, tried
from handlers.slack import home, picking
from handlers.slack.context import Context, Payload


async def submitted(context: Context, body: Payload) -> Payload:
    """Do what a form is for; return the answer that Slack expects: an empty one closes the form."""
    try:
        return await _do(context, body)
    except NotUnderstood:
        why = Refused(Refusal.STALE)
    except Refused as refused:
        why = refused
    with language(await context.store.read(locale_of, context.asker(body))):
        return wrong(body["view"], why_refused(why), why.field)


async def _do(context: Context, body: Payload) -> Payload:
    """Do what a form is for, or return the form that follows it.

    Raises:
        Refused: nothing was done.
        NotUnderstood: it means nothing (any more).
    """
    view = body["view"]
    found, ref = meant(Press.decode(view.get("callback_id") or ""))
    words = words_of(read_values(view))
    if found.verb in FILLED:
        await _fill_in(context, body, found.verb, ref)
    elif found.about is About.AGENT:
        await settle(context, body, found.verb, words, view["id"])
    elif ref == SELF:
        return await picking.go_on(context, body)
    else:
        await _about_ticket(context, body, found, ref, words)
    return {}


async def settle(context: Context, body: Payload, verb: Verb, words: str, key: str) -> None:
    """Keep what somebody says about themselves, and show it on their page.

    Raises:
        Refused: nothing was kept.
    """
    who = context.asker(body)
    here = body.get("channel_id") or ""
    setting = desk.Setting(who.workspace_id, who.agent_id, verb, words, key, channel_id=here)
    await context.store.write(desk.settled, setting, context.now())
    await home.draw(context, who.agent_id)


async def _about_ticket(context: Context, body: Payload, found: Entry, ref: str, words: str) -> None:
    view, who = body["view"], context.asker(body)
    place = read_place(view, context.workspace_id)
    thread = await context.store.read(thread_in, context.workspace_id, place.channel_id if place else "", ref)
    if place is None or thread is None:
        raise NotUnderstood("a form about a ticket that has no thread here")
    if found.asks:
        card = await context.store.read(answer, who, thread, found.verb, words, context.now())
        await context.whisper(body, lambda: card, place)
        return
    order = desk.Ordered(
        workspace_id=thread.workspace_id,
        thread_id=thread.id,
        agent_id=who.agent_id,
        verb=found.verb,
        words=words,
        id=view["id"],
    )
    await context.store.write(desk.submitted, order, context.now())


async def _fill_in(context: Context, body: Payload, verb: Verb, ref: str) -> None:
    """Do what a form of several inputs is for."""
    place = read_place(body["view"], context.workspace_id)
    heard = gestures.Pressed(
        workspace_id=context.workspace_id,
        channel_id=place.channel_id if place else "",
        agent_id=context.asker(body).agent_id,
        verb=verb,
        ref=ref,
        values=read_values(body["view"]),
        id=body["view"]["id"],
    )
    who = context.asker(body)
    await context.in_time(body, place, context.store.read(tried, who, heard, context.now()))
    if not await context.store.write(pressed, who, heard, context.now()):
        raise NotUnderstood("a form about a ticket that has no thread here")
    if verb in ANSWERED:
        card = await context.store.read(came_of_it, who, verb, ref, context.now())
        if not await context.whisper(body, lambda: card, place) and verb not in SEEN_BY:  # a draft can be sent again
            raise Refused(Refusal.NOT_SHOWN)
