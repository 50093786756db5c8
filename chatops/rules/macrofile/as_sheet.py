"""Macros as the CSV that a spreadsheet saves: comma, semicolon or tab; cells may hold several lines."""

import csv
import io
from collections.abc import Iterator, Sequence

from chatops.rules.macrofile import tables
from chatops.rules.macrofile.entry import Draft, MacroEntry, Problem

COMPUTED = ("=", "+", "@")  # a cell that begins so is a formula to a spreadsheet
GUARDED = (*COMPUTED, "-", "\t", "＝", "＋", "＠", "－")  # the minus, too, though people mean a list by it
BROKEN = ("#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "Err:5")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else


def read(text: str) -> tuple[list[Draft], list[Problem]]:
    """Return what a CSV file says about each macro."""
    rows, problems = _rows(text)
    if not rows:
        return [], problems
    places, wrong = tables.head(rows[0])
    drafts, more = tables.drafts(places, [_unguarded(row) for row in rows[1:]])
    computed = [problem for row in rows[1:] for problem in _computed(row)]
    return drafts, [*problems, *wrong, *more, *computed]


def _rows(text: str) -> tuple[list[tables.Row], list[Problem]]:
    """Return the rows with the lines they begin in."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[tables.Row] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append(tables.Row(begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        remedy = 'Put the cell into "…", and write a quotation mark in it twice: "".'
        return found, [Problem(begins, f"the row that begins here is no CSV: {error}", remedy)]
    return found, []


def _computed(row: tables.Row) -> Iterator[Problem]:
    for cell in row.cells:
        words = cell.strip()
        shown = words if len(words) <= 20 else f"{words[:20]}…"
        if words.startswith(BROKEN):
            yield Problem(row.line, f"a spreadsheet could not compute a cell ({shown})", "Write its words again.")
        elif words.startswith(COMPUTED):
            remedy = "Put an apostrophe in front of it, or begin with a word."
            yield Problem(row.line, f"a spreadsheet computes a cell that begins like {shown!r}", remedy)


def _unguarded(row: tables.Row) -> tables.Row:
    return tables.Row(row.line, [cell[1:] if _is_guarded(cell) else cell for cell in row.cells])


def _is_guarded(cell: str) -> bool:
    return cell.startswith("'") and cell.lstrip("'").startswith(GUARDED)


def write(entries: Sequence[MacroEntry]) -> str:
    """Return these macros as CSV that every spreadsheet opens as it is, and none computes."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_guard(cell) for cell in row] for row in tables.rows(entries))
    return BYTE_ORDER_MARK + out.getvalue()


def _guard(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(GUARDED) else cell
