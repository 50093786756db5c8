"""Who the members of the team are, and what each may do."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col

from chatops import outbox
from chatops.catalog import Verb, entry
from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model.agent import Agent, Role
from chatops.model.facts import AgentProfile
from chatops.store.transaction import Transaction

LEARN_AGAIN_AFTER = timedelta(days=1)
RANKS = (Role.OBSERVER, Role.AGENT, Role.LEAD, Role.OWNER)


def seen(tx: Transaction, workspace_id: str, agent_id: str, now: datetime) -> Agent:
    """Return the member of the team, made when they act for the first time; their profile is read when it is old."""
    agent = agents.get(tx, workspace_id, agent_id)
    if agent is None:
        agent = Agent(workspace_id=workspace_id, id=agent_id)
        tx.insert_ignore(agent)
    if agent.learned_at is None or now - agent.learned_at > LEARN_AGAIN_AFTER:
        outbox.learn_agent(tx, workspace_id, agent_id, now)
    return agent


def learned(tx: Transaction, workspace_id: str, profile: AgentProfile, now: datetime) -> None:
    """Keep what the chat platform says of somebody."""
    tx.execute(
        update(Agent)
        .where(col(Agent.workspace_id) == workspace_id, col(Agent.id) == profile.external_id)
        .values(name=profile.name, locale=profile.locale, timezone=profile.timezone, learned_at=now)
    )


def must_be_allowed(agent: Agent, verb: Verb) -> None:
    """Let through who may.

    Raises:
        Refused: the catalogue asks for a higher standing.
    """
    needed = Role(entry(verb).who.value)
    if RANKS.index(agent.role) < RANKS.index(needed):
        raise Refused(Refusal.NOT_ALLOWED, verb=verb.value, needed=needed.value)
