"""Carriers of a thread's lane: its head, the conversation's messages, notices. Strictly in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps

from chatops.cards import message as message_cards
from chatops.cards import notice as notice_cards
from chatops.cards import ticket as ticket_cards
from chatops.cards import told as told_cards
from chatops.delivery import media as pictures
from chatops.delivery import to_buyer
from chatops.delivery.hand import Carrier, Hand, Result, Tools
from chatops.desk import shown
from chatops.errors import PlatformError, Rejected, TargetGone, Unavailable
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import clock as clocks
from chatops.model import conversation as conversations
from chatops.model import lint
from chatops.model import message as messages
from chatops.model import page as pages
from chatops.model import shop as shops
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model.agent import Agent
from chatops.model.clock import Clock
from chatops.model.conversation import Buyer, Conversation
from chatops.model.message import Author, Held, Message, MessageState
from chatops.model.page import Standing, Why
from chatops.model.shop import Shop
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.model.workspace import PlatformName, platform_of
from chatops.outbox import Kind, Told, is_of_files
from chatops.platforms.ports import ChannelRef, ThreadRef
from chatops.rules.clock import ClockState
from chatops.store.lanes import InHand
from chatops.store.transaction import Transaction
from chatops.ui import Card, Speaker

LEARN_WITHIN = 1.0  # seconds a thread waits for the buyer's name
POST_LIMITS = {  # characters of joined messages in one post
    PlatformName.SLACK: 6_000,  # it cuts or refuses somewhere above 11,000
    PlatformName.DISCORD: 2_800,  # of 6,000, because what could be markup takes up to two and a half times its length
}
# Somebody deleted the head before anything stood below it, or locked its thread, so that nobody can answer there.
HEAD_GONE = {"cannot_reply_to_message", "thread_not_found", "thread_locked"}
UNKNOWN_VERSION = -1
CLOCK_SPEAKS = (Told.CLOCK_WARNS, Told.CLOCK_BREACHED)
MESSAGE_FRAME = 300  # what a message's name, time and layout take of them


@dataclass(frozen=True, slots=True)
class Scene:
    """A thread and everything its card tells."""

    thread: Thread
    ticket: Ticket
    shop: Shop
    buyer: Buyer | None
    assignee: Agent | None
    conversation: Conversation | None
    pinned: str  # what somebody put on the card
    clock: Clock | None  # the most urgent one
    paged: Standing | None  # its page that is not over

    @property
    def place(self) -> ThreadRef:
        """Where the thread is on its platform."""
        return ThreadRef(self.thread.workspace_id, self.thread.channel_id, self.thread.external_id)

    def card(self) -> Card:
        """Return the ticket's card in the channel's language."""
        with language(self.thread.locale):
            about = self.ticket, self.shop, self.buyer, self.assignee
            speaks = conversations.known_language(self.ticket, self.conversation)
            return ticket_cards.head(*about, self.thread.workspace_id, speaks, self.pinned, self.clock, self.paged)


def scene(tx: Transaction, workspace_id: str, thread_id: str) -> Scene:
    """Return a thread and everything its card tells.

    Raises:
        TargetGone: the thread, its ticket or its shop is not there.
    """
    thread = threads.get(tx, workspace_id, thread_id)
    ticket = None if thread is None else tickets.get(tx, thread.shop_id, thread.ticket_id)
    shop = None if thread is None else shops.get(tx, thread.shop_id)
    if thread is None or ticket is None or shop is None:
        raise TargetGone("thread_unknown")
    assignee = None
    if ticket.assignee_workspace_id and ticket.assignee_id:
        assignee = agents.get(tx, ticket.assignee_workspace_id, ticket.assignee_id)
    buyer = conversations.buyer(tx, ticket.shop_id, ticket.buyer_id)
    conversation = conversations.get(tx, ticket.shop_id, ticket.conversation_id)
    pinned = [found.text for one in ticket.pinned if (found := messages.get(tx, ticket.shop_id, one))]
    clock = clocks.most_urgent(tx, ticket.shop_id, ticket.id)
    paged = pages.standing(tx, ticket.shop_id, ticket.id)
    return Scene(thread, ticket, shop, buyer, assignee, conversation, " ".join(pinned), clock, paged)


async def scene_of(tools: Tools, delivery: InHand) -> Scene:
    """Read the scene a delivery is about."""
    return await tools.store.read(scene, delivery.args["workspace_id"], delivery.args["thread_id"])


async def open_thread(tools: Tools, hand: Hand) -> Result:
    """Post the head of a thread: the ticket's card, with the buyer's name and order if they can be had quickly."""
    found = await _introduced(tools, hand)
    chat = tools.chat(found.thread.workspace_id)
    channel = ChannelRef(found.thread.workspace_id, found.thread.channel_id)
    key = hand.key(hand.first)
    receipt = await chat.find(channel, key, hand.first.created_at) if hand.in_doubt else None
    drawn_version = UNKNOWN_VERSION  # of a card that a former owner posted
    if receipt is None:
        hand.before_call()
        receipt = await chat.open_thread(channel, found.card(), key)
        drawn_version = found.ticket.version
    opened = partial(
        shown.thread_opened,
        thread=found.thread,
        external_id=receipt.external_id,
        drawn_version=drawn_version,
        now=tools.time.now(),
    )
    return Result(hand.first.seq, opened)


async def _introduced(tools: Tools, hand: Hand) -> Scene:
    """Return the scene of a new thread; who the buyer is, is read first if there is leisure for it.

    A name on the card from its first instant spares a redraw, of which Slack takes few, and stands in the notification
    people get. But no thread waits for other threads' names: in a rush, what finds no place opens without. Within
    Slack's pace a rush is not felt here: a thread's turn comes when its name has long been read, beside the thread.
    """
    found = await scene_of(tools, hand.first)
    if found.buyer is None or found.buyer.learned_at is not None or tools.introductions.locked():
        return found
    hand.before_call()
    try:
        async with tools.introductions, asyncio.timeout(LEARN_WITHIN):
            await to_buyer.learn(tools, found.ticket.shop_id, found.ticket.conversation_id)
    except (PlatformError, TimeoutError):
        return found  # the card opens without; reading it is tried again beside the thread
    return await scene_of(tools, hand.first)


def opening_anew(carry: Carrier) -> Carrier:
    """Open a thread anew when somebody deleted its head; the next try posts below the new one."""

    @wraps(carry)
    async def carried(tools: Tools, hand: Hand) -> Result:
        try:
            return await carry(tools, hand)
        except TargetGone as gone:
            if gone.code not in HEAD_GONE:
                raise
            await _open_anew(tools, hand)
            raise Unavailable("thread_opened_anew") from gone

    return carried


async def _open_anew(tools: Tools, hand: Hand) -> None:
    found = await scene_of(tools, hand.first)
    chat = tools.chat(found.thread.workspace_id)
    channel = ChannelRef(found.thread.workspace_id, found.thread.channel_id)
    key = f"{hand.key(hand.first)}/head"
    receipt = await chat.find(channel, key, hand.first.created_at)
    if receipt is None:
        hand.before_call()
        receipt = await chat.open_thread(channel, found.card(), key)
    now = tools.time.now()
    await tools.store.write(shown.thread_opened, found.thread, receipt.external_id, found.ticket.version, now)


@opening_anew
async def mirror(tools: Tools, hand: Hand) -> Result:
    """Post the waiting messages at the lane's head as one post.

    Which ones are joined follows from the rows alone, so that whoever looks for the post of a former owner knows
    what it shows.
    """
    found, joined, waiting, speaker = await tools.store.read(_below, hand)
    chat = tools.chat(found.thread.workspace_id)
    key = hand.key(hand.first)
    receipt = await chat.find(found.place, key, hand.first.created_at) if hand.in_doubt else None
    if receipt is None and waiting:
        posts = [await _post(tools, hand, found, message) for message in waiting]
        hand.before_call()
        with language(found.thread.locale):
            card = message_cards.mirrored(posts)
        receipt = await chat.post(found.place, card, key, speaker)
    if receipt is None:
        return Result(joined[-1].seq, paced=False)
    mirrored = partial(
        shown.messages_mirrored,
        thread=found.thread,
        message_ids=[message.id for message in waiting],
        external_id=receipt.external_id,
        with_files=is_of_files(hand.claimed.scope),
    )
    return Result(joined[-1].seq, mirrored)


def _below(tx: Transaction, hand: Hand) -> tuple[Scene, list[InHand], list[Message], Speaker | None]:
    """Return where the mirrors at the lane's head go, what `_joined` says of them, and under whose name they may."""
    args = hand.first.args
    found = scene(tx, args["workspace_id"], args["thread_id"])
    joined, waiting = _joined(tx, hand)
    return found, joined, waiting, _speaker(tx, found, waiting)


