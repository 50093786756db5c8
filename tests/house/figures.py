"""The page that says how every number of a digest is counted: `python -m tests.house.figures` writes it."""

from collections.abc import Iterator
from textwrap import fill
from typing import Any

from chatops.cards.counted import shared
from chatops.digest.section import Section, Unit
from chatops.digest.sections import every
from chatops.i18n import language
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "figures.md"
HEAD = """# Every number of a digest, and how it is counted

`/stats` shows each of them for any days; **How is this counted?** below a section says it in your language, with what
each comes to there. [Reading the digest](../how-to/digest.md) tells how to ask.

The key is what `/stats` and the files (`/digest yesterday csv`) know a number by. Shares are of one there, and lengths
in milliseconds. A share never stands without what it is a share of, and where there is nothing to count there is no
number: no answer is not an answer in no time. What ends with *…* goes on with what stands below the heading. Days are
those of the plan's zone, or of whoever asks. A worked example of each stands in `tests/digest/test_worked_examples.py`.

A *wait* begins with the first message of a buyer that nobody has answered, and the answer of a person ends it. A
*promise* is the team's own ([Clocks](../how-to/clocks.md)), a *limit* TikTok's. A *page* calls whoever is on call
([Paging](../how-to/paging.md)). A fact counts at its instant: an answer where it was given, a promise where it was kept
or broken, so a day that is over has the same numbers whenever it is counted. A ticket that is opened again or merged
later was resolved on its day, and a wait that is let go later was a wait.

Of the moment of counting are only who waits, how long those waited who asked, which promises run out later, how many
late answers are still allowed, what people carry, what tickets are about, whose they are (in numbers of one person or
team) and which of them have become one, the team's own lines, and the gaps of the coming week. What comes to light
later sets a day right: a message or an answer that is heard of late, an answer that did not leave after all, hours that
were corrected or another promise to a ticket, TikTok's own figures for three days.
"""
UNITS = {Unit.COUNT: "a number", Unit.SHARE: "a share", Unit.LENGTH: "a length of time", Unit.MONEY: "money"}


def page() -> str:
    """Return the whole page."""
    with language("en"):
        return "\n".join([HEAD, *(line for section in every() if section.figures for line in _section(section))])


def _section(section: Section[Any]) -> Iterator[str]:
    yield f"## {section.title()}\n"
    said = [figure.counted() for figure in section.figures]
    common = next(filter(None, map(shared, said, said[1:])), "")
    if common:
        yield fill(f"… {common}", 120) + "\n"
    yield "| number | key | what it is | how it is counted |"
    yield "|---|---|---|---|"
    for figure, how in zip(section.figures, said, strict=True):
        key = f"`{section.key}.{figure.key}`"
        own = f"{how.removesuffix(common).rstrip()} …" if common and how.endswith(common) else how
        yield f"| {figure.name()} | {key} | {UNITS[figure.unit]} | {own} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
