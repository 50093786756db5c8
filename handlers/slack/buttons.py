"""Buttons and menus of our messages."""

from chatops.cards import notice
from chatops.catalog import CATALOG
from chatops.desk import gestures
from chatops.errors import NotUnderstood, Refusal, Refused
from chatops.platforms.ports import ThreadRef
from chatops.ui import Press
from handlers.slack.context import Context, Payload, place_of


async def press(context: Context, body: Payload) -> None:
    """Do what a button asks for; tell the person privately when it means nothing (any more)."""
    person = body.get("user") or {}
    place = place_of(body, context.workspace_id)
    if place is None or person.get("team_id", context.workspace_id) != context.workspace_id:
        return
    try:
        heard = _heard(body, place)
        done = await context.store.write(gestures.pressed, heard, context.now())
    except NotUnderstood:
        done = False
    if not done:
        await context.whisper(body, lambda: notice.refusal(Refused(Refusal.STALE)))


def _heard(body: Payload, place: ThreadRef) -> gestures.Pressed:
    """Read a press.

    Raises:
        NotUnderstood: an older version, or nobody of ours, made the button.
    """
    action = body["actions"][0]
    said = Press.decode((action.get("selected_option") or action).get("value") or "")
    verb = next((found.verb for found in CATALOG if found.button and found.verb == said.verb), None)
    if verb is None:
        raise NotUnderstood("a press with a verb that no button has")
    return gestures.Pressed(
        workspace_id=place.workspace_id,
        channel_id=place.channel_id,
        agent_id=body["user"]["id"],
        verb=verb,
        ref=said.ref,
        id=action.get("action_ts") or "",
    )
