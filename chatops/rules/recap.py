"""When hours of business open or close so that it matters, and how far a team then looks ahead."""

from typing import NamedTuple

from chatops.rules.hours import Calendar
from chatops.rules.walltime import HOUR

FRESH = HOUR  # of a change further back nobody is told any more
FIRST_HOUR = HOUR
BREAK = 2 * HOUR  # closed for less is a lunch


class Change(NamedTuple):
    """Hours opened, or closed, `at` an instant; what runs out before `until` is worth a look. Milliseconds."""

    at: int
    opened: bool
    until: int


def change(calendar: Calendar, now: int) -> Change | None:
    """Return what changed within the hour before an instant; None: nothing, or it was only a break."""
    near = calendar.stretches(now - FRESH - BREAK, now + 1)
    if not near:
        return None
    start, end = near[-1]
    if calendar.is_open(now):
        told = now - start < FRESH and calendar.measure(start - BREAK, start) == 0
        return Change(start, opened=True, until=start + FIRST_HOUR) if told else None
    opens = calendar.next_change(end)
    told = now - end < FRESH and opens is not None and opens - end >= BREAK
    return Change(end, opened=False, until=opens) if told and opens is not None else None
