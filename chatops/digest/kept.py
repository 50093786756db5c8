"""Digests as rows keep them: whose, of when, and the numbers that each section counted."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from chatops.digest import sections
from chatops.digest.scope import Scope, Window, midnight
from chatops.digest.section import Figure, Reading, Section
from chatops.model.digest import Digest
from chatops.rules.walltime import first_instant
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds


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
    """Return the stretch of time before, as many local days long; of days that are not over, up to the same hour."""
    window = window_of(digest)
    days = [day.date for day in window.days()]
    back = timedelta(days=len(days))
    wall = window.end.astimezone(window.zone).replace(tzinfo=None)
    end = window.start if wall.time() == time() else from_milliseconds(first_instant(wall - back, window.zone))
    return Window(midnight(days[0] - back, window.zone), end, window.zone)


def reading_of(digest: Digest) -> Reading:
    """Return for whom it is shown."""
    return Reading(digest.workspace_id, window_of(digest), ranked=digest.ranked)


def counted(tx: Transaction, key: str, scope: Scope, window: Window) -> dict[str, Any] | None:
    """Count one section; None where it has nothing to say, or is not there any more."""
    section = sections.named(key)
    facts = section.count(tx, scope, window) if section else None
    return None if section is None or facts is None else section.frozen(facts)


def shown(digest: Digest) -> list[Shown]:
    """Return what a digest has to say, in order."""
    return [
        Shown(
            section,
            section.read(digest.numbers[section.key]),
            section.read(digest.before[section.key]) if section.key in digest.before else None,
        )
        for section in sections.every()
        if section.key in digest.numbers
    ]


def figures(digest: Digest) -> Iterator[tuple[str, Figure[Any], Any]]:
    """Yield every figure of a digest by its name, such as `volume.conversations`, with the numbers it is read from."""
    for one in shown(digest):
        for figure in one.section.figures:
            yield f"{one.section.key}.{figure.key}", figure, one.facts
