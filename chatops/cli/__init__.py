"""The command line: what an operator types. Heavy imports wait until a command needs them."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from chatops import __version__
from chatops.cli.clocks import clocks
from chatops.cli.macros import macros
from chatops.cli.oncall import oncall
from chatops.cli.outcome import fail, obey
from chatops.cli.outlets import outlets
from chatops.cli.rules import rules
from chatops.cli.time import calendars, clocks_moved, promises
from chatops.errors import SetupError

commands = typer.Typer(
    help="Mirrors TikTok Shop buyer messages into Slack or Discord threads, and the team's answers back, exactly once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
shop = typer.Typer(help="Connect TikTok Shops.", no_args_is_help=True)
discord = typer.Typer(help="Set Discord up.", no_args_is_help=True)
db = typer.Typer(help="Look after the database.", no_args_is_help=True)
deliveries = typer.Typer(help="See what is stuck on its way out, try it again or give it up.")
inbox = typer.Typer(help="See what came in and was not understood, take it in again or drop it.")
commands.add_typer(shop, name="shop")
commands.add_typer(discord, name="discord")
commands.add_typer(db, name="db")
commands.add_typer(deliveries, name="deliveries")
commands.add_typer(inbox, name="inbox")
commands.add_typer(macros, name="macros")
commands.add_typer(rules, name="rules")
commands.add_typer(promises, name="promises")
commands.add_typer(calendars, name="calendars")
commands.add_typer(oncall, name="oncall")
commands.add_typer(outlets, name="outlets")
commands.add_typer(clocks, name="clocks")


@commands.callback(invoke_without_command=True)
def version(show: Annotated[bool, typer.Option("--version", help="Show the version and end.")] = False) -> None:
    """Show the version when asked."""
    if show:
        typer.echo(__version__)
        raise typer.Exit


@commands.command()
def run(
    json_logs: Annotated[bool, typer.Option(help="Log JSON even on a terminal.")] = False,
    ahead: Annotated[Path | None, typer.Option(hidden=True)] = None,  # the demo's file that lets time pass
) -> None:
    """Run the product with the settings of the environment and .env."""
    from chatops import app, log
    from chatops.config import read_config
    from chatops.times import AheadTime, SystemTime

    log.set_up(human=sys.stderr.isatty() and not json_logs)
    try:
        import uvloop

        uvloop.run(app.run(read_config(), AheadTime(ahead) if ahead else SystemTime()))
    except SetupError as error:
        fail(str(error), error.remedy)


@commands.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0 takes any free one.")] = 0,
    seconds: Annotated[float, typer.Option(hidden=True)] = 0,
) -> None:
    """Try it without any account: TikTok Shop, Slack and the product on this machine, and one page to play on."""
    from chatops.cli.demo import Demo

    obey(Demo(port, seconds or None).run())


@commands.command()
def check(
    offline: Annotated[bool, typer.Option(help="Look only at this machine, call nobody.")] = False,
) -> None:
    """Look at every connection and setting, and say for each finding what to do."""
    typer.secho("Looking at everything …", dim=True)
    from chatops.cli.check import check_all
    from chatops.config import read_config

    async def look() -> int:
        return await check_all(read_config(), offline=offline, say=typer.secho)

    if obey(look()):
        raise typer.Exit(1)


@commands.command()
def apply(
    file: Annotated[Path, typer.Argument(help="The desk file.")] = Path("desk.toml"),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Make the desk what desk.toml says; shows the plan first."""
    from chatops.cli.orders import order

    text = _desk_file(file)
    plan = obey(order("compare", {"toml": text}))
    if not plan["changes"]:
        typer.echo("Nothing to change.")
        return
    typer.echo("\n".join(plan["changes"]))
    if plan["moved"]:
        typer.echo("Tickets opened in the last 7 days, by channel, now and as planned:")
    for went in plan["moved"]:
        typer.echo(f"  {went['workspace']} {went['channel']}: {went['before']} -> {went['after']}")
    if plan["clocks"]["moved"]:
        typer.echo(clocks_moved(plan["clocks"]))
    if plan["holes"]:
        typer.echo("\n  ".join(["Nobody would be on call:", *plan["holes"]]))
    if not yes and not typer.confirm("Apply?"):
        fail("Nothing was changed.")
    obey(order("apply", {"toml": text}))
    typer.secho("Applied.", fg="green")


def _desk_file(file: Path) -> str:
    if not file.is_file():
        fail(f"there is no {file}", "Write one; docs/start.md has an example.")
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read: {error}", "A desk file is text in UTF-8 that you may read.")


@commands.command()
def export() -> None:
    """Print the desk as a desk file."""
    from chatops.cli.orders import order

    typer.echo(obey(order("export", {}))["toml"])


