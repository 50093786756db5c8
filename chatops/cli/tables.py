"""Lists on a terminal, one line a thing, readable and greppable."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import typer

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # Unicode's categories of signs that command, hide or break


def show_deliveries(answer: Mapping[str, Any]) -> None:
    """Print what is stuck on its way out, and what to do about it."""
    heads, given_up = answer["heads"], answer["given_up"]
    named = {head["lane"] for head in heads}
    heads = [*heads, *({"state": "held", "lane": lane} for lane in answer["held"] if lane not in named)]
    if not heads and not given_up:
        typer.secho("Nothing is stuck.", fg="green")
        return
    if heads:
        typer.secho("Waiting in their lanes", bold=True)
        _print(heads, ("state", "kind", "tries", "why", "lane"))
        typer.echo("→ chatops deliveries retry LANE   |   chatops deliveries drop LANE")
    if given_up:
        typer.secho("Given up", bold=True)
        _print(given_up, ("seq", "kind", "tries", "why", "lane"))
        typer.echo("→ chatops deliveries retry LANE SEQ   |   chatops deliveries drop LANE SEQ")


def show_inbox(answer: Mapping[str, Any]) -> None:
    """Print what came in and was not understood."""
    if not answer["rows"]:
        typer.secho("Everything was understood.", fg="green")
        return
    _print(answer["rows"], ("received_at", "source", "kind", "why", "scope", "id"))
    typer.echo("→ chatops inbox retry [ID]   |   chatops inbox drop ID")


def show_macros(answer: Mapping[str, Any]) -> None:
    """Print the library of prepared answers."""
    if not answer["rows"]:
        typer.echo("There are none yet.")
        typer.echo("→ chatops macros starter   |   chatops macros import FILE")
        return
    _print(answer["rows"], ("folder", "name", "id", "languages", "signed", "used", "review"))


def _print(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    cells = [[_tame(str(row.get(name, ""))) for name in columns] for row in rows]
    widths = [max(len(line[at]) for line in [list(columns), *cells]) for at in range(len(columns))]
    for line in [list(columns), *cells]:
        typer.echo("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _tame(words: str) -> str:
    """Return words from outside without what would command the terminal, break the line or reorder it."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in UNSEEN else sign for sign in words)
