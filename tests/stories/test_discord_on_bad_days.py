"""What only Discord can do to us: its gateway, its moderators, its limits, its three seconds for a press."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest
from pydantic import SecretStr

from chatops.app import App
from chatops.sandbox.discord import threads
from chatops.sandbox.discord.channel import Thread
from chatops.sandbox.discord.gateway import Gateway
from chatops.sandbox.discord.permissions import ATTACH_FILES, EMBED_LINKS, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS
from chatops.sandbox.discord.rest.trouble import CLOUDFLARE
from chatops.sandbox.faults import Trouble
from chatops.sandbox.tiktok.pictures import plain_png
from tests.stories.cast import ACCEPTED, WAITING, Post, Story
from tests.stories.conftest import in_discord
from tests.stories.discord_side import DiscordSide
from tests.stories.test_chat_on_bad_days import head_and_messages_survive

pytestmark = in_discord


def thread(story: Story, head: Post) -> Thread:
    """Return the thread below a head."""
    assert isinstance(story.side, DiscordSide)
    return story.side.thread(head)


# The gateway


@pytest.mark.parametrize(
    "breaks",
    [
        Gateway.drop,
        Gateway.ask_to_reconnect,
        Gateway.invalidate,
        lambda gateway: gateway.hang_up(4000),
        lambda gateway: gateway.hang_up(4009),
    ],
    ids=["drops", "asks to reconnect", "invalid session", "unknown error", "timed out"],
)
async def test_the_gateway_breaks_off_in_the_middle_of_a_conversation(
    story: Story, breaks: Callable[[Gateway], None]
) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    breaks(story.world.discord.gateway)
    await story.noor.replies(head, "On its way")
    await story.cast.mia.says("Hello?")
    await story.reads(head, "Hello?")
    await story.time_passes_until(lambda: story.cast.mia.heard, "the answer")
    await story.hears_everybody()
    await story.answers(story.li, head, "It comes on Monday")
    await story.cast.mia.hears("It comes on Monday")
    await story.time_passes(minutes=10)
    await story.rests()
    assert story.cast.mia.heard == ["On its way", "It comes on Monday"]


async def test_what_was_said_and_taken_back_while_a_session_could_not_be_resumed(story: Story) -> None:
    await story.operator("apply", toml=story.desk_toml(undo_seconds=60))
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    deleted = await story.noor.replies(head, "Oh no")
    await story.marked(deleted, WAITING)
    gateway = story.world.discord.gateway
    gateway.refuse_resumes = 1
    gateway.drop()
    await story.noor.deletes(deleted)
    await story.noor.replies(head, "On its way")
    await story.world.pass_time(seconds=5)  # before that Discord begins no other session
    await story.hears_everybody()
    await story.compares_threads()
    await story.time_passes(seconds=61)
    await story.cast.mia.hears("On its way")
    await story.comparison_is_due()
    await story.rests()
    assert story.cast.mia.heard == ["On its way"]


async def test_two_replicas_share_one_token_and_one_of_them_dies(stage: Story, postgres_url: str) -> None:
    story = stage
    story.config = story.config.model_copy(update={"database_url": postgres_url})
    await story.set_up(story.desk_toml())
    await story.product_starts()
    other = App(story.config, story.clock)
    await other.start()
    try:
        await story.until(other.edges["discord"].connected, "the other replica to stand by")
        assert len(story.world.discord.gateway.of(story.cast.discord.app)) == 1
        head = await story.conversation(story.cast.mia, "Where is my parcel?")
        await story.answers(story.noor, head, "On its way")
        await story.cast.mia.hears("On its way")
        await story.product_is_killed()
    finally:
        story.app = other
    story.cast.shop_app.webhook_url = f"{other.address}/tiktok/shop/webhook"
    await story.noor.replies(head, "It comes on Monday")
    await story.cast.mia.says("Hello?")
    await story.time_passes_until(lambda: len(story.cast.mia.heard) > 1, "the answer")
    await story.reads(head, "Hello?")
    await story.time_passes(minutes=5)
    await story.rests()
    assert story.cast.mia.heard == ["On its way", "It comes on Monday"]
    assert story.shown(head, "Hello?") == 1


async def test_a_token_that_its_owner_made_anew_loses_nothing(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    token = story.world.discord.reset_token(story.cast.discord.app)
    await story.cast.mia.says("Two")
    await story.time_passes(hours=1)
    await story.noor.replies(head, "Seen")
    await story.product_stops()

    story.config = story.config.model_copy(update={"discord_token": SecretStr(token)})
    await story.product_starts()
    await story.reads(head, "Two")
    await story.undo_window_passes()
    await story.cast.mia.hears("Seen")
    await story.rests()
    assert [story.shown(head, words) for words in ("One", "Two")] == [1, 1]


async def test_a_server_with_five_thousand_members(stage: Story) -> None:
    stage.world.discord.create_crowd(5_000)
    await stage.product_starts()
    head = await stage.conversation(stage.cast.mia, "Where is my parcel?")
    await stage.answers(stage.noor, head, "On its way")
    await stage.cast.mia.hears("On its way")


async def test_discord_loses_the_server_for_a_while(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.world.discord.gateway.fall_out()
    await story.noor.replies(head, "Seen")
    await story.cast.mia.says("Two")
    await story.reads(head, "Two")
    story.world.discord.gateway.come_back()
    await story.undo_window_passes()
    await story.cast.mia.hears("Seen")
    await story.rests()
    assert story.cast.mia.heard == ["Seen"]


async def test_discord_says_nothing_of_the_server_when_the_session_begins(stage: Story) -> None:
    stage.world.discord.gateway.guilds_missing = 1
    await stage.product_starts()
    head = await stage.conversation(stage.cast.mia, "One")
    await stage.answers(stage.noor, head, "Seen")
    await stage.cast.mia.hears("Seen")


# Its requests


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble.RATE_LIMITED, CLOUDFLARE),
        (Trouble.RATE_LIMITED, "shared"),
        (Trouble.RATE_LIMITED, "global"),
        (Trouble.ERROR, CLOUDFLARE),
        (Trouble.DROP_AFTER, "502"),
        (Trouble.SERVER_ERROR, "504"),
    ],
)
async def test_head_and_message_stand_there_once_when_discord_has_troubles_of_its_own(
    story: Story, trouble: Trouble, code: str
) -> None:
    await head_and_messages_survive(story, trouble, code)


async def test_cloudflare_stands_before_discord_for_a_while(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.side.fails("*", Trouble.RATE_LIMITED, code=CLOUDFLARE, times=20)
    for words in ("Two", "Three"):
        await story.cast.mia.says(words)
    await story.noor.replies(head, "Seen")
    await story.time_passes_until(lambda: story.find(head, "Three"), "the messages")
    await story.time_passes_until(lambda: story.cast.mia.heard, "the answer")
    await story.time_passes(minutes=5)
    await story.rests()
    assert [story.shown(head, words) for words in ("One", "Two", "Three")] == [1, 1, 1]
    assert story.cast.mia.heard == ["Seen"]


async def test_a_rush_within_discords_real_limits_arrives_once_and_in_order(story: Story) -> None:
    story.world.discord.limits.real()
    head = await story.conversation(story.cast.mia, "Line 0.")
    for number in range(1, 30):
        await story.cast.mia.says(f"Line {number}.")
    await story.time_passes_until(lambda: story.find(head, "Line 29."), "the last line")
    await story.rests()
    said = "\n".join(story.mirrored(head))
    places = [said.index(f"Line {number}.") for number in range(30)]
    assert places == sorted(places)
    assert all(story.shown(head, f"Line {number}.") == 1 for number in range(30))


async def test_a_picture_too_large_for_the_server_is_told_in_words(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Look!")
    story.world.discord.server.upload_limit = 50
    await story.cast.mia.sends_picture(plain_png(40, 30))
    post = await story.reads(head, "Picture")
    assert post.pictures == []
    await story.rests()
    assert len(story.mirrored(head)) == 2


# Its threads and moderators


async def test_a_moderator_deletes_a_post_and_the_conversation_goes_on_in_a_new_one(story: Story) -> None:
    first = await story.conversation(story.cast.mia, "One")
    story.world.discord.delete(thread(story, first))
    await story.cast.mia.says("Two")
    second = await story.reads_in_a_new_thread("Two")
    assert second.id != first.id
    answer = await story.answers(story.noor, second, "Still here")
    await story.cast.mia.hears("Still here")
    await story.marked(answer, ACCEPTED)


async def test_an_answer_that_waits_goes_with_the_post_that_a_moderator_deletes(story: Story) -> None:
    await story.operator("apply", toml=story.desk_toml(undo_seconds=60))
    head = await story.conversation(story.cast.mia, "One")
    await story.noor.replies(head, "Oh no")
    await story.rests()
    story.world.discord.delete(thread(story, head))
    await story.comparison_is_due()
    await story.cast.mia.says("Two")
    found = await story.reads_in_a_new_thread("Two")
    await story.noor.replies(found, "Here we are")
    await story.rests()
    await story.time_passes(seconds=61)
    await story.cast.mia.hears("Here we are")
    await story.rests()
    assert story.cast.mia.heard == ["Here we are"]


async def test_a_moderator_locks_a_post_and_the_buyers_words_are_read_there_all_the_same(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.world.discord.lock(thread(story, head))
    await story.cast.mia.says("Two")
    await story.reads(head, "Two")
    await story.rests()
    story.world.discord.lock(thread(story, head), locked=False)
    answer = await story.answers(story.noor, head, "Still here")
    await story.cast.mia.hears("Still here")
    await story.marked(answer, ACCEPTED)


@pytest.mark.parametrize(
    "right",
    [EMBED_LINKS, ATTACH_FILES, SEND_MESSAGES_IN_THREADS, SEND_MESSAGES],
    ids=["embeds", "files", "messages in threads", "messages"],
)
async def test_a_right_is_taken_from_the_bot_and_given_back(story: Story, right: int) -> None:
    head = await story.conversation(story.cast.mia, "One")
    [held] = (story.world.discord.server.roles[role] for role in story.cast.discord.app.bot.roles)
    held.permissions &= ~right
    await story.cast.mia.says("Two")
    await story.cast.mia.sends_picture(plain_png(40, 30))
    await story.cast.mia.says("Three")
    await story.cast.budi.says("Halo")
    await story.noor.replies(head, "Seen")
    await story.time_passes(minutes=20)
    held.permissions |= right
    await story.comparison_is_due()
    await story.time_passes_until(lambda: story.find(head, "Three"), "the newest message")
    await story.time_passes_until(lambda: len(story.side.heads) > 1, "the other buyer's thread")
    await story.reads(await story.thread_of(story.cast.budi), "Halo")
    await story.cast.mia.hears("Seen")
    await story.time_passes(minutes=5)
    await story.rests()
    assert [story.shown(head, words) for words in ("One", "Two", "Picture", "Three")] == [1, 1, 1, 1]
    assert story.cast.mia.heard == ["Seen"]


async def test_somebody_puts_a_post_away_whose_conversation_goes_on(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    put_away = partial(threads.alter, story.world.discord.server, thread(story, head), archived=True)
    put_away()
    await story.cast.mia.says("Two")
    await story.reads(head, "Two")
    put_away()
    answer = await story.noor.replies(head, "Seen")
    await story.marked(answer, WAITING)
    put_away()
    await story.undo_window_passes()
    await story.cast.mia.hears("Seen")
    await story.marked(answer, ACCEPTED)
    await story.card_shows(head, "Answered")


async def test_the_channel_is_deleted_and_another_takes_its_place(story: Story) -> None:
    await story.conversation(story.cast.mia, "One")
    story.world.discord.delete(story.side.channel)
    await story.cast.mia.says("Two")
    await story.cast.budi.says("Halo")
    await story.rests()
    await story.time_passes(hours=1)

    story.side.channel = story.world.discord.create_forum("support again")
    await story.operator("apply", toml=story.desk_toml())
    await story.cast.mia.says("Three")
    await story.time_passes(minutes=10)
    for words in ("Two", "Three", "Halo"):
        await story.reads_in_a_new_thread(words)
    head = await story.thread_of(story.cast.mia)
    await story.answers(story.noor, head, "Still here")
    await story.cast.mia.hears("Still here")


async def test_no_thread_can_be_opened_until_others_are_put_away(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await story.conversation(story.cast.mia, "One")
    monkeypatch.setattr(threads, "MOST_ACTIVE", len(story.world.discord.server.threads))
    await story.cast.budi.says("Halo")
    await story.cast.mia.says("Two")
    await story.reads(first, "Two")  # who has a thread does not wait for who has none
    await story.time_passes(minutes=10)
    assert len(story.side.heads) == 1

    await story.noor.clicks(first, "Resolve")
    await story.time_passes_until(lambda: len(story.side.heads) > 1, "the other thread")
    await story.reads(await story.thread_of(story.cast.budi), "Halo")


# Its three seconds for a press


async def test_everybody_who_presses_in_a_rush_is_answered_in_time(story: Story) -> None:
    buyers = [story.world.tiktok.create_buyer(story.cast.shop, f"Buyer {letter}") for letter in "ABCDEFGHIJKL"]
    for buyer in buyers:
        await buyer.says("Hello")
    await story.rests()
    presses = [story.cast.discord.noor.clicks(head.id, "Claim") for head in story.side.heads]
    done = await asyncio.gather(*presses)
    assert [press.reason for press in done] == [""] * len(buyers)
    for head in story.side.heads:
        await story.card_shows(head, story.noor.on_card)


async def test_a_press_whose_answer_comes_too_late_counts_once_all_the_same(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.side.fails("interactions.callback", Trouble.SLOW, seconds=4)
    pressing = asyncio.ensure_future(story.cast.discord.noor.clicks(head.id, "Claim"))
    await story.trouble_happened()
    await story.world.pass_time(seconds=4)
    assert (await pressing).reason == "Interaction failed"
    await story.card_shows(head, story.noor.on_card)
    await story.noor.clicks(head, "Resolve")
    await story.card_shows(head, "Resolved")