@shop.command()
def connect(
    code: Annotated[str, typer.Option(help="The code, or the whole address TikTok sent the seller back to.")] = "",
    region: Annotated[str, typer.Option(help='Where the seller is; "US" has a page of its own.')] = "",
) -> None:
    """Connect a shop: prints the address where its seller says yes, then takes what comes back."""
    from chatops.cli.connect import authorize_address, code_in, keep

    if not code:
        typer.echo("Open this address as the seller and confirm:\n")
        typer.secho(f"  {obey(authorize_address(region))}\n", bold=True)
        typer.echo("If the page that follows says that the shop is connected, that was all (Ctrl-C). Otherwise:")
        code = typer.prompt("Paste the address you were sent back to (or just the code)")
    connected, opened = obey(keep(code_in(code)))
    if not connected:
        fail(
            f"The permission opens {', '.join(opened) or 'no shop'}, and desk.toml names none of them.",
            "Add the shop's id under [[shops]], run `chatops apply desk.toml`, then connect again (a code works once).",
        )
    typer.secho(f"Connected: {', '.join(connected)}", fg="green")


@discord.callback()
def about_discord() -> None:
    """Set Discord up."""


@discord.command()
def invite(
    buyer_names: Annotated[bool, typer.Option(help="Also ask to show what buyers say under their names.")] = False,
    roles: Annotated[bool, typer.Option(help="Also ask to give the role of a rotation to who is on call.")] = False,
) -> None:
    """Print the link by which a server's manager invites the bot, with the rights it asks for."""
    from chatops.cli.discord import invitation_of

    found = obey(invitation_of(buyer_names=buyer_names, roles=roles))
    if found.to_switch_on:
        typer.echo(f"First switch {found.to_switch_on} on: developer portal → {found.name} → Bot.")
        typer.echo(
            "(Or set DISCORD_MESSAGE_CONTENT=false: the team then answers by /reply and the menus of messages.)\n"
        )
    typer.echo("Open this address as somebody who manages the server:\n")
    typer.secho(f"  {found.link}\n", bold=True)
    typer.echo(f"The bot asks for: {', '.join(found.rights)}.")


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema."""
    from chatops.cli.database import upgrade as bring

    typer.echo(obey(bring()))


@db.command("new-key")
def new_key() -> None:
    """Print a new key for CHATOPS_SECRET_KEY."""
    from chatops.store.secrets import generate_key

    typer.echo(generate_key())


@db.command("rotate-key")
def rotate_key() -> None:
    """Encrypt everything with the first key of CHATOPS_SECRET_KEY; the old ones can then be taken away."""
    from chatops.cli.database import rotate_key as rotate

    typer.echo(obey(rotate()))


@deliveries.callback(invoke_without_command=True)
def list_deliveries(context: typer.Context) -> None:
    """List what is stuck."""
    if context.invoked_subcommand is not None:
        return
    from chatops.cli.orders import order
    from chatops.cli.tables import show_deliveries

    show_deliveries(obey(order("deliveries", {})))


Lane = Annotated[str, typer.Argument(help="The lane, as the list names it.")]
Number = Annotated[int, typer.Argument(help="The number of something that was given up.")]


@deliveries.command("retry")
def retry_delivery(lane: Lane, number: Number = 0) -> None:
    """Try a stuck lane, or something that was given up, again now."""
    _done("retry_delivery", {"lane": lane, "seq": number}, "It goes again now.")


@deliveries.command("drop")
def drop_delivery(
    lane: Lane, number: Number = 0, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
) -> None:
    """Give up what a stuck lane waits with, for good."""
    if not yes and not typer.confirm("This cannot be undone. Drop it?"):
        fail("Nothing was changed.")
    _done("drop_delivery", {"lane": lane, "seq": number}, "Dropped; what waited behind it goes on.")


@inbox.callback(invoke_without_command=True)
def list_inbox(context: typer.Context) -> None:
    """List what was not understood."""
    if context.invoked_subcommand is not None:
        return
    from chatops.cli.orders import order
    from chatops.cli.tables import show_inbox

    show_inbox(obey(order("inbox", {})))


@inbox.command("retry")
def retry_inbox(notification: Annotated[str, typer.Argument(help="Its id; all of them without.")] = "") -> None:
    """Take in what was not understood before."""
    from chatops.cli.orders import order

    answer = obey(order("retry_inbox", {"id": notification or None}))
    typer.echo(f"Taken in: {answer['taken']}. Still not understood: {answer['left']}.")


@inbox.command("drop")
def drop_inbox(notification: Annotated[str, typer.Argument(help="Its id.")]) -> None:
    """Forget what one notification said."""
    _done("drop_inbox", {"id": notification}, "Dropped.")


def _done(name: str, args: dict[str, Any], said: str) -> None:
    from chatops.cli.orders import order

    if not obey(order(name, args))["done"]:
        fail("There is nothing like that (any more), or it is being sent right now.", "Look at the list again.")
    typer.secho(said, fg="green")
