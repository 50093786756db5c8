"""What a measure brings home: tables of figures, aims and remarks, for the terminal and for docs/benchmarks.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Aim:
    """What was aimed at, what came out, and whether that is good enough."""

    what: str
    wanted: str
    found: str
    met: bool


@dataclass
class Table:
    """Rows of figures under a title."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """Add a row."""
        self.rows.append(cells)

    def aim(self, what: str, wanted: str, found: str, *, met: bool) -> None:
        """Add an aim and what became of it."""
        self.aims.append(Aim(what, wanted, found, met))

    def markdown(self) -> str:
        """Return the table as Markdown; numbers stand to the right."""
        marks = [":--" if index == 0 else "--:" for index in range(len(self.columns))]
        lines = [f"### {self.title}", ""]
        lines += [_line(cells) for cells in (self.columns, marks, *self.rows)]
        if self.remarks:
            lines += ["", *(f"* {remark}" for remark in self.remarks)]
        return "\n".join(lines)

    def plain(self) -> str:
        """Return the table for a terminal."""
        rows = [self.columns, *self.rows]
        widths = [max(len(row[place]) for row in rows) for place in range(len(self.columns))]
        lines = [self.title]
        lines += [
            "  "
            + "  ".join(
                cell.rjust(width) if place else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        lines += [f"  * {remark}" for remark in self.remarks]
        lines += [
            f"  {'met   ' if aim.met else 'MISSED'} {aim.what}: {aim.found} (aim: {aim.wanted})" for aim in self.aims
        ]
        return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def count(number: float) -> str:
    """Write a number with thousands apart, without digits behind the point."""
    return f"{number:,.0f}"


def milliseconds(seconds: float) -> str:
    """Write a duration in milliseconds."""
    return f"{seconds * 1000:,.1f}"


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the sorted values lie."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]
