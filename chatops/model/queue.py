"""Questions over many tickets, as far as a workspace sees them: those that are mirrored into one of its channels."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, or_, true
from sqlmodel import col, select

from chatops.model import shop as shops
from chatops.model.agent import Agent
from chatops.model.conversation import Buyer, Conversation
from chatops.model.message import Message, MessageState
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket, TicketState
from chatops.rules.languages import primary
from chatops.store.transaction import Transaction

IS_OPEN = col(Ticket.state) == literal_column(f"'{TicketState.OPEN}'")  # to the letter: the open ones have an index
LOOK_BACK = timedelta(days=90)  # how far one searches
NEWEST = 200  # tickets whose tags are offered


def seen_in(workspace_id: str) -> ColumnElement[bool]:
    """Return the condition that a ticket is mirrored into a workspace."""
    here = select(Thread.id).where(
        Thread.workspace_id == workspace_id, Thread.shop_id == Ticket.shop_id, Thread.ticket_id == Ticket.id
    )
    return exists(here)


class Queue(StrEnum):
    """Whose tickets wait."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    OLDEST = "oldest"  # everybody's


def of_team(
    tx: Transaction, workspace_id: str, names: Sequence[str], now: datetime, limit: int
) -> tuple[list[Ticket], int]:
    """Return the open tickets of the teams called so, as `waiting` does."""
    return _awake(tx, workspace_id, col(Ticket.team).in_(names), now, limit)


def teams(tx: Transaction, workspace_id: str) -> list[str]:
    """Return the names of the teams that have open tickets."""
    named = select(Ticket.team).where(IS_OPEN, Ticket.team != "", seen_in(workspace_id)).distinct()
    return sorted(row[0] for row in tx.execute(named))


def waiting(tx: Transaction, which: Queue, agent: Agent, now: datetime, limit: int) -> tuple[list[Ticket], int]:
    """Return the open tickets that do not rest, whoever waits longest first, and how many there are in all.

    Of tickets that are not one's own those come first that are in a language which `agent` answers.
    """
    whose: ColumnElement[bool] = true()
    if which is Queue.MINE:
        whose = and_(col(Ticket.assignee_workspace_id) == agent.workspace_id, col(Ticket.assignee_id) == agent.id)
        return _awake(tx, agent.workspace_id, whose, now, limit)
    if which is Queue.UNASSIGNED:
        whose = col(Ticket.assignee_id).is_(None)
    first = (_answered_by(tx, agent).desc(),) if agent.languages else ()
    return _awake(tx, agent.workspace_id, whose, now, limit, *first)


def _answered_by(tx: Transaction, agent: Agent) -> ColumnElement[bool]:
    """Return the condition that somebody answers in a ticket's language, as `conversation.language_of` has it."""
    same = and_(col(Conversation.shop_id) == Ticket.shop_id, col(Conversation.id) == Ticket.conversation_id)
    heard = select(Conversation.language).where(same).scalar_subquery()
    known = func.coalesce(func.nullif(Ticket.language, ""), heard, "")
    at_home = [shop.id for shop in shops.every(tx) if primary(shop.locale) in agent.languages]
    return or_(known.in_(agent.languages), and_(known == "", col(Ticket.shop_id).in_(at_home)))


def _awake(
    tx: Transaction,
    workspace_id: str,
    whose: ColumnElement[bool],
    now: datetime,
    limit: int,
    *first: ColumnElement[bool],
) -> tuple[list[Ticket], int]:
    snoozed = col(Ticket.snoozed_until)
    awake = or_(snoozed.is_(None), snoozed <= now)
    there = and_(IS_OPEN, awake, whose, seen_in(workspace_id))
    count = tx.scalar(select(func.count()).select_from(Ticket).where(there)) or 0
    since = col(Ticket.waiting_since)
    found = tx.all(
        Ticket,
        select(Ticket)
        .where(there)
        .order_by(*first, since.is_(None), since, col(Ticket.opened_at), col(Ticket.id))
        .limit(limit),
    )
    return found, int(count)


def resting(tx: Transaction, workspace_id: str, now: datetime) -> int:
    """Return how many open tickets rest."""
    there = and_(IS_OPEN, col(Ticket.snoozed_until) > now, seen_in(workspace_id))
    return int(tx.scalar(select(func.count()).select_from(Ticket).where(there)) or 0)


def about(tx: Transaction, workspace_id: str, words: str, now: datetime, limit: int) -> list[Ticket]:
    """Return tickets, the newest first, whose buyer is called so, or whose order or parcel has this number."""
    named = select(Buyer.id).where(
        Buyer.shop_id == Ticket.shop_id,
        Buyer.id == Ticket.buyer_id,
        col(Buyer.nickname).icontains(words, autoescape=True),
    )
    numbers = (Ticket.order_id, Ticket.order_tracking, Ticket.conversation_id)
    meant = or_(exists(named), *(col(number) == words for number in numbers))
    return tx.all(
        Ticket,
        select(Ticket)
        .where(col(Ticket.opened_at) >= now - LOOK_BACK, meant, seen_in(workspace_id))
        .order_by(col(Ticket.opened_at).desc(), col(Ticket.id).desc())
        .limit(limit),
    )


def saying(tx: Transaction, workspace_id: str, words: str, now: datetime, limit: int) -> list[tuple[Ticket, Message]]:
    """Return messages and notes with these words, the newest first, each with its ticket; none that was taken back.

    SQLite takes no notice of capital letters only where they are unaccented Latin ones.
    """
    text = col(Message.content)["content"].as_string()
    found = tx.all(
        Message,
        select(Message)
        .join(Ticket, and_(col(Ticket.shop_id) == Message.shop_id, col(Ticket.id) == Message.ticket_id))
        .where(
            col(Message.said_at) >= now - LOOK_BACK,
            col(Message.visible).is_(True),
            Message.state != MessageState.WITHDRAWN,
            text.icontains(words, autoescape=True),
            seen_in(workspace_id),
        )
        .order_by(col(Message.said_at).desc(), col(Message.id).desc())
        .limit(limit),
    )
    tickets = ((tx.get(Ticket, message.shop_id, message.ticket_id), message) for message in found)
    return [(ticket, message) for ticket, message in tickets if ticket is not None]


def of_buyers(tx: Transaction, workspace_id: str, buyers: Sequence[Buyer], limit: int) -> tuple[list[Ticket], int]:
    """Return what buyers' tickets there are, the newest first, and how many in all."""
    theirs = or_(*(and_(col(Ticket.shop_id) == one.shop_id, col(Ticket.buyer_id) == one.id) for one in buyers))
    there = and_(theirs, seen_in(workspace_id))
    count = tx.scalar(select(func.count()).select_from(Ticket).where(there)) or 0
    newest = select(Ticket).where(there).order_by(col(Ticket.opened_at).desc(), col(Ticket.id).desc()).limit(limit)
    return tx.all(Ticket, newest), int(count)


def tags(tx: Transaction, workspace_id: str, limit: int) -> list[str]:
    """Return the tags of a workspace's newest open tickets, those that most of them have first."""
    newest = (
        select(Ticket.tags)
        .where(Ticket.state == TicketState.OPEN, seen_in(workspace_id))
        .order_by(col(Ticket.opened_at).desc())
        .limit(NEWEST)
    )
    counted = Counter(tag for row in tx.execute(newest) for tag in row[0])
    return [tag for tag, _ in counted.most_common(limit)]
