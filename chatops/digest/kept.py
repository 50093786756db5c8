"""Digests as rows keep them: whose, of when, and the numbers that each section counted."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from chatops.digest import sections, tables
from chatops.digest.scope import ONE_DAY, Scope, Window, midnight
from chatops.digest.section import Figure, Reading, Section
from chatops.model.digest import Digest
from chatops.rules.walltime import first_instant
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds

WEEK, MONTH = timedelta(days=7), timedelta(days=31)  # at most


class Shown(NamedTuple):
    """A section of a digest with its numbers, and those of the time before where they are to be compared."""

    section: Section[Any]
    facts: Any
    before: Any


def scope_of(digest: Digest) -> Scope:
    """Return whose work a digest tells of."""
    return msgspec.convert(digest.scope, Scope)


def window_of(digest: Digest) -> Window:
    """Return of when it tells."""
    return Window(digest.start_at, digest.end_at, ZoneInfo(digest.timezone))


def before_of(digest: Digest) -> Window:
    """Return what it is compared with: the same days of the week before, or of the month before; else what was before.

    Of days that are not over, the time up to the same hour.
    """
    window = window_of(digest)
    if of_hours(digest):
        return _hours_before(window)
    first = next(window.days()).date
    begins, ends = _before(first, window.by_the_clock()[1])
    end = from_milliseconds(first_instant(ends, window.zone))
    return Window(midnight(begins, window.zone), min(end, window.start), window.zone, looks_ahead=False)


def of_hours(digest: Digest) -> bool:
    """Tell whether somebody asked for hours, and not for days."""
    return not digest.plan and window_of(digest).is_of_hours(so_far=digest.end_at == digest.made_at)


def _hours_before(window: Window) -> Window:
    """Return the same hours of the day before, or of as many days before as these are begun."""
    back = -(-(window.end - window.start) // ONE_DAY) * ONE_DAY
    begins, ends = (from_milliseconds(first_instant(at - back, window.zone)) for at in window.by_the_clock())
    return Window(begins, min(ends, window.start), window.zone, looks_ahead=False)


def _before(first: date, until: datetime) -> tuple[date, datetime]:
    """Return the days, up to a time of the last one, that those from `first` to `until` are compared with."""
    is_over = until.time() == time()
    last = until.date() - ONE_DAY if is_over else until.date()
    long = last - first + ONE_DAY
    is_week = first.weekday() == 0 and long <= WEEK
    if first.day == 1 and long > ONE_DAY and not is_week and not is_over:
        month = (first - ONE_DAY).replace(day=1)
        return month, until - (first - month)
    if first.day == 1 and is_over and until.date() == (first + MONTH).replace(day=1):
        return (first - ONE_DAY).replace(day=1), datetime.combine(first, time())
    back = WEEK if ONE_DAY < long <= WEEK else long
    return first - back, until - back


def reading_of(digest: Digest) -> Reading:
    """Return for whom it is shown."""
    window = window_of(digest)
    today = (digest.counted_at or digest.due_at).astimezone(window.zone).date()
    until_today = window.end == midnight(today, window.zone)
    return Reading(digest.workspace_id, window, digest.ranked, until_today, digest.id)


def counted(tx: Transaction, key: str, scope: Scope, window: Window) -> dict[str, Any] | None:
    """Count one section; None where it has nothing to say, or is not there any more."""
    tables.plans_each(tx)
    section = sections.named(key)
    facts = section.count(tx, scope, window) if section else None
    return None if section is None or facts is None else section.frozen(facts)


def shown(digest: Digest) -> list[Shown]:
    """Return what a digest has to say, in order."""
    return [
        Shown(
            section,
            section.read(digest.numbers[section.key]),
            section.read(digest.before[section.key], before=True) if section.key in digest.before else None,
        )
        for section in sections.every()
        if section.key in digest.numbers
    ]


def figures(digest: Digest) -> Iterator[tuple[str, Figure[Any], Any]]:
    """Yield every figure of a digest by its name, such as `volume.conversations`, with the numbers it is read from."""
    for one in shown(digest):
        for figure in one.section.figures:
            yield f"{one.section.key}.{figure.key}", figure, one.facts
