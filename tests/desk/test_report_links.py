"""Links to reports: whoever leads no more has none, and gets none back."""

from dataclasses import replace
from typing import Any

import pytest

from chatops.desk import report_links, setup, team
from chatops.model.agent import Agent, Role
from chatops.model.digest import Digest
from chatops.model.facts import AgentProfile
from tests.desk.scenes import NOON, TEAM, Desk, a_plan, a_route

ANA = Agent(workspace_id=TEAM, id="ana", role=Role.LEAD)


def appoint(desk: Desk, *agents: Agent) -> None:
    setup.apply(desk.tx, replace(a_plan(a_route()), agents=agents), desk.now)


def learn(desk: Desk, *, is_there: bool) -> None:
    profile = AgentProfile("ana", "Ana", "", "", is_bot=False, is_active=is_there)
    team.learned(desk.tx, TEAM, profile, desk.now)


@pytest.fixture
def linked(desk: Desk) -> str:
    """The secret of a link that Ana made."""
    appoint(desk, ANA)
    about: dict[str, Any] = {"timezone": "UTC", "scope": {}, "sections": [], "locale": "en", "channel_id": "C1"}
    digest = Digest(id=7, workspace_id=TEAM, due_at=NOON, start_at=NOON, end_at=NOON, made_at=NOON, **about)
    return report_links.made(desk.tx, digest, "ana", "page", desk.now).secret


def test_a_link_of_somebody_who_leads_no_more_stays_withdrawn_when_they_lead_again(desk: Desk, linked: str) -> None:
    appoint(desk, ANA)
    assert report_links.read(desk.tx, linked, desk.now) == "page"
    appoint(desk)
    appoint(desk, ANA)
    assert report_links.read(desk.tx, linked, desk.now) is None


def test_a_link_of_somebody_who_left_stays_withdrawn_when_they_come_back(desk: Desk, linked: str) -> None:
    learn(desk, is_there=True)
    assert report_links.read(desk.tx, linked, desk.now) == "page"
    learn(desk, is_there=False)
    learn(desk, is_there=True)
    assert report_links.read(desk.tx, linked, desk.now) is None
