"""What the members of the team say about themselves, in a thread or by a command."""

import pytest

from chatops.catalog import Verb
from chatops.desk import commands
from chatops.desk.commands import Setting
from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model.agent import Agent
from chatops.model.workspace import PlatformName, Workspace
from tests.desk.scenes import TEAM, BuyerThere, Desk, Teammate

SERVER = "1580000000000000000"


def known(desk: Desk, agent_id: str, workspace_id: str = TEAM) -> Agent:
    found = agents.get(desk.tx, workspace_id, agent_id)
    assert found is not None
    return found


def test_languages_typed_in_a_thread_are_kept_and_shown_on_the_own_page(
    desk: Desk, li: Teammate, asked: BuyerThere
) -> None:
    source = li.says("!languages TH, en th", asked)
    assert known(desk, li.name).languages == ["th", "en"]
    assert (desk.written(source), li.whispers) == ([], ["asked"])
    assert desk.whispers[li.name][-1][1] == {"verb": "home", "words": ""}


def test_a_language_nobody_knows_and_slacks_zone_are_refused(desk: Desk, li: Teammate, asked: BuyerThere) -> None:
    for typed in ("!languages klingon", "!languages", "!zone Europe/Berlin"):
        li.says(typed, asked)
    assert li.whispers == ["no_such_language", "no_such_language", "in_profile"]
    assert (known(desk, li.name).languages, known(desk, li.name).timezone) == ([], "")


def test_a_zone_is_kept_where_the_platform_does_not_tell_one_and_nothing_of_what_is_refused(desk: Desk) -> None:
    desk.tx.insert(Workspace(id=SERVER, name="server", platform=PlatformName.DISCORD, locale="en"))
    with pytest.raises(Refused) as refused:
        commands.settled(desk.tx, Setting(SERVER, "7", Verb.ZONE, "Atlantis"), desk.now)
    assert refused.value.reason is Refusal.NO_SUCH_ZONE
    commands.settled(desk.tx, Setting(SERVER, "7", Verb.ZONE, "ho chi minh", "press-1"), desk.now)
    commands.settled(desk.tx, Setting(SERVER, "7", Verb.ZONE, "Bangkok", "press-1"), desk.now)
    with pytest.raises(Refused) as refused:
        commands.settled(desk.tx, Setting(SERVER, "7", Verb.ZONE, "Bankok"), desk.now)
    assert refused.value.facts == {"near": "Asia/Bangkok"}
    assert known(desk, "7", SERVER).timezone == "Asia/Ho_Chi_Minh", "heard twice, it counts once"


def test_quiet_hours_are_kept_until_they_are_off(desk: Desk, li: Teammate, asked: BuyerThere) -> None:
    li.says("!quiet 22-8", asked)
    assert known(desk, li.name).quiet == "22:00-08:00"
    li.says("!quiet from 10pm", asked)
    li.says("!quiet", asked)
    assert known(desk, li.name).quiet == "22:00-08:00", "nothing of what is refused is kept"
    li.says("!quiet off", asked)
    assert known(desk, li.name).quiet == ""
    assert li.whispers == ["asked", "no_such_hours", "no_such_hours", "asked"]
