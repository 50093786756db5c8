"""Buttons and menus of our messages. Nothing of them is kept in memory: what a press means stands in the button."""

from contextlib import suppress

from chatops.cards import notice
from chatops.catalog import CATALOG, Verb
from chatops.desk import gestures
from chatops.errors import NotUnderstood, PlatformError, Refusal, Refused
from chatops.platforms.discord.paint import read_press
from chatops.ui import Press
from handlers.discord.context import Context, Payload, person_of, trigger_of


async def press(context: Context, payload: Payload) -> None:
    """Do what a button asks for; tell the person privately when it means nothing (any more)."""
    try:
        said, verb, confirm_first = _heard(payload["data"])
        if confirm_first:
            await context.answer(payload, lambda: notice.sure(verb, said.ref))
            return
        done = await context.in_time(payload, _do(context, payload, said, verb), _acknowledge)
    except NotUnderstood:
        done = False
    if done:
        await _acknowledge(context, payload)
    else:
        await context.answer(payload, lambda: notice.refusal(Refused(Refusal.STALE)))


def _heard(data: Payload) -> tuple[Press, Verb, bool]:
    """Read a press, and whether the person must be asked to confirm it.

    Raises:
        NotUnderstood: an older version, or nobody of ours, made the button.
    """
    said, confirm_first = read_press(data["custom_id"], data.get("values") or ())
    verb = next((found.verb for found in CATALOG if found.button and found.verb == said.verb), None)
    if verb is None:
        raise NotUnderstood("a press with a verb that no button has")
    return said, verb, confirm_first


async def _acknowledge(context: Context, payload: Payload) -> None:
    """Tell Discord that a press is kept, or about to be: once what it asks for is, unless that takes too long."""
    with suppress(PlatformError):  # acknowledged before, or the person presses once more, which counts once
        await context.discord.acknowledge(trigger_of(payload))


async def _do(context: Context, payload: Payload, said: Press, verb: Verb) -> bool:
    server_id, channel_id = payload.get("guild_id") or "", payload["channel_id"]
    thread = await context.thread_at(server_id, channel_id)
    heard = gestures.Pressed(
        workspace_id=server_id,
        channel_id=thread.channel_id if thread else channel_id,  # a head in a text channel stands in the channel
        agent_id=person_of(payload)["id"],
        verb=verb,
        ref=said.ref,
        id=payload["id"],
        trigger=trigger_of(payload),
        locale=payload.get("locale") or "",
    )
    return await context.store.write(gestures.pressed, heard, context.now())
