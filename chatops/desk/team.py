"""Who the members of the team are, and what each may do."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from chatops import outbox
from chatops.catalog import Verb, entry
from chatops.desk import handovers, paging, profiles, replies, report_links, tickets
from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model import message as messages
from chatops.model import thread as threads
from chatops.model import ticket as ticket_questions
from chatops.model.agent import Agent, Role
from chatops.model.facts import AgentProfile
from chatops.rules import zones
from chatops.store.transaction import Transaction

RANKS = (Role.OBSERVER, Role.AGENT, Role.LEAD, Role.OWNER)
LEADS = RANKS.index(Role.LEAD)


def seen(tx: Transaction, workspace_id: str, agent_id: str, now: datetime, locale: str = "") -> Agent:
    """Return the member of the team who does something; `locale`: of their client, where what they did tells it."""
    agent = profiles.met(tx, workspace_id, agent_id, now)
    if locale and agent.locale != locale:
        tx.update(agent, locale=locale)
    return agent


def pressed(tx: Transaction, agent: Agent, thread_id: str, trigger: str, now: datetime) -> None:
    """Keep what a press or command in a thread gave: for some minutes the platform answers by it."""
    if trigger:
        _keep(tx, agent, trigger=trigger, trigger_thread_id=thread_id, triggered_at=now)


def called(tx: Transaction, agent: Agent, name: str) -> None:
    """Keep what somebody is called in what they did, until their profile tells better."""
    _keep(tx, agent, name=name)


def _keep(tx: Transaction, agent: Agent, **values: object) -> None:
    this = col(Agent.workspace_id) == agent.workspace_id, col(Agent.id) == agent.id
    tx.execute(update(Agent).where(*this).values(**values))


def learned(tx: Transaction, workspace_id: str, profile: AgentProfile, now: datetime) -> None:
    """Keep what the chat platform says of somebody; what a guest wrote before it was known does not leave.

    Bots, and people who are gone, count as guests; a ticket they were given before that was known is nobody's again,
    and a page that they have calls others.
    Discord's profiles tell neither language nor zone; what is known of them stays. Another name is shown on the cards
    of the tickets they hold.
    """
    before = agents.get(tx, workspace_id, profile.external_id)
    left = not profile.is_active
    looks_on = profile.is_guest or profile.is_bot or left
    if before is not None and (before.is_guest, before.has_left) != (looks_on, left):
        handovers.noted(tx, workspace_id, now)
    told = {"locale": profile.locale, "timezone": zones.known(profile.timezone)}
    tx.execute(
        update(Agent)
        .where(col(Agent.workspace_id) == workspace_id, col(Agent.id) == profile.external_id)
        .values(name=profile.name, is_guest=looks_on, has_left=left, learned_at=now)
        .values({name: value for name, value in told.items() if value})
    )
    if before is not None and before.name != profile.name:
        for ticket in ticket_questions.held_by(tx, workspace_id, profile.external_id):
            tickets.redraw(tx, ticket, now)
    agent = agents.get(tx, workspace_id, profile.external_id)
    if agent is not None and looks_on and not _may(agent, Verb.REPLY):
        _take_back_all(tx, agent, now)
        for ticket in ticket_questions.held_by(tx, workspace_id, agent.id):
            tickets.unclaim(tx, ticket, agent, now)
        paging.disowned(tx, workspace_id, agent.id, now)
    if agent is not None and before is not None and agent.standing is not before.standing:
        handovers.said_of_all(tx, workspace_id, now)  # who left takes no turns; who is back does
        report_links.withdraw_of_former_leads(tx, now)


def _take_back_all(tx: Transaction, agent: Agent, now: datetime) -> None:
    """Take back the answers of somebody who may not give any, and tell them once in each thread."""
    facts = {"reason": Refusal.NOT_ALLOWED.value}
    taken = [
        found for found in messages.waiting_of(tx, agent.workspace_id, agent.id) if replies.take_back(tx, found, now)
    ]
    for thread_id in dict.fromkeys(found.source_thread_id or "" for found in taken):
        thread = threads.get(tx, agent.workspace_id, thread_id)
        if thread is not None:
            outbox.whisper(tx, thread, agent.id, outbox.Whisper.REFUSAL, facts, now)


def must_be_allowed(tx: Transaction, agent: Agent, verb: Verb) -> None:
    """Let through who may.

    Raises:
        Refused: the catalogue asks for a higher standing; the facts name the leads, who have it.
    """
    if not _may(agent, verb):
        raise _not_allowed(tx, agent, verb, entry(verb).who.value)


def must_lead(tx: Transaction, agent: Agent, verb: Verb) -> None:
    """Let through leads, where a verb takes one only for what concerns others.

    Raises:
        Refused: they are none.
    """
    if rank(agent) < LEADS:
        raise _not_allowed(tx, agent, verb, Role.LEAD.value)


def _not_allowed(tx: Transaction, agent: Agent, verb: Verb, needed: str) -> Refused:
    named = ", ".join(one.name for one in agents.leads(tx, agent.workspace_id) if one.name and one.id != agent.id)
    return Refused(Refusal.NOT_ALLOWED, verb=verb.value, needed=needed, leads=named)


def rank(agent: Agent) -> int:
    """Return how much somebody may do, to compare with `rank_needed` and `LEADS`."""
    return RANKS.index(agent.standing)


def rank_needed(verb: Verb) -> int:
    """Return how much somebody must be allowed to do to say a verb."""
    return RANKS.index(Role(entry(verb).who.value))


def _may(agent: Agent, verb: Verb) -> bool:
    return rank(agent) >= rank_needed(verb)