def _speaker(tx: Transaction, found: Scene, waiting: Sequence[Message]) -> Speaker | None:
    """Return the buyer if all these messages are the buyer's own and the route lets buyers speak; Slack cannot."""
    thread = found.thread
    if platform_of(thread.workspace_id) is PlatformName.SLACK or found.buyer is None:
        return None
    route = shops.route(tx, thread.shop_id, found.ticket.kind, thread.workspace_id, thread.channel_id)
    if route is None or not route.buyer_identity or any(message.author != Author.BUYER for message in waiting):
        return None
    with language(thread.locale):
        return message_cards.speaker(found.buyer)


def _joined(tx: Transaction, hand: Hand) -> tuple[list[InHand], list[Message]]:
    """Return the mirrors at the head that make one post, and their messages in the conversation's own order.

    In doubt, only those a former owner had in hand; never more words than one post shows uncut.
    """
    last = hand.claimed.in_doubt_through if hand.in_doubt else hand.claimed.deliveries[-1].seq
    joined: list[InHand] = []
    found: list[Message] = []
    room = POST_LIMITS[platform_of(hand.first.args["workspace_id"])]
    for delivery in hand.claimed.deliveries:
        if delivery.kind != Kind.MIRROR or delivery.seq > last:
            break
        message = messages.get(tx, delivery.args["shop_id"], delivery.args["message_id"])
        room -= MESSAGE_FRAME + (len(message.text) + len(message.plaintext) if message else 0)
        if joined and room < 0:
            break
        joined.append(delivery)
        if message is not None:
            found.append(message)
    return joined, sorted(found, key=lambda message: (message.said_at, message.index))


