"""Ready-made promises: service levels, with the hours and the escalation they need, that a lead takes as a whole."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from chatops.desk import definitions, definitions_toml
from chatops.desk.definitions import Defined
from chatops.errors import Refusal, Refused, SetupError
from chatops.model import definition as questions
from chatops.model import shop as shops
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.definition import SPECS, Definition, DefinitionKind
from chatops.rules import zones
from chatops.store.transaction import Transaction

STARTER = Path(__file__).parents[1] / "starter" / "promises"
PACKS = ("small-shop", "cross-border", "black-friday")  # from the calmest


@cache
def written(pack: str) -> str:
    """Return a pack as it is shipped; {zone} and {workspace} stand where those of the desk go.

    Raises:
        SetupError: there is none of this name.
    """
    if pack not in PACKS:
        raise SetupError(f"there are no promises {pack!r}", f"Use one of: {', '.join(PACKS)}.")
    return (STARTER / f"{pack}.toml").read_text(encoding="utf-8")


def filled(pack: str, zone: str, workspace: str) -> str:
    """Return a pack as the tables of a desk file, for a time zone and the name of a workspace."""
    return written(pack).replace("{zone}", zone).replace("{workspace}", workspace)


def packed(pack: str, zone: str, workspace: str) -> tuple[Defined, ...]:
    """Return what a pack defines."""
    tables: Mapping[str, Any] = tomllib.loads(filled(pack, zone, workspace))
    return definitions_toml.parse({kind: tables.get(kind, ()) for kind in DefinitionKind}, [workspace])


def adopted(tx: Transaction, pack: str, words: str, agent: Agent) -> tuple[Defined, ...]:
    """Return everything that would be defined with a pack in the zone that `words` name.

    Its service levels stand in place of those there are. A calendar or escalation that the desk has by the same name
    stays as it is: people have made it theirs.

    Raises:
        Refused: nobody knows such a zone, or such a pack.
    """
    zone, workspace = zones.named(words), workspaces.get(tx, agent.workspace_id)
    if zone is None:
        raise Refused(Refusal.NO_SUCH_ZONE, near=zones.near(words))
    if pack not in PACKS or workspace is None:
        raise Refused(Refusal.STALE)
    held = [one for one in definitions.current(tx) if one.kind is not DefinitionKind.SERVICE_LEVEL]
    known = {(one.kind, one.name) for one in held}
    return *held, *(one for one in packed(pack, zone, workspace.name) if (one.kind, one.name) not in known)


def zone_of(tx: Transaction, agent: Agent) -> str:
    """Return the time zone in which a lead's promises count until they say another: their own, else a shop's."""
    return zones.first(agent.timezone, *(shop.timezone for shop in shops.every(tx))).key


def adopt(tx: Transaction, pack: str, words: str, agent: Agent, now: datetime) -> None:
    """Let a pack be what is promised from now on.

    Raises:
        Refused: as for `adopted`.
    """
    definitions.apply(tx, adopted(tx, pack, words, agent), now, agent)


def take_back(tx: Transaction, at: datetime, agent: Agent, now: datetime) -> None:
    """Let everything that was defined last, in the chat and at an instant, mean again what it meant before.

    Raises:
        Refused: nothing was, it was a file that did, or something was changed since: it may stand on what goes.
    """
    last = questions.last_changed(tx)
    made = tx.all(
        Definition, select(Definition).where(Definition.made_at == at).order_by(col(Definition.revision).desc())
    )
    if last is None or last.made_at != at or any(not one.made_by for one in made):
        raise Refused(Refusal.STALE)
    first = {(one.kind, one.name): one for one in made}  # of those that one instant saw several revisions of
    for one in first.values():
        before = questions.get(tx, one.kind, one.name, one.revision - 1)
        if before is None or before.removed:
            definitions.remove(tx, one.kind, one.name, agent, now)
        else:
            spec = before.read(SPECS[before.kind])
            definitions.define(tx, Defined(before.kind, before.name, spec), agent, now, before.position)
