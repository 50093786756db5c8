"""Taking in what happens in a shop: messages from webhooks and from the catch-up reader, through one door."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, update
from sqlmodel import col

from chatops import outbox
from chatops.desk import chronicle, clocks, outcome, replies, responses, tickets, triage
from chatops.errors import NotUnderstood
from chatops.model import conversation as conversations
from chatops.model import inbox
from chatops.model import message as messages
from chatops.model import shop as shops
from chatops.model import thread as threads
from chatops.model import ticket as ticket_questions
from chatops.model.conversation import Buyer, Conversation
from chatops.model.facts import MarketConversation, MarketMessage, OrderFacts, SenderRole
from chatops.model.inbox import Inbox, InboxState
from chatops.model.message import CONTEXT_KINDS, Author, Message, MessageState
from chatops.model.shop import Authorization, Shop
from chatops.model.ticket import Ticket, TicketKind, TicketState
from chatops.rules.answers import AnswerKind, answer_kind
from chatops.rules.targets import Excuse
from chatops.rules.triage import NOTHING
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction, new

SOURCE = "tiktok_shop"
PRODUCT_CARD, COMES_FROM_PRODUCT = "PRODUCT_CARD", "BUYER_ENTER_FROM_PRODUCT"


class Notification(NamedTuple):
    """One notification of TikTok's as it came: its id, the shop, its type's name; `place`: in the order of coming.

    `state`: RECEIVED, unless it is of no use to us (IGNORED) or makes no sense (FAILED, `fault` says why).
    """

    external_id: str
    shop_id: str
    kind: str
    received_at: datetime
    place: int
    body: str
    state: InboxState = InboxState.RECEIVED
    fault: str = ""


# Takes the raw body of a shop's notification in at an instant; NotUnderstood when it makes no sense.
Understand = Callable[[Transaction, Inbox, datetime], object]


def received(tx: Transaction, notifications: Sequence[Notification]) -> None:
    """Keep notifications, raw; one that was heard before changes nothing."""
    rows = [
        {
            "source": SOURCE,
            "external_id": heard.external_id,
            "scope": heard.shop_id,
            "received_at": heard.received_at,
            "place": heard.place,
            "state": heard.state,
            "kind": heard.kind,
            "body": heard.body,
            "fault": heard.fault,
        }
        for heard in notifications
    ]
    tx.insert_ignore_all(Inbox, rows)


def take_in(tx: Transaction, understand: Understand, limit: int, now: datetime) -> int | None:
    """Let what was received happen, `limit` at most, in the order in which it came; return how many there were.

    None when another replica is at it: two would put one conversation's messages into the threads in either order.
    """
    if not tx.alone("intake"):
        return None
    rows = inbox.received(tx, SOURCE, limit)
    for row in rows:
        understand(tx, row, max(now, row.received_at))
    if rows:
        tx.change(_TAKEN_IN, [{"this_source": row.source, "this_id": row.external_id} for row in rows])
    return len(rows)


def not_understood(tx: Transaction, row: Inbox, fault: str) -> None:
    """Set a notification that was received aside, raw: a person or a newer version may make sense of it."""
    tx.execute(
        update(Inbox)
        .where(
            col(Inbox.source) == row.source,
            col(Inbox.external_id) == row.external_id,
            col(Inbox.state) == InboxState.RECEIVED,
        )
        .values(state=InboxState.FAILED, fault=fault)
    )


def settled(tx: Transaction, row: Inbox) -> None:
    """Forget the raw body of a notification that was kept and has now been taken in or dropped."""
    tx.change(_TAKEN_IN, {"this_source": row.source, "this_id": row.external_id})


_TAKEN_IN = Prepared(
    update(Inbox)
    .where(col(Inbox.source) == bindparam("this_source"), col(Inbox.external_id) == bindparam("this_id"))
    .values(state=InboxState.DONE, body=None, fault="")
)


def message_arrived(tx: Transaction, shop_id: str, now: datetime, heard: MarketMessage) -> bool:
    """Take in one message of a conversation, whoever wrote it; False when it is known already.

    Raises:
        NotUnderstood: the shop is not one of ours.
    """
    conversation = _conversation(tx, shop_id, heard)
    if heard.role in (SenderRole.CUSTOMER_SERVICE, SenderRole.SHOP) and outcome.is_echo(tx, conversation, heard, now):
        return False
    current = ticket_questions.lock_current(tx, shop_id, conversation.id, TicketKind.CHAT)
    message = _message(shop_id, heard, now)
    if current is not None and current.state == TicketState.OPEN and message.visible:
        message.ticket_id = current.id
        if message.author is Author.SELLER_CENTER:
            message.__dict__.update(responses.ended(current, message.said_at, message.said_at))
    if not tx.insert_ignore(message):
        return False
    _belongs(tx, conversation, current, message, now)
    return True


def _conversation(tx: Transaction, shop_id: str, heard: MarketMessage) -> Conversation:
    """Return the locked conversation, made on the first message, and remember its buyer.

    Raises:
        NotUnderstood: the shop is not one of ours.
    """
    conversation = conversations.lock(tx, shop_id, heard.conversation_id)
    if conversation is None:
        _known(tx, shop_id)
        tx.insert_ignore(new(Conversation, shop_id=shop_id, id=heard.conversation_id))
        conversation = conversations.lock(tx, shop_id, heard.conversation_id)
    if conversation is None:
        raise AssertionError("a conversation just kept cannot be missing")
    if conversation.buyer_id is None and heard.role == SenderRole.BUYER:
        tx.insert_ignore(new(Buyer, shop_id=shop_id, id=heard.sender_id))
        tx.update(conversation, buyer_id=heard.sender_id)
    return conversation


def _message(shop_id: str, heard: MarketMessage, now: datetime) -> Message:
    """Return a message as it is kept; nothing was said later than it is heard, whatever another clock shows."""
    author, said_at = _author(heard.role), min(heard.at, now)
    return new(
        Message,
        shop_id=shop_id,
        id=heard.external_id,
        conversation_id=heard.conversation_id,
        external_id=heard.external_id,
        index=heard.index,
        author=author,
        kind=heard.kind,
        content=heard.content,
        plaintext=heard.plaintext,
        visible=heard.visible,
        state=MessageState.RECEIVED,
        said_at=said_at,
        sent_at=said_at if author is Author.SELLER_CENTER else None,
        product_id=_product(author, heard),
    )


def _product(author: Author, heard: MarketMessage) -> str | None:
    """Return the id of the product that a buyer's message is about; None of what the shop shows them."""
    if heard.kind != COMES_FROM_PRODUCT and (author, heard.kind) != (Author.BUYER, PRODUCT_CARD):
        return None
    found = heard.content.get("product_id")
    said = str(found) if isinstance(found, str | int) else ""
    return said if re.fullmatch(r"[0-9]{1,40}", said) else None


