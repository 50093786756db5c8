"""Telling channels, when hours of business open or close, what cannot wait: the first hour's work, or the night's."""

from collections.abc import Sequence
from datetime import datetime

from chatops import outbox_oncall as outbox
from chatops.desk.sweeping import Sweeper
from chatops.model import definition as definitions
from chatops.model import recap as recaps
from chatops.model import shop as shops
from chatops.model.definition import DefinitionKind
from chatops.model.recap import RecapWatch
from chatops.rules import recap as rules
from chatops.rules.hours import Calendar, Hours, compiled
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds, to_milliseconds

AT_ONCE = 10


def _tell(tx: Transaction, due: Sequence[RecapWatch], now: datetime) -> int:
    """Tell the channels of calendars that opened or closed; return how many those are."""
    for watch in due:
        _look(tx, watch, now)
    return len(due)


def _put_off(tx: Transaction, watch: RecapWatch, until: datetime) -> str:
    """Let a calendar wait that cannot be told of; return which that is."""
    tx.update(watch, next_at=until)
    return f"recap of {watch.calendar}"


tell_due = Sweeper(recaps.due, _tell, _put_off, AT_ONCE)


def clock_set_back(tx: Transaction, now: datetime) -> None:
    """Look anew at what a clock that was ahead has looked at; of a change that was told nobody hears twice."""
    for watch in recaps.watches(tx):
        tx.update(watch, next_at=now)


def defined(tx: Transaction, kind: DefinitionKind, name: str, now: datetime) -> None:
    """Find out anew when a calendar opens or closes next: it was defined, or removed."""
    if kind is not DefinitionKind.CALENDAR:
        return
    watch = recaps.watch(tx, name)
    if watch is None:
        watch = RecapWatch(calendar=name)
        tx.insert(watch)
    if watch.next_at is not None and watch.next_at <= now:  # it changed just now, and nobody has been told yet
        _look(tx, watch, now)
    else:
        tx.update(watch, next_at=_next(_hours(tx, name, now), now))


def _look(tx: Transaction, watch: RecapWatch, now: datetime) -> None:
    calendar = _hours(tx, watch.calendar, now)
    changed = rules.change(calendar, to_milliseconds(now)) if calendar else None
    told_at = watch.told_at
    if changed is not None and (told_at is None or from_milliseconds(changed.at) > told_at):
        told_at = from_milliseconds(changed.at)
        for workspace_id, channel_id in shops.channels(tx):
            outbox.recap(tx, workspace_id, channel_id, watch.calendar, changed, now)
    tx.update(watch, told_at=told_at, next_at=_next(calendar, now))


def _hours(tx: Transaction, name: str, now: datetime) -> Calendar | None:
    found = definitions.in_force(tx, DefinitionKind.CALENDAR, name, now)
    return compiled(found.read(Hours)) if found else None


def _next(calendar: Calendar | None, now: datetime) -> datetime | None:
    at = calendar.next_change(to_milliseconds(now)) if calendar else None
    return None if at is None else from_milliseconds(at)
