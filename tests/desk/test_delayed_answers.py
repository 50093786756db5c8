"""An answer that has to wait for the marketplace's next day."""

from datetime import timedelta

from chatops.desk import outcome
from chatops.outbox import Kind
from tests.desk.scenes import NOON, SHOP, BuyerThere, Desk, Teammate


def test_the_thread_is_told_once_that_an_answer_waits_and_the_answer_leaves_all_the_same(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    li.says("On its way", asked)
    waiting, tomorrow = desk.message("On its way"), NOON + timedelta(hours=12)
    for _ in range(2):
        outcome.delayed(desk.tx, SHOP, waiting.id, tomorrow, NOON)
    [told] = desk.waiting(Kind.NOTICE)
    assert told.args["delayed_until"] == tomorrow.isoformat()
    desk.passes(seconds=5)
    assert asked.heard == ["On its way"]
    assert desk.message("On its way").fault == ""


def test_an_answer_that_has_left_is_not_said_to_wait(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("On its way", asked)
    desk.passes(seconds=5)
    outcome.delayed(desk.tx, SHOP, desk.message("On its way").id, NOON + timedelta(hours=12), NOON)
    assert desk.waiting(Kind.NOTICE) == []
