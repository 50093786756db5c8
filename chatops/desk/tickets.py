"""Opening, claiming, resolving and reopening tickets, and keeping their cards true."""

from datetime import datetime, timedelta

from chatops import outbox
from chatops.desk import chronicle, clocks, paging, responses, routing
from chatops.errors import Refusal, Refused
from chatops.model import history as histories
from chatops.model import message as messages
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model.agent import Agent
from chatops.model.conversation import Conversation
from chatops.model.facts import OrderFacts
from chatops.model.message import HELD, Message
from chatops.model.page import How
from chatops.model.shop import Route
from chatops.model.thread import Thread
from chatops.model.ticket import Level, Ticket, TicketKind, TicketPriority, TicketState
from chatops.rules.answers import AnswerKind
from chatops.rules.targets import Excuse
from chatops.rules.triage import NOTHING, Proposal
from chatops.store.transaction import Transaction, new
from chatops.times import EPOCH

REOPEN_WITHIN = timedelta(days=7)  # TikTok itself closes a conversation the seller left alone for this long


def open_for(
    tx: Transaction, conversation: Conversation, kind: TicketKind, now: datetime, proposal: Proposal = NOTHING
) -> Ticket:
    """Return the conversation's open ticket; reopen the one resolved lately, else open a new one with its threads.

    `proposal`: what the rules make of what opens it.

    The caller holds the conversation's row lock.
    """
    current = tickets.lock_current(tx, conversation.shop_id, conversation.id, kind)
    if current is None or not goes_on(current, now):
        return _open(tx, conversation, kind, now, proposal)
    if current.state != TicketState.OPEN:
        open_again(tx, current, None, now)
    return current


def goes_on(ticket: Ticket, now: datetime) -> bool:
    """Tell whether what a buyer says now belongs to their newest ticket: it is open, or was resolved lately."""
    lately = ticket.resolved_at is not None and now - ticket.resolved_at <= REOPEN_WITHIN
    return ticket.state == TicketState.OPEN or lately


def _open(tx: Transaction, conversation: Conversation, kind: TicketKind, now: datetime, proposal: Proposal) -> Ticket:
    tx.update(conversation, tickets=conversation.tickets + 1)
    ticket = new(
        Ticket,
        shop_id=conversation.shop_id,
        id=f"{conversation.id}.{conversation.tickets}",
        conversation_id=conversation.id,
        buyer_id=conversation.buyer_id,
        kind=kind,
        opened_at=now,
        level=Level(proposal.level) if proposal.level else None,
        priority=TicketPriority(proposal.priority or TicketPriority.NORMAL),
        tags=list(proposal.tags),
    )
    tx.insert(ticket)
    chronicle.note(tx, ticket, "opened", now)
    if proposal.rules:
        chronicle.note(tx, ticket, "triaged", now, rules=" ".join(proposal.rules))
    open_threads(tx, ticket, now)
    if kind == TicketKind.CHAT:
        outbox.learn_buyer(tx, conversation.shop_id, conversation.id, now)
    return ticket


def open_again(tx: Transaction, ticket: Ticket, agent: Agent | None, now: datetime) -> None:
    """Open a resolved ticket again, wherever it is shown; the caller has seen that no other one is open."""
    tx.update(ticket, state=TicketState.OPEN, resolved_at=None)
    clocks.changed(tx, ticket, frozenset(("state",)), now)
    chronicle.note(tx, ticket, "reopened", now, agent)
    redraw(tx, ticket, now)
    open_threads(tx, ticket, now)  # routes may have come while it was resolved


def left_unanswered(tx: Transaction, shop_id: str, ticket_id: str | None, now: datetime) -> None:
    """Open a ticket again that was resolved by an answer which did not leave: its buyer still waits."""
    ticket = tickets.lock(tx, shop_id, ticket_id or "")
    if ticket is None or ticket.state == TicketState.OPEN or ticket.merged_into is not None:
        return
    since = messages.first_after(tx, shop_id, ticket.id, ticket.answered_at or EPOCH)
    current = tickets.lock_current(tx, shop_id, ticket.conversation_id, ticket.kind)
    if since is not None and current is not None and current.id == ticket.id:
        open_again(tx, ticket, None, now)
        buyer_waits(tx, ticket, since, now)


