"""`chatops clocks`: what clocks show is proved by what was recorded."""

from pathlib import Path

from typer.testing import CliRunner

from chatops.cli import commands
from chatops.model import clock as clocks
from chatops.model.clock import Clock
from chatops.rules.clock import Count
from chatops.rules.targets import ServiceLevel
from chatops.store import Transaction
from chatops.times import TIME_ZONES
from tests.cli.installation import Installation, lines
from tests.desk.scenes import SHOP, Desk
from tests.desk.test_clocks import FIRST, WHOLE, promise


def asks(tx: Transaction) -> str:
    """Let a buyer ask, and wait for too long; return the ticket."""
    desk = Desk(tx)
    promise(desk, ServiceLevel((FIRST, WHOLE)))
    mia = desk.buyer("mia")
    mia.says("Where is my parcel?")
    return desk.ticket(mia).id


def shown(tx: Transaction, ticket_id: str) -> list[Clock]:
    """Return what the clocks of the ticket show, the first answer's first."""
    return clocks.every(tx, SHOP, ticket_id)


def counts(tx: Transaction, ticket_id: str) -> list[Count]:
    """Return what they come to."""
    return [one.count for one in shown(tx, ticket_id)]


def test_an_empty_desk_has_nothing_to_prove(folder: Path) -> None:
    for words in (["--check"], []):
        [said] = lines(CliRunner().invoke(commands, ["clocks", "rebuild", *words]), 0)
        assert said.startswith("0 tickets; 0 clocks ")


async def test_a_clock_that_somebody_changed_is_named_with_what_differs_and_set_right(
    fresh: Installation, sqlite_template: Path
) -> None:
    fresh.gets_tables(sqlite_template)
    ticket_id = await fresh.write(asks)
    was = await fresh.write(lambda tx: counts(tx, ticket_id))
    await fresh.write(lambda tx: tx.update(shown(tx, ticket_id)[0], consumed=1, running_since=None))
    tampered = await fresh.write(lambda tx: counts(tx, ticket_id))
    for words, said, exit_code in (
        (["--check"], "stand otherwise than recorded", 1),
        ([], "were set right", 0),
    ):
        named, summed_up = lines(await fresh.chatops("clocks", "rebuild", *words), exit_code)
        assert await fresh.write(lambda tx: counts(tx, ticket_id)) == (tampered if words else was)
        assert named == f"{ticket_id}  first_response.1: state, running, consumed, breached"
        assert summed_up == f"1 tickets; 1 clocks {said}."
    [nothing] = lines(await fresh.chatops("clocks", "rebuild", "--check"))
    assert nothing == "1 tickets; 0 clocks stand otherwise than recorded."


def test_an_operator_goes_back_to_older_time_zones_on_purpose(folder: Path) -> None:
    [said] = lines(CliRunner().invoke(commands, ["clocks", "time-zones"]), 0)
    assert said == f"Counting by {TIME_ZONES}; open tickets are counted anew."
