"""After a time in which nobody listened, what was written first counts first, however badly the day begins."""

import pytest

from chatops.sandbox.faults import Trouble
from tests.stories.cast import WAITING, Story
from tests.stories.conftest import every_way
from tests.stories.side import Call

LONG = 40.0  # seconds in the story


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the product wait for what came first a little, and not as long as people would."""
    monkeypatch.setattr("chatops.app.CATCH_UP_WITHIN", 1.0)


@pytest.mark.usefixtures("impatience")
@every_way
@pytest.mark.parametrize("who", ["the first event", "the catch-up"])
async def test_an_answer_after_the_start_does_not_overtake_one_from_before(story: Story, who: str) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.product_stops()
    await story.noor.replies(head, "On its way")
    if who == "the first event":
        story.side.fails(Call.CATCH_UP, Trouble.SLOW, seconds=LONG)
    await story.product_starts()
    await story.li.replies(head, "It comes on Monday")
    await story.rests()
    await story.time_passes(seconds=LONG + 1)
    await story.undo_window_passes()
    await story.cast.mia.hears("It comes on Monday")
    await story.cast.mia.hears("On its way")
    assert story.cast.mia.heard == ["On its way", "It comes on Monday"]


@pytest.mark.usefixtures("impatience")
@every_way
async def test_new_answers_leave_although_older_ones_cannot_be_read(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"handlers.{story.side.platform}.comparing.FIRST_WITHIN", 0.5)
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.product_stops()
    for call in (Call.CATCH_UP, Call.LOOK):
        story.side.fails(call, Trouble.SLOW, times=1000, seconds=3600)
    await story.product_starts()
    await story.li.replies(head, "It comes on Monday")
    await story.rests()
    await story.undo_window_passes()
    await story.cast.mia.hears("It comes on Monday")
    assert story.cast.mia.heard == ["It comes on Monday"]


@pytest.mark.parametrize("call", [Call.WHO_WE_ARE, Call.CATCH_UP, Call.LOOK])
async def test_what_was_taken_back_meanwhile_never_leaves_though_the_start_stumbles(story: Story, call: Call) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    deleted = await story.noor.replies(head, "Oh no")
    edited = await story.noor.replies(head, "Monday")
    await story.marked(deleted, WAITING)
    await story.marked(edited, WAITING)
    await story.product_stops()
    await story.noor.deletes(deleted)
    await story.noor.edits(edited, "Tuesday")
    await story.time_passes(minutes=1)
    story.side.fails(call, Trouble.UNAVAILABLE, times=2)
    await story.product_starts()
    await story.trouble_happened()
    await story.undo_window_passes()
    await story.cast.mia.hears("Tuesday")
    await story.rests()
    assert story.cast.mia.heard == ["Tuesday"]
