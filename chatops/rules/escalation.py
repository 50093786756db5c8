"""Escalations: whom a page calls, after how long the next ones, and what happens when nobody is there."""

from enum import StrEnum

import msgspec


class WhenEmpty(StrEnum):
    """What a step does that reaches nobody."""

    SKIP = "skip"
    WAIT = "wait"  # until somebody comes on call, at most as long as the step


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom to call, and how long to wait for them.

    `notify`: "rotation NAME", "agent ID", "team NAME", "leads" or "channel ID".
    """

    notify: tuple[str, ...]
    wait: str = "5m"
    when_empty: WhenEmpty = WhenEmpty.SKIP


class Escalation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Steps that a page climbs in a workspace (by its name), `repeat` times more, until somebody acknowledges it.

    An acknowledgement lasts `acknowledged_for`; a loop that reached nobody begins again after `loop_at_least`.
    `fallback`: the channel that hears of it when nobody could be reached.
    """

    workspace: str
    steps: tuple[Step, ...]
    fallback: str = ""
    repeat: int = 1
    acknowledged_for: str = "30m"
    loop_at_least: str = "5m"
