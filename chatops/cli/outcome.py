"""How a command ends: with what it was asked for or somebody agreed to, or with what is wrong and what to do next."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, NoReturn

import typer

from chatops.errors import ChatopsError, SetupError


def fail(problem: str, remedy: str = "") -> NoReturn:
    """Say what is wrong and what to do next, and end with exit code 1."""
    typer.secho(problem, fg="red", err=True)
    if remedy:
        typer.echo(f"→ {remedy}", err=True)
    raise typer.Exit(1)


def obey(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a command's coroutine; a problem with the installation is told, not traced."""
    try:
        return asyncio.run(work)
    except SetupError as error:
        fail(str(error), error.remedy)
    except ChatopsError as error:
        fail(f"{type(error).__name__}: {error}", "`chatops check` looks at every connection and says what to do.")


def agreed(changes: Sequence[str], *, dry_run: bool, yes: bool) -> bool:
    """Show what would change and ask whether it shall; False when nothing would, or when it shall only be shown."""
    if not changes:
        typer.echo("Nothing to change.")
        return False
    typer.echo("\n".join(changes))
    if dry_run:
        typer.echo("Nothing was changed: this was a dry run.")
        return False
    if not yes and not typer.confirm("Take this in?"):
        fail("Nothing was changed.")
    return True
