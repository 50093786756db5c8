"""Teams that the desk names: tickets are given to them, and their group is told."""

import pytest

from chatops.cards import forms
from chatops.catalog import Takes
from chatops.desk import desk_toml, setup
from chatops.errors import SetupError
from chatops.i18n import language
from chatops.model.team import Team
from tests.desk.scenes import SUPPORT, TEAM, BuyerThere, Desk, Teammate, a_plan, a_route

DESK = """
[[workspaces]]
name = "team"
platform = "slack"
id = "T0TEAM"
locale = "en"

[[teams]]
workspace = "team"
name = "Night shift"
mention = "S0NIGHT"

[[teams]]
workspace = "team"
name = "Returns"
"""


@pytest.fixture
def named(desk: Desk) -> None:
    """Two teams in the workspace, one of them with a group."""
    desk.tx.insert(Team(workspace_id=TEAM, name="Night shift", mention="S0NIGHT"))
    desk.tx.insert(Team(workspace_id=TEAM, name="Returns"))


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("said", ["team night shift", "#Night-Shift", "团队 night_shift", "night shift"])
def test_a_named_team_is_told_once_that_a_ticket_is_theirs(
    desk: Desk, asked: BuyerThere, li: Teammate, said: str
) -> None:
    for _ in range(2):
        li.says(f"!assign {said}", asked)
    assert (desk.ticket(asked).team, desk.ticket(asked).assignee_id) == ("Night shift", None)
    desk.carry_out()
    assert desk.told == [("team", "Night shift S0NIGHT")]
    assert desk.history(asked) == ["opened", "given_to_team"]


@pytest.mark.usefixtures("named")
def test_a_name_that_no_team_has_is_refused_with_those_there_are(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!assign team nite", asked)
    assert desk.ticket(asked).team == ""
    desk.carry_out()
    [(_, facts)] = desk.whispers["li"]
    assert (facts["reason"], facts["name"], facts["names"]) == ("no_such_team", "nite", "Night shift, Returns")


def test_where_the_desk_names_no_team_any_name_is_one(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!assign team nite", asked)
    desk.carry_out()
    assert desk.told == [("team", "nite")]


@pytest.mark.usefixtures("named")
def test_teams_are_offered_beside_teammates(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("// I am here", asked)
    with language("en"):
        offered = [(option.label, option.value) for option in forms.offered(desk.tx, Takes.AGENT, TEAM)]
    assert offered[:2] == [("Team Night shift", "team Night shift"), ("Team Returns", "team Returns")]
    assert ("Li", "<@li>") in offered


def test_the_desk_file_names_them_and_is_written_back_as_it_was(desk: Desk) -> None:
    plan = desk_toml.parse(DESK)
    assert [(one.name, one.mention) for one in plan.teams] == [("Night shift", "S0NIGHT"), ("Returns", "")]
    assert desk_toml.parse(desk_toml.write(plan)).teams == plan.teams
    changes = [f"{each.sign} {each.what}" for each in setup.apply(desk.tx, plan, desk.now)]
    assert {"+ team Night shift of T0TEAM", "+ team Returns of T0TEAM"} <= set(changes)
    other = desk_toml.parse(DESK.replace("S0NIGHT", "S0DAY"))
    [change] = setup.compare(desk.tx, other)
    assert f"{change.sign} {change.what}" == "~ team Night shift of T0TEAM (mention: S0NIGHT → S0DAY)"
    gone = [f"{each.sign} {each.what}" for each in setup.compare(desk.tx, a_plan(a_route(SUPPORT)))]
    assert "- team Returns of T0TEAM" in gone


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('name = "Returns"', 'name = "night-shift"', "names team night shift of T0TEAM twice"),
        ('name = "Returns"', 'name = " "', "a team is called ''"),
        ("S0NIGHT", "@night", "'@night' is no slack group id"),
        ('workspace = "team"\nname = "Returns"', 'workspace = "x"\nname = "Returns"', "team Returns names workspace x"),
    ],
)
def test_a_team_that_makes_no_sense_is_refused(before: str, after: str, problem: str) -> None:
    with pytest.raises(SetupError, match=problem):
        desk_toml.parse(DESK.replace(before, after))
