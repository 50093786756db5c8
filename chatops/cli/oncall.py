"""Who is on call, on the command line: addresses for calendars, and files from and for other programs."""

from typing import Annotated
from urllib.parse import quote, urlencode

import typer

from chatops.cli.outcome import fail, obey

oncall = typer.Typer(help="Let calendars read who is on call.", no_args_is_help=True)
Rotation = Annotated[str, typer.Argument(help="The rotation's name.")]
MOST_WEEKS = 104


@oncall.command()
def feed(
    rotation: Rotation,
    agent: Annotated[str, typer.Option(help="Whose address it is, by their id; else it is the team's.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Take the address back instead.")] = False,
) -> None:
    """Print a new address that calendars subscribe to; the one before it shows nothing any more."""
    from chatops.cli.orders import order
    from chatops.config import read_config

    args = {"rotation": rotation, "agent": agent}
    if off:
        if not obey(order("drop_oncall_feed", args))["done"]:
            fail("there is no such address", "Was it made for somebody? Name them with --agent.")
        typer.echo("It shows nothing any more.")
        return
    config = read_config()
    if not config.public_url:
        fail("CHATOPS_PUBLIC_URL is not set", "Set it to the address at which others reach this machine.")
    query = {"secret": obey(order("make_oncall_feed", args))["secret"]}
    address = f"{config.public_url.rstrip('/')}/oncall/{quote(rotation, safe='')}.ics"
    typer.echo("Subscribe to it in your calendar; who knows it reads the rotation, so keep it to yourselves:\n")
    typer.secho(f"  {address}?{urlencode(query)}\n", bold=True)
    if agent:
        typer.echo(f"Only the own turns: {address}?{urlencode({**query, 'own': '1'})}")


@oncall.command()
def export(
    rotation: Rotation, weeks: Annotated[int, typer.Option(min=1, max=MOST_WEEKS, help="How far ahead.")] = 13
) -> None:
    """Print the coming weeks of a rotation as an iCalendar file."""
    from chatops.cli.orders import order

    found = obey(order("export_oncall", {"rotation": rotation, "weeks": weeks}))
    typer.echo(found["ics"].encode(), nl=False)
