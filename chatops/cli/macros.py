"""Prepared answers on the command line: taken in from files, and written to them."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatops.cli.outcome import agreed, fail, obey

if TYPE_CHECKING:
    from chatops.rules.macrofile import MacroEntry

macros = typer.Typer(help="Take prepared answers in from files, and write them to files.", no_args_is_help=True)
KINDS = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",  # what Excel calls its "Unicode text"
    ".md": "markdown",
    ".markdown": "markdown",
}
Format = Annotated[str, typer.Option("--format", "-f", help="yaml, csv or markdown.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@macros.command("list")
def list_macros() -> None:
    """List the prepared answers: languages, how many of them are signed off, how often they were used of late."""
    from chatops.cli.orders import order
    from chatops.cli.tables import show_macros

    show_macros(obey(order("macros", {})))


@macros.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(help="A YAML file, a spreadsheet's CSV or a Markdown table.")],
    kind: Format = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what is wrong or would change.")] = False,
    yes: Yes = False,
) -> None:
    """Take prepared answers in from a file; tells every problem by its line, and shows what changes first."""
    if not file.is_file():
        fail(f"there is no {file}", "docs/how-to/macros.md has an example of each kind.")
    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}", "May you read it?")
    _apply(_read(data, kind or KINDS.get(file.suffix.lower(), ""), str(file)), dry_run=dry_run, yes=yes)


@macros.command("export")
def write_out(kind: Format = "yaml") -> None:
    """Print all prepared answers as a file that `import` takes."""
    import msgspec

    from chatops.cli.orders import order
    from chatops.rules.macrofile import MacroEntry, write

    found = obey(order("export_macros", {}))["entries"]
    typer.echo(write(msgspec.convert(found, list[MacroEntry]), _known(kind)).encode(), nl=False)


@macros.command()
def starter(yes: Yes = False) -> None:
    """Add the prepared answers that come with the product; what the library has already stays as it is."""
    from chatops.cli.orders import order

    held = {entry["id"] for entry in obey(order("export_macros", {}))["entries"]}
    places = sorted((files("chatops") / "starter" / "macros").iterdir(), key=lambda place: place.name)
    entries = [entry for place in places for entry in _read(place.read_bytes(), "yaml", place.name)]
    _apply([entry for entry in entries if entry.id not in held], yes=yes)


def _known(kind: str) -> Any:
    from chatops.rules.macrofile import Kind

    if kind not in set(Kind):
        fail(
            f"there is no format {kind}" if kind else "its name does not tell the format", f"--format {'|'.join(Kind)}"
        )
    return Kind(kind)


def _read(data: bytes, kind: str, name: str) -> "list[MacroEntry]":
    from chatops.rules.macrofile import read

    entries, problems = read(data, _known(kind))
    for problem in problems:
        typer.secho(f"{name}, line {problem.line}: {problem.what}", fg="red", err=True)
        typer.echo(f"  → {problem.remedy}", err=True)
    if problems:
        fail(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; nothing was taken in.")
    return entries


def _apply(entries: "Sequence[MacroEntry]", *, dry_run: bool = False, yes: bool = False) -> None:
    import msgspec

    from chatops.cli.orders import order

    args = {"entries": msgspec.to_builtins(entries)}
    if agreed(obey(order("compare_macros", args))["changes"], dry_run=dry_run, yes=yes):
        obey(order("apply_macros", args))
        typer.secho("Taken in.", fg="green")
