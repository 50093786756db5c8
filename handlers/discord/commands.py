"""Slash commands, and what the menu of a message offers.

What somebody says by a command is put into the thread as their words; there it is heard like everything else that is
said. Whatever else they ask for is answered to them alone.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import structlog

from chatops.cards import commands as cards
from chatops.cards import notice
from chatops.cards.help import helped
from chatops.catalog import About, Entry, Verb, by_command, entry
from chatops.desk import commands as desk
from chatops.desk import gestures
from chatops.desk.settings import shown_after
from chatops.errors import Busy, PlatformError, Refusal, Refused
from chatops.i18n import language
from chatops.model import message as messages
from chatops.model import shop as shops
from chatops.model.message import Message, MessageState
from chatops.model.shop import RoutePosture
from chatops.model.thread import Thread
from chatops.platforms.discord.spoken import spoken
from chatops.platforms.ports import ThreadRef
from chatops.refs import message_ref, ticket_ref
from chatops.ui import Card
from handlers.asking import acquainted, answer
from handlers.discord import messages as typed
from handlers.discord.buttons import meet, show_form
from handlers.discord.context import Context, Payload, name_of, person_of, trigger_of

ON_MESSAGE = 3  # Discord's number of a command in a message's menu
SUB_COMMANDS = {1, 2}
PAUSES = 0.0, 1.0, 4.0, 15.0  # seconds before each attempt to give words back
log = structlog.get_logger(__name__)


async def command(context: Context, payload: Payload) -> None:
    """Do what somebody asks for by a command or in a message's menu."""
    data = payload["data"]
    thread = await context.thread_at(payload.get("guild_id") or "", payload["channel_id"])
    if data["type"] == ON_MESSAGE:
        await _chosen(context, payload, thread, data)
        return
    name, given = read(data)
    found = by_command(name)
    if found is None:  # one that an older version registered
        await context.answer(payload, lambda: notice.refusal(Refused(Refusal.STALE)))
    elif found.verb is Verb.HELP:
        await context.answer(payload, lambda: _help(context, thread, given))
    elif thread is None and not (found.anywhere and await _may_ask_here(context, payload, found)):
        await context.answer(payload, lambda: cards.no_thread(given))
    else:
        await do(context, payload, thread, found, given)


async def _may_ask_here(context: Context, payload: Payload, found: Entry) -> bool:
    """Tell whether a command may be answered in a channel: words of buyers only where one sees their tickets."""
    here = payload.get("guild_id") or "", payload["channel_id"]
    return found.verb is not Verb.FIND or await context.store.read(shops.is_routed, *here)


async def do(context: Context, payload: Payload, thread: Thread | None, found: Entry, given: str) -> None:
    """Do what a command or form is for: say its words in the thread, answer, or change the ticket."""
    if found.asks:
        asking = context.store.read(answer, context.asker(payload), thread, found.verb, given, context.now())
        card = await context.in_time(payload, asking)
        await context.answer(payload, lambda: card)
        await context.store.write(acquainted, context.asker(payload), context.now())
    elif found.about is About.AGENT:
        await _settle(context, payload, found.verb, given)
    elif thread is None:
        await context.answer(payload, lambda: cards.no_thread(given))
    elif found.verb in (Verb.REPLY, Verb.NOTE):
        await say(context, payload, thread, found.verb, given)
    else:
        await _ticket(context, payload, thread, found.verb, given)


def read(data: Payload) -> tuple[str, str]:
    """Return a command's name with its sub-command's, and the words it was given."""
    name, options = data["name"], data.get("options") or ()
    while options and options[0]["type"] in SUB_COMMANDS:
        name, options = f"{name} {options[0]['name']}", options[0].get("options") or ()
    return name, next((option["value"] for option in options if isinstance(option.get("value"), str)), "")


def words(data: Payload) -> str:
    """Return what somebody said by a command, so that it can be given back; empty when the command takes no words."""
    return read(data)[1]


def _help(context: Context, thread: Thread | None, given: str) -> Card:
    posture = RoutePosture.TO_BUYER if thread is None else thread.posture
    return helped(given, posture, commands=True, typed=context.reads_messages)


async def say(context: Context, payload: Payload, thread: Thread, purpose: Verb, given: str) -> None:
    """Put somebody's words into a thread, unless they may not say them: then they get them back."""
    person, said = person_of(payload), given.strip()
    refused = await context.store.read(desk.objection, thread.workspace_id, person["id"], purpose)
    if not said:
        refused = Refused(Refusal.EMPTY)
    if refused is not None:
        await context.give_back(payload, refused, said)
        return
    context.begun.keep(payload["id"], trigger_of(payload), payload.get("locale") or "")
    with language(thread.locale):
        shown = spoken(cards.said_by(name_of(payload), purpose), said, purpose)
    back = await _shown(context, payload, shown)
    if back is not None:
        await _give_back(context, payload, thread, partial(back, said))


async def _shown(context: Context, payload: Payload, message: Payload) -> Callable[[str], Card] | None:
    """Put somebody's words into the thread; return how to give them back when Discord did not take them, or may not."""
    trigger, answers = trigger_of(payload), context.discord.answers
    try:
        await answers.openly(trigger, message)
    except PlatformError as error:
        log.warning("words_perhaps_not_shown", error=error.code)
        if error.code == "already_acknowledged":
            return None  # by another replica
    else:
        return None
    try:
        return None if await answers.stands(context.ours.application_id, trigger) else cards.not_taken
    except PlatformError:
        return cards.in_doubt


