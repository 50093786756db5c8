"""Carriers of what stands beside the conversation: cards, marks, private answers, channel notices."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from chatops import outbox
from chatops.cards import asked
from chatops.cards import commands as command_cards
from chatops.cards import notice as notice_cards
from chatops.cards import told as told_cards
from chatops.catalog import Verb
from chatops.delivery import into_channel
from chatops.delivery.hand import Hand, Result, Tools
from chatops.delivery.into_thread import scene_of
from chatops.delivery.translating import translated
from chatops.desk import shown, team
from chatops.errors import PlatformError, Refusal, Refused, TargetGone
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import conversation as conversations
from chatops.model import message as messages
from chatops.model import shop as shops
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model.agent import Agent
from chatops.model.message import Message, MessageState
from chatops.model.shop import Shop
from chatops.model.thread import Thread
from chatops.outbox import Whisper
from chatops.platforms.ports import Mark, MessageRef
from chatops.store.transaction import Transaction
from chatops.ui import Card

ABOUT_MESSAGE: dict[str, Callable[[Message], Card]] = {
    Whisper.UNDO_OFFER: notice_cards.undo_offer,
    Whisper.EDIT_TOO_LATE: notice_cards.edit_too_late,
    Whisper.DELETE_TOO_LATE: notice_cards.delete_too_late,
    Whisper.WITHDRAWN: notice_cards.withdrawn,
    Whisper.NOTE_KEPT: notice_cards.note_kept,
    Whisper.COPIED: notice_cards.copied,
}


async def redraw(tools: Tools, hand: Hand) -> Result:
    """Bring a ticket's card up to date; nothing to do when it shows the newest state already."""
    found = await scene_of(tools, hand.first)
    through = hand.claimed.deliveries[-1].seq
    if found.thread.drawn_version == found.ticket.version or not found.thread.external_id:
        return Result(through, paced=False)
    head = MessageRef(found.thread.workspace_id, found.thread.channel_id, found.thread.external_id)
    hand.before_call()
    await tools.chat(head.workspace_id).redraw(head, found.card())
    return Result(through, partial(shown.card_drawn, thread=found.thread, version=found.ticket.version))


async def mark(tools: Tools, hand: Hand) -> Result:
    """Make the mark on an agent's message say how far its answers have come."""
    args = hand.first.args
    found = await tools.store.read(messages.from_source, args["workspace_id"], args["channel_id"], args["source_id"])
    thread_id = found[0].source_thread_id or "" if found else ""
    thread = await tools.store.read(threads.get, args["workspace_id"], thread_id)
    head = "" if thread is None else thread.external_id
    hand.before_call()
    where = MessageRef(args["workspace_id"], args["channel_id"], args["source_id"], head)
    with suppress(TargetGone):  # the agent deleted the message: nobody is left to be told by a mark
        await tools.chat(args["workspace_id"]).mark(where, _mark(found))
    return Result(hand.claimed.deliveries[-1].seq)


def _mark(found: Sequence[Message]) -> Mark | None:
    """Say the worst of an agent's message: one failed part counts more than several sent ones."""
    states = {message.state for message in found}
    for state, said in (
        (MessageState.FAILED, Mark.FAILED),
        (MessageState.WAITING, Mark.WAITING),
        (MessageState.SENT, Mark.ACCEPTED),
    ):
        if state in states:
            return said
    return None


async def whisper(tools: Tools, hand: Hand) -> Result:
    """Answer one person privately, in that person's language."""
    args, now = hand.first.args, tools.time.now()
    found = await scene_of(tools, hand.first)
    message = await _message(tools, args["facts"])
    if args["about"] == Whisper.UNDO_OFFER and (message is None or message.state != MessageState.WAITING):
        return Result(hand.first.seq, paced=False)
    agent = await tools.store.read(agents.get, args["workspace_id"], args["agent_id"])
    with language(await locale_of(tools, hand, agent) or found.thread.locale):
        if args["about"] == Whisper.ASKED:
            card: Card | None = await tools.store.read(_answer, args, found.thread, now)
        elif args["about"] == Whisper.TRANSLATION:
            card = await translated(tools, hand, found, args["facts"]["words"])
        else:
            card = _card(args["about"], args["facts"], message)
    if card is None:
        return Result(hand.first.seq, paced=False)
    trigger = agent.trigger_in(found.thread.id, now) if agent else ""
    key = f"{hand.key(hand.first)} {hand.first.created_at.isoformat()}"  # the lane may be swept, and count anew
    hand.before_call()
    said = await tools.chat(args["workspace_id"]).whisper(found.place, args["agent_id"], card, trigger, key)
    if said is None:
        return Result(hand.first.seq)
    place = said.workspace_id, said.channel_id, said.message_id, said.thread_id
    useless_at = message.leaves_at if message and args["about"] == Whisper.UNDO_OFFER else None
    return Result(hand.first.seq, lambda tx: outbox.remove(tx, *place, now, useless_at))


