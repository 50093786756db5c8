"""Findings: what a look at the installation found, one fact a line, and below it what to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chatops.errors import PlatformError, RateLimited, TokenRevoked, Unavailable

Say = Callable[..., object]
"""Prints a line; takes `fg`, `bold` and `dim` as `typer.secho` does, which leaves colours out beside a terminal."""


class Mark(StrEnum):
    """How a finding begins."""

    FINE = "✓"
    NOTE = "·"  # good to know, and nothing we could judge
    DOUBT = "!"  # works, but somebody should look at it
    BROKEN = "✗"  # does not work


UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
UNREMARKABLE = timedelta(seconds=15)  # between two clocks; the Date header counts whole seconds
COLOURS = {Mark.FINE: "green", Mark.NOTE: None, Mark.DOUBT: "yellow", Mark.BROKEN: "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact and, unless all is well, what to do about it."""

    mark: Mark
    fact: str
    remedy: str = ""


def fine(fact: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(Mark.FINE, fact)


def note(fact: str, hint: str = "") -> Finding:
    """Return something to know that nobody can judge from here."""
    return Finding(Mark.NOTE, fact, hint)


def doubt(fact: str, remedy: str) -> Finding:
    """Return something that works and still wants a look."""
    return Finding(Mark.DOUBT, fact, remedy)


def broken(fact: str, remedy: str) -> Finding:
    """Return something that does not work."""
    return Finding(Mark.BROKEN, fact, remedy)


def not_let_in(error: PlatformError, platform: str, token: str, where: str, look: str) -> Finding:
    """Judge why a chat platform did not answer us: by its `token`, to be mended `where`; `look` tells how it is up."""
    match error:
        case RateLimited():
            return doubt(f"{platform} asks us to slow down", "Run `chatops check` again in a minute.")
        case Unavailable():
            remedy = f"Is this machine online, and may it reach {platform.lower()}.com? See also {look}."
            return broken(f"{platform} does not answer ({error.code})", remedy)
        case TokenRevoked():
            return broken(f"{platform} does not take {token} ({error.code})", where)
        case _:
            return broken(f"{platform} refused {token} ({error})", where)


def show(title: str, findings: Iterable[Finding], say: Say) -> None:
    """Print findings under their title."""
    say(title, bold=True)
    for finding in findings:
        say(f"  {finding.mark} {finding.fact}", fg=COLOURS[finding.mark])
        if finding.remedy:
            say(f"    → {finding.remedy}")


def in_words(span: timedelta) -> str:
    """Return a length of time in its largest unit, for an operator: "12 days", "3 hours", "40 seconds"."""
    seconds = round(abs(span).total_seconds())
    size, unit = next((entry for entry in UNITS if seconds >= entry[0]), UNITS[-1])
    return f"{seconds // size} {unit}{'' if seconds // size == 1 else 's'}"


def clock(whose: str, ahead: timedelta, *, ahead_limit: timedelta, behind_limit: timedelta) -> Finding:
    """Judge how far our clock is before somebody's (negative: behind), given how much they take."""
    apart = f"this machine's clock is {in_words(ahead)} {'behind' if ahead < timedelta() else 'ahead of'} {whose}"
    remedy = "Let the machine keep time by itself: timedatectl set-ntp true (or chrony, ntpd)."
    if ahead > ahead_limit or ahead < -behind_limit:
        return broken(f"{apart}, which is more than is accepted", remedy)
    if abs(ahead) > UNREMARKABLE:
        return doubt(apart, remedy)
    return fine(f"this machine's clock agrees with {whose}")
