"""Who is on call: the rotation that leads defined, what was said of it besides, and who has left the team."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatops.model import agent as agents
from chatops.model import definition as definitions
from chatops.model import rotation as rotations
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent, Role
from chatops.model.definition import DefinitionKind
from chatops.model.workspace import Workspace
from chatops.rules import coverage, hours, zones
from chatops.rules import rotation as rules
from chatops.rules.coverage import Gap
from chatops.rules.rotation import FOREVER, Instead, Rota, Rotation
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds, to_milliseconds

AHEAD = timedelta(days=35)  # how far ahead a change is looked for
FAR_AHEAD = timedelta(days=420)  # the fortnights around the next clock changes of a zone lie within it


class Duty(NamedTuple):
    """A rotation as it counts at an instant, with all that is said of it for a while from then on."""

    rota: Rota
    workspace: Workspace
    team: dict[str, Agent]
    said: list[rules.Override]

    def agent(self, agent_id: str) -> Agent:
        """Return a member of the team; who never acted here is nameless."""
        return self.team.get(agent_id) or Agent(workspace_id=self.workspace.id, id=agent_id)

    @property
    def members(self) -> set[str]:
        """Everybody who takes turns."""
        return self.rota.spec.members

    def stints(self, agent_id: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return from when until when somebody is on call within [start, end)."""
        shifts = self.rota.shifts(to_milliseconds(start), to_milliseconds(end), self.said)
        on = [(shift.start, shift.end) for shift in shifts if agent_id in shift.who]
        return [(from_milliseconds(low), from_milliseconds(high)) for low, high in hours.merged(on)]


def duty(tx: Transaction, rotation: str, at: datetime, until: datetime, still: Collection[str] = ()) -> Duty | None:
    """Return a rotation as it counts at an instant; None when there is none of this name then.

    `still`: as if these had not left the team.
    """
    found = definitions.in_force(tx, DefinitionKind.ROTATION, rotation, at)
    return defined(tx, rotation, found.read(Rotation), at, until, still) if found else None


def last(tx: Transaction, rotation: str, at: datetime) -> Duty | None:
    """Return a rotation as it counts, or as it counted before it was removed; None when there never was one."""
    found = definitions.newest(tx, DefinitionKind.ROTATION, rotation)
    return defined(tx, rotation, found.read(Rotation), at, at) if found else None


def defined(
    tx: Transaction, rotation: str, spec: Rotation, at: datetime, until: datetime, still: Collection[str] = ()
) -> Duty | None:
    """Return a rotation as it would count if it were defined so; None when its workspace is not known."""
    workspace = workspaces.named(tx, spec.workspace)
    if workspace is None:
        return None
    team = {agent.id: agent for agent in agents.every(tx, workspace.id)}
    gone = {one.id for one in team.values() if one.standing is Role.OBSERVER} - {*still}  # who left counts as a guest
    said = [one.rule() for one in rotations.overrides(tx, workspace.id, rotation, at, until)]
    kept = [one for one in said if one.kind is Instead.ABSENT or one.who not in gone]
    away = [rules.Override(Instead.ABSENT, 0, FOREVER, who) for who in sorted(gone)]
    return Duty(rules.compiled(spec), workspace, team, [*kept, *away])


def on_call(tx: Transaction, rotation: str, at: datetime) -> list[Agent]:
    """Return who is on call at an instant, by their ids; nobody, too, when there is no such rotation.

    An instant in the past is answered by what was defined then; what really happened is in the log.
    """
    found = duty(tx, rotation, at, at + timedelta(milliseconds=1))
    return [found.agent(who) for who in found.rota.on_call(to_milliseconds(at), found.said)] if found else []


def next_change(tx: Transaction, rotation: str, after: datetime) -> datetime | None:
    """Return the next instant at which others are on call; None: not within `AHEAD`, or there is no such rotation."""
    found = duty(tx, rotation, after, after + AHEAD)
    change = found and found.rota.next_change(to_milliseconds(after), to_milliseconds(after + AHEAD), found.said)
    return None if change is None else from_milliseconds(change)


def names(tx: Transaction, workspace_id: str) -> list[str]:
    """Return the rotations of a workspace, by name."""
    return sorted(_specs(tx, workspace_id))


def _specs(tx: Transaction, workspace_id: str) -> dict[str, Rotation]:
    workspace = workspaces.get(tx, workspace_id)
    found = definitions.current(tx, DefinitionKind.ROTATION) if workspace else ()
    specs = {one.name: one.read(Rotation) for one in found}
    return {name: spec for name, spec in specs.items() if workspace and spec.workspace == workspace.name}


def zone_of(tx: Transaction, agent: Agent) -> ZoneInfo:
    """Return by whose clock somebody's words are read: theirs if it is known, else that of a rotation, theirs first."""
    if zones.known(agent.timezone):
        return ZoneInfo(agent.timezone)
    known = _specs(tx, agent.workspace_id)
    near = sorted(known, key=lambda name: (agent.id not in known[name].members, name))
    return zones.first(*(known[name].timezone for name in near))


class Stint(NamedTuple):
    """Somebody is on call through a rotation in [start, end)."""

    rotation: str
    duty: Duty
    start: datetime
    end: datetime


def stints_of(tx: Transaction, agent: Agent, start: datetime, end: datetime) -> list[Stint]:
    """Return when somebody is on call within [start, end), through whichever rotation, in order."""
    duties = [(name, duty(tx, name, start, end)) for name in names(tx, agent.workspace_id)]
    found = [Stint(name, one, *when) for name, one in duties if one for when in one.stints(agent.id, start, end)]
    return sorted(found, key=lambda one: (one.start, one.rotation))


def gaps(duty: Duty, now: datetime) -> list[Gap]:
    """Return the holes of the coming weeks, and of the fortnights around clock changes, each by itself."""
    speaks = {agent.id: agent.languages for agent in duty.team.values()}
    near = coverage.periods(duty.rota, to_milliseconds(now))
    return [gap for period in near for gap in coverage.gaps(duty.rota, period, duty.said, speaks)]
