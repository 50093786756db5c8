"""Digests while they are counted: in as many turns as that takes, and each by a number of its own."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlmodel import select, update

from chatops.delivery import digests as carriers
from chatops.delivery.hand import Hand, Tools
from chatops.desk import digests
from chatops.digest import kept
from chatops.errors import Rejected
from chatops.model.digest import Digest, DigestState
from chatops.outbox import Kind
from chatops.store.lanes import Claimed
from chatops.times import SystemTime
from tests.desk.scenes import NOON, BuyerThere, Desk
from tests.digest.test_carrying import DAY, Channel, Reads, begun, fails, found, head_of


class Slow(SystemTime):
    """A clock by which each look at it takes some time."""

    def __init__(self, at: datetime, takes: timedelta) -> None:
        self.at, self.takes = at, takes

    def now(self) -> datetime:
        self.at += self.takes
        return self.at


async def test_what_takes_longer_than_a_turn_is_counted_in_several_and_others_come_between(
    desk: Desk, mia: BuyerThere
) -> None:
    mia.says("Hello")
    digest = begun(desk, compare=True)
    digest.sections = ["volume", "responses", "waiting"]
    desk.tx.execute(update(Digest).values(sections=digest.sections))
    turns: list[int] = []
    while (digest := found(desk)).state is DigestState.PLANNED:
        turns.append(len(turns))
        assert [one.args["done"] for one in desk.waiting(Kind.DIGEST_COUNT)].count(turns[-1]) == 1
        head = head_of(digest, Kind.DIGEST_COUNT, done=turns[-1])
        time = Slow(desk.now, timedelta(seconds=14))
        hand = Hand(Claimed(head.lane, "", "", [head], 0, desk.now + timedelta(minutes=1)), time)
        tools = Tools(cast("Any", Reads(desk)), time, lambda _: cast("Any", None), cast("Any", None), Path())
        result = await carriers.count(tools, hand)
        assert result.apply
        result.apply(desk.tx)
    assert len(turns) == 6, "three sections of two days, one in each turn, none twice"
    assert digest.numbers.keys() == {"volume", "waiting"}
    assert digest.numbers["volume"]["messages"] == 1
    assert len(desk.waiting(Kind.DIGEST_POST)) == 1


def test_what_was_counted_of_one_that_cannot_be_counted_whole_is_not_told(desk: Desk) -> None:
    digest = begun(desk)
    digests.counted(desk.tx, digest.id or 0, {"volume": {"conversations": 1}}, {}, desk.now, "", 1)
    fails(desk, digest, Kind.DIGEST_COUNT, Rejected("KeyError"))
    assert kept.shown(found(desk)) == []


async def test_one_whose_number_was_given_anew_is_not_posted_before_it_is_counted(desk: Desk) -> None:
    head = head_of(begun(desk), Kind.DIGEST_POST)
    time = SystemTime()
    hand = Hand(Claimed(head.lane, "", "", [head], 0, time.now() + DAY), time)
    tools = Tools(cast("Any", Reads(desk)), time, lambda _: cast("Any", Channel()), cast("Any", None), Path())
    assert (await carriers.post(tools, hand)).apply is None
    assert found(desk).state is DigestState.PLANNED


def test_a_number_is_given_once_even_when_the_clock_was_set_back(desk: Desk) -> None:
    ahead = begun(desk, NOON + 3 * DAY)
    digests.clock_set_back(desk.tx, NOON)
    assert desk.tx.all(Digest, select(Digest)) == []
    assert (begun(desk).id or 0) > (ahead.id or 0)


def test_a_day_that_ends_when_midnight_is_skipped_stands_beside_the_day_before(desk: Desk) -> None:
    digest = begun(desk)
    digest.timezone = "Africa/Cairo"  # which turned its clock from midnight to one on April 24
    digest.start_at, digest.end_at = (datetime.fromisoformat(f"2026-04-{day}T22:00Z") for day in (22, 23))
    before = kept.before_of(digest)
    assert (before.end - before.start, before.end) == (DAY, digest.start_at)
