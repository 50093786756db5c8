"""`chatops outlets`: ways out of the chat, by which a page reaches people besides."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from chatops.cli.outcome import fail, obey


class Kind(StrEnum):
    """Who carries it."""

    PAGERDUTY = "pagerduty"
    APPRISE = "apprise"


outlets = typer.Typer(help="See and change the ways out of the chat for pages.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="How escalations call it.")]
Agent = Annotated[str, typer.Option("--agent", help="Rings whenever this member of the team is paged (by id).")]
Workspace = Annotated[str, typer.Option("--workspace", help="The workspace of that member, by name.")]


def _order(name: str, args: dict[str, Any]) -> Any:
    from chatops.cli.orders import order

    return obey(order(name, args))


@outlets.command("list")
def list_() -> None:
    """List the ways out; their addresses are never shown."""
    found = _order("outlets", {})["outlets"]
    for name, kind, whose in found:
        typer.echo(f"{name}  {kind}  {whose}".rstrip())
    if not found:
        typer.echo("There is none. `chatops outlets add --help` says how to add one.")


@outlets.command()
def add(name: Name, kind: Kind, agent: Agent = "", workspace: Workspace = "") -> None:
    """Add a way out, or replace it: asks for its address, or reads it from standard input.

    PagerDuty: the Integration Key of an Events API v2 integration. Apprise: one of its addresses, such as
    mailtos://…, ntfy://… or twilio://….
    """
    address = typer.prompt("Address", hide_input=True).strip()
    _order("add_outlet", {"name": name, "kind": kind, "address": address, "agent": agent, "workspace": workspace})
    typer.echo(f'Kept. An escalation calls it as "outlet {name}".' if not agent else "Kept.")


@outlets.command()
def remove(name: Name) -> None:
    """Forget a way out."""
    if not _order("remove_outlet", {"name": name})["done"]:
        fail(f"there is no outlet {name}", "`chatops outlets list` names them.")
    typer.echo("Forgotten.")
