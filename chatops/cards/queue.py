"""Lists of tickets for one person: what waits, what somebody looked for, what a buyer had before."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from chatops.cards import clock as clock_words
from chatops.cards.ticket import STATES
from chatops.catalog import Verb
from chatops.errors import Refusal, Refused
from chatops.i18n import _, day, moment, ngettext
from chatops.model import clock as clocks
from chatops.model import conversation as conversations
from chatops.model import queue as queues
from chatops.model import shop as shops
from chatops.model import team as teams
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model.agent import Agent
from chatops.model.clock import Clock
from chatops.model.message import Author, Message, MessageState
from chatops.model.queue import Queue
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket, TicketKind, TicketPriority, TicketState
from chatops.rules import choices
from chatops.store.transaction import Transaction
from chatops.ui import Card, Inline, Line, Link, Moment, MomentStyle, Paragraph, Part, Small, Strong
from chatops.words import KINDS, LEVELS, METRICS, PRIORITIES, buyer_name, one_line

MOST = 10  # of a list
FEW = 5  # of each list of several
DUE_AT_MOST = 4 * MOST  # clocks that are looked at: a ticket has several
LONGEST = 100  # characters that one looks for
LATE = "late"  # not whose tickets wait, but what is due
SNIPPET = 160  # characters of a message that was found

QUEUES: Mapping[Queue, Callable[[], str]] = {
    Queue.MINE: lambda: _("Yours"),
    Queue.UNASSIGNED: lambda: _("Nobody's"),
    Queue.OLDEST: lambda: _("Open, the longest wait first"),
}

KEPT: Mapping[MessageState, Callable[[], str]] = {  # what the buyer has not read
    MessageState.NOTE: lambda: _("Note"),
    MessageState.WAITING: lambda: _("Not sent"),
    MessageState.FAILED: lambda: _("Not sent"),
}


def queue(tx: Transaction, agent: Agent, _: Thread | None, words: str, now: datetime) -> Card:
    """Return what waits: one's own, nobody's, a team's, or everybody's; without words one's own and nobody's.

    Or what is due next.

    Raises:
        Refused: the words name no such list, or no team that there is.
    """
    asked = choices.choice(words, choices.QUEUES) if words else ""
    if asked == LATE:
        return late(tx, agent, now)
    if asked:
        return _waiting(tx, agent, Queue(asked), now, MOST)
    if names := _teams_meant(tx, agent, words):
        return _counted(tx, agent, names[0], queues.of_team(tx, agent.workspace_id, names, now, MOST))
    if asked is None:
        raise Refused(Refusal.NO_SUCH_CHOICE, verb=Verb.QUEUE.value, words=words, choices=", ".join(choices.QUEUES))
    cards = [_waiting(tx, agent, which, now, FEW) for which in (Queue.MINE, Queue.UNASSIGNED)]
    return _several(cards, _resting(tx, agent, now))


def _waiting(tx: Transaction, agent: Agent, which: Queue, now: datetime, limit: int) -> Card:
    return _counted(tx, agent, QUEUES[which](), queues.waiting(tx, which, agent, now, limit))


def late(tx: Transaction, agent: Agent, _now: datetime) -> Card:
    """Return what is due next in all channels of a workspace, what is overdue first: each ticket once."""
    due: dict[tuple[str, str], Clock] = {}
    for clock, _thread in clocks.due_next(tx, agent.workspace_id, DUE_AT_MOST):
        due.setdefault((clock.shop_id, clock.ticket_id), clock)
    lines = [_due(tx, agent, clock) for clock in list(due.values())[:MOST]]
    return _listed(_("What is due next") if lines else _("Nothing is due: no promise runs out."), lines, 0)


def _due(tx: Transaction, agent: Agent, clock: Clock) -> Line:
    ticket = tickets.get(tx, clock.shop_id, clock.ticket_id)
    what: Line = (METRICS[clock.metric](), " ", *clock_words.standing(clock), " · ")
    return what if ticket is None else (*what, *_line(tx, agent, ticket, waits=False))


def _teams_meant(tx: Transaction, agent: Agent, words: str) -> list[str]:
    """Return every way the name of the team is written that is meant, as the desk writes it first; none for no team.

    Raises:
        Refused: the desk names teams, and neither it nor an open ticket this one.
    """
    if not words:
        return []
    sought = choices.team_key(choices.team(words) or words)
    known = [one.name for one in teams.of_workspace(tx, agent.workspace_id)]
    written = dict.fromkeys([*known, *queues.teams(tx, agent.workspace_id)])
    if found := [name for name in written if choices.team_key(name) == sought]:
        return found
    meant = teams.meant(tx, agent.workspace_id, words)
    return [meant.name] if meant else []


def _counted(tx: Transaction, agent: Agent, name: str, waiting: tuple[list[Ticket], int]) -> Card:
    found, count = waiting
    title = _("{list}: {count}", list=one_line(name), count=count)
    lines = [_line(tx, agent, ticket) for ticket in found]
    return _listed(title, lines, count - len(found))


def _several(cards: list[Card], foot: str) -> Card:
    parts: list[Part] = []
    for card in cards:
        parts += [Paragraph((Strong(card.title),)), *card.parts]
    parts += [Small((foot,))] if foot else []
    summary = "\n".join(filter(None, [*(card.summary for card in cards), foot]))
    return Card(title=_("Queue"), summary=summary, parts=tuple(parts))


def _resting(tx: Transaction, agent: Agent, now: datetime) -> str:
    count = queues.resting(tx, agent.workspace_id, now)
    return ngettext("{count} ticket is snoozed.", "{count} tickets are snoozed.", count) if count else ""


def find(tx: Transaction, agent: Agent, _thread: Thread | None, words: str, now: datetime) -> Card:
    """Return the tickets that have to do with some words: a buyer's name, a number, what was said."""
    words = words.strip()[:LONGEST]
    sought = one_line(words)
    if not sought:
        return _listed(_("Nothing to look for: write a name, an order number, or words."), [], 0)
    found = queues.about(tx, agent.workspace_id, words, now, MOST)
    lines = [_line(tx, agent, ticket) for ticket in found]
    known = {(ticket.shop_id, ticket.id) for ticket in found}
    for ticket, message in queues.saying(tx, agent.workspace_id, words, now, MOST):
        if len(lines) < MOST and (ticket.shop_id, ticket.id) not in known:
            known.add((ticket.shop_id, ticket.id))
            lines.append((*_line(tx, agent, ticket), "\n", _said(message)))
    title = _("Found for {words}: {count}", words=sought, count=len(lines))
    return _listed(title, lines, 0)


