"""The chat platform refuses, fails and breaks off: everything stands in the thread once, in order, all the same."""

import pytest

from chatops.sandbox.faults import Trouble
from chatops.sandbox.tiktok.pictures import plain_png
from tests.stories.cast import ACCEPTED, WAITING, Story
from tests.stories.conftest import every_kind_of_place, every_way
from tests.stories.side import Call

TROUBLES = [
    Trouble.RATE_LIMITED,
    Trouble.UNAVAILABLE,
    Trouble.SERVER_ERROR,
    Trouble.DROP_BEFORE,
    Trouble.DROP_AFTER,
    Trouble.GARBAGE,
]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_head_and_message_stand_there_once_whatever_happens_to_the_request(
    story: Story, trouble: Trouble
) -> None:
    await head_and_messages_survive(story, trouble)


async def head_and_messages_survive(story: Story, trouble: Trouble, code: str = "") -> None:
    """Let a trouble meet a thread's head, and another time a message in it."""
    story.side.fails(Call.OPEN, trouble, code=code, retry_after=20)
    await story.cast.mia.says("Where is my parcel?")
    await story.trouble_happened()
    await story.time_passes_until(lambda: story.side.heads, "the head of the thread")
    head = await story.some_head()
    await story.reads(head, "Where is my parcel?")

    story.side.fails(Call.SAY, trouble, code=code, retry_after=20)
    await story.cast.mia.says("Hello?")
    await story.trouble_happened()
    await story.cast.mia.says("Anybody?")
    await story.time_passes_until(lambda: story.find(head, "Anybody?"), "the newest message")
    await story.time_passes(minutes=2)
    await story.rests()
    assert len(story.side.heads) == 1
    said = "\n".join(story.mirrored(head))
    places = [said.index(words) for words in ("Where is my parcel?", "Hello?", "Anybody?")]
    assert places == sorted(places)
    assert all(story.shown(head, words) == 1 for words in ("Where is my parcel?", "Hello?", "Anybody?"))


@pytest.mark.parametrize("trouble", [Trouble.UNAVAILABLE, Trouble.RATE_LIMITED])
async def test_a_post_in_doubt_is_looked_for_until_the_look_succeeds(story: Story, trouble: Trouble) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.side.fails(Call.LOOK, trouble, times=3, retry_after=20)
    story.side.fails(Call.SAY, Trouble.DROP_AFTER)
    await story.cast.mia.says("Hello?")
    await story.time_passes_until(lambda: not story.side.faults.planned, "the trouble to happen")
    await story.time_passes(minutes=2)
    await story.cast.mia.says("Anybody?")
    await story.reads(head, "Anybody?")
    await story.time_passes(minutes=2)
    await story.rests()
    assert story.shown(head, "Hello?") == 1


