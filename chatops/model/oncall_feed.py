"""The addresses at which calendars read who is on call."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Field, SQLModel, select

from chatops.model.agent import Agent
from chatops.store.instants import Instant
from chatops.store.transaction import Transaction


class Stint(NamedTuple):
    """Somebody is on call in [start, end), milliseconds since 1970; nobody: a gap."""

    start: int
    end: int
    agent: Agent | None


class OnCallFeed(SQLModel, table=True):
    """Who knows the address's secret reads a rotation as its owner does; of the secret there is only a digest.

    One address for each person and rotation: a new one takes the place of the one before. `agent_id` "": the team's,
    made at the command line.
    """

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    rotation: str = Field(primary_key=True)
    agent_id: str = Field(primary_key=True)
    digest: str = Field(unique=True)
    made_at: datetime = Field(sa_type=Instant)


def known(tx: Transaction, digest: str) -> OnCallFeed | None:
    """Return the address whose secret has this digest."""
    return tx.one(OnCallFeed, select(OnCallFeed).where(OnCallFeed.digest == digest))
