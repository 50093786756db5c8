"""The members of the team."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, select

from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.transaction import Transaction


class Role(StrEnum):
    """What somebody may do, each including the ones before it."""

    OBSERVER = "observer"
    AGENT = "agent"
    LEAD = "lead"
    OWNER = "owner"


class Agent(SQLModel, table=True):
    """A member of the team; `id` is the platform's, `learned_at` None until the profile was read."""

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    id: str = Field(primary_key=True)
    name: str = ""
    locale: str = ""
    timezone: str = ""
    role: Role = Field(default=Role.AGENT, sa_type=Choice(Role))
    learned_at: datetime | None = Field(default=None, sa_type=Instant)


def get(tx: Transaction, workspace_id: str, agent_id: str) -> Agent | None:
    """Return one member of the team."""
    return tx.one(Agent, select(Agent).where(Agent.workspace_id == workspace_id, Agent.id == agent_id))