async def test_marks_cards_and_private_answers_survive_trouble(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    for call in (Call.LOOK_AT_MARKS, Call.MARK, Call.REDRAW, Call.WHISPER, Call.PROFILE):
        story.side.fails(call, Trouble.UNAVAILABLE)
    answer = await story.noor.replies(head, "On its way")
    await story.rests()
    await story.time_passes(seconds=2)
    await story.marked(answer, WAITING)
    await story.noor.is_told("Your answer goes to the buyer at")
    story.side.fails(Call.UNMARK, Trouble.UNAVAILABLE)
    await story.time_passes_until(lambda: "Answered" in head.text, "the card")
    await story.time_passes_until(lambda: not story.side.faults.planned, "the trouble to happen")
    await story.time_passes(minutes=1)
    await story.marked(answer, ACCEPTED)


async def test_an_agents_picture_that_cannot_be_read_at_first_still_leaves(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Which colour?")
    story.side.fails(Call.READ_FILE, Trouble.UNAVAILABLE)
    await story.noor.uploads(head, ("a.png", plain_png(50, 20), "image/png"))
    await story.time_passes_until(lambda: story.cast.mia.received, "the picture")
    await story.rests()
    assert len(story.cast.mia.received) == 1


@every_kind_of_place
async def test_a_channel_that_is_shut_loses_nothing_and_goes_on_when_it_is_opened_again(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.side.shut()
    await story.cast.mia.says("Two")
    await story.cast.budi.says("Halo")
    await story.rests()
    await story.time_passes(hours=3)
    await story.cast.mia.says("Three")
    await story.rests()
    assert story.shown(head, "Two") == 0

    story.side.reopen()
    await story.reads(head, "Three")
    await story.reads(await story.thread_of(story.cast.budi), "Halo")
    await story.rests()
    said = "\n".join(story.mirrored(head))
    assert said.index("One") < said.index("Two") < said.index("Three")
    assert all(story.shown(head, words) == 1 for words in ("Two", "Three"))
    answer = await story.answers(story.noor, head, "All seen")
    await story.marked(answer, ACCEPTED)


@every_kind_of_place
async def test_the_bot_is_thrown_out_and_invited_again(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.side.throw_out()
    await story.cast.mia.says("Two")
    await story.rests()
    await story.noor.replies(head, "Nobody hears me")
    await story.time_passes(minutes=30)
    assert story.shown(head, "Two") == 0

    await story.side.let_in()
    await story.reads(head, "Two")
    await story.comparison_is_due()
    await story.undo_window_passes()
    await story.cast.mia.hears("Nobody hears me")
    await story.rests()
    assert story.shown(head, "Two") == 1


async def test_a_post_in_doubt_when_the_bot_is_thrown_out_is_not_doubled(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.side.fails(Call.SAY, Trouble.DROP_AFTER)
    await story.cast.mia.says("Two")
    await story.trouble_happened()
    story.side.throw_out()
    await story.time_passes(minutes=5)
    await story.rests()
    await story.side.let_in()
    await story.cast.mia.says("Three")
    await story.reads(head, "Three")
    await story.rests()
    assert story.shown(head, "Two") == 1


async def test_a_revoked_token_loses_nothing_and_the_product_goes_on_with_a_good_one(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.side.revoke()
    await story.cast.mia.says("Two")
    await story.rests()
    await story.time_passes(hours=1)
    await story.cast.mia.says("Three")
    await story.rests()
    await story.product_stops()

    story.side.trust_again()
    await story.product_starts()
    await story.reads(head, "Three")
    await story.rests()
    assert all(story.shown(head, words) == 1 for words in ("One", "Two", "Three"))


@every_kind_of_place
async def test_somebody_deletes_the_head_of_a_thread_and_the_conversation_goes_on_below_it(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.side.delete(head)
    await story.cast.mia.says("Two")
    await story.reads(head, "Two")
    answer = await story.answers(story.noor, head, "Still here")
    await story.cast.mia.hears("Still here")
    await story.marked(answer, ACCEPTED)


@every_kind_of_place
async def test_a_lost_answer_is_found_by_comparing(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.side.lose()
    answer = await story.noor.replies(head, "On its way")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == []
    await story.comparison_is_due()
    await story.undo_window_passes()
    await story.cast.mia.hears("On its way")
    await story.marked(answer, ACCEPTED)


async def test_a_lost_deletion_is_found_by_comparing_before_the_answer_leaves(story: Story) -> None:
    await story.operator("apply", toml=story.desk_toml(undo_seconds=600))
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    deleted = await story.noor.replies(head, "Oh no")
    edited = await story.noor.replies(head, "Monday")
    await story.rests()
    story.side.lose(2)
    await story.noor.deletes(deleted)
    await story.noor.edits(edited, "Tuesday")
    await story.comparison_is_due()
    await story.time_passes(minutes=20)
    await story.cast.mia.hears("Tuesday")
    await story.rests()
    assert story.cast.mia.heard == ["Tuesday"]


@every_way
async def test_an_answer_told_twice_leaves_once(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.side.double(3)
    await story.noor.replies(head, "On its way")
    await story.comparison_is_due()
    await story.undo_window_passes()
    await story.cast.mia.hears("On its way")
    await story.comparison_is_due()
    await story.rests()
    assert story.cast.mia.heard == ["On its way"]


async def test_events_in_the_wrong_order_end_as_the_thread_shows(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.side.hold()
    kept = await story.noor.replies(head, "It left yesterday")
    gone = await story.noor.replies(head, "No idea")
    await story.noor.edits(kept, "It left on Monday")
    await story.noor.deletes(gone)
    story.side.release_shuffled()
    await story.undo_window_passes()
    await story.cast.mia.hears("It left on Monday")
    await story.rests()
    assert story.cast.mia.heard == ["It left on Monday"]
