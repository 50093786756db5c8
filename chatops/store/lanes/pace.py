"""Pace: how fast a scope (a channel, a workspace, a shop) may be called, shared by all replicas.

The generic cell rate algorithm: `tat`, the theoretical arrival time, moves on by one interval with every call; a call
is admitted while `tat` is at most `burst - 1` intervals ahead. `open_at` is the instant that follows from it, or a
later one when the platform said to slow down, so that one comparison in the claim decides. What can wait leaves a part
of each burst to what cannot, and so is admitted at `spare_at`, which is no sooner. Instants are stored in whole
milliseconds, so everything is rounded up: never faster than the limit.
"""

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlmodel import Field, SQLModel

from chatops.store.instants import instant_field
from chatops.store.prepared import Prepared, for_each, key_among, keys
from chatops.store.transaction import Transaction, table
from chatops.times import EPOCH, MILLISECOND

CAN_WAIT = 3  # from this priority of a lane on
SPARED = 2  # calls of a burst that are left by what can wait


class Pace(SQLModel, table=True):
    """When a scope admits its next call, and (`spare_at`) when one that can wait."""

    scope: str = Field(primary_key=True)
    open_at: datetime = instant_field()
    spare_at: datetime = instant_field()
    tat: datetime = instant_field()


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` calls `per` time, of which `burst` may come at once."""

    count: int
    per: timedelta
    burst: int = 1

    @property
    def interval(self) -> timedelta:
        """The time one call takes up."""
        return math.ceil(self.per / MILLISECOND / self.count) * MILLISECOND

    @property
    def ahead(self) -> timedelta:
        """How far ahead of now a burst may reach."""
        return self.interval * (self.burst - 1)

    @property
    def spare(self) -> timedelta:
        """How long what can wait holds back, so that a part of the burst is left."""
        return self.interval * min(SPARED, self.burst - 1)


Limits = Callable[[str], Limit | None]

PACES = table(Pace)
_LOCK = Prepared(
    select(PACES.c.scope, PACES.c.open_at, PACES.c.spare_at, PACES.c.tat)
    .where(key_among(PACES.c.scope, "scopes"))
    .order_by(PACES.c.scope)
    .with_for_update(of=PACES)
)
_SAVE = for_each(
    lambda pace: (
        update(PACES)
        .where(PACES.c.scope == pace.scope)
        .values(open_at=pace.open_at, spare_at=pace.spare_at, tat=pace.tat)
    ),
    scope=PACES.c.scope.type,
    open_at=PACES.c.open_at.type,
    spare_at=PACES.c.spare_at.type,
    tat=PACES.c.tat.type,
)


@dataclass(slots=True)
class _Scope:
    open_at: datetime
    spare_at: datetime
    tat: datetime

    def moved(self, tat: datetime, limit: Limit) -> None:
        """Let what was admitted, or given back, say when the next calls may be made."""
        self.tat, self.open_at = tat, tat - limit.ahead
        self.spare_at = self.open_at + limit.spare


class Paces:
    """The locked paces of some scopes, changed here and written back by `save`."""

    def __init__(self, tx: Transaction, scopes: Collection[str], limits: Limits, slow: Collection[str] = ()) -> None:
        """Lock those of `scopes` that have a limit, and the `slow` ones."""
        self._tx = tx
        self._limits = {scope: limit for scope in scopes if scope and (limit := limits(scope))}
        wanted = self._limits.keys() | set(slow)
        self._scopes = self._lock(wanted)
        missing = sorted(wanted - self._scopes.keys())
        if missing:
            for scope in missing:
                tx.insert_ignore(Pace(scope=scope, open_at=EPOCH, spare_at=EPOCH, tat=EPOCH))
            self._scopes |= self._lock(missing)
        self._changed: set[str] = set()

    def _lock(self, scopes: Collection[str]) -> dict[str, _Scope]:
        if not scopes:
            return {}
        found = self._tx.rows(_LOCK, scopes=keys(scopes))
        return {scope: _Scope(*when) for scope, *when in found}

    def reserve(self, scopes: Iterable[str], now: datetime, *, can_wait: bool = False) -> bool:
        """Take one call from each of `scopes`, or from none when one of them is not open, to what can wait or not."""
        limited = self._limits.keys() & set(scopes)
        moment = EPOCH - (EPOCH - now) // MILLISECOND * MILLISECOND  # rounded up
        found = [self._scopes[scope] for scope in limited]
        if any((pace.spare_at if can_wait else pace.open_at) > moment for pace in found):
            return False
        for scope in limited:
            pace, limit = self._scopes[scope], self._limits[scope]
            pace.moved(max(pace.tat, moment) + limit.interval, limit)
        self._changed |= limited
        return True

    def give_back(self, scopes: Iterable[str]) -> None:
        """Return a call that was not made; a pause that the platform asked for stays."""
        limited = self._limits.keys() & set(scopes)
        for scope in limited:
            pace, limit = self._scopes[scope], self._limits[scope]
            if pace.open_at > pace.tat - limit.ahead:
                pace.tat -= limit.interval
            else:
                pace.moved(pace.tat - limit.interval, limit)
        self._changed |= limited

    def pause(self, scope: str, until: datetime) -> None:
        """Let nobody call `scope` before `until`."""
        pace = self._scopes[scope]
        pace.open_at, pace.spare_at = max(pace.open_at, until), max(pace.spare_at, until)
        self._changed.add(scope)

    def save(self) -> None:
        """Write what was changed."""
        if self._changed:
            self._tx.change_each(
                _SAVE,
                [
                    {"scope": scope, "open_at": pace.open_at, "spare_at": pace.spare_at, "tat": pace.tat}
                    for scope, pace in sorted(self._scopes.items())
                    if scope in self._changed
                ],
            )
