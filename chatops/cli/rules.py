"""`chatops rules`: what answers must not say and what tickets are, as files that leads edit and try."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from chatops.cli.outcome import fail, obey


class Rulebook(StrEnum):
    """Which rules."""

    LINT = "lint"
    TRIAGE = "triage"


rules = typer.Typer(help="See, try and change the rules for answers and for tickets.", no_args_is_help=True)
Name = Annotated[Rulebook, typer.Argument(help="Which rules.")]
Text = Annotated[str, typer.Argument(help="What somebody writes, in quotation marks.")]
File = Annotated[Path, typer.Argument(help="The file with the rules.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Of = Annotated[Path | None, typer.Option("--file", help="Try the rules of this file instead of those that count.")]
ShopName = Annotated[str, typer.Option("--shop", help="As if it were written to this shop.")]


def _order(name: str, args: dict[str, Any]) -> Any:
    from chatops.cli.orders import order

    return obey(order(name, args))


def _read(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read: {error}", "A file of rules is text in UTF-8 that you may read.")


@rules.command()
def show(name: Name) -> None:
    """Print the rules that count; redirect it into a file to change them."""
    found = _order("rulebook", {"name": name})
    typer.echo(found["toml"])
    version = f"version {found['version']}" if found["version"] else "what the product begins with"
    typer.secho(f"({version})", dim=True, err=True)
    if found["wrong"]:
        typer.secho(f"Until this is mended, those of the product count: {found['wrong']}", fg="red", err=True)
    if found["overdue"]:
        typer.secho(f"To be reviewed: {', '.join(found['overdue'])}", fg="yellow", err=True)


@rules.command()
def apply(name: Name, file: File, yes: Yes = False) -> None:
    """Put the rules of a file in place of those that count; shows first what would change."""
    args = {"name": name, "toml": _read(file)}
    planned = _order("rulebook_compare", args)
    if not planned["changes"]:
        typer.echo("Nothing to change.")
        return
    typer.echo("\n".join(planned["changes"]))
    for level, before, after in planned["levels"]:
        if before != after:
            typer.echo(f"  last week's tickets, level {level or 'not known'}: {before} → {after}")
    if not yes and not typer.confirm("Apply?"):
        fail("Nothing was changed.")
    typer.secho(f"Applied as version {_order('rulebook_apply', args)['version']}.", fg="green")


@rules.command("try-answer")
def try_answer(
    text: Text,
    language: Annotated[str, typer.Option(help='What the buyer reads, such as "th".')] = "",
    shop: ShopName = "",
    file: Of = None,
) -> None:
    """Say what the rules find in an answer; nothing is sent."""
    args = {"text": text, "language": language, "shop": shop, "toml": _read(file)}
    hits = _order("rulebook_try_lint", args)["hits"]
    for rule, severity, words in hits:
        typer.secho(f"{severity}: {rule}: {words}", fg="red" if severity == "block" else "yellow")
    if not hits:
        typer.secho("Nothing is found.", fg="green")


@rules.command("try-message")
def try_message(
    text: Text,
    kind: Annotated[str, typer.Option(help="Of ticket: chat, comment, live, return, cancellation, dispute.")] = "chat",
    shop: ShopName = "",
    file: Of = None,
) -> None:
    """Say what the rules make of a buyer's words: language, level, priority and tags; no ticket is touched."""
    found = _order("rulebook_try_triage", {"text": text, "kind": kind, "shop": shop, "toml": _read(file)})
    for what in ("language", "level", "priority"):
        typer.echo(f"{what}: {found[what] or 'not known'}")
    typer.echo(f"tags: {', '.join(found['tags']) or 'none'}")
    typer.secho(f"by the rules: {', '.join(found['rules']) or 'none'}", dim=True)