def open_threads(tx: Transaction, ticket: Ticket, now: datetime) -> None:
    """Open the threads that the routes promise a ticket as it stands now; those it has stay."""
    for route in routing.routes_of(tx, ticket):
        open_thread(tx, ticket, route, now)


def open_thread(tx: Transaction, ticket: Ticket, route: Route, now: datetime) -> Thread:
    """Mirror a ticket where a route says, with everything that was said in it so far."""
    thread = new(
        Thread,
        workspace_id=route.workspace_id,
        id=f"{route.channel_id}/{ticket.shop_id}/{ticket.id}",
        channel_id=route.channel_id,
        shop_id=ticket.shop_id,
        ticket_id=ticket.id,
        locale=route.locale,
        posture=route.posture,
        created_at=now,
    )
    if tx.insert_ignore(thread):
        outbox.open_thread(tx, thread, now)
        for message in messages.said_in(tx, ticket.shop_id, ticket.id):
            outbox.mirror(tx, thread, message, now)
    return thread


def claim(tx: Transaction, ticket: Ticket, agent: Agent, now: datetime) -> None:
    """Make an agent the ticket's owner.

    Raises:
        Refused: somebody else owns it, or it is resolved.
    """
    if ticket.state != TicketState.OPEN:
        raise Refused(Refusal.ALREADY_RESOLVED)
    if ticket.assignee_id is not None and not owns(ticket, agent):
        # ids mean something in their own workspace only
        near = ticket.assignee_workspace_id == agent.workspace_id
        raise Refused(Refusal.ALREADY_CLAIMED, agent_id=ticket.assignee_id if near else "")
    paging.acknowledged(tx, ticket, agent, now, How.CLAIMED)
    if owns(ticket, agent):
        return
    change(tx, ticket, now, assignee_workspace_id=agent.workspace_id, assignee_id=agent.id)
    chronicle.note(tx, ticket, "claimed", now, agent)


def unclaim(tx: Transaction, ticket: Ticket, agent: Agent, now: datetime) -> None:
    """Give the ticket back, if the agent owns it; otherwise nothing happens."""
    if not owns(ticket, agent):
        return
    change(tx, ticket, now, assignee_workspace_id=None, assignee_id=None)
    chronicle.note(tx, ticket, "unclaimed", now, agent)


def resolve(tx: Transaction, ticket: Ticket, agent: Agent, now: datetime) -> None:
    """Close the ticket.

    Raises:
        Refused: it is resolved already, or what becomes of an answer is not settled.
    """
    if ticket.state == TicketState.RESOLVED:
        raise Refused(Refusal.ALREADY_RESOLVED)
    unsettled = messages.unsettled(tx, ticket.shop_id, ticket.conversation_id)
    undecided = [
        one for one in unsettled if one.ticket_id == ticket.id and (one.lane_seq is not None or one.fault in HELD)
    ]
    if undecided:
        raise Refused(Refusal.ANSWER_WAITING, count=len(undecided))
    responses.let_go(tx, ticket, ticket.waiting_since, now)
    done = {"waiting_since": None, "snoozed_until": None, "escalated_at": None}
    change(tx, ticket, now, state=TicketState.RESOLVED, resolved_at=now, **done)
    chronicle.note(tx, ticket, "resolved", now, agent)
    paging.settle(tx, ticket, "resolved", now)


def reopen(tx: Transaction, ticket: Ticket, agent: Agent, now: datetime) -> None:
    """Open a resolved ticket again.

    Raises:
        Refused: it is open, or the conversation has another open ticket, or it went on in another one.
    """
    if ticket.merged_into is not None:
        raise Refused(Refusal.ALREADY_MERGED)
    current = tickets.lock_current(tx, ticket.shop_id, ticket.conversation_id, ticket.kind)
    if current is not None and current.state == TicketState.OPEN:
        raise Refused(Refusal.NOT_RESOLVED)
    open_again(tx, ticket, agent, now)


