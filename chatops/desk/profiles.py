"""Knowing people: their row is made, and their name, language and zone are read, before anything is said to them."""

from datetime import datetime, timedelta

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
