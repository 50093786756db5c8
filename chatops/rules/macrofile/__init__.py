"""Prepared answers as files that people write: YAML, a spreadsheet's CSV, a notes tool's Markdown table."""

from collections.abc import Sequence
from typing import assert_never

from chatops.rules.macrofile import as_markdown, as_sheet, as_yaml
from chatops.rules.macrofile.checked import checked
from chatops.rules.macrofile.decoded import decoded
from chatops.rules.macrofile.entry import Kind, MacroEntry, Problem, SignOff

__all__ = ["Kind", "MacroEntry", "Problem", "SignOff", "read", "write"]


def read(data: bytes, kind: Kind) -> tuple[list[MacroEntry], list[Problem]]:
    """Return the macros of a file, and everything that is wrong with it in the order of its lines.

    What is wrong with one macro leaves the others readable; only what nobody can take apart ends the reading.
    """
    text = decoded(data)
    if isinstance(text, Problem):
        return [], [text]
    match kind:
        case Kind.YAML:
            drafts, problems = as_yaml.read(text)
        case Kind.CSV:
            drafts, problems = as_sheet.read(text)
        case Kind.MARKDOWN:
            drafts, problems = as_markdown.read(text)
        case _:
            assert_never(kind)
    if not drafts and not problems:
        problems = [Problem(1, "there is no macro in this file", "docs/how-to/macros.md shows one of each kind.")]
    entries, more = checked(drafts)
    return entries, sorted([*problems, *more], key=lambda problem: problem.line)


def write(entries: Sequence[MacroEntry], kind: Kind) -> str:
    """Return the file that `read` reads as these entries."""
    match kind:
        case Kind.YAML:
            return as_yaml.write(entries)
        case Kind.CSV:
            return as_sheet.write(entries)
        case Kind.MARKDOWN:
            return as_markdown.write(entries)
        case _:
            assert_never(kind)
