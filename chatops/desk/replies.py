"""Answers on their way to a buyer: written, held back for the undo window, rewritten, taken back, tried again.

An answer that somebody has to look at holds nothing up: what its writer says next may leave before it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import update
from sqlmodel import col

from chatops import outbox
from chatops.desk import drafts, paging, second_look, tickets
from chatops.errors import Refusal, Refused
from chatops.model import conversation as conversations
from chatops.model import message as messages
from chatops.model import setting
from chatops.model import thread as threads
from chatops.model import ticket as ticket_questions
from chatops.model.agent import Agent
from chatops.model.conversation import Conversation
from chatops.model.facts import ChatFile
from chatops.model.message import HELD, Held, Message, MessageState
from chatops.model.page import How
from chatops.model.thread import Thread
from chatops.rules import text as text_rules
from chatops.store import lanes
from chatops.store.transaction import Transaction

A_MOMENT = timedelta(seconds=2)  # the marketplace counts in whole seconds, and tells us a little later
TOO_LONG = "too_long"
UNSURE = "unsure"


def write(
    tx: Transaction,
    thread: Thread,
    agent: Agent,
    source_id: str,
    text: str,
    files: Sequence[ChatFile],
    now: datetime,
    *,
    first: int = 0,
    posted: bool = True,
    before: Callable[[], object] | None = None,
    looked_at: bool = False,
) -> list[Message]:
    """Put an agent's words and pictures on their way to the buyer; they leave when the undo window is over.

    `first`: the number of the first part, more than 0 when the same chat message was sent and taken back before.
    `posted`: there is a chat message, `source_id`; else we post one, and until then the answer's source is not known.
    `before`: what is done first, unless somebody has to look at the answer before it leaves.
    `looked_at`: somebody knows already that a teammate has answered.

    Raises:
        Refused: the shop is disconnected, there is nothing to send, or a file is of a kind or size the marketplace
            does not take. Words that are too long are kept as a failed message instead, so that they can be split.
    """
    if asked := ticket_questions.get(tx, thread.shop_id, thread.ticket_id):
        conversations.lock(tx, asked.shop_id, asked.conversation_id)  # only now it is clear which ticket goes on
    ticket = ticket_questions.going_on(tx, thread.shop_id, thread.ticket_id)
    if ticket is None:
        raise Refused(Refusal.STALE)
    drafts.must_be_sendable(tx, ticket, text, files)
    leaves_at = _leaves_at(tx, now)
    written = drafts.drafted(thread, ticket, agent, source_id, text, files, now, first)
    held = second_look.linted(tx, ticket, agent, text, now)
    if not held and not looked_at:
        held = second_look.crossed(tx, ticket, (agent.workspace_id, agent.id), now)
    if before is not None and not held and not any(map(drafts.too_long, written)):
        before()
    for message in written:
        message.source_id = source_id if posted else None
        fault = held or (TOO_LONG if drafts.too_long(message) else "")
        if fault:
            message.state, message.fault = MessageState.FAILED, fault
            tx.insert(message)
        else:
            message.leaves_at = leaves_at
            tx.insert(message)
            _queue(tx, message, leaves_at, now)
    if posted:
        outbox.mark(tx, thread.workspace_id, thread.channel_id, source_id, now)
    else:
        outbox.spoken(tx, thread, written[0], now)
    _tell_writer(tx, thread, agent, written, now)
    _ask(tx, thread, written, now)
    paging.acknowledged(tx, ticket, agent, now, How.ANSWERED)
    return written


def buyer_wrote(tx: Transaction, conversation: Conversation, said_at: datetime, now: datetime) -> None:
    """Stop what was in its undo window when the buyer said something: whoever wrote it has not read that.

    The caller holds the conversation's row lock.
    """
    if not setting.value(tx, "crossing_seconds"):
        return
    stopped = [
        message
        for message in messages.unsettled(tx, conversation.shop_id, conversation.id)
        if message.said_at <= said_at + A_MOMENT and message.leaves_at and message.leaves_at > now
        if _stop(tx, message, Held.BUYER_WROTE, now)
    ]
    for (workspace_id, thread_id, _), parts in groupby(stopped, _source):
        thread = threads.get(tx, workspace_id, thread_id)
        if thread is not None:
            _ask(tx, thread, list(parts), now)


def _stop(tx: Transaction, message: Message, why: str, now: datetime) -> bool:
    """Hold an answer back that waits; False when it has left, or does not wait."""
    lane = outbox.buyer_lane(message.shop_id, message.conversation_id)
    if message.state != MessageState.WAITING or message.lane_seq is None:
        return False
    if not lanes.cancel(tx, lane, message.lane_seq, now):
        return False
    change(tx, message, state=MessageState.FAILED, fault=why, lane_seq=None)
    remark(tx, message, now)
    return True


def _source(message: Message) -> tuple[str, str, str]:
    return message.source_workspace_id or "", message.source_thread_id or "", message.source_id or message.id


def _ask(tx: Transaction, thread: Thread, written: Sequence[Message], now: datetime) -> None:
    """Ask in the thread whether what is held shall leave: once for everything that one chat message became."""
    held = next((message for message in written if message.is_held), None)
    if held is not None:
        outbox.notice(tx, thread, held, now)


def send_anyway(
    tx: Transaction, message: Message, thread: Thread, agent: Agent, now: datetime, *, approved: bool = False
) -> None:
    """Let an answer leave that was held, with everything else that the same chat message became.

    `approved`: by somebody who may let go what a rule stops. Words that are too long can then be split. When a teammate
    has answered meanwhile it stays held for that, and is asked about anew.

    Raises:
        Refused: it is not held (any more), or must be approved.
    """
    if not message.is_held or (message.fault == Held.LINT_BLOCK and not approved):
        raise Refused(Refusal.NOT_WAITING)
    conversations.lock(tx, message.shop_id, message.conversation_id)
    ticket = ticket_questions.get(tx, message.shop_id, message.ticket_id or "")
    again = None
    if ticket is not None:
        second_look.overruled(tx, ticket, message, agent, now)
        again = second_look.crossed_meanwhile(tx, ticket, message, now)
    for part in held_with(tx, message):
        if again:
            change(tx, part, fault=again)
        elif drafts.too_long(part):
            change(tx, part, fault=TOO_LONG)
            _tell_writer(tx, thread, agent, [part], now)
        else:
            _queue(tx, part, now, now)
    remark(tx, message, now)
    _ask(tx, thread, [message], now)


def parts(tx: Transaction, message: Message) -> list[Message]:
    """Return everything that the chat message of an answer became, held against every other transaction.

    While none stands for it: the answer, and what was split from it.
    """
    place = message.source_workspace_id, message.source_channel_id, message.source_id
    return became(tx, *map(str, place)) if all(place) else messages.pieces(tx, message.shop_id, message.id)


def became(tx: Transaction, workspace_id: str, channel_id: str, source_id: str) -> list[Message]:
    """Return what a chat message became, held against every other transaction; its conversation is held first."""
    found = messages.from_source(tx, workspace_id, channel_id, source_id)
    if found:
        conversations.lock(tx, found[0].shop_id, found[0].conversation_id)
    return messages.from_source(tx, workspace_id, channel_id, source_id, lock=True) if found else []


def held_with(tx: Transaction, message: Message) -> list[Message]:
    """Return all parts of a chat message that are held for the same reason as this one; else this one alone."""
    if not message.is_held:
        return [message]
    same = [message if part.id == message.id else part for part in parts(tx, message)]
    return [part for part in same if part.is_held and part.fault == message.fault]


def _queue(tx: Transaction, message: Message, leaves_at: datetime, now: datetime) -> None:
    seq = outbox.reply(tx, message, leaves_at, now)
    change(tx, message, state=MessageState.WAITING, fault="", leaves_at=leaves_at, lane_seq=seq)


def _tell_writer(tx: Transaction, thread: Thread, agent: Agent, written: Sequence[Message], now: datetime) -> None:
    """Offer to undo what leaves, and say what is too long."""
    waiting = next((message for message in written if message.state == MessageState.WAITING), None)
    if waiting is not None:
        outbox.whisper(tx, thread, agent.id, outbox.Whisper.UNDO_OFFER, _ref(waiting), now)
    for message in written:
        if message.fault == TOO_LONG:
            facts: dict[str, str | int] = {"reason": Refusal.TOO_LONG, **_length(message.text), **_ref(message)}
            outbox.whisper(tx, thread, agent.id, outbox.Whisper.REFUSAL, facts, now)


def _length(text: str) -> dict[str, int]:
    return {
        "length": text_rules.buyer_length(text),
        "limit": text_rules.BUYER_LIMIT,
        "parts": len(text_rules.split_for_buyer(text)),
    }


def _ref(message: Message) -> dict[str, str]:
    return {"shop_id": message.shop_id, "message_id": message.id}


def split(tx: Transaction, message: Message, now: datetime) -> None:
    """Send words that were too long for one message as several.

    Raises:
        Refused: they were sent, split or taken back already.
    """
    if message.fault != TOO_LONG or message.state != MessageState.FAILED:
        raise Refused(Refusal.STALE)
    conversations.lock(tx, message.shop_id, message.conversation_id)
    leaves_at = _leaves_at(tx, now)
    first, *rest = text_rules.split_for_buyer(message.text)
    change(tx, message, content={"content": first})
    _queue(tx, message, leaves_at, now)
    for number, part in enumerate(rest, start=2):
        piece = Message(**message.model_dump())
        piece.id, piece.content = f"{message.id}.{number:02}", {"content": part}
        tx.insert(piece)
        _queue(tx, piece, leaves_at, now)
    remark(tx, message, now)


def try_again(tx: Transaction, message: Message, now: datetime) -> None:
    """Let a failed answer leave again, now; one that may have been sent is looked for first.

    Raises:
        Refused: it is not failed, or must be shortened first.
    """
    if message.state != MessageState.FAILED or message.fault == TOO_LONG or message.fault in HELD:
        raise Refused(Refusal.NOT_WAITING)
    doubt = message.fault if message.fault == UNSURE else ""
    _let_leave(tx, message, now, now)
    change(tx, message, fault=doubt)
    remark(tx, message, now)


def _let_leave(tx: Transaction, message: Message, leaves_at: datetime, now: datetime) -> None:
    """Let a failed answer leave at an instant, from its old place if that is still there."""
    lane = outbox.buyer_lane(message.shop_id, message.conversation_id)
    if message.lane_seq is not None and lanes.reschedule(tx, lane, message.lane_seq, leaves_at, now):
        lanes.resume(tx, lane, leaves_at)
        change(tx, message, state=MessageState.WAITING, fault="", leaves_at=leaves_at)
    else:
        _queue(tx, message, leaves_at, now)


def drop(tx: Transaction, message: Message, now: datetime) -> None:
    """Give a failed answer up, so that those behind it may leave; a held one with all that is held with it.

    Raises:
        Refused: it is not failed.
    """
    if message.state != MessageState.FAILED:
        raise Refused(Refusal.NOT_WAITING)
    for part in held_with(tx, message):
        take_back(tx, part, now)


def take_back(tx: Transaction, message: Message, now: datetime) -> bool:
    """Withdraw an answer or a note; False when the answer has left already."""
    if message.state == MessageState.WITHDRAWN:
        return True
    if message.state in (MessageState.WAITING, MessageState.FAILED):
        lane = outbox.buyer_lane(message.shop_id, message.conversation_id)
        stopped = message.lane_seq is not None and lanes.cancel(tx, lane, message.lane_seq, now)
        if message.state == MessageState.WAITING and not stopped:  # of a failed one nothing need be there any more
            return False
    elif message.state != MessageState.NOTE:
        return False
    change(tx, message, state=MessageState.WITHDRAWN, lane_seq=None)
    tickets.left_unanswered(tx, message.shop_id, message.ticket_id, now)
    remark(tx, message, now)
    return True


def rewrite(tx: Transaction, thread: Thread, agent: Agent, message: Message, text: str, now: datetime) -> bool:
    """Replace the words of an answer that has not left, or failed; it gets a new undo window. False: too late.

    Its pictures are held with the new words, or let go with them; without words they go alone.
    """
    if message.state not in (MessageState.WAITING, MessageState.FAILED):
        return False
    pictures = [part for part in parts(tx, message) if part.kind != "TEXT"]
    fault, leaves_at = _fault(tx, message, agent, text, now), _leaves_at(tx, now)
    if fault or not text:
        if not take_back(tx, message, now):
            return False
        state = MessageState.FAILED if text else MessageState.WITHDRAWN
        change(tx, message, state=state, fault=fault if text else "")
    elif message.state == MessageState.FAILED:
        _let_leave(tx, message, leaves_at, now)
    else:
        lane = outbox.buyer_lane(message.shop_id, message.conversation_id)
        if message.lane_seq is None or not lanes.reschedule(tx, lane, message.lane_seq, leaves_at, now):
            return False
        change(tx, message, leaves_at=leaves_at)
    if text:
        change(tx, message, content={**message.content, "content": text})
    for picture in pictures:
        follow(tx, picture, fault, leaves_at, now)
    remark(tx, message, now)
    _tell_writer(tx, thread, agent, [message], now)
    _ask(tx, thread, [message, *pictures], now)
    return True


def _fault(tx: Transaction, message: Message, agent: Agent, text: str, now: datetime) -> str:
    """Return why an answer cannot leave with these words, if so."""
    ticket = ticket_questions.get(tx, message.shop_id, message.ticket_id or "")
    held = None
    if ticket is not None:
        held = second_look.linted(tx, ticket, agent, text, now)
        held = held or second_look.crossed_meanwhile(tx, ticket, message, now)
    return held or (TOO_LONG if text_rules.buyer_length(text) > text_rules.BUYER_LIMIT else "")


def follow(tx: Transaction, picture: Message, fault: str, leaves_at: datetime, now: datetime) -> None:
    """Hold a picture for the reason that holds its words, or let it go with them."""
    if fault in HELD and picture.is_held:
        change(tx, picture, fault=fault)
    elif fault in HELD:
        _stop(tx, picture, fault, now)
    elif picture.is_held:
        _let_leave(tx, picture, leaves_at, now)


def send_note(tx: Transaction, note: Message, thread: Thread, agent: Agent, now: datetime) -> None:
    """Send to the buyer what was kept as a note.

    Raises:
        Refused: it is no note any more, or cannot be sent.
    """
    if note.state != MessageState.NOTE or note.source_id is None:
        raise Refused(Refusal.STALE)
    before = messages.from_source(tx, thread.workspace_id, thread.channel_id, note.source_id)
    write(tx, thread, agent, note.source_id, note.text, (), now, first=len(before) - 1)
    change(tx, note, state=MessageState.WITHDRAWN)


def _leaves_at(tx: Transaction, now: datetime) -> datetime:
    return now + timedelta(seconds=setting.value(tx, "undo_seconds"))


def remark(tx: Transaction, message: Message, now: datetime) -> None:
    """Bring the mark on the chat message that an answer was written with up to date."""
    if message.source_workspace_id and message.source_channel_id and message.source_id:
        outbox.mark(tx, message.source_workspace_id, message.source_channel_id, message.source_id, now)


def change(tx: Transaction, message: Message, **values: object) -> None:
    """Keep what is new about a message."""
    for name, value in values.items():
        setattr(message, name, value)
    tx.execute(
        update(Message).where(col(Message.shop_id) == message.shop_id, col(Message.id) == message.id).values(**values)
    )
