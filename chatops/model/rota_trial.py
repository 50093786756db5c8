"""What a change of a rotation or an escalation would come to, before it counts."""

from collections.abc import Iterator
from datetime import datetime
from difflib import ndiff
from typing import NamedTuple

from chatops.model import definition as definitions
from chatops.model import oncall
from chatops.model.definition import DefinitionKind, Spec
from chatops.model.foreseen import Foreseen, Moved
from chatops.model.oncall import FAR_AHEAD, Duty
from chatops.rules.escalation import Escalation, Way, ladder
from chatops.rules.rotation import Rotation
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds


class Climbs(NamedTuple):
    """A step of an escalation: whom it names, how long it waits (ms), who is on call now through its rotations."""

    notify: tuple[str, ...]
    wait: int
    people: tuple[str, ...]
    asks_rotation: bool


class RotaTrial(NamedTuple):
    """What would count: `lines` that go ("- …") and come ("+ …"), a rotation as `duty`, an escalation as `steps`.

    Neither: it would be gone. `moved`: whose shifts of the coming weeks would be others.
    """

    kind: DefinitionKind
    name: str
    lines: tuple[str, ...]
    duty: Duty | None = None
    moved: tuple[Moved, ...] = ()
    steps: tuple[Climbs, ...] = ()


def tried(
    tx: Transaction,
    kind: DefinitionKind,
    old: tuple[str, str],
    new: tuple[str, str, Spec | None],
    now: datetime,
) -> RotaTrial:
    """Return what it would come to if `new` (name, lines, what it says; None: nothing) stood in place of `old`."""
    name, spec = new[0] or old[0], new[2]
    lines = tuple(one for one in ndiff(old[1].splitlines(), new[1].splitlines()) if one[0] in "+-")
    steps = tuple(_steps(tx, spec, now)) if isinstance(spec, Escalation) else ()
    if kind is not DefinitionKind.ROTATION:
        return RotaTrial(kind, name, lines, steps=steps)
    after = oncall.defined(tx, name, spec, now, now + FAR_AHEAD) if isinstance(spec, Rotation) else None
    held = definitions.in_force(tx, kind, old[0], now)
    before = oncall.defined(tx, old[0], held.read(Rotation), now, now + FAR_AHEAD) if held else None
    moved = Foreseen.of(before, now).moved(Foreseen.of(after, now), to_milliseconds(now))
    return RotaTrial(kind, name, lines, after, tuple(moved))


def _steps(tx: Transaction, spec: Escalation, now: datetime) -> Iterator[Climbs]:
    for step, rung in zip(spec.steps, ladder(spec).rungs, strict=True):
        names = [whom.name for whom in rung.notify if whom.way is Way.ROTATION]
        people = dict.fromkeys(one.id for name in names for one in oncall.on_call(tx, name, now))
        yield Climbs(step.notify, rung.wait, tuple(people), asks_rotation=bool(names))
