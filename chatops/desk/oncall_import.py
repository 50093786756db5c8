"""Taking who is on call over from another calendar: its entries stand instead of whoever has the turn.

What a file said before and says no more is taken back, so the same file may come again and again. The past stays as it
was.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import col, select

from chatops.desk import handovers
from chatops.errors import SetupError
from chatops.model import oncall
from chatops.model.agent import Agent, Role
from chatops.model.oncall import Duty
from chatops.model.rotation import Override
from chatops.rules.rotation import Instead
from chatops.store.transaction import Transaction

SOURCE = "ics:"  # what the reason of an imported override begins with
FAR = timedelta(days=732)


class Wanted(NamedTuple):
    """Somebody is on call in [start, end) and nobody else is."""

    start: datetime
    end: datetime
    who: str


class Difference(NamedTuple):
    """One difference between a file and what was taken from it before: `sign` is + (new) or - (taken back)."""

    sign: str
    agent: Agent
    start: datetime
    end: datetime


def compare(tx: Transaction, rotation: str, file: str, wanted: Iterable[Wanted], now: datetime) -> list[Difference]:
    """Return what taking a file in would change.

    Raises:
        SetupError: there is no such rotation, two entries are at the same time, or somebody is not of the team.
    """
    duty, new, gone = _differing(tx, rotation, file, wanted, now)
    found = [Difference("+", duty.agent(one.who), one.start, one.end) for one in new]
    found += [Difference("-", duty.agent(one.who), max(one.start_at, now), one.end_at) for one in gone]
    return sorted(found, key=lambda one: (one.start, one.sign))


def apply(tx: Transaction, rotation: str, file: str, wanted: Iterable[Wanted], now: datetime) -> list[Difference]:
    """Take a file in; raises as `compare`."""
    changes = compare(tx, rotation, file, wanted := list(wanted), now)
    duty, new, gone = _differing(tx, rotation, file, wanted, now)
    for one in gone:
        tx.update(one, cancelled_at=now)
    for fresh in new:
        said = Override(
            workspace_id=duty.workspace.id,
            rotation=rotation,
            kind=Instead.ONLY,
            start_at=fresh.start,
            end_at=fresh.end,
            who=fresh.who,
            reason=f"{SOURCE}{file}",
            made_at=now,
        )
        tx.insert(said)
    if changes:
        handovers.said(tx, rotation, now)
    return changes


def _differing(
    tx: Transaction, rotation: str, file: str, wanted: Iterable[Wanted], now: datetime
) -> tuple[Duty, Sequence[Wanted], Sequence[Override]]:
    """Return the rotation, what of a file is new, and what it said before and says no more."""
    duty = oncall.duty(tx, rotation, now, now + FAR)
    if duty is None:
        raise SetupError(f"there is no rotation {rotation!r}", "`chatops export` shows the [[rotations]] there are.")
    coming = sorted({one._replace(start=max(one.start, now)) for one in wanted if one.end > now})
    _check(duty, coming)
    here = Override.workspace_id == duty.workspace.id, Override.rotation == rotation
    ours = select(Override).where(*here, Override.reason == f"{SOURCE}{file}", col(Override.cancelled_at).is_(None))
    known = {
        Wanted(max(one.start_at, now), one.end_at, one.who): one for one in tx.all(Override, ours) if one.end_at > now
    }
    gone = [one for key, one in known.items() if key not in coming]
    return duty, [one for one in coming if one not in known], gone


def _check(duty: Duty, coming: Sequence[Wanted]) -> None:
    for one in coming:
        agent = duty.team.get(one.who)
        if agent is None or agent.standing is Role.OBSERVER:
            raise SetupError(f"{one.who} is not of the team", "Name agents by the ids that the chat gives them.")
    last = None
    for one in coming:
        if last and one.start < last.end and one.who != last.who:
            at = f"{one.start:%Y-%m-%d %H:%M} UTC"
            raise SetupError(f"two people have the turn at the same time, {at}", "Leave one of the entries out.")
        last = one if last is None or one.end > last.end else last
