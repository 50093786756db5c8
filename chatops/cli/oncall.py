"""Who is on call, on the command line: addresses for calendars, and files from and for other programs."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

import typer

from chatops.cli.outcome import agreed, fail, obey

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


@oncall.command("import")
def take_in(
    rotation: Rotation,
    file: Annotated[Path, typer.Argument(help="An iCalendar file (.ics).")],
    person: Annotated[
        list[str] | None, typer.Option(help="Whose entries are whose: an e-mail address = an agent's id. Once each.")
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=MOST_WEEKS, help="How far ahead it is read.")] = 13,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what is wrong or would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Let the entries of another calendar say who is on call, instead of the turns; the same file may come again."""
    from chatops.cli.orders import order

    zone = obey(order("oncall_zone", {"rotation": rotation}))["timezone"]
    args = {"rotation": rotation, "file": file.name, "entries": _entries(file, zone, weeks, _people(person or []))}
    if agreed(obey(order("compare_oncall", args))["changes"], dry_run=dry_run, yes=yes):
        obey(order("apply_oncall", args))
        typer.secho("Taken in.", fg="green")


def _people(told: list[str]) -> dict[str, str]:
    found = {}
    for pair in told:
        address, is_pair, agent_id = pair.partition("=")
        if not is_pair or "@" not in address or not agent_id.strip():
            fail(f"{pair!r} names nobody", "Write --person noor@example.com=U0NOOR.")
        found[address.strip().lower()] = agent_id.strip()
    return found


def _entries(file: Path, zone: str, weeks: int, people: dict[str, str]) -> list[tuple[int, int, str]]:
    """Return from when until when whom a file names; ends with every entry that is not understood."""
    from chatops.cli.calendar_file import entries_of
    from chatops.errors import SetupError
    from chatops.times import SystemTime, to_milliseconds

    now = SystemTime().now()
    try:
        found = entries_of(file, zone, to_milliseconds(now), to_milliseconds(now + timedelta(weeks=weeks)))
    except SetupError as error:
        fail(str(error), error.remedy)
    unknown: dict[str, str] = {}
    taken = []
    for one in found:
        who = [people[address] for address in one.people if address in people]
        if len(who) != 1:
            unknown[one.summary or one.uid] = ", ".join(one.people) or "nobody"
        else:
            taken.append((one.start, one.end, who[0]))
    for summary, named in unknown.items():
        typer.secho(f"{summary}: it invites {named}", fg="red", err=True)
    if unknown:
        fail(
            f"{len(unknown)} kind{'s' if len(unknown) > 1 else ''} of entry name no single person of the team",
            "Tell who is meant: --person noor@example.com=U0NOOR. Only invitations count, never the words.",
        )
    return taken