def who(tx: Transaction, agent: Agent, thread: Thread | None, _words: str, _now: datetime) -> Card:
    """Return who the buyer of a thread's ticket is: every ticket of theirs that the workspace sees, in any shop."""
    ticket = None if thread is None else tickets.get(tx, thread.shop_id, thread.ticket_id)
    buyer = None if ticket is None else conversations.buyer(tx, ticket.shop_id, ticket.buyer_id)
    if buyer is None:
        return _listed(_("Nobody knows yet who this buyer is."), [], 0)
    known = conversations.same_buyer(tx, buyer)
    found, count = queues.of_buyers(tx, agent.workspace_id, known, MOST)
    title = ngettext("{buyer}: {count} ticket", "{buyer}: {count} tickets", count, buyer=buyer_name(buyer))
    blocked = [(Strong(_("Blocked")),)] if buyer.blocked_at else []
    return _listed(title, [*blocked, *(_line(tx, agent, one, named=False) for one in found)], count - len(found))


def _listed(title: str, lines: list[Line], rest: int) -> Card:
    more = [ngettext("and {count} more", "and {count} more", rest)] if rest > 0 else []
    parts: tuple[Part, ...] = (*map(Paragraph, lines), *(Small((said,)) for said in more))
    return Card(title=title, summary="\n".join([title, *map(_plain, lines), *more]), parts=parts)


def _line(tx: Transaction, agent: Agent, ticket: Ticket, *, named: bool = True, waits: bool = True) -> Line:
    """Return a ticket in a line: whose it is, what matters about it, since when it waits, and the way there."""
    pieces = [piece for piece in _pieces(tx, ticket, named=named) if piece and (waits or not isinstance(piece, Moment))]
    if url := _address(tx, agent, ticket):
        pieces.append(Link(url, _("Go there")))
    return tuple(inline for number, piece in enumerate(pieces) for inline in (" · ", piece)[not number :])


def _pieces(tx: Transaction, ticket: Ticket, *, named: bool) -> Iterator[Inline]:
    shop = shops.get(tx, ticket.shop_id)
    if named:
        yield Strong(buyer_name(conversations.buyer(tx, ticket.shop_id, ticket.buyer_id), ticket.buyer_id))
    else:
        yield f"#{ticket.id.rpartition('.')[2]}"
        yield day(ticket.opened_at)
        yield STATES[ticket.state]()
    yield one_line(shop.name) if shop else ""
    yield KINDS[ticket.kind]() if ticket.kind is not TicketKind.CHAT else ""
    yield LEVELS[ticket.level]() if ticket.level else ""
    yield PRIORITIES[ticket.priority]() if ticket.priority is not TicketPriority.NORMAL else ""
    if ticket.waiting_since and ticket.state is TicketState.OPEN:
        yield Moment(ticket.waiting_since, MomentStyle.AGO, moment(ticket.waiting_since))
    elif named and ticket.state is TicketState.RESOLVED:
        yield STATES[ticket.state]()


def _address(tx: Transaction, agent: Agent, ticket: Ticket) -> str:
    there = threads.of_ticket(tx, ticket.shop_id, ticket.id)
    return next((threads.address(one) for one in there if one.workspace_id == agent.workspace_id), "")


def _said(message: Message) -> str:
    words = one_line(message.text, SNIPPET)
    if message.author == Author.BUYER:
        return _("{speaker}: {words}", speaker=_("Buyer"), words=words)
    kept = KEPT.get(message.state)
    return _("{speaker}: {words}", speaker=kept(), words=words) if kept else words


def _plain(line: Line) -> str:
    """Return the words of a line, without the way there."""
    words = (
        piece.text if isinstance(piece, Strong) else piece.fallback if isinstance(piece, Moment) else piece
        for piece in line
        if isinstance(piece, str | Strong | Moment)
    )
    return "".join(map(str, words)).strip(" ·")
