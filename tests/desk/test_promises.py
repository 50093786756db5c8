"""Ready-made promises: a lead takes a pack, sees what it would change, and can have back what was before."""

from datetime import timedelta

import pytest

from chatops.desk import definitions, desk_toml, promises, setup
from chatops.errors import Refusal, Refused, SetupError
from chatops.model.agent import Agent, Role
from chatops.model.definition import DefinitionKind
from chatops.rules.durations import milliseconds
from chatops.rules.hours import Hours
from chatops.rules.targets import Metric, ServiceLevel
from chatops.store import Transaction
from tests.desk.scenes import NOON, TEAM, Desk

LEAD = Agent(workspace_id=TEAM, id="U0LEAD", role=Role.LEAD)
TICK = timedelta(seconds=1)


def names(tx: Transaction, kind: DefinitionKind) -> list[str]:
    return [one.name for one in definitions.current(tx) if one.kind is kind]


@pytest.mark.parametrize("pack", promises.PACKS)
def test_each_pack_is_a_part_of_a_desk_file_that_makes_sense(pack: str) -> None:
    team = '[[workspaces]]\nname = "team"\nplatform = "slack"\nid = "T0TEAM"\nlocale = "en"\n'
    found = desk_toml.parse(team + promises.filled(pack, "Asia/Jakarta", "team")).definitions
    assert found == promises.packed(pack, "Asia/Jakarta", "team")
    levels = [one.spec for one in found if isinstance(one.spec, ServiceLevel)]
    assert any("chat" in level.match.kinds and not level.match.levels for level in levels)  # no chat is forgotten
    own = [target for level in levels for target in level.targets if target.metric is not Metric.PLATFORM_RESPONSE]
    assert all(milliseconds(target.within) for target in own)
    assert sum(len(level.targets) for level in levels) > len(own)  # TikTok's own clock runs beside them
    assert all(level.escalation for level in levels if any(target.urgency != "channel" for target in level.targets))


def test_a_pack_takes_the_place_of_earlier_promises_and_can_be_taken_back(tx: Transaction, desk: Desk) -> None:
    promises.adopt(tx, "small-shop", "berlin", LEAD, NOON)
    assert names(tx, DefinitionKind.SERVICE_LEVEL) == ["complaints", "chat"]
    promises.adopt(tx, "black-friday", "berlin", LEAD, NOON + TICK)
    assert names(tx, DefinitionKind.SERVICE_LEVEL) == ["before buying", "complaints", "chat", "live", "comments"]
    assert names(tx, DefinitionKind.CALENDAR) == ["shop hours", "peak hours"]
    promises.take_back(tx, NOON + TICK, LEAD, NOON + 2 * TICK)
    assert names(tx, DefinitionKind.SERVICE_LEVEL) == ["complaints", "chat"]
    assert names(tx, DefinitionKind.CALENDAR) == ["shop hours"]
    promises.take_back(tx, NOON + 2 * TICK, LEAD, NOON + 3 * TICK)  # and once more: the undoing is undone
    assert names(tx, DefinitionKind.SERVICE_LEVEL) == ["before buying", "complaints", "chat", "live", "comments"]


def test_what_changed_since_is_not_taken_back(tx: Transaction, desk: Desk) -> None:
    promises.adopt(tx, "small-shop", "Europe/Berlin", LEAD, NOON)
    promises.adopt(tx, "black-friday", "Europe/Berlin", LEAD, NOON + TICK)
    for at in (NOON, NOON + timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            promises.take_back(tx, at, LEAD, NOON + 2 * TICK)
        assert refused.value.reason is Refusal.STALE


def test_hours_that_people_made_their_own_stay(tx: Transaction, desk: Desk) -> None:
    promises.adopt(tx, "small-shop", "Europe/Berlin", LEAD, NOON)
    theirs = Hours("Europe/Berlin", {"mon": ("10:00-12:00",)})
    definitions.define(tx, definitions.Defined(DefinitionKind.CALENDAR, "shop hours", theirs), LEAD, NOON + TICK)
    promises.adopt(tx, "small-shop", "Asia/Jakarta", LEAD, NOON + 2 * TICK)
    assert next(one.spec for one in definitions.current(tx) if one.name == "shop hours") == theirs


def test_an_unknown_zone_or_pack_is_refused(tx: Transaction, desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        promises.adopt(tx, "small-shop", "Atlantis", LEAD, NOON)
    assert refused.value.reason is Refusal.NO_SUCH_ZONE
    with pytest.raises(Refused):
        promises.adopt(tx, "large-shop", "Europe/Berlin", LEAD, NOON)
    with pytest.raises(SetupError, match="large-shop"):
        promises.written("large-shop")


def test_a_desk_with_a_pack_can_be_written_down(tx: Transaction, desk: Desk) -> None:
    promises.adopt(tx, "cross-border", "Asia/Ho_Chi_Minh", LEAD, NOON)
    plan = setup.current(tx)
    assert desk_toml.parse(desk_toml.write(plan)).definitions == plan.definitions
