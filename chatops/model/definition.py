"""What leads define about time: calendars, service levels, rotations, escalations, digests; each revision for good."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import Any, TypeVar

import msgspec
from sqlalchemy import JSON, bindparam, func
from sqlmodel import Field, SQLModel, col, select

from chatops.rules.escalation import Escalation
from chatops.rules.hours import Hours
from chatops.rules.plan import DigestPlan
from chatops.rules.rotation import Rotation
from chatops.rules.targets import ServiceLevel
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction

Spec = Hours | ServiceLevel | Rotation | Escalation | DigestPlan
S = TypeVar("S", bound=Spec)


class DefinitionKind(StrEnum):
    """What is defined; the value is its table in `desk.toml`."""

    CALENDAR = "calendars"
    SERVICE_LEVEL = "service_levels"
    ESCALATION = "escalations"
    ROTATION = "rotations"
    DIGEST = "digests"


SPECS: Mapping[DefinitionKind, type[Spec]] = {
    DefinitionKind.CALENDAR: Hours,
    DefinitionKind.SERVICE_LEVEL: ServiceLevel,
    DefinitionKind.ESCALATION: Escalation,
    DefinitionKind.ROTATION: Rotation,
    DefinitionKind.DIGEST: DigestPlan,
}


class Definition(SQLModel, table=True):
    """One revision of a definition; the newest counts, and what runs keeps to the one it began with.

    `spec` is the struct of its kind as JSON, `position` its place among its kind (the first service level that fits
    counts), `removed` says that from here on there is none of this name. `made_by` is an agent's id, "" a file's.
    `numbers`: which of its metric's each target of a service level is, [] as they stand; its clocks are known by that.
    """

    kind: DefinitionKind = Field(primary_key=True, sa_type=Choice(DefinitionKind))
    name: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    position: int = 0
    spec: dict[str, Any] = Field(sa_type=JSON)
    numbers: list[int] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    removed: bool = False
    made_at: datetime = Field(sa_type=Instant)
    made_by_workspace: str = ""
    made_by: str = ""

    def read(self, kind: type[S]) -> S:
        """Return what it says."""
        return msgspec.convert(self.spec, kind, strict=False)


_OF_KIND = Prepared(
    select(Definition)
    .where(col(Definition.kind) == bindparam("kind"))
    .order_by(col(Definition.name), col(Definition.revision))
)


def current(tx: Transaction, kind: DefinitionKind) -> list[Definition]:
    """Return what counts now of one kind, in order."""
    newest = {found.name: found for found in tx.all(Definition, _OF_KIND, kind=kind)}
    return sorted((one for one in newest.values() if not one.removed), key=lambda one: (one.position, one.name))


def newest(tx: Transaction, kind: DefinitionKind, name: str) -> Definition | None:
    """Return the newest revision of one name, also when it says that there is none any more."""
    sought = select(Definition).where(Definition.kind == kind, Definition.name == name)
    return tx.one(Definition, sought.order_by(col(Definition.revision).desc()).limit(1))


def changes(tx: Transaction, kind: DefinitionKind) -> int:
    """Return how often anything of a kind was defined or taken away."""
    counted: int = tx.scalar(select(func.count()).select_from(Definition).where(col(Definition.kind) == kind))
    return counted


def last_changed(tx: Transaction) -> Definition | None:
    """Return one of those that were defined last."""
    return tx.one(Definition, select(Definition).order_by(col(Definition.made_at).desc()).limit(1))


def get(tx: Transaction, kind: DefinitionKind, name: str, revision: int) -> Definition | None:
    """Return one revision."""
    sought = select(Definition).where(Definition.kind == kind, Definition.name == name, Definition.revision == revision)
    return tx.one(Definition, sought)


def unchanged_since(
    tx: Transaction, found: Definition, what: Callable[[Definition], Any] = lambda one: one.spec
) -> Definition:
    """Return the revision from which on `what` of a definition was as `found` has it; one put back begins anew."""
    sought = select(Definition).where(Definition.kind == found.kind, Definition.name == found.name)
    until = sought.where(Definition.revision <= found.revision).order_by(col(Definition.revision).desc())
    same = (found.removed, what(found))
    return [*takewhile(lambda one: (one.removed, what(one)) == same, tx.all(Definition, until))][-1]


def in_force(tx: Transaction, kind: DefinitionKind, name: str, at: datetime) -> Definition | None:
    """Return the revision that counts at an instant; None when there is none, or it says that there is none."""
    sought = select(Definition).where(Definition.kind == kind, Definition.name == name, Definition.made_at <= at)
    found = tx.one(Definition, sought.order_by(col(Definition.revision).desc()).limit(1))
    return None if found is None or found.removed else found
