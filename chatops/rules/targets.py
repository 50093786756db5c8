"""Service levels: what is promised to whom, in which time, and when somebody is warned that it runs out."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import count
from typing import NamedTuple

import msgspec

from chatops.errors import SetupError
from chatops.rules.answers import AnswerKind
from chatops.rules.durations import milliseconds
from chatops.rules.hours import ALWAYS, Calendar


class Metric(StrEnum):
    """What a target limits."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    PLATFORM_RESPONSE = "platform_response"  # the platform's own rate: always around the clock
    PLATFORM_DEADLINE = "platform_deadline"  # an instant that the platform gives: of a return, a dispute


class Excuse(StrEnum):
    """Why a platform may not count what a buyer said."""

    HOLIDAY = "holiday"  # the shop's holiday mode was on
    SELLER_STARTED = "seller_started"  # it answers what the seller began


RESPONSES = frozenset((Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.PLATFORM_RESPONSE))
OF_THE_PLATFORM = frozenset((Metric.PLATFORM_RESPONSE, Metric.PLATFORM_DEADLINE))


class Urgency(StrEnum):
    """How loudly an alarm speaks, from the least."""

    CHANNEL = "channel"  # in the thread only
    PAGE = "page"
    LOUD = "loud"  # a page that heeds no quiet hours


class Pause(StrEnum):
    """During what a clock stands still."""

    BUYER = "buyer"  # they have our answer, and it is their turn
    SNOOZE = "snooze"
    PLATFORM_DOWN = "platform_down"


