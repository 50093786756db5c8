"""Knowing people: their row is made, and their name, language and zone are read, before anything is said to them."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col

from chatops import outbox
from chatops.model import agent as agents
from chatops.model.agent import Agent
from chatops.store.transaction import Transaction

LEARN_AGAIN_AFTER = timedelta(days=1)


def met(tx: Transaction, workspace_id: str, agent_id: str, now: datetime) -> Agent:
    """Return the member of the team, made when nobody knew them; their profile is read when it never was, or is old."""
    agent = agents.get(tx, workspace_id, agent_id)
    if agent is None:
        agent = Agent(workspace_id=workspace_id, id=agent_id)
        tx.insert_ignore(agent)
    if agent.learned_at is None or now - agent.learned_at > LEARN_AGAIN_AFTER:
        outbox.learn_agent(tx, workspace_id, agent_id, now)
    return agent


def reached(tx: Transaction, workspace_id: str, agent_id: str, channel_id: str) -> None:
    """Remember in which channel somebody was written to alone: the next time it need not be asked for."""
    whose = col(Agent.workspace_id) == workspace_id, col(Agent.id) == agent_id
    elsewhere = col(Agent.direct_channel_id) != channel_id
    tx.execute(update(Agent).where(*whose, elsewhere).values(direct_channel_id=channel_id))
