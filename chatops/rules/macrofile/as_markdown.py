"""Macros as a Markdown table, the way notes tools export one: what stands around the tables is not read."""

import html
import re
from collections.abc import Iterator, Sequence

from chatops.rules.macrofile import tables
from chatops.rules.macrofile.entry import Draft, MacroEntry, Problem

BORDER = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
CELL_END = re.compile(r"(?<!\\)((?:\\\\)*)\|")
LINE_BREAK = re.compile(r"[ \t]*<br\s*/?>[ \t]*", re.IGNORECASE)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
EDGE = re.compile(r"(?<=\n)[ \t]|[ \t](?=\n)")  # blanks beside a break are not read
TO_ESCAPE = re.compile(r"([\\|*`])")


def read(text: str) -> tuple[list[Draft], list[Problem]]:
    """Return what the tables of a Markdown file say about each macro."""
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for head, body in _tables(text):
        places, wrong = tables.head(head)
        found, more = tables.drafts(places, body)
        drafts += found
        problems += [*wrong, *more]
    return drafts, problems


def _tables(text: str) -> Iterator[tuple[tables.Row, list[tables.Row]]]:
    lines = text.split("\n")
    at = 0
    while at < len(lines) - 1:
        if "|" not in lines[at] or not ("-" in lines[at + 1] and BORDER.fullmatch(lines[at + 1])):
            at += 1
            continue
        head, at = _row(at + 1, lines[at]), at + 2
        body = []
        while at < len(lines) and "|" in lines[at]:
            body.append(_row(at + 1, lines[at]))
            at += 1
        yield head, body


def _row(number: int, line: str) -> tables.Row:
    inner = line.strip().removeprefix("|")
    cells = CELL_END.sub("\\1\n", inner).split("\n")
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()  # the line ends with the table's edge
    return tables.Row(number, [_words(cell) for cell in cells])


def _words(cell: str) -> str:
    """Return what a cell says: line breaks, escaped signs and HTML's names of signs become what they stand for."""
    return html.unescape(ESCAPED.sub(r"\1", LINE_BREAK.sub("\n", cell))).strip()


def write(entries: Sequence[MacroEntry]) -> str:
    """Return these macros as one Markdown table."""
    titles, *body = tables.rows(entries)
    lines = [titles, ["---"] * len(titles), *([_cell(words) for words in row] for row in body)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(words: str) -> str:
    plain = TO_ESCAPE.sub(r"\\\1", words.replace("&", "&amp;").replace("<", "&lt;"))
    return EDGE.sub(lambda blank: f"&#{ord(blank[0])};", plain).replace("\n", "<br>")