async def _post(tools: Tools, hand: Hand, found: Scene, message: Message) -> message_cards.Post:
    try:
        picture, fault = await pictures.shown_in(tools, hand, found.place, message)
    except Rejected as refused:
        picture, fault = None, refused.code
    speaker = found.buyer.nickname if found.buyer is not None and message.author == Author.BUYER else ""
    if message.author == Author.AGENT and message.agent_id and message.source_workspace_id:
        agent = await tools.store.read(agents.get, message.source_workspace_id, message.agent_id)
        speaker = "" if agent is None else agent.name
    return message_cards.Post(message, speaker, picture, fault)


@opening_anew
async def notice(tools: Tools, hand: Hand) -> Result:
    """Say in the thread that an answer did not reach the buyer, or waits long, unless it left in the meantime."""
    found = await scene_of(tools, hand.first)
    message = await tools.store.read(messages.get, hand.first.args["shop_id"], hand.first.args["message_id"])
    until = hand.first.args.get("delayed_until")
    if message is None or message.state != (MessageState.WAITING if until else MessageState.FAILED):
        return Result(hand.first.seq, paced=False)
    linted = message.fault in (Held.LINT, Held.LINT_BLOCK)
    hits = await tools.store.read(lint.hits, found.ticket, message.text) if linted else []
    chat = tools.chat(found.thread.workspace_id)
    key = hand.key(hand.first)
    if not (hand.in_doubt and await chat.find(found.place, key, hand.first.created_at)):
        hand.before_call()
        with language(found.thread.locale):
            late = datetime.fromisoformat(until) if until else None
            card = notice_cards.delayed(message, late) if late else notice_cards.not_sent(message, hits)
        await chat.post(found.place, card, key)
    return Result(hand.first.seq)