def _author(role: str) -> Author:
    if role == SenderRole.BUYER:
        return Author.BUYER
    if role in (SenderRole.CUSTOMER_SERVICE, SenderRole.SHOP):
        return Author.SELLER_CENTER
    return Author.AUTOMATIC


def _belongs(
    tx: Transaction, conversation: Conversation, before: Ticket | None, message: Message, now: datetime
) -> None:
    """Give a message its ticket, show it in the threads, and start or stop the wait."""
    if not message.visible:
        return
    proposal, spoken = NOTHING, conversation.language
    asks = message.author == Author.BUYER and message.kind not in CONTEXT_KINDS and not _blocked(tx, conversation)
    if asks:
        going_on = before if before is not None and tickets.goes_on(before, now) else None
        proposal = triage.heard(tx, conversation, going_on, message)
    if before is not None and message.ticket_id == before.id:
        ticket = before
    elif asks:
        ticket = tickets.open_for(tx, conversation, TicketKind.CHAT, now, proposal)
    elif before is not None:
        ticket = before
    else:
        return  # context waits for the first question, which adopts it
    earlier = _adopted(tx, ticket, message, now) if before is None or before.id != ticket.id else []
    _show(tx, ticket, message, now)
    if asks:
        triage.accept(tx, ticket, proposal, now)
        if ticket is before and conversation.language != spoken:
            tickets.open_threads(tx, ticket, now)  # a route, or a promise, may be for this language
            clocks.retarget(tx, ticket, now)
        replies.buyer_wrote(tx, conversation, message.said_at, now)
        excuse = Excuse.SELLER_STARTED if before is None and _seller_began(earlier) else None
        tickets.buyer_waits(tx, ticket, message.said_at, now, excuse)
    else:
        _answered_elsewhere(tx, ticket, message, now)


def _adopted(tx: Transaction, ticket: Ticket, message: Message, now: datetime) -> list[Message]:
    """Let what was said before a ticket's first message belong to it, and return that."""
    waited = messages.without_ticket(tx, message.shop_id, message.conversation_id)
    earlier = [one for one in waited if one.id != message.id]
    for one in earlier:
        _show(tx, ticket, one, now)
    return earlier


def _seller_began(earlier: Sequence[Message]) -> bool:
    """Tell whether a person of the shop opened a conversation in which its buyer had asked nothing yet."""
    asked = any(one.author == Author.BUYER and one.kind not in CONTEXT_KINDS for one in earlier)
    return not asked and any(one.author == Author.SELLER_CENTER for one in earlier)


