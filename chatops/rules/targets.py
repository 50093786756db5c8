"""Service levels: what is promised to whom, in which time, and when somebody is warned that it runs out."""

from enum import StrEnum

import msgspec


class Metric(StrEnum):
    """What a target limits."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    PLATFORM_RESPONSE = "platform_response"  # the platform's own rate: always around the clock
    PLATFORM_DEADLINE = "platform_deadline"  # an instant that the platform gives: of a return, a dispute


class Urgency(StrEnum):
    """How loudly an alarm speaks, from the least."""

    CHANNEL = "channel"  # in the thread only
    PAGE = "page"
    LOUD = "loud"  # a page that heeds no quiet hours


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

    `within`: "90s", "5m", "1h 30m", "3d". `calendar`: in whose hours it counts, "" around the clock. `warn`: by the
    share that is used up ("80%") or the time that is left ("1m left"). `pause`: during what it stands still.
    """

    metric: Metric
    within: str = ""
    calendar: str = ""
    warn: tuple[str, ...] = ("80%",)
    pause: tuple[str, ...] = ()
    urgency: Urgency = Urgency.PAGE
    automatic_counts: bool = False  # an automatic answer is one, too


class ServiceLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A promise: its targets, for the tickets it is for, and the escalation by which its alarms call people."""

    targets: tuple[Target, ...]
    match: Match = Match()
    escalation: str = ""
