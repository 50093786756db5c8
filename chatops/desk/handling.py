"""What the team decides about a ticket: whose it is, what it is, how much it matters, who else must look."""

import re
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col

from chatops import outbox
from chatops.catalog import Verb
from chatops.desk import chronicle, clocks, paging, responses, team, tickets
from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model import team as teams
from chatops.model.agent import Agent
from chatops.model.conversation import Buyer
from chatops.model.team import Team
from chatops.model.thread import Thread
from chatops.model.ticket import Level, Ticket, TicketPriority, TicketState
from chatops.outbox import Told
from chatops.rules import choices
from chatops.rules.clock import Happening
from chatops.store.transaction import Transaction

CALL_AGAIN_AFTER = timedelta(minutes=15)
MOST_TAGS = 12
MYSELF = frozenset(("me", "我", "saya", "ฉัน", "ผม", "tôi", "yo", "a mí"))
_MENTION = re.compile(r"<@!?(\w+)>")


def assign(tx: Transaction, thread: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Give a ticket to a member of the team, by mention or name, or to a team (`team logistics`).

    Raises:
        Refused: nobody or several are called so, they may not answer, the desk names teams and not this one, or the
            ticket is somebody else's.
    """
    must_be_given(ticket, words, Verb.ASSIGN)
    must_be_open(ticket)
    must_be_free(ticket, agent)
    if found := teams.meant(tx, agent.workspace_id, words):
        _give_to_team(tx, thread, ticket, agent, found, now)
        return
    whom = called(tx, agent, words, now)
    if team.rank(whom) < team.rank_needed(Verb.REPLY):
        raise Refused(Refusal.CANNOT_ANSWER, agent_id=whom.id)
    if tickets.owns(ticket, whom):
        return
    tickets.change(tx, ticket, now, assignee_workspace_id=whom.workspace_id, assignee_id=whom.id)
    chronicle.note(tx, ticket, "assigned", now, agent, to=whom.id)
    if whom.id != agent.id:
        outbox.tell(tx, thread, Told.ASSIGNED, {"agent_id": whom.id, "by": agent.id}, now)


def _give_to_team(tx: Transaction, thread: Thread, ticket: Ticket, agent: Agent, to: Team, now: datetime) -> None:
    if (ticket.team, ticket.assignee_id) == (to.name, None):
        return
    tickets.change(tx, ticket, now, team=to.name, assignee_workspace_id=None, assignee_id=None)
    chronicle.note(tx, ticket, "given_to_team", now, agent, team=to.name)
    outbox.tell(tx, thread, Told.TEAM, {"team": to.name, "mention": to.mention, "by": agent.id}, now)


def unassign(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, _words: str, now: datetime) -> None:
    """Make a ticket nobody's.

    Raises:
        Refused: it is nobody's, or somebody else's.
    """
    if ticket.assignee_id is None and not ticket.team:
        raise Refused(Refusal.NOT_CLAIMED)
    must_be_free(ticket, agent)
    tickets.change(tx, ticket, now, assignee_workspace_id=None, assignee_id=None, team="")
    chronicle.note(tx, ticket, "unassigned", now, agent)


def must_be_free(ticket: Ticket, agent: Agent) -> None:
    """Let nobody but a lead take a ticket from somebody else."""
    if ticket.assignee_id is not None and not tickets.owns(ticket, agent) and team.rank(agent) < team.LEADS:
        near = ticket.assignee_workspace_id == agent.workspace_id
        raise Refused(Refusal.ALREADY_CLAIMED, agent_id=ticket.assignee_id if near else "")


def called(tx: Transaction, agent: Agent, words: str, now: datetime) -> Agent:
    """Return the one member who is called so: by whole name, by its beginning, or by a mention."""
    name = " ".join(_MENTION.sub(" ", words).split()).removeprefix("@").casefold()
    if name in MYSELF:
        return agent
    known = agents.members(tx, agent.workspace_id) if name else []
    whole = [one for one in known if one.name.casefold() == name]
    found = whole or [one for one in known if one.name.casefold().startswith(name)]
    if len(found) == 1:
        return found[0]
    if said := _MENTION.search(words):
        return team.seen(tx, agent.workspace_id, said[1], now)
    if found:
        raise Refused(Refusal.SEVERAL_PEOPLE, name=name, names=", ".join(one.name for one in found[:5]))
    raise Refused(Refusal.NO_SUCH_PERSON, name=name)


def set_level(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Say what kind of help a ticket needs."""
    level = _chosen(ticket, words, Verb.LEVEL, choices.LEVELS)
    tickets.change(tx, ticket, now, level=Level(level) if level else None)
    tickets.open_threads(tx, ticket, now)
    chronicle.note(tx, ticket, "level_set", now, agent, level=level)


def set_priority(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Say how much a ticket matters."""
    priority = TicketPriority(_chosen(ticket, words, Verb.PRIORITY, choices.PRIORITIES) or TicketPriority.NORMAL)
    tickets.change(tx, ticket, now, priority=priority)
    chronicle.note(tx, ticket, "priority_set", now, agent, priority=priority.value)


def set_language(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Say in which language the buyer of a ticket is answered; "auto" follows what they write in."""
    language = _chosen(ticket, words, Verb.LANGUAGE, choices.LANGUAGES)
    tickets.change(tx, ticket, now, language=language)
    tickets.open_threads(tx, ticket, now)
    chronicle.note(tx, ticket, "language_set", now, agent, language=language)


def _chosen(ticket: Ticket, words: str, verb: Verb, among: choices.Words) -> str:
    must_be_given(ticket, words, verb)
    found = choices.choice(words, among)
    if found is None:
        raise Refused(Refusal.NO_SUCH_CHOICE, verb=verb.value, words=words, choices=", ".join(among))
    return found


def set_tags(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Put tags on a ticket, or take them off (`vip -late`).

    Raises:
        Refused: what was given is no tag, or there would be too many.
    """
    must_be_given(ticket, words, Verb.TAG)
    said = choices.tags(words)
    add, remove = said or ((), ())
    kept = list(dict.fromkeys([*(tag for tag in ticket.tags if tag not in remove), *add]))
    if said is None or len(kept) > MOST_TAGS:
        raise Refused(Refusal.BAD_TAG, limit=choices.TAG_LIMIT, most=MOST_TAGS)
    if kept != ticket.tags:
        tickets.change(tx, ticket, now, tags=kept)
        chronicle.note(tx, ticket, "tagged", now, agent, count=len(kept))


def no_reply(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, _words: str, now: datetime) -> None:
    """Let the buyer wait no more: what they said needs no answer."""
    must_be_open(ticket)
    responses.let_go(tx, ticket, ticket.waiting_since, now)
    tickets.change(tx, ticket, now, waiting_since=None, no_reply_at=now)
    chronicle.note(tx, ticket, "no_reply", now, agent)
    paging.settle(tx, ticket, "no_reply", now)


def escalate(tx: Transaction, thread: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Call the leads of the workspace into the thread; `words` say why.

    Raises:
        Refused: the ticket is resolved, or they were called just now.
    """
    must_be_open(ticket)
    if ticket.escalated_at is not None and now - ticket.escalated_at < CALL_AGAIN_AFTER:
        raise Refused(Refusal.ALREADY_ESCALATED)
    leads = agents.leads(tx, agent.workspace_id)
    tickets.change(tx, ticket, now, escalated_at=now)
    chronicle.note(tx, ticket, "escalated", now, agent, leads=len(leads))
    told = {"by": agent.id, "leads": " ".join(lead.id for lead in leads), "words": words.strip()}
    outbox.tell(tx, thread, Told.ESCALATED, told, now)


def block(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Let a buyer's messages call nobody any more: they are kept and shown, but open no ticket and start no wait.

    "off" ends it.

    Raises:
        Refused: nobody knows yet who the buyer is, or `words` say something else.
    """
    ends = choices.choice(words, {}) == ""
    if ticket.buyer_id is None or (words.strip() and not ends):
        raise Refused(Refusal.NO_SUCH_CHOICE, verb=Verb.BLOCK.value, words=words, choices="off")
    tx.execute(
        update(Buyer)
        .where(col(Buyer.shop_id) == ticket.shop_id, col(Buyer.id) == ticket.buyer_id)
        .values(blocked_at=None if ends else now)
    )
    if not ends:
        responses.let_go(tx, ticket, ticket.waiting_since, now)
    tickets.change(tx, ticket, now, waiting_since=ticket.waiting_since if ends else None)
    if not ends:
        clocks.hear(tx, ticket, Happening.BLOCKED, now)
    chronicle.note(tx, ticket, "unblocked" if ends else "blocked", now, agent)
    if not ends:
        paging.settle(tx, ticket, "blocked", now)


def must_be_given(ticket: Ticket, words: str, verb: Verb) -> None:
    """Let nothing through that is without words.

    Raises:
        Refused: there are none; the facts say for which ticket they can be asked.
    """
    if not words.strip():
        raise Refused(Refusal.WORDS_NEEDED, verb=verb.value, shop_id=ticket.shop_id, ticket_id=ticket.id)


def must_be_open(ticket: Ticket) -> None:
    """Let an open ticket through.

    Raises:
        Refused: it is resolved.
    """
    if ticket.state is not TicketState.OPEN:
        raise Refused(Refusal.ALREADY_RESOLVED)
