"""Alarms of a clock: when it warns, when it has run out, and what is said when several are due at once."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chatops.rules.clock import ClockState, Count
from chatops.rules.targets import OF_THE_PLATFORM, Promise, Urgency
from chatops.rules.walltime import HOUR, MINUTE

BREACH = "breach"
CLOSING = "closing"
LAST_OPEN_HOUR = HOUR
_LOUDNESS = {urgency: loudness for loudness, urgency in enumerate(Urgency)}
_MOST_JITTER = MINUTE // 2
_SHARE_OF_JITTER = 20  # of the limit, at most one such part
_GRACE = MINUTE // 2  # a platform's clock is given so long for an answer to be heard of that came in time


class Alarm(NamedTuple):
    """One instant at which a clock speaks; `position`: how much consumed time it belongs to.

    `name` is its own for as long as the limit stays, so that it speaks once.
    """

    at: int
    position: int
    name: str
    urgency: Urgency

    @property
    def is_breach(self) -> bool:
        """Whether the promise is broken."""
        return self.name == BREACH

    @property
    def is_urgent(self) -> bool:
        """Whether a rush of others must not delay it."""
        return self.urgency is Urgency.LOUD or (self.is_breach and self.urgency is not Urgency.CHANNEL)


def alarms(count: Count, promise: Promise, heeded: int = -1, seed: int = 0) -> list[Alarm]:
    """Return when a clock is yet to speak, in order.

    Its alarms up to the position `heeded` have spoken. Warnings come somewhat early by `seed`: not all do at once.
    """
    if count.running is None or count.due is None:
        return []
    runs = count.state is ClockState.RUNNING
    found = (
        [alarm for alarm in _warnings(count, promise, count.running, seed) if alarm.position > heeded] if runs else []
    )
    if runs or count.limit > heeded:
        grace = _GRACE if promise.metric in OF_THE_PLATFORM else 0
        found.append(Alarm(count.due + 1 + grace, count.limit, BREACH, promise.urgency))
    return sorted(found)


def _warnings(count: Count, promise: Promise, running: int, seed: int) -> Iterator[Alarm]:
    jitter = seed % (min(_MOST_JITTER, count.limit // _SHARE_OF_JITTER) + 1)
    for warn in promise.warns:
        position = warn.position(count.limit)
        at = promise.calendar.add(running, position - count.consumed)
        if at is not None and count.due is not None and at < count.due:
            yield Alarm(max(at - jitter, running), position, f"{warn.text} of {count.limit}", warn.urgency)
    last = promise.team.sub(count.due, LAST_OPEN_HOUR) if promise.team is not None and count.due is not None else None
    if last is not None:
        at = max(last, running)
        yield Alarm(at, count.consumed + at - running, f"{CLOSING} of {count.limit}", promise.urgency)


def gravest(found: Sequence[Alarm]) -> Alarm:
    """Return the one of several alarms due at once that speaks for all: the breach, else the loudest warning."""
    return max(found, key=lambda alarm: (alarm.is_breach, _LOUDNESS[alarm.urgency], alarm.position, alarm.at))
