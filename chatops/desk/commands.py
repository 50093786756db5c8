"""What the team does by a command in a thread.

Whoever gives a command waits for its answer: what is refused is returned, not whispered.
"""

from dataclasses import dataclass
from datetime import datetime

from chatops.catalog import Verb
from chatops.desk import settings, team, tickets, verbs
from chatops.desk.hearing import Said, first_time, newest, now_shown, said, ticket_of
from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model import thread as threads
from chatops.model import ticket as ticket_questions
from chatops.model.agent import Agent
from chatops.refs import split_ref
from chatops.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command about a ticket that somebody gave in its thread."""

    workspace_id: str
    thread_id: str  # ours
    agent_id: str
    verb: Verb
    words: str = ""  # what the verb was given
    id: str = ""  # the platform's id of the command: heard twice, it counts once
    locale: str = ""  # of the person's client


def ordered(tx: Transaction, heard: Ordered, now: datetime) -> Verb | Refused | None:
    """Do what a command asks for; return what was done, or why not, or None when it was heard before."""
    if not first_time(tx, heard.workspace_id, heard.agent_id, heard.id, "command", now):
        return None
    try:
        _do(tx, heard, now)
    except Refused as refused:
        return refused
    return heard.verb


def submitted(tx: Transaction, heard: Ordered, now: datetime) -> None:
    """Do what a form was filled in for; sent off twice, it counts once.

    Raises:
        Refused: nothing was done or kept, so that the same form can be sent off again.
    """
    if first_time(tx, heard.workspace_id, heard.agent_id, heard.id, "command", now):
        _do(tx, heard, now)


def _do(tx: Transaction, heard: Ordered, now: datetime) -> None:
    thread = threads.get(tx, heard.workspace_id, heard.thread_id)
    agent = team.seen(tx, heard.workspace_id, heard.agent_id, now, heard.locale)
    if thread is None or heard.verb not in verbs.BY_VERB:
        raise Refused(Refusal.STALE)
    team.must_be_allowed(tx, agent, heard.verb)
    verbs.BY_VERB[heard.verb](tx, thread, ticket_of(tx, thread), agent, heard.words, now)


def chosen(tx: Transaction, ref: str, now: datetime) -> None:
    """Draw a ticket's cards anew: what somebody chose in a card's menu stays chosen there until then."""
    ticket = ticket_questions.lock(tx, *split_ref(ref))
    if ticket is not None:
        tickets.redraw(tx, ticket, now)


@dataclass(frozen=True, slots=True)
class Setting:
    """What somebody says about themselves by a command or form, wherever they are."""

    workspace_id: str
    agent_id: str
    verb: Verb
    words: str
    id: str = ""  # the platform's id of how it was said: heard twice, it counts once
    locale: str = ""  # of the person's client
    channel_id: str = ""  # where they are


def settled(tx: Transaction, heard: Setting, now: datetime) -> None:
    """Keep what somebody says about themselves.

    Raises:
        Refused: nothing was kept.
    """
    if first_time(tx, heard.workspace_id, heard.agent_id, heard.id, "command", now):
        agent = team.seen(tx, heard.workspace_id, heard.agent_id, now, heard.locale)
        team.must_be_allowed(tx, agent, heard.verb)
        settings.settle(tx, agent, heard.verb, heard.words, now, heard.channel_id)


def sent(tx: Transaction, heard: Said, gesture_id: str, now: datetime) -> bool:
    """Send what was typed where we may not read; False when it is not in a thread of ours, or was heard before.

    `gesture_id`: the platform's id of how it was asked for; the same one twice counts once.
    """
    if not first_time(tx, heard.workspace_id, heard.agent_id, gesture_id, "press", now):
        return True
    newest(tx, heard, now)  # what is sent is how it stands now: this edit of it is no news any more
    now_shown(tx, heard)
    return said(tx, heard, now)


def objection(tx: Transaction, workspace_id: str, agent_id: str, verb: Verb) -> Refused | None:
    """Return why somebody may not say a verb, before anything is shown or done."""
    agent = agents.get(tx, workspace_id, agent_id) or Agent(workspace_id=workspace_id, id=agent_id)
    try:
        team.must_be_allowed(tx, agent, verb)
    except Refused as refused:
        return refused
    return None
