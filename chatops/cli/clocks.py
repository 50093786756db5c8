"""`chatops clocks`: what clocks show against what was recorded."""

from typing import Annotated, Any

import typer

from chatops.cli.outcome import obey

clocks = typer.Typer(help="Prove what clocks show by what was recorded.", no_args_is_help=True)
Check = Annotated[bool, typer.Option("--check", help="Change nothing; end with 1 when a clock stands otherwise.")]


@clocks.command()
def rebuild(check: Check = False) -> None:
    """Count every clock anew from what was recorded, and let it stand so; what was said is not said again."""
    from chatops.cli.orders import order

    after, looked_at = ["", ""], 0
    others: dict[str, list[str]] = {}
    while after:
        answer: Any = obey(order("rebuild_clocks", {"after": after, "keep": not check}))
        looked_at, after = looked_at + answer["looked_at"], answer["after"]
        others |= answer["others"]
    for ticket_id, different in others.items():
        typer.echo(f"{ticket_id}  {'; '.join(different)}")
    done = "stand otherwise than recorded" if check else "were set right"
    typer.echo(f"{looked_at} tickets; {sum(map(len, others.values()))} clocks {done}.")
    if check and others:
        raise typer.Exit(1)


@clocks.command("time-zones")
def time_zones() -> None:
    """Count by the time zones of this installation, also if they are older than those counted by so far."""
    from chatops.cli.orders import order

    answer: Any = obey(order("time_zones", {}))
    typer.echo(f"Counting by {answer['time_zones']}; open tickets are counted anew.")
