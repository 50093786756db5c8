"""What a reaction does to the message it is given to: 🔒 keeps an answer inside, 📌 puts words on the card."""

from collections.abc import Sequence
from datetime import datetime

from chatops import outbox
from chatops.catalog import Verb
from chatops.desk import chronicle, replies, team, tickets
from chatops.desk.hearing import Said, first_time, keep_note, obey, take_back, ticket_of
from chatops.model import agent as agents
from chatops.model import message as messages
from chatops.model import thread as threads
from chatops.model.agent import Agent
from chatops.model.message import Message, MessageState
from chatops.model.thread import Thread
from chatops.store.transaction import Transaction

Whisper = outbox.Whisper

AT_MESSAGES = frozenset({Verb.INTERNAL, Verb.PIN})


def pointed(tx: Transaction, verb: Verb, source: Said, gesture_id: str, now: datetime, *, added: bool) -> bool:
    """Do what a reaction to a message means; `source`: which message, and who reacted. False: it is none of ours."""
    place = source.workspace_id, source.channel_id, source.message_id
    own = replies.became(tx, *place)
    thread = threads.get(tx, source.workspace_id, own[0].source_thread_id or "") if own else threads.holding(tx, *place)
    found = own or messages.mirrored(tx, *place)
    if thread is None or not found:
        return False
    if not first_time(tx, source.workspace_id, source.agent_id, gesture_id, "reaction", now):
        return True
    agent = team.seen(tx, source.workspace_id, source.agent_id, now)
    if verb == Verb.PIN:
        obey(tx, thread, agent, verb, lambda: _pin(tx, thread, agent, found, now, added=added), now)
    elif added and own:
        obey(tx, thread, agent, verb, lambda: _inside(tx, thread, agent, source, own, now), now)
    return True


def _inside(tx: Transaction, thread: Thread, agent: Agent, source: Said, own: list[Message], now: datetime) -> None:
    """Keep as a note what has not left; whoever asked for it may still send it."""
    left = [message for message in own if message.state not in (MessageState.WITHDRAWN, MessageState.NOTE)]
    if not left or not take_back(tx, thread, agent, left, now, about=Whisper.DELETE_TOO_LATE):
        return
    words = "\n".join(message.text for message in left if message.text)
    writer = agents.get(tx, source.workspace_id, left[0].agent_id or "") or agent
    if words:
        keep_note(tx, thread, writer, source, words, now)


def _pin(
    tx: Transaction, thread: Thread, agent: Agent, found: Sequence[Message], now: datetime, *, added: bool
) -> None:
    """Put the words of messages on the ticket's card in place of those that stand there, or take them off."""
    ticket, ids = ticket_of(tx, thread), [message.id for message in found if message.text]
    if not ids or (ticket.pinned == ids) == added:
        return
    tickets.change(tx, ticket, now, pinned=ids if added else [])
    chronicle.note(tx, ticket, "pinned" if added else "unpinned", now, agent, message_id=ids[0])