async def _give_back(context: Context, payload: Payload, thread: Thread, back: Callable[[], Card]) -> None:
    """Give somebody the words that Discord did not take, for it does not: privately if that is still possible."""
    if await context.answer(payload, back):
        return
    with language(await context.locale(payload)):
        card = back()
    place = ThreadRef(thread.workspace_id, thread.channel_id, thread.external_id)
    for pause in PAUSES:
        await asyncio.sleep(pause)
        try:
            await context.show(place, person_of(payload)["id"], card, delivery=f"given back {payload['id']}")
        except (PlatformError, Busy) as error:
            log.warning("words_not_given_back", error=type(error).__name__)
        else:
            return


async def _settle(context: Context, payload: Payload, verb: Verb, given: str) -> None:
    """Keep what somebody says about themselves, and show their page; or say why it was not kept."""
    who = context.asker(payload)
    channel_id = await context.channel_of(payload)
    setting = desk.Setting(who.workspace_id, who.agent_id, verb, given, payload["id"], who.locale, channel_id)
    try:
        await context.in_time(payload, context.store.write(desk.settled, setting, context.now()))
    except Refused as refused:
        await context.give_back(payload, refused, given)
        return
    page = await context.store.read(answer, who, None, *shown_after(verb, given), context.now())
    await context.answer(payload, lambda: page)


async def _ticket(context: Context, payload: Payload, thread: Thread, verb: Verb, given: str) -> None:
    """Change the thread's ticket, and say what came of it."""
    order = desk.Ordered(
        workspace_id=thread.workspace_id,
        thread_id=thread.id,
        agent_id=person_of(payload)["id"],
        verb=verb,
        words=given,
        id=payload["id"],
        locale=payload.get("locale") or "",
    )
    came_of_it = await context.in_time(payload, context.store.write(desk.ordered, order, context.now()))
    if isinstance(came_of_it, Refused):
        await context.give_back(payload, came_of_it, given)
    elif came_of_it is not None:
        await context.answer(payload, lambda: cards.done(came_of_it, given))


# What is chosen in a message's menu


async def _chosen(context: Context, payload: Payload, thread: Thread | None, data: Payload) -> None:
    """Do what was chosen for a message."""
    verb = cards.by_menu(data["name"])
    if verb is None:
        await context.answer(payload, lambda: notice.refusal(Refused(Refusal.STALE)))
    elif thread is None:
        await context.answer(payload, cards.no_thread)
    elif verb is Verb.REPLY:
        with language(await context.locale(payload)):
            form = cards.reply_form(ticket_ref(thread.shop_id, thread.ticket_id))
        await show_form(context, payload, form)
    elif entry(verb).about is About.TICKET:
        await meet(context, payload, entry(verb), ticket_ref(thread.shop_id, thread.ticket_id))
    else:
        await _about_message(context, payload, thread, verb, data)


async def _about_message(context: Context, payload: Payload, thread: Thread, verb: Verb, data: Payload) -> None:
    """Do something with what somebody wrote: the desk answers them, unless it is nothing the desk knows."""
    if not await context.in_time(payload, _done(context, payload, thread, verb, data)):
        await context.answer(payload, cards.not_ours)
    elif verb is Verb.SEND_NOTE:  # the desk says nothing of an order that it obeys, or of what has left already
        await context.answer(payload, cards.passed_on)
    else:
        await context.promise(payload)


async def _done(context: Context, payload: Payload, thread: Thread, verb: Verb, data: Payload) -> bool:
    place = thread.workspace_id, thread.channel_id, data["target_id"]
    found = _meant(verb, await context.store.read(messages.from_source, *place))
    if found is not None:
        return await _press(context, payload, thread, verb, found)
    target = (data.get("resolved") or {}).get("messages", {}).get(data["target_id"]) or {}
    return verb is Verb.SEND_NOTE and await _send(context, payload, thread, target)


def _meant(verb: Verb, found: list[Message]) -> Message | None:
    """Return which part of a message a verb is about: its words to copy, its note to send, else its first."""
    wanted = {
        Verb.COPY: lambda message: bool(message.text),
        Verb.SEND_NOTE: lambda message: message.state == MessageState.NOTE,
    }.get(verb, lambda _: True)
    return next(filter(wanted, found), next(iter(found), None))


async def _press(context: Context, payload: Payload, thread: Thread, verb: Verb, message: Message) -> bool:
    heard = gestures.Pressed(
        workspace_id=thread.workspace_id,
        channel_id=thread.channel_id,
        agent_id=person_of(payload)["id"],
        verb=verb,
        ref=message_ref(message.shop_id, message.id),
        id=payload["id"],
        trigger=trigger_of(payload),
        locale=payload.get("locale") or "",
    )
    return await context.store.write(gestures.pressed, heard, context.now())


async def _send(context: Context, payload: Payload, thread: Thread, target: Mapping[str, object]) -> bool:
    """Send what a colleague typed and the desk did not read; False when it is no such thing, or was heard before."""
    heard = typed.read(context, target, thread, shown=True) if target else None
    if heard is None:
        return False
    said = replace(
        heard,
        agent_id=person_of(payload)["id"],
        purpose=Verb.REPLY,
        trigger=trigger_of(payload),
        locale=payload.get("locale") or "",
    )
    return await context.store.write(desk.sent, said, payload["id"], context.now())