class Match(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which tickets a service level is for: those for which all that is named holds; nothing named: all of them."""

    shops: tuple[str, ...] = ()  # by name
    markets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One limit of a service level.

    `within`: "90s", "5m", "1h 30m", "3d"; for the platform's own response "" is what the shop's market asks.
    `calendar`: in whose hours it counts, "" around the clock; the platform's own always count around the clock, and the
    calendar says when the team is there to be warned. `warn`: by the share that is used up ("80%") or the time that is
    left ("1m left"), each with an urgency of its own if it ends in one ("1h left loud"). `pause`: during what it stands
    still.
    """

    metric: Metric
    within: str = ""
    calendar: str = ""
    warn: tuple[str, ...] = ("80%",)
    pause: tuple[Pause, ...] = ()
    urgency: Urgency = Urgency.PAGE
    automatic_counts: bool = False  # an automatic answer is one, too


class ServiceLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A promise: its targets, for the tickets it is for, and the escalation by which its alarms call people."""

    targets: tuple[Target, ...]
    match: Match = Match()
    escalation: str = ""


class PlatformClock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a platform asks of shops in some markets since a day; `ignores`: answers that it does not take for one.

    `excuses`: why it may not count what a buyer said; `pause`: during what it stops counting. `source` says where it is
    written, `review` when to look again.
    """

    markets: tuple[str, ...]
    since: date
    within: str
    source: str
    review: date
    ignores: tuple[AnswerKind, ...] = (AnswerKind.AUTOMATIC,)
    excuses: tuple[Excuse, ...] = ()
    pause: tuple[Pause, ...] = ()


class Facts(NamedTuple):
    """What a service level asks about a ticket."""

    shop: str
    market: str
    kind: str
    language: str
    level: str
    priority: str
    tags: Sequence[str]
    tier: str = ""


class Warn(NamedTuple):
    """When a clock warns: `used` a share of its limit, or `left` milliseconds before its end."""

    text: str
    used: float | None
    left: int
    urgency: Urgency

    def position(self, limit: int) -> int:
        """Return after how much consumed time it speaks."""
        return max(limit - self.left if self.used is None else round(limit * self.used), 0)


class Promise(NamedTuple):
    """A target ready to count by. `team`: the hours in which somebody is there to be warned of a platform's clock."""

    key: str
    metric: Metric
    limit: int
    calendar: Calendar
    calendar_name: str
    warns: tuple[Warn, ...]
    urgency: Urgency
    pause: frozenset[Pause]
    counts: frozenset[AnswerKind]
    excuses: frozenset[Excuse]
    escalation: str
    team: Calendar | None


_WARN = re.compile(r"(?:(\d{1,2})\s*%|(.+?)\s+left)(?:\s+(channel|page|loud))?")


def fits(match: Match, facts: Facts) -> bool:
    """Tell whether a service level is for a ticket."""
    asked = (
        (match.shops, facts.shop),
        (match.markets, facts.market),
        (match.kinds, facts.kind),
        (match.languages, facts.language),
        (match.levels, facts.level),
        (match.priorities, facts.priority),
        (match.tiers, facts.tier),
    )
    tagged = not match.tags or any(tag in facts.tags for tag in match.tags)
    return tagged and all(is_so in wanted for wanted, is_so in asked if wanted)


def warn(text: str, urgency: Urgency) -> Warn:
    """Return a warning as it is written; `urgency` counts when it names none.

    Raises:
        SetupError: it says neither a share nor what is left.
    """
    said = _WARN.fullmatch(text.strip())
    if said is None or said[1] == "0":
        raise SetupError(f"{text!r} is no time to warn", 'Write it like "80%", "1m left" or "1h left loud".')
    loud = Urgency(said[3]) if said[3] else urgency
    return Warn(text, int(said[1]) / 100, 0, loud) if said[1] else Warn(text, None, milliseconds(said[2]), loud)


def check(level: ServiceLevel) -> None:
    """Let a service level through that can be kept.

    Raises:
        SetupError: what is wrong with it.
    """
    if not level.targets:
        raise SetupError("it promises nothing", 'Add targets = [{ metric = "first_response", within = "5m" }].')
    for target in level.targets:
        for text in target.warn:
            warn(text, target.urgency)
        given = target.metric is Metric.PLATFORM_DEADLINE
        if given and target.within:
            raise SetupError("the platform says itself when a deadline is", "Leave out `within`.")
        if target.within or not (given or target.metric is Metric.PLATFORM_RESPONSE):
            milliseconds(target.within)
        if target.pause and target.metric in OF_THE_PLATFORM:
            raise SetupError("the platform's clocks never stand still", "Leave out `pause`.")
        if Pause.BUYER in target.pause and target.metric in RESPONSES:
            raise SetupError("an answer ends this clock, it does not pause it", 'Leave "buyer" out of `pause`.')


def asked_by(platform: Iterable[PlatformClock], market: str, on: date) -> PlatformClock | None:
    """Return what the platform asks in a market on a day; None: nobody knows."""
    known = [clock for clock in platform if market in clock.markets and clock.since <= on]
    return max(known, key=lambda clock: clock.since, default=None)


def numbered(targets: Sequence[Target], before: Sequence[Target] = (), numbers: Sequence[int] = ()) -> list[int]:
    """Return which of its metric's each target is, from 1: those there were `before` keep their `numbers`.

    A target is the one from before that is most like it, so that its clocks go on wherever it stands now.
    """
    known = [*zip(before, numbers or numbered(before), strict=True)] if before else []
    found: dict[int, int] = {}
    for same in _LIKENESS:
        for place, one in enumerate(targets):
            alike = next((each for each in known if same(each[0]) == same(one)), None) if place not in found else None
            if alike is not None:
                known.remove(alike)
                found[place] = alike[1]
    for place, one in enumerate(targets):
        taken = {number for other, number in found.items() if targets[other].metric is one.metric}
        found.setdefault(place, next(number for number in count(1) if number not in taken))
    return [found[place] for place in range(len(targets))]


def _within(one: Target) -> int:
    return milliseconds(one.within) if one.within else 0


_LIKENESS: tuple[Callable[[Target], object], ...] = (  # from all that a clock counts by to the least
    lambda one: (one.metric, one.calendar, _within(one)),
    lambda one: (one.metric, one.calendar),
    lambda one: (one.metric, _within(one)),
    lambda one: one.metric,
)


def promises(
    level: ServiceLevel,
    calendars: Mapping[str, Calendar],
    asked: PlatformClock | None,
    numbers: Sequence[int] = (),
) -> dict[str, Promise]:
    """Return what a service level promises, by key: the metric's name, for another one of it with its number behind.

    `asked`: what the platform asks in the shop's market; where nobody knows, its response is not promised. A calendar
    that is not there counts around the clock. `numbers`: of the targets, see `numbered`; without them by their order.
    """
    found: dict[str, Promise] = {}
    for place, target in enumerate(level.targets):
        within = target.within or (asked.within if asked and target.metric is Metric.PLATFORM_RESPONSE else "")
        if not within and target.metric is Metric.PLATFORM_RESPONSE:
            continue
        so_far = sum(one.metric is target.metric for one in found.values())
        key = _key(target.metric, numbers[place] if numbers else so_far + 1)
        found[key] = _promise(key, target, milliseconds(within) if within else 0, level, calendars, asked)
    return found


def _key(metric: Metric, number: int) -> str:
    return metric.value if number == 1 else f"{metric.value}.{number}"


def _promise(
    key: str,
    target: Target,
    limit: int,
    level: ServiceLevel,
    calendars: Mapping[str, Calendar],
    asked: PlatformClock | None,
) -> Promise:
    of_platform = target.metric in OF_THE_PLATFORM
    ignored = set() if target.automatic_counts else {AnswerKind.AUTOMATIC}
    if of_platform and asked is not None:
        ignored = set(asked.ignores)
    hours = calendars.get(target.calendar)
    return Promise(
        key=key,
        metric=target.metric,
        limit=limit,
        calendar=ALWAYS if of_platform or hours is None else hours,
        calendar_name="" if of_platform else target.calendar,
        warns=tuple(warn(text, target.urgency) for text in target.warn),
        urgency=target.urgency,
        pause=frozenset((asked.pause if asked else ()) if of_platform else target.pause),
        counts=frozenset(AnswerKind) - ignored,
        excuses=frozenset(asked.excuses if of_platform and asked else ()),
        escalation=level.escalation,
        team=hours if of_platform else None,
    )
