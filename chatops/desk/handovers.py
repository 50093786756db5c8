"""Looking after rotations: the log of who was on call, what people are told of changes, and holes found beforehand.

A rotation is looked at when its next change, notice, proof or the end of a wish comes, and at once after anything that
is said of it. Looking twice at the same instant does nothing the second time.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlmodel import col

from chatops import outbox_oncall as outbox
from chatops.desk import paging, profiles
from chatops.desk.sweeping import Sweeper
from chatops.model import agent as agents
from chatops.model import definition as definitions
from chatops.model import oncall
from chatops.model import rotation as rotations
from chatops.model import workspace as workspaces
from chatops.model.agent import Role
from chatops.model.definition import Definition, DefinitionKind
from chatops.model.foreseen import Foreseen
from chatops.model.oncall import AHEAD, FAR_AHEAD, Duty
from chatops.model.rotation import OnCall, RotationWatch, SwapState
from chatops.outbox_oncall import DutyNews, RotaNews
from chatops.rules import coverage
from chatops.rules.coverage import Gap
from chatops.rules.rotation import Rotation, Shift
from chatops.rules.walltime import DAY, HOUR, first_instant, wall
from chatops.store.transaction import Transaction
from chatops.times import MILLISECOND, from_milliseconds, to_milliseconds

AT_ONCE = 1  # rotation that one transaction looks at: proving its coming weeks takes long, and nobody else writes then
NOTICE = timedelta(minutes=30)  # before somebody comes on call
PROOF = time(6)  # by the rotation's own clock
SOON = timedelta(days=1)  # a hole that begins within it, or by the next proof, is told again


class Told(NamedTuple):
    """A hole the channel knows of."""

    start: int
    end: int
    language: str


def _change(tx: Transaction, due: Sequence[RotationWatch], now: datetime) -> int:
    """Look after rotations whose time has come; return how many."""
    for watch in due:
        if watch.prove_at <= now:  # every morning, whatever somebody else did to it
            outbox.group(tx, watch.workspace_id, watch.rotation, now)
            _meet(tx, watch, now)  # and whoever left the team in silence
        _look(tx, watch, now)
    return len(due)


def _put_off(tx: Transaction, watch: RotationWatch, until: datetime) -> str:
    """Let a rotation wait that cannot be looked after; return which that is."""
    tx.update(watch, next_at=until)
    return f"rotation {watch.rotation}"


change_due = Sweeper(rotations.due, _change, _put_off, AT_ONCE)


def clock_set_back(tx: Transaction, now: datetime) -> None:
    """Look after rotations anew that a clock which was ahead has looked after; what it saw has not happened."""
    tx.execute(delete(OnCall).where(col(OnCall.start_at) > now))
    tx.execute(update(OnCall).where(col(OnCall.end_at) > now).values(end_at=now))
    ahead = col(RotationWatch.through) > now
    tx.execute(update(RotationWatch).where(ahead).values(through=now, next_at=now, announced_at=None))


def defined(tx: Transaction, kind: DefinitionKind, name: str, now: datetime) -> None:
    """Look after a rotation that somebody has just defined anew, or removed."""
    if kind is DefinitionKind.ROTATION:
        _regroup(tx, name, now)
        said(tx, name, now)


def _regroup(tx: Transaction, name: str, now: datetime) -> None:
    """Let a rotation's new group hold who is on call, and nobody stay in one that it has no more."""
    newest = definitions.newest(tx, DefinitionKind.ROTATION, name)
    before = newest and definitions.get(tx, DefinitionKind.ROTATION, name, newest.revision - 1)
    had, has = (_group_of(tx, one) for one in (before, newest))
    if had != has and had:
        outbox.group(tx, had[0], name, now, left=had[1])
    if had != has and has:
        outbox.group(tx, has[0], name, now)


def _group_of(tx: Transaction, revision: Definition | None) -> tuple[str, str] | None:
    """Return the group of a rotation, after the id of its workspace."""
    spec = None if revision is None or revision.removed else revision.read(Rotation)
    workspace = workspaces.named(tx, spec.workspace) if spec and spec.group else None
    return (workspace.id, spec.group) if spec and workspace else None


