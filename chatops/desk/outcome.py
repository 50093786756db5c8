"""What became of answers at the marketplace: sent, failed, delayed, heard again as their own echo."""

from datetime import datetime, timedelta

from chatops import outbox
from chatops.desk import chronicle, replies, responses, tickets
from chatops.model import message as messages
from chatops.model import thread as threads
from chatops.model import ticket as ticket_questions
from chatops.model.conversation import Conversation
from chatops.model.facts import MarketMessage
from chatops.model.message import Message, MessageState
from chatops.rules.answers import answer_kind
from chatops.store import lanes
from chatops.store.transaction import Transaction

DELAYED = "delayed"
CLOCKS_APART = timedelta(seconds=90)  # how far the marketplace's clock may be from ours when we look for an answer


def sent(
    tx: Transaction, shop_id: str, message_id: str, external_id: str, now: datetime, at: datetime | None = None
) -> None:
    """Remember that the marketplace accepted an answer, `at` an instant that it told; twice changes nothing."""
    message = messages.lock(tx, shop_id, message_id)
    if message is None or message.state == MessageState.SENT:
        return
    ticket = ticket_questions.lock(tx, shop_id, message.ticket_id or "")
    at = min(at or now, now)
    done = {"state": MessageState.SENT, "external_id": external_id, "sent_at": at, "fault": ""}
    replies.change(tx, message, **{**done, **responses.ended(ticket, message.said_at, at)})
    replies.remark(tx, message, now)
    if ticket is None:
        return
    chronicle.note(tx, ticket, "answered", now, None, agent_id=message.agent_id or "", message_id=message.id)
    since = messages.first_after(tx, ticket.shop_id, ticket.id, message.said_at)
    answer = answer_kind(message.kind, message.text)
    tickets.answered(tx, ticket, message, at, answer, since, now)
    for thread in threads.of_ticket(tx, shop_id, ticket.id):
        if (thread.workspace_id, thread.id) != (message.source_workspace_id, message.source_thread_id):
            outbox.mirror(tx, thread, message, now)


def failed(tx: Transaction, shop_id: str, message_id: str, fault: str, now: datetime) -> None:
    """Remember that an answer did not reach the buyer, and say so in the thread it was written in."""
    message = messages.lock(tx, shop_id, message_id)
    if message is None or message.state != MessageState.WAITING:
        return
    replies.change(tx, message, state=MessageState.FAILED, fault=fault)
    replies.remark(tx, message, now)
    tickets.left_unanswered(tx, shop_id, message.ticket_id, now)
    thread = threads.get(tx, message.source_workspace_id or "", message.source_thread_id or "")
    if thread is not None:
        outbox.notice(tx, thread, message, now)


def delayed(tx: Transaction, shop_id: str, message_id: str, until: datetime, now: datetime) -> None:
    """Say once in the thread that an answer has to wait long before the marketplace takes it."""
    message = messages.lock(tx, shop_id, message_id)
    if message is None or message.state != MessageState.WAITING or message.fault == DELAYED:
        return
    replies.change(tx, message, fault=DELAYED)
    thread = threads.get(tx, message.source_workspace_id or "", message.source_thread_id or "")
    if thread is not None:
        outbox.notice(tx, thread, message, now, delayed_until=until)


def uploaded(tx: Transaction, shop_id: str, message_id: str, content: dict[str, object]) -> None:
    """Remember what the marketplace called an agent's picture, so that trying again sends the very same one."""
    message = messages.get(tx, shop_id, message_id)
    if message is not None:
        replies.change(tx, message, content={**message.content, **content})


def is_echo(tx: Transaction, conversation: Conversation, heard: MarketMessage, now: datetime) -> bool:
    """Tell whether a message of the shop's is one of ours coming back, and if so bind the two.

    The echo may be faster than the answer to our own call: then it is the one in flight with the same content. It may
    also settle a doubt that was handed to a person; what waited behind that answer goes on then.
    """
    if messages.by_external_id(tx, conversation.shop_id, heard.external_id) is not None:
        return True
    written = _in_flight(tx, conversation, heard, now)
    # Another replica may have settled it since we looked first: then what waits now with the same content is the next.
    if messages.by_external_id(tx, conversation.shop_id, heard.external_id) is not None:
        return True
    if written is None:
        return False
    if written.state == MessageState.FAILED:
        lanes.resume(tx, outbox.buyer_lane(written.shop_id, written.conversation_id), now)
    sent(tx, written.shop_id, written.id, heard.external_id, now, heard.at)
    return True


def _in_flight(tx: Transaction, conversation: Conversation, heard: MarketMessage, now: datetime) -> Message | None:
    """Return the oldest answer that may have been sent, has no receipt yet, and carries what was heard."""
    for written in messages.unsettled(tx, conversation.shop_id, conversation.id):
        perhaps_sent = written.state == MessageState.WAITING or written.fault == replies.UNSURE
        left = perhaps_sent and written.leaves_at is not None and written.leaves_at <= now
        late = heard.at < written.said_at - CLOCKS_APART  # somebody sent it earlier, and it is heard late
        if left and not late and written.kind == heard.kind and same_content(written, heard):
            return written
    return None


def same_content(message: Message, heard: MarketMessage) -> bool:
    """Tell whether the marketplace's message carries what ours does."""
    if message.kind == "TEXT":
        return message.text == heard.content.get("content")
    url = message.content.get("url")
    return url is not None and url == heard.content.get("url")
