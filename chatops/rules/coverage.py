"""Proving a rotation: when nobody is going to be on call, or nobody who speaks a language, why, and what would help."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatops.rules import hours
from chatops.rules.rotation import Instead, Override, Rota
from chatops.rules.walltime import DAY, segments, wall

AHEAD = 35 * DAY
AROUND_CHANGE = 7 * DAY  # before and after a clock is changed
CHANGES = 2  # of each zone that are looked at
_YEAR = 400 * DAY  # within it, a zone that changes its clock does so twice

Stretch = tuple[int, int]


class Why(StrEnum):
    """Why nobody is there."""

    ABSENT = "absent"  # somebody said that they are not there
    LEFT = "left"  # somebody is no member of the team any more
    HOURS = "hours"  # between the hours of two layers
    LANGUAGE = "language"  # somebody is there, who does not speak it
    OVER = "over"  # no layer has begun yet, or all have ended


class Gap(NamedTuple):
    """Nobody who answers in `language` ("": nobody at all) is on call in [start, end), and `times` - 1 times more.

    `last` is the end of the last time. `missing` are those because of whom, `could` the members who might stand in,
    `before` and `after` name the layers whose hours end and begin there.
    """

    start: int
    end: int
    language: str
    why: Why
    missing: tuple[str, ...] = ()
    could: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    times: int = 1
    last: int = 0


def periods(rota: Rota, now: int) -> list[Stretch]:
    """Return what is to be proven: five weeks, and the fortnights around the next clock changes of every zone of it."""
    near = [(now, now + AHEAD)]
    for zone in {turns.zone.key for turns in rota.turns}:
        offsets = pairwise(segments(ZoneInfo(zone), now, now + _YEAR))
        changes = [start for (*_, before), (start, _, ahead) in offsets if before != ahead]
        near += [(max(now, at - AROUND_CHANGE), at + AROUND_CHANGE) for at in changes[:CHANGES]]
    return hours.merged(sorted(near))


def gaps(rota: Rota, period: Stretch, said: Sequence[Override], speaks: Mapping[str, Sequence[str]]) -> list[Gap]:
    """Return every gap of a period, in order; `speaks`: the languages of each member, none: every language."""
    found = [
        _explained(rota, Gap(start, end, language, Why.HOURS, last=end), said, speaks)
        for language in ("", *rota.spec.languages)
        for start, end in _uncovered(rota, period, said, _answering(language, speaks))
    ]
    nobody = [gap for gap in found if not gap.language]
    rest = [gap for gap in found if gap.language and not any(_within(gap, other) for other in nobody)]
    return sorted(nobody + rest)


def together(found: Sequence[Gap], zone: ZoneInfo) -> list[Gap]:
    """Return gaps with those made one that come again and again at the same time of day, for the same reason."""
    alike = sorted(found, key=lambda gap: (_likeness(gap, zone), gap.start))
    series = [list(group) for _, group in groupby(alike, key=lambda gap: _likeness(gap, zone))]
    return sorted(some[0]._replace(times=len(some), last=some[-1].end) for some in series)


def _likeness(gap: Gap, zone: ZoneInfo) -> tuple[object, ...]:
    return gap[2:8], gap.end - gap.start, wall(gap.start, zone).time()


def _within(gap: Gap, other: Gap) -> bool:
    return other.start <= gap.start and gap.end <= other.end


def _answering(language: str, speaks: Mapping[str, Sequence[str]]) -> Callable[[str], bool]:
    return lambda who: not language or not speaks.get(who) or language in speaks[who]


def _uncovered(
    rota: Rota, period: Stretch, said: Sequence[Override], answers: Callable[[str], bool]
) -> Iterator[Stretch]:
    """Yield when nobody of whom `answers` is true is on call."""
    empty = [(shift.start, shift.end) for shift in rota.shifts(*period, said) if not any(map(answers, shift.who))]
    yield from hours.merged(empty)


def _explained(rota: Rota, gap: Gap, said: Sequence[Override], speaks: Mapping[str, Sequence[str]]) -> Gap:
    """Return a gap with its reason and what would help."""
    answers, at = _answering(gap.language, speaks), gap.start
    away = {one.who: one for one in said if one.kind is Instead.ABSENT and one.start < gap.end and one.end > gap.start}
    members = {who for turns in rota.turns for member in turns.layer.members for who in member.split("+")}
    could = tuple(sorted(who for who in members - away.keys() if answers(who)))
    there = [one for one in said if one.kind is not Instead.ABSENT]
    missing = tuple(who for who in rota.on_call(at, there) if who in away and answers(who))
    if missing:
        why = Why.LEFT if all(away[who].start == 0 for who in missing) else Why.ABSENT
        return gap._replace(why=why, missing=missing, could=could)
    if gap.language and rota.on_call(at, said):
        return gap._replace(why=Why.LANGUAGE, missing=rota.on_call(at, said), could=could)
    if not any(turns.begins <= at < turns.ends for turns in rota.turns):
        return gap._replace(why=Why.OVER, could=could)
    return gap._replace(before=_named(rota, at - 1, at), after=_named(rota, gap.end, gap.end - 1), could=could)


def _named(rota: Rota, there: int, gone: int) -> str:
    """Return the name of a layer that has somebody at one instant, and at the other nobody."""
    names = (turns.layer.name for turns in rota.turns if turns.stint(there).who and not turns.stint(gone).who)
    return next(names, "")
