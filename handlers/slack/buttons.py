"""Buttons and menus of our messages."""

from chatops.catalog import Entry, Verb
from chatops.desk import commands as desk
from chatops.desk import gestures
from chatops.errors import NotUnderstood, Refusal, Refused
from chatops.platforms.ports import ThreadRef
from chatops.ui import Card, Form, Press
from handlers.asking import ANSWERED, acquainted, before, came_of_it, meant, pressed
from handlers.slack.context import Context, Payload, at_home, place_of


async def press(context: Context, body: Payload) -> None:
    """Do what a button asks for; tell the person privately when it means nothing (any more)."""
    person = body.get("user") or {}
    place = place_of(body, context.workspace_id)
    if not (place or at_home(body)) or person.get("team_id", context.workspace_id) != context.workspace_id:
        return
    try:
        said = _said(body)
        done = await meet(context, body, place, *meant(said))
        if done and said.verb == Verb.MORE:
            await context.store.write(desk.chosen, meant(said)[1], context.now())
    except NotUnderstood:
        done = False
    except Refused as refused:
        await context.refuse(body, refused)
        return
    if not done:
        await context.refuse(body, Refused(Refusal.STALE))


async def meet(context: Context, body: Payload, place: ThreadRef | None, found: Entry, ref: str) -> bool:
    """Do what a verb says to what `ref` names, or show the form or answer that comes first; False when it is gone.

    Raises:
        NotUnderstood: `ref` is not one of ours.
        Refused: a macro could not be sent.
    """
    who = context.asker(body)
    asking = context.store.read(before, who, place.channel_id if place else "", found, ref, context.now())
    # What a pack would move takes longer the more tickets are open. It is no form, so that it can come afterwards.
    shown = await (context.in_time(body, place, asking) if found.verb is Verb.PROMISES_TAKE else asking)
    if isinstance(shown, Form):
        await context.show_form(body, shown, place)
    elif isinstance(shown, Card):
        await context.whisper(body, lambda: shown, place)
        await context.store.write(acquainted, who, context.now())
    elif place is None:
        return False
    else:
        heard = gestures.Pressed(place.workspace_id, place.channel_id, who.agent_id, found.verb, ref, id=_id(body))
        done = await context.store.write(pressed, who, heard, context.now())
        if found.verb in ANSWERED:
            card = await context.store.read(came_of_it, who, found.verb, ref, context.now())
            await context.whisper(body, lambda: card, place)
        return done
    return True


def _said(body: Payload) -> Press:
    """Read a press.

    Raises:
        NotUnderstood: nobody of ours made the button.
    """
    action = body["actions"][0]
    return Press.decode((action.get("selected_option") or action).get("value") or "")


def _id(body: Payload) -> str:
    """Return Slack's id of a press or shortcut."""
    actions = body.get("actions") or [body]
    return actions[0].get("action_ts") or ""
