"""After a time in which nobody listened, what was written first counts first, however badly Slack's day begins."""

import pytest

from chatops.sandbox.faults import Trouble
from tests.stories.cast import Story
from tests.stories.conftest import both_modes

LONG = 40.0  # seconds in the story


@both_modes
@pytest.mark.parametrize("who", ["the first event", "the catch-up"])
async def test_an_answer_after_the_start_does_not_overtake_one_from_before(story: Story, who: str) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.product_stops()
    await story.cast.noor.replies(head, "On its way")
    if who == "the first event":
        story.slack_fails("conversations.history", Trouble.SLOW, seconds=LONG)
    await story.product_starts()
    await story.cast.li.replies(head, "It comes on Monday")
    await story.rests()
    await story.time_passes(seconds=LONG + 1)
    await story.undo_window_passes()
    await story.cast.mia.hears("It comes on Monday")
    await story.cast.mia.hears("On its way")
    assert story.cast.mia.heard == ["On its way", "It comes on Monday"]


@both_modes
async def test_new_answers_leave_although_older_ones_cannot_be_read(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.product_stops()
    story.slack_fails("conversations.*", Trouble.SLOW, times=1000, seconds=3600)
    await story.product_starts()
    await story.cast.li.replies(head, "It comes on Monday")
    await story.rests()
    await story.undo_window_passes()
    await story.cast.mia.hears("It comes on Monday")
    assert story.cast.mia.heard == ["It comes on Monday"]


@both_modes
@pytest.mark.parametrize("request_name", ["auth.test", "conversations.history", "conversations.replies"])
async def test_what_was_taken_back_meanwhile_never_leaves_though_slack_stumbles_at_the_start(
    story: Story, request_name: str
) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    deleted = await story.cast.noor.replies(head, "Oh no")
    edited = await story.cast.noor.replies(head, "Monday")
    await story.marked(deleted, "hourglass_flowing_sand")
    await story.marked(edited, "hourglass_flowing_sand")
    await story.product_stops()
    await story.cast.noor.deletes(deleted)
    await story.cast.noor.edits(edited, "Tuesday")
    await story.time_passes(minutes=1)
    story.slack_fails(request_name, Trouble.UNAVAILABLE, times=2)
    await story.product_starts()
    await story.trouble_happened()
    await story.undo_window_passes()
    await story.cast.mia.hears("Tuesday")
    await story.rests()
    assert story.cast.mia.heard == ["Tuesday"]
