"""A rush of clocks that run out holds up nobody who writes."""

from datetime import timedelta

import pytest

from chatops.desk import alarms
from chatops.outbox import Kind, thread_lane
from chatops.store import lanes
from tests.desk.scenes import BuyerThere, Desk
from tests.desk.test_clocks import ALL, promise
from tests.store.rooms import no_limit


@pytest.fixture
def promised(desk: Desk) -> Desk:
    """A desk that promises everything there is to promise."""
    promise(desk, ALL)
    return desk


def test_what_a_buyer_writes_does_not_wait_behind_a_rush_of_broken_promises(promised: Desk, mia: BuyerThere) -> None:
    late = [promised.buyer(name) for name in ("ana", "ben", "cy")]
    for buyer in (*late, mia):
        buyer.says("Where is my parcel?")
    promised.carry_out()
    promised.now += timedelta(minutes=6)
    while alarms.raise_due(promised.tx, promised.now):
        pass
    promised.now += timedelta(seconds=1)
    mia.says("Hello?")
    [first, *others] = lanes.claim(
        promised.tx, owner="worker", now=promised.now, lease=timedelta(minutes=2), lanes=9, per_lane=1, limits=no_limit
    )
    assert first.lane == thread_lane(promised.thread(mia))
    assert len([one for one in others if one.deliveries[0].kind == Kind.TOLD]) == len(late)
