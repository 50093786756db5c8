"""Who is on call: rotations as a lead defines them, what people say besides, and people who leave."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from chatops.desk import definitions
from chatops.desk.definitions import Defined
from chatops.model import oncall
from chatops.model.agent import Agent, Role
from chatops.model.definition import DefinitionKind
from chatops.model.rotation import Override
from chatops.rules.rotation import Instead, Layer, Rotation, Unit
from chatops.store import Transaction
from tests.desk.scenes import NOON, TEAM, a_workspace

START = datetime(2026, 5, 4, 9)  # a Monday  # noqa: DTZ001 - a wall clock
DAY = timedelta(days=1)


def daily(*members: str, priority: int = 0) -> Layer:
    return Layer(members, START, Unit.DAY, priority=priority)


def define(tx: Transaction, *layers: Layer, at: datetime = NOON) -> None:
    spec = Rotation("team", "UTC", layers)
    definitions.define(tx, Defined(DefinitionKind.ROTATION, "front", spec), None, at)


def names(tx: Transaction, at: datetime) -> str:
    return " ".join(agent.name or agent.id for agent in oncall.on_call(tx, "front", at))


@pytest.fixture
def team(tx: Transaction) -> None:
    tx.insert(a_workspace())
    for name in ("li", "noor", "ana"):
        tx.insert(Agent(workspace_id=TEAM, id=f"U0{name.upper()}", name=name))


@pytest.mark.usefixtures("team")
def test_the_turn_goes_round_and_who_left_is_not_on_call(tx: Transaction) -> None:
    define(tx, daily("U0LI", "U0NOOR"), daily("U0ANA", priority=-1))
    assert [names(tx, NOON + days * DAY) for days in range(3)] == ["li", "noor", "li"]
    assert oncall.next_change(tx, "front", NOON) == datetime(2026, 5, 5, 9, tzinfo=UTC)
    tx.execute(update(Agent).where(col(Agent.id) == "U0LI").values(is_guest=True))
    assert [names(tx, NOON + days * DAY) for days in range(3)] == ["ana", "noor", "ana"]


@pytest.mark.usefixtures("team")
def test_a_rotation_of_one_never_hands_over_and_one_nobody_defined_has_nobody(tx: Transaction) -> None:
    define(tx, daily("U0LI"))
    assert oncall.next_change(tx, "front", NOON) is None
    assert oncall.on_call(tx, "font", NOON) == []
    assert oncall.next_change(tx, "font", NOON) is None


@pytest.mark.usefixtures("team")
def test_somebody_who_never_acted_here_can_be_on_call(tx: Transaction) -> None:
    define(tx, daily("U0NEW"))
    assert [(agent.id, agent.standing) for agent in oncall.on_call(tx, "front", NOON)] == [("U0NEW", Role.AGENT)]


@pytest.mark.usefixtures("team")
def test_an_edit_changes_what_comes_and_never_what_was(tx: Transaction) -> None:
    define(tx, daily("U0LI", "U0NOOR"))
    define(tx, daily("U0ANA"), at=NOON + DAY)
    assert [names(tx, NOON + hours * timedelta(hours=1)) for hours in (-1, 0, 23, 24)] == ["", "li", "noor", "ana"]
    definitions.remove(tx, DefinitionKind.ROTATION, "front", None, NOON + 2 * DAY)
    assert [names(tx, NOON + days * DAY) for days in (0, 1, 2)] == ["li", "ana", ""]


@pytest.mark.usefixtures("team")
def test_what_is_said_besides_counts_until_it_is_taken_back(tx: Transaction) -> None:
    define(tx, daily("U0LI", "U0NOOR"))
    tx.insert(
        Override(
            workspace_id=TEAM, rotation="", kind=Instead.SWAP, start_at=NOON, end_at=NOON + DAY,
            who="U0ANA", whose="U0LI", made_at=NOON, cancelled_at=NOON + DAY / 2,
        )
    )  # fmt: skip
    assert [names(tx, NOON + hours * timedelta(hours=1)) for hours in (0, 11, 12, 21)] == ["ana", "ana", "li", "noor"]
    tx.execute(update(Agent).where(col(Agent.id) == "U0ANA").values(is_guest=True))
    assert names(tx, NOON) == "li"  # who left takes no turn for anybody
