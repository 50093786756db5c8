"""Faults on demand: what a world does instead of, or after, serving a request."""

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatch
from random import Random


class Trouble(StrEnum):
    """The ways a request can go wrong."""

    RATE_LIMITED = "rate_limited"  # 429, with Retry-After when `retry_after` is set; nothing happened
    UNAVAILABLE = "unavailable"  # 503 with an HTML body; nothing happened
    SERVER_ERROR = "server_error"  # 500; nothing happened
    DROP_BEFORE = "drop_before"  # the connection closes before anything happened
    DROP_AFTER = "drop_after"  # it happened, then the connection closes without an answer
    SLOW = "slow"  # answers after `seconds`
    GARBAGE = "garbage"  # 200 with a body cut off in the middle; it happened
    ERROR = "error"  # the platform's own error `code`; nothing happened


@dataclass
class Fault:
    """One planned trouble for requests whose name matches `pattern` (a shell pattern), `times` times in a row."""

    pattern: str
    trouble: Trouble
    times: int = 1
    retry_after: int | None = None
    seconds: float = 0.0
    code: str = ""
    skip: int = 0  # let this many matching requests pass first
    share: float = 1.0  # of those that follow, meet about so many, always the same ones
    dice: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - keeps no secret


@dataclass
class Faults:
    """The troubles planned for one world; each request asks once."""

    planned: list[Fault] = field(default_factory=list)

    def plan(self, fault: Fault) -> None:
        """Add a trouble behind those already planned."""
        self.planned.append(fault)

    def take(self, name: str) -> Fault | None:
        """Return the trouble that this request (for example `chat.postMessage`) must meet now, if any."""
        for fault in self.planned:
            if not fnmatch(name, fault.pattern):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.dice.random() >= fault.share:
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.planned.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        """Forget every planned trouble."""
        self.planned.clear()
