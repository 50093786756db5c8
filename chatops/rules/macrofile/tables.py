"""What tables of both kinds share: a head that names the columns, and one row a macro."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chatops.rules.macrofile.entry import LISTS, PER_LANGUAGE, Draft, Found, MacroEntry, Part, Place, Problem
from chatops.rules.macrofile.places import PARTS, locale_of, no_language, no_part, place_of, said_by

NOT_A_LETTER = re.compile(r"[^a-z]+")
ALWAYS = (Part.ID, Part.NAME, Part.FOLDER)


class Row(NamedTuple):
    """A row's cells, and the line it begins in."""

    line: int
    cells: Sequence[str]


def head(row: Row) -> tuple[list[Place | None], list[Problem]]:
    """Return what each column holds, None where nobody knows."""
    places: list[Place | None] = []
    problems = []
    for cell in row.cells:
        place = _column(row.line, cell)
        if isinstance(place, Problem):
            problems.append(place)
        elif place in places and place is not None:
            problems.append(Problem(row.line, f"the column {cell.strip()!r} is there twice", "Keep one of the two."))
        else:
            places.append(place)
            continue
        places.append(None)
    if (Part.NAME, "") not in places:
        problems.append(Problem(row.line, "there is no column 'name'", "The first row names the columns."))
    return places, problems


def _column(line: int, title: str) -> Place | Problem | None:
    """Return the place a title names: "text_th", "Text (th)", "Keywords pt-BR", "Review by"."""
    words = title.strip().lower()
    if not words:
        return None  # a spreadsheet's empty columns
    plain = NOT_A_LETTER.sub("_", words).strip("_")
    if plain in PARTS and plain != Part.TEXT:
        return PARTS[plain], ""
    part = next((part for part in PER_LANGUAGE if plain.startswith(f"{part}_")), None)
    if part is None:
        return no_part(line, title.strip(), [*(part for part in Part if part != Part.TEXT), "text_en", "text_th"])
    tag = plain.removeprefix(f"{part}_")
    locale = locale_of(tag)
    return no_language(line, tag) if locale is None else (part, locale)


def drafts(places: Sequence[Place | None], rows: Iterable[Row]) -> tuple[list[Draft], list[Problem]]:
    """Return what each row says about its macro.

    An empty row says nothing, nor does the empty cell of a language; another one says that there is nothing.
    """
    found, problems = [], []
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        if any(cell.strip() for cell in row.cells[len(places) :]):
            remedy = "Is a cell with the sign between columns in it not quoted?"
            problems.append(Problem(row.line, "there are more cells than columns", remedy))
            continue
        draft = Draft(row.line)
        cells = [*row.cells, *([""] * len(places))]  # some leave the empty cells at the end out
        for place, cell in zip(places, cells, strict=False):
            if place and (cell.strip() or place[0] not in PER_LANGUAGE):
                said = said_by(place[0], cell) if place[0] in LISTS else (cell.strip(),)
                draft.found[place] = Found(row.line, said)
        _for_every_language(draft)
        found.append(draft)
    return found, problems


def _for_every_language(draft: Draft) -> None:
    """Let the words of a column "keywords", without a language, be for every language the macro speaks."""
    shared = draft.found.pop((Part.KEYWORDS, ""), None)
    if shared is None:
        return
    for locale in [locale for part, locale in draft.found if part is Part.TEXT]:
        own = draft.found.get((Part.KEYWORDS, locale), Found(shared.line, ()))
        draft.found[Part.KEYWORDS, locale] = Found(shared.line, (*own.said, *shared.said))


def rows(entries: Sequence[MacroEntry]) -> list[list[str]]:
    """Return the head and one row an entry; columns in which nobody has anything are left out."""
    locales = list(dict.fromkeys(locale for entry in entries for locale in entry.texts))
    shared: list[Place] = [(part, "") for part in Part if part not in PER_LANGUAGE]
    each: list[Place] = [(part, locale) for locale in locales for part in Part if part in PER_LANGUAGE]
    places = [place for place in [*shared, *each] if place[0] in ALWAYS or any(place_of(e, *place) for e in entries)]
    titles = [f"{part}_{locale}" if locale else part.value for part, locale in places]
    return [titles, *([_cell(entry, *place) for place in places] for entry in entries)]


def _cell(entry: MacroEntry, part: Part, locale: str) -> str:
    return ("\n" if part is Part.ACTS else ", ").join(place_of(entry, part, locale))
