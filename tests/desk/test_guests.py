"""Guests of the team's own workspace look on, unless the desk says that they may answer."""

from dataclasses import replace

import pytest

from chatops.catalog import Verb
from chatops.desk import desk_toml, setup, team
from chatops.errors import SetupError
from chatops.model.agent import Agent, Role
from chatops.model.facts import AgentProfile
from chatops.platforms.slack.readback import agent_profile
from tests.desk.scenes import SUPPORT, TEAM, BuyerThere, Desk, Teammate, a_plan, a_route

GUEST = "U0GUEST"

DESK = """
[[workspaces]]
name = "team"
platform = "slack"
id = "T0TEAM"
locale = "en"
"""
NAMED = f'{DESK}\n[[agents]]\nworkspace = "team"\nid = "U0GUEST"\nrole = "agent"\n'


def learn(desk: Desk, agent_id: str = GUEST, *, guest: bool = True) -> None:
    profile = AgentProfile(agent_id, "Gus", "en-US", "UTC", is_bot=False, is_active=True, is_guest=guest)
    team.learned(desk.tx, TEAM, profile, desk.now)


def appoint(desk: Desk, *agents: Agent) -> None:
    setup.apply(desk.tx, replace(a_plan(a_route()), agents=agents), desk.now)


def guest(role: Role | None = None) -> Agent:
    return Agent(workspace_id=TEAM, id=GUEST, role=role)


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted"])
def test_slack_tells_who_is_a_guest(flag: str) -> None:
    assert agent_profile({"id": GUEST, flag: True}).is_guest
    assert not agent_profile({"id": GUEST, flag: False}).is_guest


def test_what_a_guest_wrote_before_it_was_known_does_not_leave(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    setup.apply(desk.tx, a_plan(a_route(), crossing_seconds=0), desk.now)
    gus = Teammate(desk, GUEST)
    source = gus.says("It is free for you", asked)
    gus.says("All of it", asked)
    li.says("On its way", asked)
    learn(desk)
    desk.passes(seconds=10)
    assert asked.heard == ["On its way"]
    assert desk.written(source) == [("It is free for you", "withdrawn")]
    assert gus.whispers.count("not_allowed") == 1, "told once"


def test_a_known_guest_is_refused_and_may_ask_for_help(desk: Desk, asked: BuyerThere) -> None:
    gus = Teammate(desk, GUEST)
    gus.says("!help", asked)
    learn(desk)
    source = gus.says("It is free for you", asked)
    gus.presses(Verb.CLAIM, desk.ticket(asked))
    desk.passes(seconds=10)
    assert (asked.heard, desk.written(source)) == ([], [])
    assert gus.whispers == ["asked", "not_allowed", "not_allowed"]


def test_a_guest_who_becomes_a_member_may_answer(desk: Desk, asked: BuyerThere) -> None:
    gus = Teammate(desk, GUEST)
    gus.says("!help", asked)
    learn(desk)
    learn(desk, guest=False)
    gus.says("On its way", asked)
    desk.passes(seconds=10)
    assert asked.heard == ["On its way"]


def test_the_desk_may_let_a_guest_answer_until_it_says_nothing_any_more(desk: Desk, asked: BuyerThere) -> None:
    appoint(desk, guest(Role.AGENT))
    gus = Teammate(desk, GUEST)
    gus.says("On its way", asked)
    learn(desk)
    desk.passes(seconds=10)
    assert asked.heard == ["On its way"]
    appoint(desk)
    gus.says("It is free for you", asked)
    desk.passes(seconds=10)
    assert asked.heard == ["On its way"]


def test_the_desk_may_make_a_member_an_observer(desk: Desk, asked: BuyerThere) -> None:
    kim = Teammate(desk, "U0KIM")
    kim.says("On its way", asked)
    desk.passes(seconds=10)
    appoint(desk, Agent(workspace_id=TEAM, id="U0KIM", role=Role.OBSERVER))
    kim.says("Bye", asked)
    desk.passes(seconds=10)
    assert (asked.heard, kim.whispers[-1]) == (["On its way"], "not_allowed")


def test_a_desk_file_names_roles_and_is_written_as_it_was_read(desk: Desk) -> None:
    plan = desk_toml.parse(NAMED)
    named = [(agent.workspace_id, agent.id, agent.role) for agent in plan.agents]
    assert named == [(TEAM, GUEST, Role.AGENT)]
    setup.apply(desk.tx, plan, desk.now)
    written = desk_toml.write(setup.current(desk.tx))
    assert NAMED.rsplit("\n\n", maxsplit=1)[-1].strip() in written
    assert setup.compare(desk.tx, desk_toml.parse(written)) == []


def test_what_would_change_is_said(desk: Desk) -> None:
    def signs(*agents: Agent) -> list[str]:
        plan = replace(a_plan(a_route(SUPPORT)), agents=agents)
        return [f"{change.sign} {change.what}" for change in setup.compare(desk.tx, plan)]

    assert signs(guest(Role.AGENT)) == ["+ agent U0GUEST of T0TEAM"]
    appoint(desk, guest(Role.AGENT))
    assert signs(guest(Role.LEAD)) == ["~ agent U0GUEST of T0TEAM (role: agent → lead)"]
    assert signs() == ["- agent U0GUEST of T0TEAM"]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (NAMED.replace("U0GUEST", "gus"), "no slack agent id"),
        (NAMED.replace('"agent"', '"boss"'), "boss"),
        (NAMED.replace('workspace = "team"', 'workspace = "other"'), "names workspace other"),
        (NAMED + NAMED.removeprefix(DESK), "twice"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(written: str, problem: str) -> None:
    with pytest.raises(SetupError, match=problem):
        desk_toml.parse(written)


@pytest.mark.parametrize("is_bot", [True, False], ids=["a bot", "somebody who has left"])
def test_a_ticket_stays_with_nobody_who_cannot_answer(
    desk: Desk, asked: BuyerThere, li: Teammate, is_bot: bool
) -> None:
    li.says("!assign", asked, mentions=(GUEST,))
    team.learned(desk.tx, TEAM, AgentProfile(GUEST, "Gus", "", "", is_bot=is_bot, is_active=is_bot), desk.now)
    assert desk.ticket(asked).assignee_id is None
    li.says("!assign", asked, mentions=(GUEST,))
    assert li.whispers == ["done", "cannot_answer"]