def said(tx: Transaction, rotation: str, now: datetime, knowing: Collection[str] = ()) -> None:
    """Look after a rotation of which something has just been said: an edit, an override, an absence.

    Everybody is told whose shifts change by it, but those who are `knowing`.
    """
    watch = rotations.watch(tx, rotation)
    if watch is None:
        found = definitions.in_force(tx, DefinitionKind.ROTATION, rotation, now)
        workspace = workspaces.named(tx, found.read(Rotation).workspace) if found else None
        if workspace is None:
            return
        watch = RotationWatch(rotation=rotation, workspace_id=workspace.id, next_at=now, through=now, prove_at=now)
        if not tx.insert_ignore(watch):
            watch = rotations.watch(tx, rotation) or watch
    foreseen, watch.prove_at = watch.foreseen, now
    _meet(tx, watch, now)
    _look(tx, watch, now)
    if foreseen and watch.foreseen:
        _tell_whose_shifts_changed(tx, watch, Foreseen.read(foreseen), now, knowing)


def _meet(tx: Transaction, watch: RotationWatch, now: datetime) -> None:
    """Know names, languages and zones of those who are going to be on call, whether they ever acted here or not."""
    duty = oncall.duty(tx, watch.rotation, now, now)
    if duty is not None:
        for who in sorted(duty.members):
            profiles.met(tx, duty.workspace.id, who, now)


def said_of_all(tx: Transaction, workspace_id: str, now: datetime, knowing: Collection[str] = ()) -> None:
    """Look after every rotation of a workspace: somebody is absent, or has left."""
    for watch in rotations.watches(tx, workspace_id):
        said(tx, watch.rotation, now, knowing)


def noted(tx: Transaction, workspace_id: str, now: datetime) -> None:
    """Write down who was on call until now, before it changes who of a workspace takes turns."""
    for known in rotations.watches(tx, workspace_id):
        watch = rotations.watch(tx, known.rotation) or known
        _log(tx, watch, now)
        tx.update(watch, through=now)


def _look(tx: Transaction, watch: RotationWatch, now: datetime) -> None:
    duty = oncall.duty(tx, watch.rotation, now, now + FAR_AHEAD)
    if duty is not None and duty.workspace.id != watch.workspace_id:
        _move(tx, watch, duty.workspace.id, now)
    _log(tx, watch, now)
    for swap in rotations.expired_swaps(tx, watch.rotation, now):
        tx.update(swap, state=SwapState.EXPIRED, settled_at=now)
        facts = {"rotation": swap.rotation, "swap": swap.id}
        outbox.duty(tx, swap.workspace_id, swap.asker, DutyNews.ANSWERED, facts, now)
    if duty is None:  # it was removed, or its workspace was
        tx.update(
            watch, through=now, next_at=now + AHEAD, prove_at=now + AHEAD, foreseen=Foreseen.of(None, now).written()
        )
        return
    changes_at = oncall.next_change(tx, watch.rotation, now)
    announced = _announce(tx, watch, duty, changes_at, now)
    told, prove_at = watch.told, watch.prove_at
    if prove_at <= now:
        prove_at = _next_proof(duty, now)
        told = _prove(tx, watch, duty, now, max(now + SOON, prove_at))
    notice_at = changes_at - NOTICE if changes_at and announced != changes_at else None
    next_at = min(at for at in (changes_at, notice_at, prove_at, rotations.next_swap(tx, watch.rotation)) if at)
    tx.update(
        watch,
        through=now,
        announced_at=announced,
        told=told,
        foreseen=Foreseen.of(duty, now).written(),
        prove_at=prove_at,
        next_at=max(next_at, now + MILLISECOND),
    )


def _move(tx: Transaction, watch: RotationWatch, workspace_id: str, now: datetime) -> None:
    """Let a rotation that belongs to another workspace from now on be told of there, and logged as of there."""
    for line in rotations.on_now(tx, watch.rotation):
        rotations.went_off(tx, line, now)
    tx.update(watch, workspace_id=workspace_id, through=now)


# What was


def _log(tx: Transaction, watch: RotationWatch, now: datetime) -> None:
    """Write down who was on call since the last look, and tell of the last change."""
    on = rotations.on_now(tx, watch.rotation)
    before = {line.agent_id for line in on}
    for shift in _since(tx, watch, before, now):
        at = from_milliseconds(shift.start)
        for line in [line for line in on if line.agent_id not in shift.who]:
            rotations.went_off(tx, line, at)
            on.remove(line)
        for who in sorted(set(shift.who) - {line.agent_id for line in on}):
            line = OnCall(workspace_id=watch.workspace_id, rotation=watch.rotation, agent_id=who, start_at=at)
            tx.insert(line)
            on.append(line)
    after = {line.agent_id for line in on}
    if before != after:
        _handed_over(tx, watch, sorted(before), sorted(after), now)


