"""Digests when they are due or asked for: what they are about is decided here, their numbers are counted elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import delete
from sqlmodel import col

from chatops import outbox_digest as outbox
from chatops.desk.sweeping import Sweeper
from chatops.digest import kept, sections
from chatops.digest.scope import Scope, Window
from chatops.model import definition as definitions
from chatops.model import digest as digests
from chatops.model import shop as shops
from chatops.model import team as teams
from chatops.model import workspace as workspaces
from chatops.model.definition import Definition, DefinitionKind
from chatops.model.digest import Digest, DigestState, DigestWatch
from chatops.model.workspace import Workspace
from chatops.rules import plan as rules
from chatops.rules.hours import Hours
from chatops.rules.plan import HERE, DigestPlan, Schedule, Turn
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds, to_milliseconds

_NOT_SAID: Mapping[str, Any] = {
    "id": None,
    "plan": "",
    "local_date": "",
    "behind": False,
    "head_id": "",
    "lacks": "",
    "posted_at": None,
    "report_to": [],
}
AT_ONCE = 50  # plans that one transaction looks at
ASIDE = timedelta(hours=1)  # how long a plan rests whose workspace is not known


class Said(NamedTuple):
    """The message a digest became; of a direct message, where that stands."""

    head_id: str
    channel_id: str = ""
    in_pieces: bool = False  # its sections stand in messages of their own


class Planned(NamedTuple):
    """A plan that counts now."""

    definition: Definition
    spec: DigestPlan
    schedule: Schedule
    workspace: Workspace


def _begin_all(tx: Transaction, found: Sequence[DigestWatch], now: datetime) -> int:
    """Begin digests that are due; return how many plans were looked at.

    Whatever a plan missed while nobody looked, its last turn tells of.
    """
    for watch in found:
        one = planned(tx, watch.plan, now)
        if one is None:
            tx.update(watch, next_at=_asked_again(tx, watch.plan, now))
        else:
            _begin(tx, watch, one, now)
    return len(found)


def _put_off(tx: Transaction, watch: DigestWatch, until: datetime) -> str:
    """Let a plan wait that cannot be begun; return which that is."""
    tx.update(watch, next_at=until)
    return f"digest {watch.plan}"


due = Sweeper(digests.due, _begin_all, _put_off, AT_ONCE)


def clock_set_back(tx: Transaction, now: datetime) -> None:
    """Reckon anew what a clock that was ahead took for due, where what it tells of has not happened; what stands stays.

    A digest whose time is past by the clock as it is now loses nothing by coming a little early.
    """
    ahead = col(Digest.plan) != "", col(Digest.due_at) > now, col(Digest.end_at) > now, col(Digest.head_id) == ""
    gone = {row[0] for row in tx.execute(delete(Digest).where(*ahead).returning(col(Digest.plan)))}
    for watch in digests.watches(tx):
        if watch.plan in gone:
            told = next(iter(digests.last(tx, watch.plan)), None)
            tx.update(watch, covered_to=told.end_at if told else None, last_date=told.local_date if told else "")
            _reckon(tx, watch, watch.plan, now)


def defined(tx: Transaction, kind: DefinitionKind, name: str, now: datetime) -> None:
    """Reckon anew when plans are due: one was defined or removed, or the days of a calendar changed."""
    if kind is DefinitionKind.DIGEST:
        _reckon(tx, digests.watch(tx, name), name, now)
    elif kind is DefinitionKind.CALENDAR:
        for watch in digests.watches(tx):
            _reckon(tx, watch, watch.plan, now)


def planned(tx: Transaction, plan: str, at: datetime) -> Planned | None:
    """Return a plan as it counts at an instant; None when there is none, or not its workspace."""
    found = definitions.in_force(tx, DefinitionKind.DIGEST, plan, at)
    spec = found.read(DigestPlan) if found else None
    workspace = workspaces.named(tx, spec.workspace) if spec else None
    if found is None or spec is None or workspace is None:
        return None
    return Planned(found, spec, schedule_of(tx, spec), workspace)


def schedule_of(tx: Transaction, spec: DigestPlan) -> Schedule:
    """Return when a plan is due, with the days of its calendar as they are now."""
    calendar = definitions.newest(tx, DefinitionKind.CALENDAR, spec.calendar) if spec.calendar else None
    return rules.compiled(spec, calendar.read(Hours) if calendar and not calendar.removed else None)


def comes(tx: Transaction, plan: str, spec: DigestPlan, now: datetime) -> datetime | None:
    """Return when a plan would be due next if it were so from now on; what is past by now comes at once."""
    watch = digests.look(tx, plan) or DigestWatch(plan=plan, workspace_id="")
    return _next(watch, schedule_of(tx, spec), now)


def _reckon(tx: Transaction, watch: DigestWatch | None, plan: str, now: datetime) -> None:
    """Find out when a plan is due next: of a day that it told of there is no second digest."""
    one = planned(tx, plan, now)
    if one is None:
        if watch is not None:
            tx.update(watch, next_at=_asked_again(tx, plan, now))
        return
    if watch is None:
        watch = DigestWatch(plan=plan, workspace_id=one.workspace.id)
        tx.insert(watch)
    tx.update(watch, workspace_id=one.workspace.id, next_at=_next(watch, one.schedule, now))


def _asked_again(tx: Transaction, plan: str, now: datetime) -> datetime | None:
    """Return when to look again at a plan that does not count now: one that is gone for good, never."""
    found = definitions.newest(tx, DefinitionKind.DIGEST, plan)
    return None if found is None or found.removed else now + ASIDE


def _next(watch: DigestWatch, schedule: Schedule, now: datetime) -> datetime | None:
    """Return when a plan is due next; one that is edited on a day that it has not told of yet is due at once."""
    if watch.covered_to is None:
        turn = schedule.coming(to_milliseconds(now))
        told = watch.last_date
        while turn is not None and told and turn.day <= date.fromisoformat(told):
            turn = schedule.after(turn.day)
    else:
        turn = schedule.after(date.fromisoformat(watch.last_date))
        while turn is not None and turn.until <= to_milliseconds(watch.covered_to):  # the zone was changed
            turn = schedule.after(turn.day)
    return from_milliseconds(turn.due) if turn else None


def _begin(tx: Transaction, watch: DigestWatch, one: Planned, now: datetime) -> None:
    turn = one.schedule.latest(to_milliseconds(now))
    if turn is not None and _is_new(watch, turn):
        digest = _digest(tx, watch, one, turn, now)
        tx.update(watch, covered_to=digest.end_at, last_date=digest.local_date)
        if tx.insert_ignore(digest):
            _go(tx, digest, now)
    tx.update(watch, next_at=_next(watch, one.schedule, now))


def _is_new(watch: DigestWatch, turn: Turn) -> bool:
    later = not watch.last_date or turn.day > date.fromisoformat(watch.last_date)
    return later and (watch.covered_to is None or turn.until > to_milliseconds(watch.covered_to))


def _digest(tx: Transaction, watch: DigestWatch, one: Planned, turn: Turn, now: datetime) -> Digest:
    spec, scope, usual = one.spec, scope_of(tx, one.spec, one.workspace), from_milliseconds(one.schedule.begins(turn))
    start = watch.covered_to or usual
    return Digest(
        workspace_id=one.workspace.id,
        plan=watch.plan,
        local_date=turn.day.isoformat(),
        due_at=_due_at(tx, one, turn),
        start_at=start,
        end_at=from_milliseconds(turn.until),
        timezone=one.schedule.zone.key,
        scope=msgspec.to_builtins(scope),
        sections=fitting(scope, spec.sections),
        locale=spec.locale or one.workspace.locale,
        compare=spec.compare,
        ranked=spec.ranked,
        report_to=list(spec.report_to),
        behind=start < usual,
        channel_id=spec.channel,
        fault=", ".join(_unknown(tx, spec)),
        made_at=now,
    )


def _due_at(tx: Transaction, one: Planned, turn: Turn) -> datetime:
    """Return since when a digest is due: by a plan whose time was changed when that had passed, since the change."""
    due = from_milliseconds(turn.due)
    if due >= one.definition.made_at:
        return due
    return max(
        due, definitions.unchanged_since(tx, one.definition, lambda each: rules.time_of(each.read(DigestPlan))).made_at
    )


def scope_of(tx: Transaction, spec: DigestPlan, workspace: Workspace) -> Scope:
    """Return whose work a plan tells of: of all shops whose tickets come to the workspace, or of those it names."""
    here = {shop.id: shop for shop, _ in shops.routes_to(tx, workspace.id)}
    named = [shop for shop in here.values() if not spec.shops or shop.name in spec.shops]
    told = sorted(shop.id for shop in named if not spec.markets or shop.region in spec.markets)
    known = (teams.called(tx, workspace.id, name) for name in spec.teams)
    as_carried = tuple(team.name if team else name for team, name in zip(known, spec.teams, strict=True))
    in_part = len(shops.in_part(tx, workspace.id).intersection(told))
    return Scope(workspace.id, tuple(told), spec.markets, as_carried, in_part=in_part)


def _unknown(tx: Transaction, spec: DigestPlan) -> list[str]:
    """Return the shops that a plan names and that are gone, or have another name by now."""
    known = {shop.name for shop in shops.every(tx)}
    return [name for name in spec.shops if name not in known]


def fitting(scope: Scope, keys: Sequence[str] = ()) -> list[str]:
    """Return the sections that a digest of a scope has: those of these keys, or all that nobody has to ask for."""
    there = [section for section in sections.every() if section.fits(scope)] if scope.shops else []
    return [one.key for one in there if (one.key in keys if keys else not one.on_request)]


def ask(
    tx: Transaction,
    workspace: Workspace,
    agent_id: str,
    scope: Scope,
    window: Window,
    place: tuple[str, str],
    now: datetime,
    *,
    keys: Sequence[str] = (),
    locale: str = "",
    compare: bool = False,
    ranked: bool = False,
    form: str = "",
) -> Digest:
    """Let a digest be counted and posted for somebody who asks.

    `place` is a channel and a head in it; without a head it is a head itself, without a channel they are written to.
    In a `form` other than a post they get its numbers as a file.
    """
    digest = Digest(
        workspace_id=workspace.id,
        due_at=now,
        start_at=window.start,
        end_at=window.end,
        timezone=window.zone.key,
        scope=msgspec.to_builtins(scope),
        sections=fitting(scope, keys),
        locale=locale or workspace.locale,
        compare=compare,
        ranked=ranked,
        channel_id=place[0],
        thread_id=place[1],
        asked_by=agent_id,
        made_at=now,
    )
    tx.insert(digest)
    _go(tx, digest, now, form)
    return digest


def again(tx: Transaction, told: Digest, agent_id: str, place: tuple[str, str], now: datetime, **asked: Any) -> Digest:
    """Say once more what was told and kept, to somebody who asks; nothing is counted anew."""
    fresh = Digest(**{**told.model_dump(), **_NOT_SAID, "state": DigestState.COUNTED, "fault": "", **asked})
    fresh.channel_id, fresh.thread_id, fresh.asked_by, fresh.due_at, fresh.made_at = *place, agent_id, now, now
    tx.insert(fresh)
    outbox.post(tx, fresh, now)
    return fresh


def _go(tx: Transaction, digest: Digest, now: datetime, form: str = "") -> None:
    if digest.sections:
        outbox.count(tx, digest, now, form)
    else:
        frozen(tx, digest.id or 0, {}, {}, now, form)


def counted(
    tx: Transaction,
    number: int,
    counted: Mapping[str, Any],
    before: Mapping[str, Any],
    now: datetime,
    form: str,
    done: int,
) -> None:
    """Keep what was counted of a digest so far, after `done` steps, and let it be counted on."""
    digest = _added(tx, number, counted, before)
    if digest is not None:
        outbox.count(tx, digest, now, form, done)


def frozen(
    tx: Transaction,
    number: int,
    counted: Mapping[str, Any],
    before: Mapping[str, Any],
    now: datetime,
    form: str = "",
) -> None:
    """Keep the numbers of a digest for good, and post it; or hand them in a `form` to whoever asked."""
    digest = _added(tx, number, counted, before)
    if digest is None:
        return
    tx.update(digest, state=DigestState.COUNTED, counted_at=now)
    if form:
        outbox.file(tx, digest, digest.asked_by, form, now)
    else:
        outbox.post(tx, digest, now)
        _report(tx, digest, [who for who in digest.report_to if who != HERE], now)


def _added(tx: Transaction, number: int, counted: Mapping[str, Any], before: Mapping[str, Any]) -> Digest | None:
    """Add what was counted to the numbers of a digest and return it; None where they are kept for good already."""
    digest = digests.get(tx, number)
    if digest is None or digest.state is not DigestState.PLANNED:
        return None
    tx.update(digest, numbers={**digest.numbers, **counted}, before={**digest.before, **before})
    return digest


def posted(tx: Transaction, number: int, said: Said, now: datetime) -> None:
    """Write down where a digest stands, say below it what belongs there, and show its picture."""
    digest = digests.get(tx, number)
    if digest is None or digest.head_id:
        return
    state = DigestState.FAILED if digest.state is DigestState.FAILED else DigestState.POSTED
    tx.update(digest, state=state, head_id=said.head_id, posted_at=now)
    if digest.channel_id:
        go_on_below(tx, digest, now)
    else:
        tx.update(digest, thread_id=said.channel_id)
    if digest.numbers:
        outbox.picture(tx, digest, now, alone=bool(digest.channel_id) or said.in_pieces)


def go_on_below(tx: Transaction, digest: Digest, now: datetime, *, again: bool = False) -> None:
    """Say below a head what belongs there, in Discord once a thread is open; `again`: some of it may stand.

    Of threads Discord lets a server open few at once, for which no head shall wait.
    """
    if digest.numbers and not digest.thread_id and outbox.on_discord(digest):
        outbox.thread(tx, digest, now, again=again)
    else:
        say_below(tx, digest, now, again=again)


def say_below(tx: Transaction, digest: Digest, now: datetime, *, again: bool = False) -> None:
    """Say the sections of a digest in the thread that is open below its head, and hand over its report there."""
    for one in kept.shown(digest):
        outbox.section(tx, digest, digest.thread_id or digest.head_id, one.section.key, now, again=again)
    if HERE in digest.report_to:
        _report(tx, digest, [""], now, again=again)


def _report(tx: Transaction, digest: Digest, to: Iterable[str], now: datetime, *, again: bool = False) -> None:
    """Let the page for owners follow, where there is anything to tell."""
    for who in dict.fromkeys(to) if digest.numbers else ():
        outbox.report(tx, digest, who, now, again=again)


def pictured(tx: Transaction, number: int, file_id: str) -> None:
    """Remember the file that a digest shows."""
    digest = digests.get(tx, number)
    if digest is not None:
        tx.update(digest, picture=file_id)
