"""Two tickets of one conversation that are about the same become one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from chatops import outbox
from chatops.desk import chronicle, clocks, paging, responses, tickets
from chatops.errors import Refusal, Refused
from chatops.model import conversation as conversations
from chatops.model import message as messages
from chatops.model import thread as threads
from chatops.model import ticket as ticket_questions
from chatops.model.agent import Agent
from chatops.model.message import Message
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket, TicketPriority, TicketState
from chatops.outbox import Told
from chatops.store.transaction import Transaction

PRIORITIES = tuple(TicketPriority)


def merge(tx: Transaction, thread: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Let another ticket of the same conversation go on with everything in this one, which is resolved.

    `words` name it by its number (`3`, `#3`); without them it is the newest one before this.

    Raises:
        Refused: there is no such ticket of this conversation, one of the two is merged already, or a third one is open.
    """
    conversations.lock(tx, ticket.shop_id, ticket.conversation_id)  # nobody answers or asks in between
    others = ticket_questions.of_conversation(tx, ticket.shop_id, ticket.conversation_id)
    into = _meant(others, ticket, words)
    if into is None and ticket.merged_into is None:
        raise Refused(Refusal.NOTHING_TO_MERGE)
    if into is None or ticket.merged_into is not None or into.merged_into is not None:
        raise Refused(Refusal.ALREADY_MERGED)
    if any(
        one.state is TicketState.OPEN and one.kind is into.kind and one.id not in (ticket.id, into.id) for one in others
    ):
        raise Refused(Refusal.ANOTHER_IS_OPEN)
    said, waiting_since = messages.said_in(tx, ticket.shop_id, ticket.id), ticket.waiting_since
    gone = {"state": TicketState.RESOLVED, "resolved_at": now, "waiting_since": None, "snoozed_until": None}
    tickets.change(tx, ticket, now, **gone, merged_into=into.id)
    chronicle.note(tx, ticket, "merged", now, agent, into=into.id)
    paging.settle(tx, ticket, "merged", now)
    if into.state is TicketState.RESOLVED:
        tickets.open_again(tx, into, agent, now)
    _take_over(tx, into, ticket, waiting_since, now)
    _move(tx, said, ticket, into, now)
    outbox.tell(tx, thread, Told.MERGED, {"by": agent.id, "shop_id": into.shop_id, "ticket_id": into.id}, now)


def _meant(others: Sequence[Ticket], ticket: Ticket, words: str) -> Ticket | None:
    """Return the ticket of this conversation that is meant."""
    number = words.strip().lstrip("#").strip()
    if number:
        found = [one for one in others if one.id == f"{ticket.conversation_id}.{number}"]
    else:
        found = [one for one in others if one.merged_into is None]
    return next((one for one in found if one.id != ticket.id), None)


def _take_over(tx: Transaction, into: Ticket, ticket: Ticket, waiting_since: datetime | None, now: datetime) -> None:
    """Give a ticket what the other one had, as far as it has nothing itself."""
    waits = [instant for instant in (into.waiting_since, waiting_since) if instant is not None]
    if len(waits) > 1:  # from here on they are one
        responses.let_go(tx, ticket, max(waits), now)
    values: dict[str, object] = {
        "waiting_since": min(waits, default=None),
        "tags": list(dict.fromkeys([*into.tags, *ticket.tags])),
        "priority": max(into.priority, ticket.priority, key=PRIORITIES.index),
        "level": into.level or ticket.level,
        "language": into.language or ticket.language,
        "pinned": into.pinned or ticket.pinned,
    }
    if into.assignee_id is None:
        values |= {"assignee_id": ticket.assignee_id, "assignee_workspace_id": ticket.assignee_workspace_id}
    if not into.order_id:
        values |= {name: getattr(ticket, name) for name in Ticket.model_fields if name.startswith("order_")}
    tickets.change(tx, into, now, **values)
    if waiting_since is not None:
        clocks.goes_on_waiting(tx, into, waiting_since, now)
    chronicle.note(tx, into, "took_over", now, None, of=ticket.id)


def _move(tx: Transaction, said: Sequence[Message], ticket: Ticket, into: Ticket, now: datetime) -> None:
    """Show what was said in a ticket in the other one's threads, too, and let it belong there."""
    for thread in threads.of_ticket(tx, into.shop_id, into.id):
        for message in said:
            outbox.mirror(tx, thread, message, now)
    tx.execute(
        update(Message)
        .where(col(Message.shop_id) == ticket.shop_id, col(Message.ticket_id) == ticket.id)
        .values(ticket_id=into.id)
    )
