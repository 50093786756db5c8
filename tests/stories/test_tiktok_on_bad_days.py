"""TikTok Shop refuses, fails and breaks off: the buyer hears every answer exactly once all the same."""

import pytest

from chatops.delivery import into_thread
from chatops.sandbox.faults import Trouble
from chatops.sandbox.tiktok.pictures import plain_png
from tests.stories.cast import ACCEPTED, Story

TROUBLES = [
    Trouble.RATE_LIMITED,
    Trouble.UNAVAILABLE,
    Trouble.SERVER_ERROR,
    Trouble.DROP_BEFORE,
    Trouble.DROP_AFTER,
    Trouble.GARBAGE,
]


@pytest.mark.parametrize("echoes", [True, False], ids=["echoes", "silence"])
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_an_answer_is_heard_once_whatever_happens_to_the_request(
    story: Story, trouble: Trouble, echoes: bool
) -> None:
    story.world.tiktok.assumptions.echoes = echoes
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.tiktok_fails("send_message", trouble, retry_after=30)
    first = await story.noor.replies(head, "On its way")
    second = await story.noor.replies(head, "It comes on Monday")
    await story.undo_window_passes()
    await story.trouble_happened()
    await story.time_passes(seconds=35)
    await story.cast.mia.hears("It comes on Monday")
    for answer in (first, second):
        await story.marked(answer, ACCEPTED)
    await story.time_passes(minutes=10)
    await story.rests()
    assert story.cast.mia.heard == ["On its way", "It comes on Monday"]
    assert len(story.mirrored(head)) == 1


async def test_the_same_words_twice_are_two_answers_even_when_the_second_is_in_doubt(story: Story) -> None:
    story.world.tiktok.assumptions.echoes = False
    head = await story.conversation(story.cast.mia, "Thanks!")
    await story.answers(story.noor, head, "You are welcome")
    await story.cast.mia.hears("You are welcome")
    await story.rests()
    story.tiktok_fails("send_message", Trouble.DROP_BEFORE)
    again = await story.answers(story.noor, head, "You are welcome")
    await story.trouble_happened()
    await story.time_passes(seconds=5)
    await story.cast.mia.hears("You are welcome", times=2)
    await story.marked(again, ACCEPTED)


async def test_a_long_outage_is_told_in_the_thread_and_try_again_sends(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.tiktok_fails("send_message", Trouble.UNAVAILABLE, times=12)
    answer = await story.answers(story.noor, head, "On its way")
    told = "This answer did not reach the buyer."
    notice = await story.time_passes_until(lambda: story.find(head, told), told)
    await story.noor.clicks(notice, "Try again")
    await story.cast.mia.hears("On its way")
    await story.marked(answer, ACCEPTED)
    assert story.cast.mia.heard == ["On its way"]


async def test_in_doubt_for_long_a_person_decides_and_is_warned_of_the_second_time(story: Story) -> None:
    story.world.tiktok.assumptions.echoes = False
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.tiktok_fails("send_message", Trouble.DROP_AFTER)
    story.tiktok_fails("get_messages", Trouble.UNAVAILABLE, times=100)
    await story.answers(story.noor, head, "On its way")
    told = "This answer may not have reached the buyer."
    notice = await story.time_passes_until(lambda: story.find(head, told), told)
    assert "only if it is not there" in notice.text
    story.world.tiktok.faults.clear()
    await story.noor.clicks(notice, "Drop")
    answer = await story.answers(story.noor, head, "It comes on Monday")
    await story.marked(answer, ACCEPTED)
    assert story.cast.mia.heard == ["On its way", "It comes on Monday"]


async def test_the_days_quota_is_used_up_and_the_answer_leaves_tomorrow(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.tiktok_fails("send_message", Trouble.ERROR, code="45101004")
    answer = await story.answers(story.noor, head, "On its way")
    await story.trouble_happened()
    await story.time_passes(hours=25)
    await story.cast.mia.hears("On its way")
    await story.marked(answer, ACCEPTED)


@pytest.mark.parametrize(
    ("request_name", "trouble"),
    [
        *(("get_conversation", trouble) for trouble in TROUBLES),
        ("search_orders", Trouble.UNAVAILABLE),
        ("search_orders", Trouble.RATE_LIMITED),
    ],
)
async def test_the_card_learns_buyer_and_order_later(
    story: Story, request_name: str, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(into_thread, "LEARN_WITHIN", 0.05)  # in vain, however long
    story.tiktok_fails(request_name, trouble, times=3, retry_after=20)
    await story.cast.mia.says("Where is my parcel?")
    head = await story.some_head()
    await story.reads(head, "Where is my parcel?")
    await story.time_passes_until(lambda: story.cast.order.id in head.text, "the order on the card")
    await story.trouble_happened()
    assert "Mia" in head.text


@pytest.mark.parametrize("trouble", [Trouble.UNAVAILABLE, Trouble.DROP_AFTER])
async def test_a_picture_that_comes_with_trouble_is_shown_once(story: Story, trouble: Trouble) -> None:
    story.tiktok_fails("picture", trouble, times=4)
    await story.cast.mia.sends_picture(plain_png(40, 30))
    head = await story.thread_of(story.cast.mia)
    post = await story.time_passes_until(lambda: story.find(head, "Picture"), "the picture")
    await story.rests()
    assert len(post.pictures) == 1
    assert len(story.mirrored(head)) == 1


@pytest.mark.parametrize("trouble", [Trouble.UNAVAILABLE, Trouble.DROP_AFTER, Trouble.RATE_LIMITED])
async def test_a_picture_that_leaves_with_trouble_is_heard_once(story: Story, trouble: Trouble) -> None:
    head = await story.conversation(story.cast.mia, "Which colour?")
    story.tiktok_fails("upload_image", trouble)
    story.tiktok_fails("send_message", trouble)
    post = await story.noor.uploads(head, ("a.png", plain_png(50, 20), "image/png"))
    await story.undo_window_passes()
    await story.time_passes_until(lambda: story.cast.mia.received, "the picture")
    await story.trouble_happened()
    await story.time_passes(seconds=30)
    await story.marked(post, ACCEPTED)
    assert [message.type for message in story.cast.mia.received] == ["IMAGE"]
