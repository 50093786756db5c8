"""An answer that is edited into an order is an order: nothing of it goes to the buyer."""

import pytest

from chatops.model.ticket import TicketState
from tests.desk.scenes import BuyerThere, Desk, Teammate


@pytest.mark.parametrize("before", ["On its way", "now"])
def test_an_answer_edited_into_an_order_is_taken_back_and_the_order_followed(
    desk: Desk, asked: BuyerThere, li: Teammate, before: str
) -> None:
    source = li.says(before, asked)
    li.edits(source, "!resolve now", asked, edit_id="1")
    desk.passes(seconds=10)
    assert asked.heard == []
    assert desk.written(source)[0][1] == "withdrawn"
    assert desk.ticket(asked).state == TicketState.RESOLVED


def test_what_has_left_stays_and_the_order_is_followed_all_the_same(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    source = li.says("On its way", asked)
    desk.passes(seconds=10)
    li.edits(source, "!resolve", asked, edit_id="1")
    assert asked.heard == ["On its way"]
    assert desk.ticket(asked).state == TicketState.RESOLVED