def _answered_elsewhere(tx: Transaction, ticket: Ticket, message: Message, now: datetime) -> None:
    """Stop the wait by what a person of the shop wrote elsewhere; what nobody wrote only tells the clocks."""
    if message.author == Author.SELLER_CENTER:
        chronicle.note(tx, ticket, "answered_elsewhere", now)
        said_since = messages.first_after(tx, ticket.shop_id, ticket.id, message.said_at)
        answer = answer_kind(message.kind, message.text)
        tickets.answered(tx, ticket, message, message.said_at, answer, said_since, now)
    elif message.author == Author.AUTOMATIC and message.kind not in CONTEXT_KINDS:
        clocks.answered(tx, ticket, message.said_at, AnswerKind.AUTOMATIC, None, now)


def _blocked(tx: Transaction, conversation: Conversation) -> bool:
    """Tell whether a lead has blocked the buyer: what they say is kept and shown, but calls nobody."""
    buyer = conversations.buyer(tx, conversation.shop_id, conversation.buyer_id)
    return buyer is not None and buyer.blocked_at is not None


def _show(tx: Transaction, ticket: Ticket, message: Message, now: datetime) -> None:
    if message.ticket_id != ticket.id:
        tx.update(message, ticket_id=ticket.id)
    for thread in threads.of_ticket(tx, ticket.shop_id, ticket.id):
        outbox.mirror(tx, thread, message, now)


def buyer_learned(
    tx: Transaction, shop_id: str, facts: MarketConversation, order: OrderFacts | None, now: datetime
) -> None:
    """Keep who the buyer is and what they ordered, and show it on the open ticket's card."""
    buyer = Buyer(
        shop_id=shop_id,
        id=facts.buyer_im_id,
        user_id=facts.buyer_user_id,
        nickname=facts.nickname,
        avatar_url=facts.avatar_url,
        learned_at=now,
    )
    if facts.buyer_im_id and not tx.insert_ignore(buyer):
        tx.execute(
            update(Buyer)
            .where(col(Buyer.shop_id) == shop_id, col(Buyer.id) == facts.buyer_im_id)
            .values(**buyer.model_dump(exclude={"shop_id", "id", "blocked_at", "tier"}))
        )
    conversation = conversations.get(tx, shop_id, facts.external_id)
    if conversation is not None and conversation.buyer_id is None and facts.buyer_im_id:
        tx.update(conversation, buyer_id=facts.buyer_im_id)
    ticket = ticket_questions.lock_current(tx, shop_id, facts.external_id, TicketKind.CHAT)
    if ticket is not None:
        tickets.order_learned(tx, ticket, order, now)
    if ticket is not None and conversation is not None and order is not None:
        triage.order_learned(tx, conversation, ticket, now)


def shop_disconnected(tx: Transaction, shop_id: str, now: datetime, reason: str) -> None:
    """Remember that the seller took the permission away, and tell every channel the shop is routed to.

    Raises:
        NotUnderstood: the shop is not one of ours.
    """
    shop = _known(tx, shop_id)
    if shop.authorization_id is not None:
        permission_ended(tx, shop.authorization_id, reason, now)


def permission_ended(
    tx: Transaction, authorization_id: str, reason: str, now: datetime, version: int | None = None
) -> None:
    """Remember that a permission ended, and tell every channel its shops are routed to; once, however often heard.

    `version`: of the tokens that were refused; when there are newer ones, the permission has not ended.
    """
    living = col(Authorization.id) == authorization_id, col(Authorization.revoked_reason).is_(None)
    refused = () if version is None else (col(Authorization.version) == version,)
    ended = tx.execute(update(Authorization).where(*living, *refused).values(revoked_reason=reason))
    if ended.rowcount:
        for shop in shops.every(tx):
            if shop.authorization_id == authorization_id:
                _tell_channels(tx, shop, {"about": "disconnected"}, now)


def connection_ending(tx: Transaction, shop_id: str, now: datetime, ends_at: datetime) -> None:
    """Tell every channel the shop is routed to that the permission ends soon.

    Raises:
        NotUnderstood: the shop is not one of ours.
    """
    facts = {"about": "ending", "ends_at": ends_at.isoformat()}
    _tell_channels(tx, _known(tx, shop_id), facts, now)


def _known(tx: Transaction, shop_id: str) -> Shop:
    shop = shops.get(tx, shop_id)
    if shop is None:
        raise NotUnderstood("unknown shop")
    return shop


def _tell_channels(tx: Transaction, shop: Shop, facts: dict[str, str], now: datetime) -> None:
    told = {(route.workspace_id, route.channel_id, route.locale) for route in shops.routes(tx, shop.id, None)}
    for workspace_id, channel_id, locale in sorted(told):
        outbox.channel_notice(tx, workspace_id, channel_id, {**facts, "shop_id": shop.id, "locale": locale}, now)
