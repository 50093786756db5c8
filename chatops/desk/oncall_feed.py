"""Addresses at which calendars read who is on call: made, taken back, and what is read there."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlmodel import col, delete, select

from chatops import outbox_oncall as outbox
from chatops.catalog import Verb
from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model import oncall
from chatops.model import oncall_feed as feeds
from chatops.model.agent import Agent, Role
from chatops.model.oncall import Duty
from chatops.model.oncall_feed import OnCallFeed, Stint
from chatops.model.rotation import OnCall
from chatops.rules import choices
from chatops.rules.rotation import Shift
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds

BACK, AHEAD = timedelta(days=28), timedelta(days=182)  # what a calendar shows


class Read(NamedTuple):
    """What stands at an address: whose it is (None: the team's), and who is on call when."""

    owner: Agent | None
    locale: str
    stints: list[Stint]


def feed(tx: Transaction, agent: Agent, words: str, now: datetime) -> None:
    """Let somebody's calendar read a rotation: they are written to; "off" takes their address back.

    Raises:
        Refused: it is not clear of which rotation.
    """
    said = words.split()
    off = bool(said) and choices.choice(said[-1], {}) == ""
    rotation = _rotation(tx, agent, Verb.FEED, " ".join(said[:-1] if off else said))
    if off:
        taken_back(tx, agent.workspace_id, rotation, agent.id)
    else:
        outbox.feed(tx, agent.workspace_id, agent.id, rotation, now)


def picture(tx: Transaction, agent: Agent, words: str, now: datetime) -> None:
    """Show the coming weeks of a rotation in its channel.

    Raises:
        Refused: it is not clear of which rotation, or it has no channel.
    """
    rotation = _rotation(tx, agent, Verb.PICTURE, words)
    found = oncall.duty(tx, rotation, now, now)
    channel_id = found.rota.spec.channel if found else ""
    if found is None or not channel_id:
        raise Refused(Refusal.NO_ROTA_CHANNEL, rotation=rotation)
    outbox.picture(tx, agent.workspace_id, channel_id, "", rotation, found.workspace.locale, now)


def _rotation(tx: Transaction, agent: Agent, verb: Verb, words: str) -> str:
    """Return which rotation is meant; it need not be named where there is only one."""
    known = oncall.names(tx, agent.workspace_id)
    named = [name for name in known if name.casefold() == words.strip().casefold()]
    if not known:
        raise Refused(Refusal.NO_ROTATION)
    if len(named or known) > 1 or (words.strip() and not named):
        raise Refused(Refusal.NO_SUCH_CHOICE, verb=verb.value, words=words, choices=", ".join(known))
    return (named or known)[0]


def made(tx: Transaction, workspace_id: str, rotation: str, agent_id: str, now: datetime) -> str:
    """Make a new address, in place of the one before; return its secret, which nobody can read here again."""
    secret = secrets.token_urlsafe(24)
    fresh = {"digest": _digest(secret), "made_at": now}
    key = {"workspace_id": workspace_id, "rotation": rotation, "agent_id": agent_id}
    tx.execute(tx.upsert(OnCallFeed, {**key, **fresh}, list(key), fresh))
    return secret


def taken_back(tx: Transaction, workspace_id: str, rotation: str, agent_id: str) -> bool:
    """Let an address show nothing any more; False when there is none."""
    feed = tx.get(OnCallFeed, workspace_id, rotation, agent_id)
    if feed is not None:
        tx.execute(delete(OnCallFeed).where(col(OnCallFeed.digest) == feed.digest))
    return feed is not None


def read(tx: Transaction, rotation: str, secret: str, now: datetime, *, own: bool = False) -> Read | None:
    """Return what stands at an address, `own`: only its owner's turns.

    None: there is no such address, its rotation is gone, or its owner left.
    """
    feed = feeds.known(tx, _digest(secret))
    found = None if feed is None or feed.rotation != rotation else oncall.duty(tx, rotation, now, now + AHEAD)
    if feed is None or found is None or found.workspace.id != feed.workspace_id:
        return None
    owner = agents.get(tx, feed.workspace_id, feed.agent_id) if feed.agent_id else None
    if feed.agent_id and (owner is None or owner.standing is Role.OBSERVER):
        return None
    stints = stints_of(tx, found, rotation, now)
    if own and owner:
        stints = [one for one in stints if one.agent and one.agent.id == owner.id]
    return Read(owner, (owner.locale if owner else "") or found.workspace.locale, stints)


def stints_of(tx: Transaction, found: Duty, rotation: str, now: datetime, ahead: timedelta = AHEAD) -> list[Stint]:
    """Return who was on call in the last weeks, as it happened, and who will be; in order."""
    kept = select(OnCall).where(OnCall.workspace_id == found.workspace.id, OnCall.rotation == rotation)
    log = tx.all(OnCall, kept.where(col(OnCall.end_at).is_(None) | (col(OnCall.end_at) > now - BACK)))
    since = {one.agent_id: to_milliseconds(one.start_at) for one in log if one.end_at is None}
    at = to_milliseconds(now)
    was = [
        Stint(to_milliseconds(one.start_at), to_milliseconds(one.end_at), found.agent(one.agent_id))
        for one in log
        if one.end_at is not None
    ]
    planned = found.rota.shifts(to_milliseconds(now - BACK), to_milliseconds(now + ahead), found.said)
    coming = [
        Stint(since.get(who, start) if start <= at else start, end, found.agent(who) if who else None)
        for start, end, who in _runs(planned)
        if end > at
    ]
    return sorted([*was, *coming], key=lambda one: (one.start, one.agent.id if one.agent else ""))


def _runs(shifts: Iterable[Shift]) -> Iterator[tuple[int, int, str]]:
    """Yield from when until when each person is on call without a break, whoever else is; "": nobody is."""
    running: dict[str, int] = {}
    end = 0
    for shift in shifts:
        here = set(shift.who or ("",))
        for who in sorted(running.keys() - here):
            yield running.pop(who), shift.start, who
        running |= dict.fromkeys(here - running.keys(), shift.start)
        end = shift.end
    yield from ((start, end, who) for who, start in sorted(running.items()))


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
