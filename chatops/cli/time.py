"""`chatops promises` and `chatops calendars`: ready-made promises, and days on which nobody is there."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from chatops.cli.outcome import fail, obey

promises = typer.Typer(help="Ready-made promises to buyers.", no_args_is_help=True)
calendars = typer.Typer(help="Hours of business: add holidays to them.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The calendar, as desk.toml names it.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Accept all of them, do not ask.")]
AHEAD = timedelta(days=400)  # how far a file is looked through


@promises.callback()
def about_promises() -> None:
    """Ready-made promises to buyers."""


@promises.command()
def starter(
    pack: Annotated[str, typer.Argument(help="small-shop, cross-border or black-friday; none lists them.")] = "",
    zone: Annotated[str, typer.Option(help="In whose hours.")] = "UTC",
    workspace: Annotated[str, typer.Option(help="Whose leads are called, as desk.toml names it.")] = "team",
) -> None:
    """Print promises to copy into desk.toml; in the chat, /desk promises takes them directly."""
    from chatops.desk.promises import PACKS, filled
    from chatops.errors import SetupError
    from chatops.rules import zones

    if not pack:
        typer.echo("\n".join(PACKS))
        return
    try:
        known = zones.named(zone)
        if known is None:
            fail(f"there is no time zone {zone!r}", f"Use a name like {zones.near(zone) or 'Europe/London'}.")
        typer.echo(filled(pack, known, workspace).strip())
    except SetupError as error:
        fail(str(error), error.remedy)


@calendars.command()
def holidays(
    name: Name,
    place: Annotated[str, typer.Argument(help='A country ("ID") or a part of one ("DE-BY", "US-CA").')],
    yes: Yes = False,
) -> None:
    """Propose a country's public holidays of this year and the next; what you accept counts as closed."""
    from chatops.rules.public_holidays import proposed

    _propose(name, lambda known, _zone, today: proposed(place, (today.year, today.year + 1), known, today), yes)


@calendars.command("import")
def take_in(
    name: Name,
    file: Annotated[Path, typer.Argument(help="An iCalendar file (.ics).")],
    yes: Yes = False,
) -> None:
    """Propose the whole days of an iCalendar file; what you accept counts as closed."""
    from chatops.cli.calendar_file import entries_of
    from chatops.rules.public_holidays import from_entries
    from chatops.times import SystemTime, to_milliseconds

    def found(known: Collection[Any], zone: str, today: date) -> list[Any]:
        now = SystemTime().now()
        return from_entries(entries_of(file, zone, to_milliseconds(now), to_milliseconds(now + AHEAD)), known, today)

    _propose(name, found, yes)


def _propose(name: str, find: Callable[[Collection[Any], str, date], list[Any]], yes: bool) -> None:
    """Show proposed days and what they would move, ask about them, and keep those that are accepted."""
    import msgspec

    from chatops.errors import SetupError
    from chatops.rules.hours import DayOff
    from chatops.times import SystemTime

    held = _order("calendar", {"name": name})
    known = msgspec.convert(held["days"], list[DayOff])
    try:
        days = find(known, held["timezone"], SystemTime().now().date())
    except SetupError as error:
        fail(str(error), error.remedy)
    if not days:
        typer.echo("Nothing to add: the calendar knows them all.")
        return
    accepted = days if yes else list(_asked(days))
    if not accepted:
        fail("Nothing was changed.")
    args = {"name": name, "days": msgspec.to_builtins(accepted)}
    would = _order("calendar_try_days", args)
    typer.echo(clocks_moved(would))
    if not yes and not typer.confirm("Apply?"):
        fail("Nothing was changed.")
    typer.secho(f"Added {_order('calendar_add_days', args)['added']} days.", fg="green")


def _asked(days: Iterable[Any]) -> Iterable[Any]:
    """Yield the days that somebody accepts, one by one."""
    for day in days:
        if typer.confirm(f"{day.on:%a} {day.on} {day.label}: closed?", default=True):
            yield day


def _order(name: str, args: dict[str, Any]) -> Any:
    from chatops.cli.orders import order

    return obey(order(name, args))


def clocks_moved(would: dict[str, int]) -> str:
    """Return what a change would do to the clocks that run."""
    return f"Open clocks now: {would['open']}. {would['moved']} begin, move or end, {would['late']} become late."
