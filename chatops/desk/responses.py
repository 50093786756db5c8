"""Which answer ended which wait of a buyer: kept with the answer, so that how soon they come is only counted."""

from datetime import datetime

from chatops.model import history as histories
from chatops.model import let_go as let_gos
from chatops.model import message as messages
from chatops.model.let_go import LetGo
from chatops.model.message import Message
from chatops.model.ticket import Ticket
from chatops.rules.waits import Answer, Wait, waits
from chatops.store.transaction import Transaction, new
from chatops.times import from_milliseconds, to_milliseconds

LET_GO = "resolved", "no_reply"


def ended(ticket: Ticket | None, written: datetime, at: datetime) -> dict[str, object]:
    """Return what is kept with an answer that the buyer had at an instant, of the wait that it ends, if it ends one.

    What the buyer said only after it was written it does not answer; it came before nothing that it answers, whatever
    another clock shows.
    """
    since = None if ticket is None else ticket.waiting_since
    if ticket is None or since is None or since > written:
        return {}
    return {"sent_at": max(at, since), "answers_since": since, "first_answer": ticket.answered_at is None}


def let_go(tx: Transaction, ticket: Ticket, since: datetime | None, now: datetime) -> None:
    """Remember a wait that ends without an answer, if there is one: until now it was one."""
    if since is not None:
        tx.insert_ignore(new(LetGo, shop_id=ticket.shop_id, ticket_id=ticket.id, since=since, until=now))


def heard_late(tx: Transaction, ticket: Ticket, message: Message, at: datetime) -> None:
    """Give an answer that we hear of late the wait that it ended; what was said since is left to what came after it.

    The ticket is as it was before the answer was heard of.
    """
    after = ticket.answered_at, ticket.waiting_since, ticket.no_reply_at, ticket.resolved_at
    if message.answers_since is not None or all(one is None or one < at for one in after):
        return
    said = messages.said_in(tx, ticket.shop_id, ticket.id)
    answers = sorted((one for one in said if one.is_answer), key=lambda one: (one.sent_at or one.said_at, one.id))
    told = waits(
        [to_milliseconds(one.said_at) for one in said if one.is_asked],
        [Answer(one.id, to_milliseconds(one.said_at), to_milliseconds(one.sent_at or one.said_at)) for one in answers],
        [to_milliseconds(line.at) for line in histories.lines(tx, ticket.shop_id, ticket.id, *LET_GO)],
    )
    place = next((place for place, one in enumerate(answers) if one.id == message.id), len(answers))
    for one in answers[place : place + 2]:
        _keep(tx, message if one.id == message.id else one, told[one.id])
    for gone in let_gos.forget(tx, ticket.shop_id, ticket.id, message.said_at, at):  # it was no wait any more
        since = (one.said_at for one in said if one.is_asked and message.said_at < one.said_at <= gone.until)
        let_go(tx, ticket, min(since, default=None), gone.until)


def _keep(tx: Transaction, answer: Message, wait: Wait) -> None:
    if wait.since is None:
        tx.update(answer, answers_since=None, first_answer=False)
    else:
        since = from_milliseconds(wait.since)
        tx.update(answer, sent_at=max(answer.sent_at or since, since), answers_since=since, first_answer=wait.first)
