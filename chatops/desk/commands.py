"""What the team does by a command in a thread.

Whoever gives a command waits for its answer: what is refused is returned, not whispered.
"""

from dataclasses import dataclass
from datetime import datetime

from chatops.catalog import Verb
from chatops.desk import team, verbs
from chatops.desk.hearing import Said, first_time, newest, now_shown, said, ticket_of
from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model import thread as threads
from chatops.model.agent import Agent
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
    thread = threads.get(tx, heard.workspace_id, heard.thread_id)
    agent = team.seen(tx, heard.workspace_id, heard.agent_id, now, heard.locale)
    if thread is None:
        return Refused(Refusal.STALE)
    try:
        team.must_be_allowed(agent, heard.verb)
        verbs.BY_VERB[heard.verb](tx, thread, ticket_of(tx, thread), agent, heard.words, now)
    except Refused as refused:
        return refused
    return heard.verb


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
        team.must_be_allowed(agent, verb)
    except Refused as refused:
        return refused
    return None
