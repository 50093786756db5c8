"""Whoever looks after the installation helps along what stands still."""

from datetime import timedelta

import pytest

from chatops.desk import stuck
from chatops.model.message import MessageState
from chatops.store import lanes
from tests.desk.scenes import NOON, SHOP, SUPPORT, BuyerThere, Desk, Teammate

LANE = f"buyer:{SHOP}/conversation-mia"


@pytest.fixture
def held(desk: Desk, mia: BuyerThere, li: Teammate) -> BuyerThere:
    """The first of two answers to Mia was refused, the second waits behind it."""
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("first", mia)
    li.says("second", mia)
    desk.trouble = "sensitive_words"
    desk.passes(seconds=5)
    desk.trouble = None
    desk.passes(hours=1)
    assert [lane.key for lane in lanes.held_lanes(desk.tx)] == [LANE]
    return mia


def test_going_on_sends_the_answer_that_failed_and_those_behind_it(desk: Desk, held: BuyerThere) -> None:
    assert stuck.go_on(desk.tx, LANE, desk.now)
    desk.carry_out()
    assert held.heard == ["first", "second"]


def test_giving_up_the_head_lets_the_others_pass(desk: Desk, held: BuyerThere) -> None:
    assert stuck.give_up_head(desk.tx, LANE, desk.now)
    desk.carry_out()
    assert held.heard == ["second"]
    assert desk.message("first").state == MessageState.WITHDRAWN


def test_an_answer_that_was_never_refused_is_given_up_as_taken_back(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    source = li.says("first", mia)
    assert stuck.give_up_head(desk.tx, LANE, desk.now)
    assert desk.written(source) == [("first", "withdrawn")]
    assert not stuck.give_up_head(desk.tx, LANE, desk.now)
    assert not stuck.go_on(desk.tx, LANE, desk.now)
    desk.passes(seconds=5)
    assert mia.heard == []


def test_a_lane_of_a_thread_goes_on_where_it_stood(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    lane = f"thread:T0TEAM/{desk.thread(mia).id}"
    lanes.claim(
        desk.tx, owner="worker", now=NOON, lease=timedelta(minutes=2), lanes=1, per_lane=1, limits=lambda _: None
    )
    assert not stuck.go_on(desk.tx, lane, desk.now), "it is in a worker's hands"
    assert not stuck.give_up_head(desk.tx, lane, desk.now)
    lanes.settle(desk.tx, [lanes.Hold(lane, "is_archived")], owner="worker", now=NOON, limits=lambda _: None)
    desk.carry_out()
    assert desk.channels[SUPPORT] == []
    assert stuck.go_on(desk.tx, lane, desk.now)
    desk.carry_out()
    assert desk.channels[SUPPORT] == ["(card)", "Hello"]


def test_what_cannot_be_posted_is_given_up(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    assert stuck.give_up_head(desk.tx, f"thread:T0TEAM/{desk.thread(mia).id}", desk.now)
    desk.carry_out()
    assert desk.channels[SUPPORT] == ["Hello"]
