"""What a macro may do to its ticket beside answering: verbs with their words, as people type them in a thread."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from chatops.rules.choices import LANGUAGES, LEVELS, PRIORITIES, choice, tags
from chatops.rules.snooze import until

ANY_DAY = datetime(2200, 1, 6, 12, tzinfo=UTC)  # so late that every date somebody writes is over

ACTS: Mapping[str, Callable[[str], bool]] = {  # each tells whether words make sense behind it
    "level": lambda words: choice(words, LEVELS) is not None,
    "priority": lambda words: choice(words, PRIORITIES) is not None,
    "language": lambda words: choice(words, LANGUAGES) is not None,
    "tag": lambda words: tags(words) is not None,
    "assign": bool,
    "snooze": lambda words: (until(words, ANY_DAY, UTC) or ANY_DAY) > ANY_DAY,  # it is used again and again: no date
    "note": bool,
    "escalate": lambda _: True,
    "resolve": lambda words: not words,
}


def act(said: str) -> str | None:
    """Return what was written as an act the way it is kept ("!Level logistics" → "level logistics"), None for none."""
    verb, _, words = said.strip().removeprefix("!").partition(" ")
    makes_sense = ACTS.get(verb.casefold())
    if makes_sense is None or not makes_sense(words.strip()):
        return None
    return f"{verb.casefold()} {words.strip()}".strip()
