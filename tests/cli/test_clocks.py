"""`chatops clocks`: what clocks show is proved by what was recorded."""

from pathlib import Path

from typer.testing import CliRunner

from chatops.cli import commands
from chatops.times import TIME_ZONES
from tests.cli.installation import lines


def test_an_empty_desk_has_nothing_to_prove(folder: Path) -> None:
    for words in (["--check"], []):
        [said] = lines(CliRunner().invoke(commands, ["clocks", "rebuild", *words]), 0)
        assert said.startswith("0 tickets; 0 clocks ")


def test_an_operator_goes_back_to_older_time_zones_on_purpose(folder: Path) -> None:
    [said] = lines(CliRunner().invoke(commands, ["clocks", "time-zones"]), 0)
    assert said == f"Counting by {TIME_ZONES}; open tickets are counted anew."
