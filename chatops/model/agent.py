"""The members of the team."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, false
from sqlmodel import Field, SQLModel, col, select

from chatops.model.workspace import PlatformName, platform_of
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.secrets import FleetingSecret
from chatops.store.transaction import Transaction

TRIGGER_LASTS = timedelta(minutes=14)  # Discord forgets a press after fifteen


class Role(StrEnum):
    """What somebody may do, each including the ones before it."""

    OBSERVER = "observer"
    AGENT = "agent"
    LEAD = "lead"
    OWNER = "owner"


class Agent(SQLModel, table=True):
    """A member of the team; `id` is the platform's, `learned_at` None until the profile was read.

    `role` is what `desk.toml` says, None where it says nothing; `has_left`: they are in the workspace no more, so they
    may nothing, whatever it says. The trigger columns keep what their newest press or
    command gave, in which thread it was, and when: with it the platform answers them unseen by others. `languages` are
    those they answer buyers in, as primary tags (empty: they did not say); `quiet` the hours in which nothing may call
    them, by the clock of their `timezone`: "22:00-08:00", or "". `direct_channel_id`: where they were paged, or told
    of their shift, the last time; "" before the first.
    """

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    id: str = Field(primary_key=True)
    name: str = ""
    locale: str = ""
    timezone: str = ""
    role: Role | None = Field(default=None, sa_type=Choice(Role))
    is_guest: bool = False
    has_left: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    languages: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    quiet: str = Field(default="", sa_column_kwargs={"server_default": ""})
    direct_channel_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    learned_at: datetime | None = Field(default=None, sa_type=Instant)
    trigger: str | None = Field(default=None, sa_type=FleetingSecret)
    trigger_thread_id: str | None = None
    triggered_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def standing(self) -> Role:
        """What they are: as the desk says, else a guest of the workspace may only look on; so does who has left it."""
        if self.has_left:
            return Role.OBSERVER
        return self.role or (Role.OBSERVER if self.is_guest else Role.AGENT)

    def trigger_in(self, thread_id: str, now: datetime) -> str:
        """Return what their newest press in a thread gave while it is good for an answer, else ""."""
        if self.triggered_at is None or self.trigger_thread_id != thread_id:
            return ""
        return (self.trigger or "") if now - self.triggered_at < TRIGGER_LASTS else ""


def get(tx: Transaction, workspace_id: str, agent_id: str) -> Agent | None:
    """Return one member of the team."""
    return tx.get(Agent, workspace_id, agent_id)


def servers_of(tx: Transaction, agent_id: str) -> list[str]:
    """Return the Discord servers somebody is known in, first the one where they were looked at last."""
    known = tx.all(Agent, select(Agent).where(Agent.id == agent_id).order_by(col(Agent.learned_at).desc()))
    return [one.workspace_id for one in known if platform_of(one.workspace_id) is PlatformName.DISCORD]


def appointed(tx: Transaction) -> list[Agent]:
    """Return those whose role the desk has named."""
    named = select(Agent).where(col(Agent.role).is_not(None))
    return tx.all(Agent, named.order_by(col(Agent.workspace_id), col(Agent.id)))


def every(tx: Transaction, workspace_id: str) -> list[Agent]:
    """Return everybody of a workspace who is known, also those who are gone."""
    return tx.all(Agent, select(Agent).where(Agent.workspace_id == workspace_id).order_by(col(Agent.id)))


def names(tx: Transaction) -> tuple[str, ...]:
    """Return how everybody is called who is known in any workspace, also those who are gone."""
    known = select(Agent.name).where(Agent.name != "").distinct().order_by(col(Agent.name))
    return tuple(row[0] for row in tx.execute(known))


def leads(tx: Transaction, workspace_id: str) -> list[Agent]:
    """Return the leads and owners of a workspace, as the desk names them, but for those who have left."""
    near = (one for one in appointed(tx) if one.workspace_id == workspace_id)
    return [one for one in near if one.standing in (Role.LEAD, Role.OWNER)]


def members(tx: Transaction, workspace_id: str) -> list[Agent]:
    """Return those of a workspace whose name is known and who may answer buyers, by name."""
    named = select(Agent).where(Agent.workspace_id == workspace_id, Agent.name != "")
    found = tx.all(Agent, named.order_by(col(Agent.name), col(Agent.id)))
    return [agent for agent in found if agent.standing is not Role.OBSERVER]
