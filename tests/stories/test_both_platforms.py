"""The team sits in Slack and in Discord at once: one shop in both, or each shop in its own."""

import asyncio

import pytest

from chatops.sandbox.faults import Trouble
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.pictures import plain_png
from chatops.sandbox.world import DISCORD, SLACK, route_toml
from tests.stories.cast import ACCEPTED, WAITING, Post, Story
from tests.stories.conftest import in_both

pytestmark = in_both


async def conversation(story: Story, buyer: Buyer, text: str) -> tuple[Post, Post]:
    """Let a buyer open a conversation; return the heads of its threads, in Slack and in Discord."""
    await buyer.says(text)
    heads = [await story.thread_of(buyer, side) for side in story.sides]
    for head in heads:
        await story.reads(head, text)
    await story.rests()
    in_slack, in_discord = heads
    return in_slack, in_discord


@pytest.mark.parametrize("answering", [0, 1], ids=["in slack", "in discord"])
async def test_an_answer_from_either_side_reaches_the_buyer_once_and_the_other_side_sees_who_answered(
    story: Story, answering: int
) -> None:
    heads = await conversation(story, story.cast.mia, "Where is my parcel?")
    here, there = heads[answering], heads[1 - answering]
    answer = await story.answers(here.side.noor, here, "On its way")
    await story.cast.mia.hears("On its way")
    await story.marked(answer, ACCEPTED)
    copy = await story.reads(there, "On its way")
    assert "Noor" in copy.text
    for head in heads:
        await story.card_shows(head, "Answered")
    await story.comparison_is_due()
    await story.rests()
    assert story.cast.mia.heard == ["On its way"]
    assert story.shown(here, "On its way") == 0
    assert story.shown(there, "On its way") == 1


@pytest.mark.parametrize("answering", [0, 1], ids=["in slack", "in discord"])
async def test_a_picture_from_either_side_reaches_the_buyer_and_is_seen_on_the_other(
    story: Story, answering: int
) -> None:
    heads = await conversation(story, story.cast.mia, "Which colour is it?")
    here, there = heads[answering], heads[1 - answering]
    picture = plain_png(50, 20, (200, 30, 60))
    await here.side.noor.uploads(here, ("rosewood.png", picture, "image/png"), text="This one")
    await story.undo_window_passes()
    words, _ = await story.cast.mia.hears_messages(2)
    assert words.text == "This one"
    copy = await story.reads(there, "Picture")
    assert copy.pictures == [picture]
    assert story.find(here, "Picture") is None


async def test_an_answer_is_shown_on_the_other_side_only_as_it_left(story: Story) -> None:
    in_slack, in_discord = await conversation(story, story.cast.mia, "How much is it?")
    answer = await in_discord.side.noor.replies(in_discord, "12 punds")
    await story.marked(answer, WAITING)
    await in_discord.side.noor.edits(answer, "12 pounds")
    gone = await in_slack.side.noor.replies(in_slack, "No idea")
    await story.marked(gone, WAITING)
    await in_slack.side.noor.deletes(gone)
    await story.undo_window_passes()
    await story.cast.mia.hears("12 pounds")
    await story.reads(in_slack, "12 pounds")
    await story.rests()
    assert [story.shown(in_slack, "12 punds"), story.shown(in_discord, "No idea")] == [0, 0]
    assert story.cast.mia.heard == ["12 pounds"]


async def test_both_sides_answer_at_the_same_time(story: Story) -> None:
    in_slack, in_discord = await conversation(story, story.cast.mia, "Where is my parcel?")
    for number in range(3):
        await asyncio.gather(
            in_slack.side.noor.replies(in_slack, f"Slack {number}"),
            in_discord.side.li.replies(in_discord, f"Discord {number}"),
        )
    await story.rests()
    await story.undo_window_passes()
    await story.cast.mia.hears_messages(6)
    await story.rests()
    for platform in ("Slack", "Discord"):
        heard = [words for words in story.cast.mia.heard if words.startswith(platform)]
        assert heard == [f"{platform} {number}" for number in range(3)]
    assert [story.shown(in_slack, f"Discord {number}") for number in range(3)] == [1, 1, 1]
    assert [story.shown(in_discord, f"Slack {number}") for number in range(3)] == [1, 1, 1]


