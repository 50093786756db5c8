"""A button about a message counts only in the channel of the thread in which the message was written."""

from dataclasses import replace

import pytest

from chatops.catalog import Verb
from chatops.model.workspace import PlatformName, Workspace
from tests.desk.scenes import NIGHT, BuyerThere, Desk, Teammate


@pytest.mark.parametrize("verb", [Verb.UNDO, Verb.COPY, Verb.DROP, Verb.RETRY, Verb.SPLIT, Verb.SEND_NOTE])
def test_a_press_in_another_channel_does_nothing(desk: Desk, asked: BuyerThere, li: Teammate, verb: Verb) -> None:
    source = li.says("On its way", asked)
    assert not replace(li, channel=NIGHT).presses(verb, desk.message("On its way"))
    assert desk.written(source) == [("On its way", "waiting")]
    assert li.whispers == ["undo_offer"]


def test_in_its_own_channel_it_does(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    source = li.says("On its way", asked)
    assert li.presses(Verb.UNDO, desk.message("On its way"))
    assert desk.written(source) == [("On its way", "withdrawn")]


def test_who_waits_may_be_taken_where_a_digest_tells_of_them_and_in_no_other_workspace(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    ticket = desk.ticket(mia)
    desk.tx.insert(Workspace(id="T0OTHERS", name="others", platform=PlatformName.SLACK, locale="en"))
    stranger = replace(li, workspace="T0OTHERS", channel="C0DIGEST")
    assert not stranger.presses(Verb.TAKE, ticket)
    assert replace(li, channel="C0DIGEST").presses(Verb.TAKE, ticket)
    assert desk.ticket(mia).assignee_id == "li"
    assert not replace(li, channel="C0DIGEST").presses(Verb.RESOLVE, ticket)
