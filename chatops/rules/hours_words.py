"""Hours of business as people write them into a form: a line for some days of the week, a line for a day unlike others.

mon-fri 09:00-12:30 13:30-18:00
sat 10:00-14:00

2026-12-24 09:00-12:00 Christmas Eve
2027-01-01 New Year
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from chatops.errors import Refusal, Refused, SetupError
from chatops.rules.hours import WEEKDAYS, DayOff, window
from chatops.rules.snooze_words import bare, plain

WEEK_LIKE, DAY_LIKE = "mon-fri 09:00-17:00", "2026-12-24 09:00-12:00"  # lines as they are meant
ROOM = 100  # characters in which anybody can name two days; in thousands, looking where one ends takes a second
_TO = re.compile(r"\s*[-–]\s*")
_WINDOW = re.compile(r"\d\d?[:.]\d\d\s*[-–]\s*\d\d?[:.]\d\d")
_LIKE_HOURS = re.compile(r"\d\d?\s*(?:[ap]m\b|h\b)?\s*[-–]\s*\d", re.IGNORECASE)  # "9-12": hours that we do not read
_LAST_MINUTE = re.compile(r"[-–]\s*23[:.]59(?!\d)")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)\s*:?\s*(.*)")


def weekly(text: str, named: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Read the windows of the days of the week; lines about the same day add to each other.

    `named`: the days, Monday is 0, by names besides the English ones.

    Raises:
        Refused: a line names no days or no windows.
    """
    found: dict[str, tuple[str, ...]] = {}
    known = {_plain(name): day for name, day in named.items()}
    for line in _lines(text):
        first = _WINDOW.search(line)
        said, times = (line[: first.start()], line[first.start() :]) if first else ("", "")
        days = _days(said.rstrip(" :,"), known)
        windows = _windows(times, line, WEEK_LIKE)
        if not days or not windows or _WINDOW.sub("", times).strip(" ,;"):
            raise Refused(Refusal.BAD_LINE, line=line, example=WEEK_LIKE)
        for day in days:
            found[day] = found.get(day, ()) + windows
    return {day: found[day] for day in WEEKDAYS if day in found}


def days_off(text: str) -> tuple[DayOff, ...]:
    """Read days unlike others; one without windows is closed, what stands behind them says why.

    Raises:
        Refused: a line begins with no date, or one that no year has, names a day twice, or says hours in a way that is
            not read.
    """
    found: dict[date, DayOff] = {}
    for line in _lines(text):
        said = _DATE.fullmatch(line)
        label = " ".join(_WINDOW.sub(" ", said[2]).strip(" ,;").split()) if said else ""
        if said is None or _LIKE_HOURS.match(label):
            raise Refused(Refusal.BAD_LINE, line=line, example=DAY_LIKE)
        try:
            on = date.fromisoformat(said[1])
        except ValueError:
            raise Refused(Refusal.NO_SUCH_DAY, line=line, example=DAY_LIKE) from None
        if on in found:
            raise Refused(Refusal.DAY_TWICE, day=str(on))
        found[on] = DayOff(on, _windows(said[2], line, DAY_LIKE), label)
    return tuple(found[on] for on in sorted(found))


def weekly_written(weekly: Mapping[str, Sequence[str]]) -> str:
    """Return windows by weekday as `weekly` reads them; neighbours that are alike share a line."""
    alike = groupby((day for day in WEEKDAYS if weekly.get(day)), key=lambda day: tuple(weekly[day]))
    runs = ((run, windows) for windows, days in alike for run in _runs(list(days)))
    return "\n".join(f"{'-'.join(dict.fromkeys((run[0], run[-1])))} {' '.join(windows)}" for run, windows in runs)


def days_off_written(days: Iterable[DayOff]) -> str:
    """Return days unlike others as `days_off` reads them."""
    ordered = sorted(days, key=lambda day: day.on)
    return "\n".join(" ".join(filter(None, [str(day.on), *day.hours, day.label])) for day in ordered)


def leaves_a_minute(texts: Iterable[str]) -> bool:
    """Tell whether windows in some texts end at 23:59, which leaves the last minute of the day closed."""
    return any(_LAST_MINUTE.search(text) for text in texts)


def _runs(days: Sequence[str]) -> Iterator[list[str]]:
    """Yield days of the week that follow one another."""
    run: list[str] = []
    for day in days:
        if run and WEEKDAYS.index(day) != WEEKDAYS.index(run[-1]) + 1:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _days(words: str, named: Mapping[str, int]) -> tuple[str, ...]:
    """Return the days from one to another; from Saturday to Monday goes on over the weekend."""
    if len(words) > ROOM:
        return ()
    pairs = [(words, words), *((words[: to.start()], words[to.end() :]) for to in _TO.finditer(words))]
    for first, last in pairs:  # a name may have a hyphen of its own: segunda-feira
        start, end = _day(first, named), _day(last, named)
        if start is not None and end is not None:
            return tuple(WEEKDAYS[at % 7] for at in range(start, (end if end >= start else end + 7) + 1))
    return ()


def _day(name: str, named: Mapping[str, int]) -> int | None:
    said = _plain(name)
    if said in named:
        return named[said]
    english = said[:3] if said.isalpha() and len(said) <= len("wednesday") else ""
    return WEEKDAYS.index(english) if english in WEEKDAYS else None


def _plain(name: str) -> str:
    return bare(plain(name)).rstrip(".")


def _windows(words: str, line: str, example: str) -> tuple[str, ...]:
    windows = tuple("-".join(re.split(r"\s*[-–]\s*", one.replace(".", ":"))) for one in _WINDOW.findall(words))
    try:
        for one in windows:
            window(one)
    except SetupError:
        raise Refused(Refusal.BAD_LINE, line=line, example=example) from None
    return windows


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
