"""The shifts of the coming weeks as somebody sees them at an instant, and whose are others by another look."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from chatops.model.oncall import AHEAD, Duty
from chatops.rules.hours import Stretch, merged
from chatops.times import to_milliseconds


class Moved(NamedTuple):
    """Somebody's shifts change: these go, those come."""

    who: str
    gone: list[Stretch]
    come: list[Stretch]


class Foreseen(NamedTuple):
    """Who is going to be on call from when to when, as far as `until`."""

    until: int
    stints: dict[str, list[list[int]]]

    @classmethod
    def of(cls, duty: Duty | None, now: datetime) -> "Foreseen":
        """Return it as it is seen now; of no rotation, nobody's."""
        until, stints = now + AHEAD, dict[str, list[list[int]]]()
        shifts = duty.rota.shifts(to_milliseconds(now), to_milliseconds(until), duty.said) if duty else ()
        for shift in shifts:
            for who in shift.who:
                stints.setdefault(who, []).append([shift.start, shift.end])
        return cls(to_milliseconds(until), stints)

    @classmethod
    def read(cls, written: str) -> "Foreseen":
        """Return what was `written`."""
        return cls(*json.loads(written))

    def written(self) -> str:
        """Return it as a text."""
        return json.dumps(self)

    def within(self, who: str, start: int, end: int) -> list[Stretch]:
        """Return when somebody is on call within [start, end)."""
        cut = [(max(low, start), min(high, end)) for low, high in self.stints.get(who, ())]
        return merged(stint for stint in cut if stint[0] < stint[1])

    def moved(self, after: "Foreseen", at: int) -> Iterator[Moved]:
        """Yield whose shifts from `at` on, as far as this one saw, are others `after`."""
        for who in sorted(self.stints.keys() | after.stints.keys()):
            old, new = (one.within(who, at, self.until) for one in (self, after))
            if old != new:
                yield Moved(who, [one for one in old if one not in new], [one for one in new if one not in old])
