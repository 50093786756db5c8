"""The product stops, or is killed, in the middle of everything, and starts again."""

import pytest

from tests.stories.cast import ACCEPTED, WAITING, Story
from tests.stories.conftest import every_place, every_way


@every_place
async def test_what_both_sides_write_while_the_product_is_down_arrives_once_it_is_up(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    await story.product_stops()
    await story.cast.mia.says("Two")
    await story.cast.budi.says("Halo")
    await story.noor.replies(head, "Seen")
    await story.li.replies(head, "Checked")
    answer = await story.noor.replies(head, "And done")
    note = await story.noor.replies(head, "// she is angry")
    await story.time_passes(seconds=90)

    await story.product_starts()
    await story.reads(head, "Two")
    await story.reads(await story.thread_of(story.cast.budi), "Halo")
    await story.undo_window_passes()
    await story.cast.mia.hears("And done")
    await story.marked(answer, ACCEPTED)
    await story.time_passes(hours=4)  # what is told again by now changes nothing
    await story.rests()
    assert story.shown(head, "Two") == 1
    assert story.cast.mia.heard == ["Seen", "Checked", "And done"]
    assert story.side.marks(note) == []


@every_way
async def test_an_answer_whose_undo_window_is_open_when_the_product_stops_leaves_after_the_start(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    answer = await story.noor.replies(head, "Seen")
    await story.marked(answer, WAITING)
    await story.product_stops()
    await story.time_passes(minutes=1)
    assert story.cast.mia.heard == []
    await story.product_starts()
    await story.cast.mia.hears("Seen")
    await story.marked(answer, ACCEPTED)


@every_way
async def test_what_is_taken_back_while_the_product_is_down_never_leaves(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    deleted = await story.noor.replies(head, "Oh no")
    edited = await story.noor.replies(head, "Monday")
    await story.marked(deleted, WAITING)
    await story.marked(edited, WAITING)
    await story.product_stops()
    await story.noor.deletes(deleted)
    await story.noor.edits(edited, "Tuesday")
    await story.time_passes(minutes=1)
    await story.product_starts()
    await story.undo_window_passes()
    await story.cast.mia.hears("Tuesday")
    await story.rests()
    assert story.cast.mia.heard == ["Tuesday"]


@every_place
async def test_killed_when_the_head_has_just_appeared(story: Story) -> None:
    await story.cast.mia.says("One")
    await story.some_head()
    await story.product_is_killed()
    await story.cast.mia.says("Two")
    await story.product_starts()
    head = await story.thread_of(story.cast.mia)
    await story.reads(head, "Two")
    await story.time_passes(minutes=5)
    await story.rests()
    assert len(story.side.heads) == 1
    assert [story.shown(head, words) for words in ("One", "Two")] == [1, 1]


@every_way
async def test_killed_when_messages_have_just_appeared(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    await story.cast.mia.says("Two")
    await story.cast.mia.says("Three")
    await story.reads(head, "Two")
    await story.product_is_killed()
    await story.product_starts()
    await story.time_passes(minutes=5)
    await story.reads(head, "Three")
    await story.rests()
    assert [story.shown(head, words) for words in ("One", "Two", "Three")] == [1, 1, 1]


@pytest.mark.parametrize("echoes", [True, False], ids=["echoes", "silence"])
async def test_killed_when_the_buyer_has_just_heard_the_answer(story: Story, echoes: bool) -> None:
    story.world.tiktok.assumptions.echoes = echoes
    head = await story.conversation(story.cast.mia, "One")
    first = await story.noor.replies(head, "Seen")
    second = await story.noor.replies(head, "And done")
    await story.undo_window_passes()
    await story.cast.mia.hears("Seen")
    await story.product_is_killed()
    await story.product_starts()
    await story.cast.mia.hears("And done")
    await story.marked(first, ACCEPTED)
    await story.marked(second, ACCEPTED)
    await story.time_passes(minutes=5)
    await story.rests()
    assert story.cast.mia.heard == ["Seen", "And done"]
    assert len(story.mirrored(head)) == 1


@every_way
async def test_killed_again_and_again_while_everybody_writes(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Buyer 0.")
    for number in range(1, 5):
        await story.cast.mia.says(f"Buyer {number}.")
        await story.noor.replies(head, f"Agent {number}.")
        await story.product_is_killed()
        await story.product_starts()
        await story.world.pass_time(seconds=6)
    await story.time_passes(hours=4)
    await story.comparison_is_due()
    await story.time_passes(seconds=6)
    await story.cast.mia.hears_messages(4)
    await story.rests()
    assert sorted(story.cast.mia.heard) == [f"Agent {number}." for number in range(1, 5)]
    assert [story.shown(head, f"Buyer {number}.") for number in range(5)] == [1] * 5
    assert len(story.side.heads) == 1
