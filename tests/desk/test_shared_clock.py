"""Several replicas, one of whose machines has a clock that is ahead: nobody is called early."""

import asyncio
from datetime import datetime, timedelta

from sqlmodel import select

from chatops.desk import definitions, intake, paging, setup
from chatops.desk.definitions import Defined
from chatops.desk.setup import OpenedShop
from chatops.model import ticket as tickets
from chatops.model.definition import DefinitionKind
from chatops.model.facts import SenderRole
from chatops.model.page import Page, Why
from chatops.rules.escalation import Escalation, Step
from chatops.rules.targets import Urgency
from chatops.store import Keyring, Transaction, generate_key, open_store
from chatops.times import SystemTime
from handlers.timers.alarms import Alarms
from tests.desk.scenes import SHOP, a_permission, a_plan, a_route, heard_from

AHEAD = timedelta(seconds=90)
CALLS = Escalation("team", (Step(("agent noor",), wait="1m"), Step(("agent li",), wait="1m")))


class Ahead(SystemTime):
    """The clock of a machine that nobody has set right."""

    def now(self) -> datetime:
        """Return an instant that is still to come."""
        return super().now() + AHEAD


def called(tx: Transaction, buyer: str, ago: timedelta) -> None:
    """Somebody was called about a buyer's ticket so long ago."""
    at = SystemTime().now() - ago
    intake.message_arrived(tx, SHOP, at, heard_from(SenderRole.BUYER, "Where?", ago.seconds, buyer, at))
    ticket = tickets.lock(tx, SHOP, f"{buyer}.1")
    assert ticket is not None
    assert paging.summon(tx, ticket, "front", Why.ASKED, Urgency.LOUD, at)


def steps(tx: Transaction) -> dict[str, int]:
    """Return how far each page has climbed."""
    return {one.ticket_id: one.step for one in tx.all(Page, select(Page))}


async def test_a_replica_whose_clock_is_ahead_climbs_no_page_early(postgres_url: str) -> None:
    store = open_store(postgres_url, time=SystemTime(), keys=Keyring([generate_key()]))
    await store.start()
    await store.write(prepared)
    await store.write(called, "young", timedelta(0))
    await store.write(called, "old", timedelta(seconds=70))
    looking = asyncio.create_task(Alarms(store, Ahead(), shared_clock=True).run())
    try:
        async with asyncio.timeout(20):
            while (await store.read(steps))["old.1"] == 0:
                pass
        assert await store.read(steps) == {"young.1": 0, "old.1": 1}
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await store.close()


def prepared(tx: Transaction) -> None:
    """Make a desk that calls two people, one after the other."""
    now = SystemTime().now()
    setup.apply(tx, a_plan(a_route()), now)
    setup.shops_connected(tx, a_permission(), [OpenedShop(SHOP, "GB", "cipher")])
    definitions.define(tx, Defined(DefinitionKind.ESCALATION, "front", CALLS), None, now)
