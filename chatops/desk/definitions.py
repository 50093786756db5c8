"""Defining what time means to the desk: calendars, service levels, rotations, digests, …, from a file or a form."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from chatops.desk import digests, handovers, recaps, recounting
from chatops.model import definition as definitions
from chatops.model import promise as promises
from chatops.model.agent import Agent
from chatops.model.definition import Definition, DefinitionKind, Spec
from chatops.rules.targets import ServiceLevel
from chatops.store.transaction import Transaction


class Defined(NamedTuple):
    """What somebody wants a name to mean from now on."""

    kind: DefinitionKind
    name: str
    spec: Spec


def current(tx: Transaction) -> tuple[Defined, ...]:
    """Return everything that is defined now."""
    return tuple(
        Defined(kind, one.name, one.read(spec))
        for kind, spec in definitions.SPECS.items()
        for one in definitions.current(tx, kind)
    )


def apply(tx: Transaction, wanted: Sequence[Defined], now: datetime, agent: Agent | None = None) -> None:
    """Let these definitions, in this order, be all there are; each that differs gets a new revision.

    `agent`: who wants it, None for a file.
    """
    named = {(one.kind, one.name) for one in wanted}
    for held in current(tx):
        if (held.kind, held.name) not in named:
            remove(tx, held.kind, held.name, agent, now)
    for kind in DefinitionKind:
        for position, one in enumerate(one for one in wanted if one.kind is kind):
            define(tx, one, agent, now, position)


def define(tx: Transaction, one: Defined, agent: Agent | None, now: datetime, position: int | None = None) -> None:
    """Let a name mean this from now on; nothing happens when it does already. `position` None: where it stands."""
    held = definitions.newest(tx, one.kind, one.name)
    spec = msgspec.json.decode(msgspec.json.encode(one.spec))  # as the database gives it back
    place = position if position is not None else held.position if held else len(definitions.current(tx, one.kind))
    if held is not None and (held.spec, held.position, held.removed) == (spec, place, False):
        return
    revision = held.revision + 1 if held else 1
    row = Definition(kind=one.kind, name=one.name, revision=revision, position=place, spec=spec, made_at=now)
    if isinstance(one.spec, ServiceLevel):
        row.numbers = promises.numbers(tx, one.name, one.spec)
    _write(tx, row, agent)


def remove(tx: Transaction, kind: DefinitionKind, name: str, agent: Agent | None, now: datetime) -> None:
    """Let a name mean nothing from now on; what runs by an earlier revision goes on."""
    held = definitions.newest(tx, kind, name)
    if held is None or held.removed:
        return
    gone = Definition(kind=kind, name=name, revision=held.revision + 1, spec=held.spec, removed=True, made_at=now)
    gone.numbers = held.numbers
    _write(tx, gone, agent)


def _write(tx: Transaction, row: Definition, agent: Agent | None) -> None:
    if agent is not None:
        row.made_by_workspace, row.made_by = agent.workspace_id, agent.id
    tx.insert(row)
    recounting.defined(tx, row.kind, row.made_at)
    handovers.defined(tx, row.kind, row.name, row.made_at)
    digests.defined(tx, row.kind, row.name, row.made_at)
    recaps.defined(tx, row.kind, row.name, row.made_at)
