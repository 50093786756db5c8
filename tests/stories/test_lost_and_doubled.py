"""TikTok's webhooks come twice, late, in the wrong order or never: every message stands in its thread once."""

import pytest

from chatops.sandbox.faults import Trouble
from tests.stories.cast import Story


async def test_a_webhook_told_three_times_is_one_message(story: Story) -> None:
    story.world.tiktok.webhook_policy.copies = 3
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.answers(story.noor, head, "On its way")
    await story.cast.mia.hears("On its way")
    await story.rests()
    assert len(story.mirrored(head)) == 1
    assert story.cast.mia.heard == ["On its way"]


async def test_webhooks_in_the_wrong_order_lose_nothing(story: Story) -> None:
    story.world.tiktok.webhook_policy.hold = 5
    for number in range(5):
        await story.cast.mia.says(f"Line {number}")
    head = await story.thread_of(story.cast.mia)
    await story.rests()
    assert [story.shown(head, f"Line {number}") for number in range(5)] == [1] * 5
    assert len(story.side.heads) == 1


async def test_lost_webhooks_are_found_by_comparing(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.world.tiktok.webhook_policy.drop = True
    await story.cast.mia.says("Two")
    await story.world.tiktok.seller_center_replies(story.cast.mia, "Answered elsewhere")
    await story.cast.mia.says("Three")
    await story.cast.budi.says("Halo")
    await story.rests()
    assert story.shown(head, "Two") == 0

    await story.comparison_is_due()
    await story.reads(head, "Three")
    await story.reads(await story.thread_of(story.cast.budi), "Halo")
    said = "\n".join(story.mirrored(head))
    assert said.index("Two") < said.index("Answered elsewhere") < said.index("Three")
    await story.card_shows(head, "Waiting since")
    await story.comparison_is_due()
    await story.rests()
    assert all(story.shown(head, words) == 1 for words in ("Two", "Answered elsewhere", "Three"))


async def test_a_gap_behind_a_message_that_did_arrive_is_found_too(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.world.tiktok.webhook_policy.drop = True
    await story.cast.mia.says("Two")
    await story.rests()
    story.world.tiktok.webhook_policy.drop = False
    await story.cast.mia.says("Three")
    await story.reads(head, "Three")
    await story.comparison_is_due()
    await story.reads(head, "Two")
    await story.rests()
    assert [story.shown(head, words) for words in ("One", "Two", "Three")] == [1, 1, 1]


async def test_more_lost_messages_than_a_page_holds_are_all_found(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Line 0.")
    story.world.tiktok.webhook_policy.drop = True
    for number in range(1, 25):
        await story.cast.mia.says(f"Line {number}.")
    await story.comparison_is_due()
    await story.reads(head, "Line 24.")
    await story.rests()
    said = "\n".join(story.mirrored(head))
    places = [said.index(f"Line {number}.") for number in range(25)]
    assert places == sorted(places)


@pytest.mark.parametrize("request_name", ["get_conversations", "get_messages"])
async def test_a_comparison_that_fails_is_made_up_for_by_the_next(story: Story, request_name: str) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.world.tiktok.webhook_policy.drop = True
    await story.cast.mia.says("Two")
    story.tiktok_fails(request_name, Trouble.RATE_LIMITED, retry_after=5)
    await story.comparison_is_due()
    await story.rests()
    assert story.shown(head, "Two") == 0
    await story.comparison_is_due()
    await story.reads(head, "Two")


async def test_the_ticker_compares_by_itself(stage: Story) -> None:
    await stage.set_up(stage.desk_toml(reconcile_seconds=1))
    await stage.product_starts()
    await stage.rests()
    stage.world.tiktok.webhook_policy.drop = True
    await stage.cast.mia.says("Nobody tells you")
    head = await stage.thread_of(stage.cast.mia)
    await stage.reads(head, "Nobody tells you")


async def test_a_webhook_whose_answer_is_lost_comes_again_and_changes_nothing(story: Story) -> None:
    story.tiktok_fails("webhook", Trouble.DROP_AFTER)
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.time_passes(minutes=3)
    await story.rests()
    assert story.world.tiktok.webhooks[0].statuses == [None, 200]
    assert story.shown(head, "Where is my parcel?") == 1


async def test_a_webhook_cut_off_on_the_way_is_refused_and_comes_again_whole(story: Story) -> None:
    story.tiktok_fails("webhook", Trouble.GARBAGE)
    await story.cast.mia.says("Where is my parcel?")
    await story.rests()
    assert story.world.tiktok.webhooks[0].statuses == [401]
    await story.time_passes(minutes=3)
    head = await story.thread_of(story.cast.mia)
    await story.reads(head, "Where is my parcel?")
