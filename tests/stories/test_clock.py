"""Clocks jump: forward, back, and apart from those of the platforms."""

import pytest

from tests.stories.cast import ACCEPTED, WAITING, Story
from tests.stories.conftest import every_way


@every_way
@pytest.mark.parametrize("minutes", [7, -7])
async def test_the_clock_jumps_between_writing_and_leaving(story: Story, minutes: int) -> None:
    head = await story.conversation(story.cast.mia, "One")
    answer = await story.noor.replies(head, "Seen")
    await story.marked(answer, WAITING)
    await story.time_passes(minutes=minutes)
    await story.cast.mia.says("Two")
    await story.reads(head, "Two")
    second = await story.noor.replies(head, "And done")
    await story.time_passes(seconds=6)
    await story.time_passes(minutes=max(0, -minutes))
    await story.cast.mia.hears("And done")
    for one in (answer, second):
        await story.marked(one, ACCEPTED)
    assert story.cast.mia.heard == ["Seen", "And done"]
    assert [story.shown(head, words) for words in ("One", "Two")] == [1, 1]


async def test_the_clock_goes_back_and_a_new_buyer_does_not_wait_for_it(story: Story) -> None:
    await story.conversation(story.cast.mia, "One")
    await story.time_passes(minutes=-30)
    head = await story.conversation(story.cast.budi, "Halo")
    await story.answers(story.noor, head, "Halo Budi")
    await story.cast.budi.hears("Halo Budi")


@pytest.mark.parametrize("minutes", [0.4, -4])
async def test_our_clock_differs_from_theirs_as_far_as_they_allow(stage: Story, minutes: float) -> None:
    stage.clock.ahead_by(minutes=minutes)
    await stage.product_starts()
    head = await stage.conversation(stage.cast.mia, "One")
    answer = await stage.answers(stage.noor, head, "Seen")
    await stage.cast.mia.hears("Seen")
    await stage.marked(answer, ACCEPTED)


async def test_our_clock_is_too_far_behind_and_answers_leave_once_it_is_set_right(stage: Story) -> None:
    await stage.product_starts()
    head = await stage.conversation(stage.cast.mia, "One")
    stage.clock.ahead_by(minutes=-10)
    answer = await stage.noor.replies(head, "Seen")
    await stage.time_passes(seconds=10)
    await stage.until(lambda: "send_message" in {one.name for one in stage.world.tiktok.requests}, "the first try")
    assert stage.cast.mia.heard == []
    stage.clock.ahead_by(minutes=0)
    await stage.time_passes_until(lambda: stage.cast.mia.heard, "the answer")
    await stage.marked(answer, ACCEPTED)
    assert stage.cast.mia.heard == ["Seen"]