def _since(tx: Transaction, watch: RotationWatch, before: Collection[str], now: datetime) -> Iterable[Shift]:
    """Yield who was on call since the last look, and who is now: what counts now may have been said just now.

    Who was on call `before` and left the team was there until now.
    """
    start, end = to_milliseconds(watch.through), to_milliseconds(now)
    duty = oncall.duty(tx, watch.rotation, watch.through, now, before)
    yield from duty.rota.shifts(start, end, duty.said) if duty else ()
    yield Shift(end, end, tuple(agent.id for agent in oncall.on_call(tx, watch.rotation, now)))


def _handed_over(tx: Transaction, watch: RotationWatch, before: list[str], after: list[str], now: datetime) -> None:
    """Let pages, the chat's group and the channel follow a change of who is on call."""
    paging.crew_changed(tx, now)
    if {*after} - {*before}:
        paging.shift_begun(tx, watch.workspace_id, watch.rotation, now)
    found = definitions.in_force(tx, DefinitionKind.ROTATION, watch.rotation, now)
    if found is None:
        return
    spec = found.read(Rotation)
    if spec.group:
        outbox.group(tx, watch.workspace_id, watch.rotation, now)
    if spec.channel:
        facts = {"rotation": watch.rotation, "at": now.isoformat(), "before": before, "after": after}
        outbox.rota(tx, watch.workspace_id, spec.channel, RotaNews.HANDOVER, facts, now)


# What comes


def _announce(
    tx: Transaction, watch: RotationWatch, duty: Duty, changes_at: datetime | None, now: datetime
) -> datetime | None:
    """Tell those who come on call within half an hour; return the change of which people know."""
    if changes_at is None or changes_at - NOTICE > now or watch.announced_at == changes_at:
        return watch.announced_at
    there = duty.rota.on_call(to_milliseconds(now), duty.said)
    for who in duty.rota.on_call(to_milliseconds(changes_at), duty.said):
        if who not in there:
            facts = {"rotation": watch.rotation, "at": changes_at.isoformat()}
            outbox.duty(tx, watch.workspace_id, who, DutyNews.COMING, facts, now)
    return changes_at


def _tell_whose_shifts_changed(
    tx: Transaction, watch: RotationWatch, before: Foreseen, now: datetime, knowing: Collection[str]
) -> None:
    for who, gone, come in before.moved(Foreseen.read(watch.foreseen), to_milliseconds(now)):
        agent = agents.get(tx, watch.workspace_id, who)
        if who not in knowing and agent is not None and agent.standing is not Role.OBSERVER:
            facts = {"rotation": watch.rotation, "gone": gone, "come": come}
            outbox.duty(tx, watch.workspace_id, who, DutyNews.CHANGED, facts, now)


def _next_proof(duty: Duty, now: datetime) -> datetime:
    """Return the next morning of the rotation's own clock."""
    zone = ZoneInfo(duty.rota.spec.timezone)
    today = wall(to_milliseconds(now), zone).date()
    mornings = (datetime.combine(today + timedelta(days=more), PROOF) for more in range(3))
    return next(at for morning in mornings if (at := from_milliseconds(first_instant(morning, zone))) > now)


def _prove(tx: Transaction, watch: RotationWatch, duty: Duty, now: datetime, until: datetime) -> str:
    """Tell the channel of holes it does not know, and again of those that begin by `until`; return which it knows."""
    found, known = oncall.gaps(duty, now), [Told(*one) for one in json.loads(watch.told or "[]")]
    at, soon = to_milliseconds(now), to_milliseconds(until)
    news = [gap for gap in found if at < gap.start <= soon or not any(_same(gap, told) for told in known)]
    if news and duty.rota.spec.channel:
        holes = coverage.together(news, ZoneInfo(duty.rota.spec.timezone))
        facts = {"rotation": watch.rotation, "gaps": [list(hole) for hole in holes]}
        outbox.rota(tx, watch.workspace_id, duty.rota.spec.channel, RotaNews.GAPS, facts, now)
    return json.dumps([Told(gap.start, gap.end, gap.language) for gap in found])


def _same(gap: Gap, told: Told) -> bool:
    """Tell whether a hole was told, or began as one, or is like one of the day or week before, give or take an hour."""
    if gap.language != told.language:
        return False
    if told.start <= gap.start < told.end:
        return True
    alike = gap.end - gap.start <= told.end - told.start  # shorter: the end of what is looked through cuts it
    return alike and any(abs(gap.start - told.start - ago) <= HOUR for ago in (DAY, 7 * DAY))