async def remove(tools: Tools, hand: Hand) -> Result:
    """Remove what was said to one person in view of others."""
    args = hand.first.args
    where = MessageRef(args["workspace_id"], args["channel_id"], args["message_id"], args["thread_external_id"])
    hand.before_call()
    await tools.chat(where.workspace_id).remove(where)
    return Result(hand.first.seq)


async def locale_of(tools: Tools, hand: Hand, agent: Agent | None) -> str:
    """Return the language of the person who is answered; asked for when they act for the first time."""
    args = hand.first.args
    if agent is not None and (agent.locale or agent.learned_at is not None):
        return agent.locale
    hand.before_call()
    with suppress(PlatformError):  # then the channel's language must do
        return (await tools.chat(args["workspace_id"]).profile(args["agent_id"])).locale
    return ""


async def _message(tools: Tools, facts: dict[str, Any]) -> Message | None:
    if "message_id" not in facts:
        return None
    return await tools.store.read(messages.get, facts["shop_id"], facts["message_id"])


def _answer(tx: Transaction, args: dict[str, Any], thread: Thread, now: datetime) -> Card:
    workspace_id, agent_id, facts = args["workspace_id"], args["agent_id"], args["facts"]
    agent = agents.get(tx, workspace_id, agent_id) or Agent(workspace_id=workspace_id, id=agent_id)
    return asked.answer(tx, agent, thread, Verb(facts["verb"]), facts["words"], now)


def _card(about: str, facts: dict[str, Any], message: Message | None) -> Card | None:
    if about == Whisper.REFUSAL:
        rest = {name: value for name, value in facts.items() if name != "reason"}
        return notice_cards.refusal(Refused(Refusal(facts["reason"]), **rest), message)
    if about == Whisper.LEFT_OUT:
        return notice_cards.left_out(facts["pieces"])
    if about == Whisper.DONE:
        return command_cards.done(Verb(facts["verb"]), facts["words"])
    if about == Whisper.SNOOZED:
        return told_cards.snoozed(facts)
    if about == Whisper.UNREAD:
        return command_cards.unread()
    return None if message is None else ABOUT_MESSAGE[about](message)


async def channel_notice(tools: Tools, hand: Hand) -> Result:
    """Say something about a shop in a channel."""
    args = hand.first.args
    shop = await tools.store.read(shops.get, args["shop_id"])
    if shop is None:
        return Result(hand.first.seq, paced=False)
    with language(args["locale"]):
        card = await _about_shop(tools, args, shop)
    return await into_channel.posted(tools, hand, card)


async def _about_shop(tools: Tools, args: dict[str, Any], shop: Shop) -> Card:
    if args["about"] == "ending":
        return notice_cards.connection_ending(shop, datetime.fromisoformat(args["ends_at"]))
    if args["about"] == "disconnected":
        return notice_cards.shop_disconnected(shop)
    ticket = await tools.store.read(tickets.get, shop.id, args["ticket_id"])
    buyer = await tools.store.read(conversations.buyer, shop.id, ticket.buyer_id if ticket else None)
    nickname = "" if buyer is None else buyer.nickname
    return notice_cards.undelivered(args["kind"], args["error"], buyer=nickname, shop=shop.name)


async def learn_agent(tools: Tools, hand: Hand) -> Result:
    """Read a member's name, language and zone."""
    args = hand.first.args
    hand.before_call()
    profile = await tools.chat(args["workspace_id"]).profile(args["agent_id"])
    learned = partial(team.learned, workspace_id=args["workspace_id"], profile=profile, now=tools.time.now())
    return Result(hand.claimed.deliveries[-1].seq, learned)
