"""The numbers of a digest as a file: every figure, and every number it was made of, as they are kept.

Ids and counts, never names or words of anybody; shares are of one, lengths are in milliseconds, money is in the
currency that stands as its unit. How a figure is counted is said in the reader's language.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from chatops.digest import kept
from chatops.digest.section import Figure, Section, Unit
from chatops.digest.tables import as_told
from chatops.model.digest import Digest

# A cell that begins so is a formula to a spreadsheet.
GUARDED = ("=", "+", "@", "-", "\t", "\r", "＝", "＋", "＠", "－")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
FIGURES = "figure"
PEOPLE = "people"  # where a section keeps the numbers of each of them
WORDS = 2  # a row's last cells: behind everything that is read at a glance
UNITS = {Unit.COUNT: "count", Unit.SHARE: "share", Unit.LENGTH: "milliseconds", Unit.MONEY: "money"}


class Row(NamedTuple):
    """One number: a figure, or a part of what a section counted (`what` is its place in it); `of`: a denominator.

    A figure has a `name`, and `counted` says how it is counted.
    """

    section: str
    kind: str
    what: str
    value: str | int | float | bool | None
    unit: str = ""
    of: int | None = None
    name: str = ""
    counted: str = ""


def rows(digest: Digest, *, people: bool = False) -> Iterator[Row]:
    """Yield the numbers of a digest in the order in which it shows them; those of single `people` only if so told."""
    for one in kept.shown(digest):
        for figure in one.section.figures:
            of = figure.of(one.facts) if figure.of else None
            value, unit = _value(figure, one.facts), _unit(figure, one.facts)
            yield Row(one.section.key, FIGURES, figure.key, value, unit, of, figure.name(), figure.counted())
        for place, value in _flat(_told(one.section, digest.numbers[one.section.key], people=people)):
            yield Row(one.section.key, "number", place, value)
        for place, value in _flat(_told(one.section, digest.before.get(one.section.key, {}), people=people)):
            yield Row(one.section.key, "before", place, value)


def as_csv(digest: Digest, *, people: bool = False) -> str:
    """Return them as a CSV file that a spreadsheet reads, and computes nothing of."""
    written = io.StringIO(newline="")
    sheet = csv.writer(written)
    sheet.writerow((*Row._fields[:-WORDS], "from", "until", "timezone", *Row._fields[-WORDS:]))
    when = digest.start_at.isoformat(), digest.end_at.isoformat(), digest.timezone
    for row in rows(digest, people=people):
        sheet.writerow([_guarded(cell) for cell in (*row[:-WORDS], *when, *row[-WORDS:])])
    return BYTE_ORDER_MARK + written.getvalue()


def as_json(digest: Digest, *, people: bool = False) -> str:
    """Return them as a JSON file."""
    said = {
        "from": digest.start_at.isoformat(),
        "until": digest.end_at.isoformat(),
        "timezone": digest.timezone,
        "scope": digest.scope,
        "counted_at": digest.counted_at.isoformat() if digest.counted_at else None,
        "sections": {
            one.section.key: {
                "figures": {figure.key: _figure(figure, one.facts) for figure in one.section.figures},
                "numbers": _told(one.section, digest.numbers[one.section.key], people=people),
                **(
                    {"before": _told(one.section, digest.before[one.section.key], people=people)}
                    if one.section.key in digest.before
                    else {}
                ),
            }
            for one in kept.shown(digest)
        },
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _told(section: Section[Any], numbers: Mapping[str, Any], *, people: bool) -> Mapping[str, Any]:
    kept = {key: value for key, value in numbers.items() if people or key != PEOPLE}
    told: Mapping[str, Any] = _without(kept, section.private)
    return told


def _without(value: Any, hidden: frozenset[str]) -> Any:
    """Return what was kept without what is in no file, at any depth."""
    if isinstance(value, Mapping):
        return {key: _without(one, hidden) for key, one in value.items() if key not in hidden}
    return [_without(one, hidden) for one in value] if isinstance(value, list | tuple) else value


def _figure(figure: Figure[Any], facts: Any) -> Mapping[str, Any]:
    of = {"of": figure.of(facts)} if figure.of else {}
    words = {"name": figure.name(), "counted": figure.counted()}
    return {"value": _value(figure, facts), "unit": _unit(figure, facts), **of, **words}


def _value(figure: Figure[Any], facts: Any) -> float | None:
    """Return what a figure comes to, a length as it is told."""
    value = figure.value(facts)
    return value if value is None or figure.unit is not Unit.LENGTH else as_told(value)


def _unit(figure: Figure[Any], facts: Any) -> str:
    return figure.currency(facts) if figure.currency else UNITS[figure.unit]


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every number with its place: `hours.9`, `levels.presale`; nothing of what is empty."""
    inner: Iterable[tuple[str, Any]] = ()
    if isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, list | tuple):
        inner = ((str(at), one) for at, one in enumerate(value))
    elif place:
        yield place, value
    for key, one in inner:
        yield from _flat(one, f"{place}.{key}" if place else str(key))


def _guarded(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(GUARDED) else cell