@opening_anew
async def spoken(tools: Tools, hand: Hand) -> Result:
    """Post what a member of the team says through us, an answer or a note; one taken back meanwhile is not shown."""
    found = await scene_of(tools, hand.first)
    message = await tools.store.read(messages.get, hand.first.args["shop_id"], hand.first.args["message_id"])
    if message is None or message.state == MessageState.WITHDRAWN or message.source_id:
        return Result(hand.first.seq, paced=False)
    chat, key = tools.chat(found.thread.workspace_id), hand.key(hand.first)
    receipt = await chat.find(found.place, key, hand.first.created_at) if hand.in_doubt else None
    if receipt is None:
        agent = await tools.store.read(agents.get, found.thread.workspace_id, message.agent_id or "")
        with language(found.thread.locale):
            card = message_cards.spoken(message, agent)
        hand.before_call()
        receipt = await chat.post(found.place, card, key)
    said = partial(
        shown.spoken,
        thread=found.thread,
        message=message,
        external_id=receipt.external_id,
        now=tools.time.now(),
    )
    return Result(hand.first.seq, said)


@opening_anew
async def told(tools: Tools, hand: Hand) -> Result:
    """Say something about the ticket in its thread, to whom it concerns, unless it is not so any more."""
    if await tools.store.read(is_over, hand.first.args):
        return Result(hand.first.seq, paced=False)
    found, facts = await tools.store.read(_facts, hand)
    chat = tools.chat(found.thread.workspace_id)
    key = hand.key(hand.first)
    if not (hand.in_doubt and await chat.find(found.place, key, hand.first.created_at)):
        hand.before_call()
        with language(found.thread.locale):
            card = told_cards.told(facts["about"], facts)
        await chat.post(found.place, card, key)
    if not await tools.store.read(_card_lags, hand.first.args):
        return Result(hand.first.seq)
    whose = found.ticket.shop_id, found.ticket.id
    return Result(hand.first.seq, lambda tx: shown.told(tx, *whose, tools.time.now()))


def _card_lags(tx: Transaction, args: dict[str, str]) -> bool:
    """Tell whether the card is yet to show what was told; who is called first, it was drawn with."""
    if args["about"] != Told.PAGED:
        return args["about"] in (*CLOCK_SPEAKS, Told.PAGE_UNHEARD, Told.PAGE_TAKEN)
    page = pages.get(tx, args["shop_id"], args["ticket_id"], int(args["page"]))
    return page is not None and (page.calls > 1 or page.why is Why.ASKED)


def is_over(tx: Transaction, args: dict[str, str]) -> bool:
    """Tell whether what is to be posted does not hold any more: a clock was met, or somebody answered the call."""
    if args["about"] in CLOCK_SPEAKS:
        return _speaks_no_more(tx, args)
    if args["about"] not in (Told.PAGED, Told.PAGE_UNHEARD):
        return False
    page = pages.get(tx, args["shop_id"], args["ticket_id"], int(args["page"]))
    return page is None or page.state not in pages.UNANSWERED


def _speaks_no_more(tx: Transaction, args: dict[str, str]) -> bool:
    """Tell whether a clock that warned is not running any more; or one that broke was met in time after all."""
    thread = threads.get(tx, args["workspace_id"], args["thread_id"])
    of_ticket = [] if thread is None else clocks.of_ticket(tx, thread.shop_id, thread.ticket_id)
    clock = next((one for one in of_ticket if one.target == args["target"]), None)
    if clock is None or str(clock.cycle) != args["cycle"]:
        return args["about"] == Told.CLOCK_WARNS
    return clock.state is not ClockState.RUNNING if args["about"] == Told.CLOCK_WARNS else clock.state is ClockState.MET


def _facts(tx: Transaction, hand: Hand) -> tuple[Scene, dict[str, str]]:
    """Return where something is said and what fills it: whose ticket it is, where they sit there, and of a ticket that
    is named, the address of its thread.
    """
    found = scene(tx, hand.first.args["workspace_id"], hand.first.args["thread_id"])
    here = found.ticket.assignee_workspace_id == found.thread.workspace_id
    args = {**hand.first.args, "assignee_id": (found.ticket.assignee_id or "") if here else ""}
    if "ticket_id" not in args:
        return found, args
    there = threads.of_ticket(tx, args["shop_id"], args["ticket_id"])
    near = next((one for one in there if one.workspace_id == found.thread.workspace_id), None)
    return found, {**args, "url": threads.address(near) if near else ""}