async def test_a_ticket_is_claimed_on_one_side_and_resolved_on_the_other(story: Story) -> None:
    in_slack, in_discord = await conversation(story, story.cast.mia, "Where is my parcel?")
    await in_slack.side.noor.clicks(in_slack, "Claim")
    await story.card_shows(in_slack, in_slack.side.noor.on_card)
    await story.card_shows(in_discord, "Noor")
    await in_discord.side.noor.clicks(in_discord, "Resolve")
    for head in (in_slack, in_discord):
        await story.card_shows(head, "Resolved")
    await story.cast.mia.says("It has come!")
    for head in (in_slack, in_discord):
        await story.reads(head, "It has come!")
        await story.card_shows(head, "Open")


async def test_notes_stay_where_they_were_written(story: Story) -> None:
    in_slack, in_discord = await conversation(story, story.cast.mia, "I want my money back")
    await in_slack.side.noor.replies(in_slack, "// third time this week")
    await in_discord.side.noor.replies(in_discord, "// she is angry")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == []
    assert [len(story.mirrored(head)) for head in (in_slack, in_discord)] == [1, 1]


@pytest.mark.parametrize("down", [SLACK, DISCORD])
async def test_one_platform_is_down_and_the_team_on_the_other_goes_on(story: Story, down: str) -> None:
    heads = await conversation(story, story.cast.mia, "One")
    lame = next(head for head in heads if head.side.platform == down)
    well = next(head for head in heads if head is not lame)
    lame.side.fails("*", Trouble.UNAVAILABLE, times=10_000)
    await story.cast.mia.says("Two")
    await story.reads(well, "Two")
    await story.answers(well.side.noor, well, "Seen")
    await story.cast.mia.hears("Seen")
    await story.time_passes(minutes=10)
    lame.side.faults.clear()
    await story.time_passes_until(lambda: story.find(lame, "Seen"), "the answer where nobody could read it")
    await story.rests()
    assert [story.shown(lame, words) for words in ("One", "Two", "Seen")] == [1, 1, 1]
    assert story.cast.mia.heard == ["Seen"]


async def test_the_product_is_killed_while_both_sides_write(story: Story) -> None:
    in_slack, in_discord = await conversation(story, story.cast.mia, "Buyer 0.")
    for number in (1, 2):
        await story.cast.mia.says(f"Buyer {number}.")
        await in_slack.side.noor.replies(in_slack, f"Slack {number}.")
        await in_discord.side.noor.replies(in_discord, f"Discord {number}.")
        await story.product_is_killed()
        await story.product_starts()
        await story.world.pass_time(seconds=6)
    await story.time_passes(hours=4)
    await story.comparison_is_due()
    await story.time_passes(seconds=6)
    await story.cast.mia.hears_messages(4)
    await story.rests()
    assert sorted(story.cast.mia.heard) == ["Discord 1.", "Discord 2.", "Slack 1.", "Slack 2."]
    for head in (in_slack, in_discord):
        assert [story.shown(head, f"Buyer {number}.") for number in range(3)] == [1, 1, 1]
        assert len(head.side.heads) == 1


async def test_two_shops_each_with_a_team_of_its_own(story: Story) -> None:
    slack, discord = story.sides
    shop = story.world.tiktok.create_shop(story.cast.shop_app, name="Second shop", region="ID", authorized=False)
    dewi = story.world.tiktok.create_buyer(shop, "Dewi")
    await story.operator("apply", toml=one_shop_on_each(story, shop.id))
    await story.shop_is_connected_again(shop)

    await story.cast.mia.says("Where is my parcel?")
    await dewi.says("Apakah masih ada?")
    in_slack = await story.thread_of(story.cast.mia, slack)
    in_discord = await story.thread_of(dewi, discord)
    await story.reads(in_slack, "Where is my parcel?")
    await story.reads(in_discord, "Apakah masih ada?")
    await story.answers(slack.noor, in_slack, "On its way")
    await story.answers(discord.li, in_discord, "Ada")
    await story.cast.mia.hears("On its way")
    await dewi.hears("Ada")
    await story.rests()
    assert [len(side.heads) for side in story.sides] == [1, 1]


def one_shop_on_each(story: Story, second: str) -> str:
    """Return a desk.toml with the story's shop in Slack and another one in Discord."""
    settings, _, _ = story.desk_toml().partition("[[routes]]")
    return f"""{settings}
[[shops]]
id = "{second}"
name = "second"
timezone = "Asia/Jakarta"
locale = "id"
""" + "".join(
        route_toml(shop, side.platform, side.channel.id)
        for shop, side in zip(("maomao-gb", "second"), story.sides, strict=True)
    )
