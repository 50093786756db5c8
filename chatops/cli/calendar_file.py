"""An iCalendar file from outside, read in a process of its own: one made to take for ever ends with a sentence."""

from multiprocessing import TimeoutError as TooLong
from multiprocessing import get_context
from pathlib import Path

from chatops.errors import SetupError
from chatops.rules import ical
from chatops.rules.ical import Entry

PATIENCE = 20.0  # seconds; a year of a large team's calendar takes less than one


def entries_of(file: Path, timezone: str, start: int, end: int, patience: float = PATIENCE) -> list[Entry]:
    """Return what takes place within [start, end) (milliseconds since 1970) by a file, as `rules.ical.read` does.

    Raises:
        SetupError: it cannot be read, or takes too long.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{file} cannot be read: {error}", "An iCalendar file is text in UTF-8.") from None
    with get_context("spawn").Pool(1) as apart:
        try:
            found, problem, remedy = apart.apply_async(_read, (text, timezone, start, end)).get(patience)
        except TooLong:
            raise SetupError(f"{file} takes too long to work out", "Take out what repeats without an end.") from None
    if problem:
        raise SetupError(problem, remedy)
    return found


def _read(text: str, timezone: str, start: int, end: int) -> tuple[list[Entry], str, str]:
    """Return what stands in a file, or what is wrong with it; an error of ours cannot be handed over as it is."""
    try:
        return ical.read(text, timezone, start, end), "", ""
    except SetupError as error:
        return [], str(error), error.remedy
