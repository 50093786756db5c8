"""Two answer the same buyer, or the buyer writes on while an answer waits: nobody talks past anybody."""

import pytest

from tests.stories.cast import ACCEPTED, FAILED, WAITING, Story
from tests.stories.conftest import in_both


@pytest.fixture
async def story(stage: Story) -> Story:
    """The product in front of a team that wants to be asked."""
    await stage.product_starts()
    await stage.operator("apply", toml=stage.desk_toml(crossing_seconds=30))
    return stage


async def test_what_the_buyer_writes_while_an_answer_waits_stops_it_until_somebody_has_read_it(story: Story) -> None:
    mia, head = story.cast.mia, await story.conversation(story.cast.mia, "I want my money back!")
    refund = await story.noor.replies(head, "It has left us today")
    await story.time_passes(seconds=3)
    await mia.says("Found it, sorry! Is there a blue one?")
    await story.marked(refund, FAILED)
    asked = await story.reads(head, "This answer is not sent yet.")
    assert "The buyer has written again" in asked.text
    await story.undo_window_passes()
    await story.rests()
    assert mia.heard == []
    await story.noor.edits(refund, "There is, and a green one")
    await story.undo_window_passes()
    await mia.hears("There is, and a green one")
    await story.marked(refund, ACCEPTED)
    assert mia.heard == ["There is, and a green one"]


@in_both
async def test_the_second_to_answer_from_another_platform_is_asked_and_may_send_it_all_the_same(story: Story) -> None:
    mia = story.cast.mia
    await mia.says("Where is my parcel?")
    in_slack, in_discord = [await story.thread_of(mia, side) for side in story.sides]
    await story.rests()
    first = await in_slack.side.noor.replies(in_slack, "On its way")
    await story.marked(first, WAITING)
    second = await in_discord.side.li.replies(in_discord, "It arrives tomorrow")
    asked = await story.reads(in_discord, "A teammate has just answered this buyer")
    await story.undo_window_passes()
    await mia.hears("On its way")
    await story.marked(first, ACCEPTED)
    await in_discord.side.li.clicks(asked, "Send anyway")
    await mia.hears("It arrives tomorrow")
    await story.marked(second, ACCEPTED)
    assert mia.heard == ["On its way", "It arrives tomorrow"]
