"""Buttons and menus of our messages. Nothing of them is kept in memory: what a press means stands in the button."""

from contextlib import suppress

from chatops.cards import commands as cards
from chatops.cards import notice
from chatops.catalog import Entry, Verb
from chatops.desk import commands as desk
from chatops.desk import gestures
from chatops.errors import NotUnderstood, PlatformError, Refusal, Refused
from chatops.platforms.discord.paint import read_press
from chatops.ui import Card, Form
from handlers.asking import ANSWERED, acquainted, before, came_of_it, meant, pressed
from handlers.discord.context import Context, Payload, person_of, trigger_of


async def press(context: Context, payload: Payload) -> None:
    """Do what a button asks for; tell the person privately when it means nothing (any more)."""
    data = payload["data"]
    try:
        said, confirm_first = read_press(data["custom_id"], data.get("values") or ())
        found, ref = meant(said)
        if confirm_first:
            await context.answer(payload, lambda: notice.sure(found.verb, ref))
            return
        await meet(context, payload, found, ref)
        if said.verb == Verb.MORE:
            await context.store.write(desk.chosen, ref, context.now())
    except NotUnderstood:
        await context.answer(payload, lambda: notice.refusal(Refused(Refusal.STALE)))
    except Refused as refused:
        why = refused
        await context.answer(payload, lambda: notice.refusal(why))


async def meet(context: Context, payload: Payload, found: Entry, ref: str) -> None:
    """Do what a verb says to what `ref` names, or show the form or answer that comes first.

    Raises:
        NotUnderstood: it is about something that is not there (any more).
        Refused: a macro could not be sent.
    """
    channel_id = await context.channel_of(payload)
    asking = context.store.read(before, context.asker(payload), channel_id, found, ref, context.now())
    # What a pack would move takes longer the more tickets are open. It is no form, so that it can be promised.
    shown = await (context.in_time(payload, asking) if found.verb is Verb.PROMISES_TAKE else asking)
    if isinstance(shown, Form):
        await show_form(context, payload, shown)
    elif isinstance(shown, Card):
        await context.answer(payload, lambda: shown)
        await context.store.write(acquainted, context.asker(payload), context.now())
    elif found.verb in ANSWERED:
        await context.in_time(payload, _do(context, payload, channel_id, found, ref))
        card = await context.store.read(came_of_it, context.asker(payload), found.verb, ref, context.now())
        await context.answer(payload, lambda: card)
    elif await context.in_time(payload, _do(context, payload, channel_id, found, ref), _acknowledge):
        await _acknowledge(context, payload)
    else:
        raise NotUnderstood("it is gone")


async def show_form(context: Context, payload: Payload, form: Form) -> None:
    """Open a form for the person behind a press or command; when it is too late for that, tell them to try again."""
    try:
        await context.discord.show_form(trigger_of(payload), form)
    except PlatformError:
        await context.answer(payload, cards.form_not_shown)


async def _acknowledge(context: Context, payload: Payload) -> None:
    """Tell Discord that a press is kept, or about to be: once what it asks for is, unless that takes too long."""
    with suppress(PlatformError):  # acknowledged before, or the person presses once more, which counts once
        await context.discord.acknowledge(trigger_of(payload))


async def _do(context: Context, payload: Payload, channel_id: str, found: Entry, ref: str) -> bool:
    heard = gestures.Pressed(
        workspace_id=payload.get("guild_id") or "",
        channel_id=channel_id,
        agent_id=person_of(payload)["id"],
        verb=found.verb,
        ref=ref,
        id=payload["id"],
        trigger=trigger_of(payload),
        locale=payload.get("locale") or "",
    )
    return await context.store.write(pressed, context.asker(payload), heard, context.now())
