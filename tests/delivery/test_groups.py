"""The chat's group of those on call, which several rotations may share."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlmodel import select

from chatops.delivery import duty
from chatops.delivery.hand import Hand, Tools
from chatops.desk import definitions
from chatops.desk.definitions import Defined
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.rotation import OnCall
from chatops.outbox import Kind
from chatops.rules.rotation import Layer, Rotation
from chatops.store import Store, Transaction
from chatops.store.lanes import Claimed, Delivery, InHand
from chatops.times import SystemTime
from tests.desk.scenes import NOON, TEAM, a_workspace

LONG_AGO = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - a wall clock


class Chat:
    """A chat platform with one group."""

    def __init__(self) -> None:
        self.members: list[str] = []
        self.former: list[str] = []

    async def set_group(self, _home: str, _group: str, members: Sequence[str], former: Sequence[str]) -> None:
        self.members, self.former = [*members], [*former]


def two_rotations(tx: Transaction) -> None:
    tx.insert(a_workspace())
    for name in ("li", "noor", "ana"):
        tx.insert(Agent(workspace_id=TEAM, id=name))
    yesterday = SystemTime().now() - timedelta(days=1)
    for rotation, who in (("chat", "ana"), ("live", "noor")):
        line = OnCall(workspace_id=TEAM, rotation=rotation, agent_id=who, start_at=yesterday - timedelta(1))
        tx.insert(line)
        tx.update(line, end_at=yesterday)
    for rotation, who in (("chat", "li"), ("live", "noor")):
        spec = Rotation("team", "UTC", (Layer((who,), LONG_AGO),), group="S1")
        definitions.define(tx, Defined(DefinitionKind.ROTATION, rotation, spec), None, NOON)


def changes(tx: Transaction) -> list[Delivery]:
    return tx.all(Delivery, select(Delivery).where(Delivery.kind == Kind.GROUP))


async def test_a_group_that_rotations_share_has_those_on_call_through_any_of_them(store: Store) -> None:
    await store.write(two_rotations)
    chat, time = Chat(), SystemTime()
    tools = Tools(store, time, lambda _: cast("Any", chat), cast("Any", None), Path())
    for waiting in await store.read(changes):
        head = InHand(**waiting.model_dump())
        hand = Hand(Claimed(head.lane, "", "", [head], 0, time.now() + timedelta(hours=1)), time)
        await duty.group(tools, hand)
        assert (chat.members, chat.former) == (["li", "noor"], ["ana"])
    assert chat.members


async def test_nobody_stays_in_the_group_of_rotations_that_are_gone(store: Store) -> None:
    await store.write(two_rotations)
    chat, time = Chat(), SystemTime()
    tools = Tools(store, time, lambda _: cast("Any", chat), cast("Any", None), Path())
    for gone, left in (("chat", (["noor"], ["ana", "li"])), ("live", ([], ["ana", "noor"]))):
        await store.write(definitions.remove, DefinitionKind.ROTATION, gone, None, time.now())
        for waiting in await store.read(changes):
            head = InHand(**waiting.model_dump())
            hand = Hand(Claimed(head.lane, "", "", [head], 0, time.now() + timedelta(hours=1)), time)
            if head.args.get("left") and head.args["rotation"] == gone:
                await duty.group(tools, hand)
        assert chat.members == left[0]
        assert set(chat.former) <= set(left[1])
