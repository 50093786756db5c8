"""Where the team sits."""

from enum import StrEnum

from sqlmodel import Field, SQLModel, select

from chatops.store.choices import Choice
from chatops.store.transaction import Transaction


class PlatformName(StrEnum):
    """The chat platforms a workspace can be on."""

    SLACK = "slack"
    DISCORD = "discord"


class Workspace(SQLModel, table=True):
    """A Slack workspace or Discord server; `id` is the platform's."""

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    platform: PlatformName = Field(sa_type=Choice(PlatformName))
    locale: str


def platform_of(workspace_id: str) -> PlatformName:
    """Return the platform an id belongs to: Discord's are numbers, Slack's begin with a letter."""
    return PlatformName.DISCORD if workspace_id.isdecimal() else PlatformName.SLACK


def get(tx: Transaction, workspace_id: str) -> Workspace | None:
    """Return the workspace with the platform's id."""
    return tx.get(Workspace, workspace_id)


def named(tx: Transaction, name: str) -> Workspace | None:
    """Return the workspace that the desk calls so."""
    return tx.one(Workspace, select(Workspace).where(Workspace.name == name))


def every(tx: Transaction) -> list[Workspace]:
    """Return all workspaces by name."""
    return tx.all(Workspace, select(Workspace).order_by(Workspace.name))
