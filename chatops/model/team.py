"""The teams within a workspace, to whom tickets are given until somebody claims them."""

from sqlmodel import Field, SQLModel, col, select

from chatops.errors import Refusal, Refused
from chatops.rules import choices
from chatops.store.transaction import Transaction


class Team(SQLModel, table=True):
    """A team that the desk names; `mention` is the platform's group that is called when it gets a ticket, or ""."""

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    name: str = Field(primary_key=True)
    mention: str = ""


def every(tx: Transaction) -> list[Team]:
    """Return all of them."""
    return tx.all(Team, select(Team).order_by(col(Team.workspace_id), col(Team.name)))


def of_workspace(tx: Transaction, workspace_id: str) -> list[Team]:
    """Return those of a workspace, by name."""
    return tx.all(Team, select(Team).where(Team.workspace_id == workspace_id).order_by(col(Team.name)))


def called(tx: Transaction, workspace_id: str, name: str) -> Team | None:
    """Return the team of a workspace that is called so; capital letters, hyphens and blanks do not matter."""
    sought = choices.team_key(name)
    return next((one for one in of_workspace(tx, workspace_id) if choices.team_key(one.name) == sought), None)


def meant(tx: Transaction, workspace_id: str, words: str) -> Team | None:
    """Return the team that words mean, None when they mean none; where the desk names no team, any name is one.

    Raises:
        Refused: the desk names teams, and not this one.
    """
    name = choices.team(words)
    found = called(tx, workspace_id, name or words)
    if found or name is None:
        return found
    if known := of_workspace(tx, workspace_id):
        raise Refused(Refusal.NO_SUCH_TEAM, name=name, names=", ".join(one.name for one in known))
    return Team(workspace_id=workspace_id, name=name)