def buyer_waits(tx: Transaction, ticket: Ticket, since: datetime, now: datetime, excuse: Excuse | None = None) -> None:
    """Remember that the buyer said something nobody has answered; what they said first counts.

    `excuse`: why the platform may not count that they wait.
    """
    if ticket.snoozed_until is not None:
        wake(tx, ticket, now)
    if ticket.waiting_since is not None and ticket.waiting_since <= since:
        clocks.buyer_asks_on(tx, ticket, since, now)
        return
    change(tx, ticket, now, waiting_since=since, no_reply_at=None)
    clocks.buyer_waits(tx, ticket, since, now, excuse)


def wake(tx: Transaction, ticket: Ticket, now: datetime) -> None:
    """Let a ticket that rests come back, and tell whose it is, or who let it rest, in its threads."""
    change(tx, ticket, now, snoozed_until=None)
    whose = ticket.assignee_workspace_id, ticket.assignee_id
    last = histories.last(tx, ticket.shop_id, ticket.id, "snoozed")
    if ticket.assignee_id is None and last is not None:
        whose = last.workspace_id, last.agent_id
    chronicle.note(tx, ticket, "woke", now)
    for thread in threads.of_ticket(tx, ticket.shop_id, ticket.id):
        near = whose[0] == thread.workspace_id
        outbox.tell(tx, thread, outbox.Told.BACK, {"agent_id": (whose[1] or "") if near else ""}, now)


def answered(
    tx: Transaction,
    ticket: Ticket,
    message: Message,
    at: datetime,
    answer: AnswerKind,
    still_waiting_since: datetime | None,
    now: datetime,
) -> None:
    """Remember that the buyer got an answer; `still_waiting_since`: when they said more after it was written, if so.

    One that is heard of only after a later one was given is evidence for the clocks, and nobody waits because of it.
    The caller has kept with the message which wait it ended, as `responses.ended` says.
    """
    asked_at, last_at = ticket.waiting_since, ticket.answered_at
    responses.heard_late(tx, ticket, message, at)
    if last_at is not None and at < last_at and (asked_at is None or at < asked_at):
        clocks.answered(tx, ticket, at, answer, None, now)
        redraw(tx, ticket, now)
        return
    still = asked_at and still_waiting_since and max(asked_at, still_waiting_since)  # what was let go stays so
    change(tx, ticket, now, answered_at=at, waiting_since=still)
    clocks.answered(tx, ticket, at, answer, still, now)
    paging.answered(tx, ticket, now)


def order_learned(tx: Transaction, ticket: Ticket, order: OrderFacts | None, now: datetime) -> None:
    """Keep what the buyer most likely writes about; None takes nothing away."""
    if order is not None:
        tx.update(
            ticket,
            order_id=order.order_id,
            order_status=order.status,
            order_total=order.total,
            order_currency=order.currency,
            order_items="\n".join(order.items),
            order_tracking=order.tracking_number,
        )
    redraw(tx, ticket, now)


def change(tx: Transaction, ticket: Ticket, now: datetime, **values: object) -> None:
    """Change what is known of a ticket, show it on its cards, and let its clocks go by it."""
    others = frozenset(name for name, value in values.items() if getattr(ticket, name) != value)
    tx.update(ticket, **values)
    clocks.changed(tx, ticket, others, now)
    redraw(tx, ticket, now)


def redraw(tx: Transaction, ticket: Ticket, now: datetime) -> None:
    """Bring the ticket's cards up to date wherever one is shown."""
    tx.update(ticket, version=ticket.version + 1)
    for thread in threads.of_ticket(tx, ticket.shop_id, ticket.id):
        if thread.external_id:  # a thread that is still opening draws the newest state itself
            outbox.redraw(tx, thread, now)


def owns(ticket: Ticket, agent: Agent) -> bool:
    """Tell whether a ticket is this member's."""
    return (ticket.assignee_workspace_id, ticket.assignee_id) == (agent.workspace_id, agent.id)
