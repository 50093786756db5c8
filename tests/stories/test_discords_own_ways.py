"""What people see in Discord alone: posts with tags that come and go, and answers that remove themselves."""

from chatops.sandbox.discord.channel import Thread
from tests.stories.cast import ACCEPTED, Post, Story
from tests.stories.conftest import in_discord
from tests.stories.discord_side import DiscordSide

pytestmark = in_discord


def thread(story: Story, head: Post) -> Thread:
    """Return the thread below a head."""
    assert isinstance(story.side, DiscordSide)
    return story.side.thread(head)


def tags(story: Story, head: Post) -> set[str]:
    """Return the names of a post's tags."""
    known = {tag["id"]: tag["name"] for tag in story.side.channel.available_tags}
    return {known[tag] for tag in thread(story, head).applied_tags}


async def test_a_resolved_post_is_put_away_and_comes_back_when_the_buyer_writes_again(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    assert tags(story, head) == {"Open"}
    await story.noor.clicks(head, "Resolve")
    await story.until(lambda: thread(story, head).archived, "the post to be put away")
    assert tags(story, head) == {"Resolved"}

    await story.time_passes(hours=20)
    await story.cast.mia.says("It still has not come")
    await story.reads(head, "It still has not come")
    await story.until(lambda: tags(story, head) == {"Open"}, "the tag")
    await story.rests()
    assert not thread(story, head).archived


async def test_an_answer_written_into_a_post_that_was_put_away_reaches_the_buyer(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Thanks!")
    await story.noor.clicks(head, "Resolve")
    await story.until(lambda: thread(story, head).archived, "the post to be put away")
    answer = await story.answers(story.noor, head, "You are welcome")
    await story.cast.mia.hears("You are welcome")
    await story.marked(answer, ACCEPTED)


async def test_the_offer_to_undo_goes_when_the_answer_leaves(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Is it waterproof?")
    await story.noor.replies(head, "No idea")
    await story.noor.is_told("Your answer goes to the buyer at")
    await story.undo_window_passes()
    await story.cast.mia.hears("No idea")
    await story.time_passes(seconds=1)
    await story.until(lambda: story.noor.told == [], "the offer to go")


async def test_what_was_said_to_one_person_goes_by_itself_after_a_minute(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Is anybody there?")
    await story.answers(story.noor, head, "Yes")
    await story.cast.mia.hears("Yes")
    await story.rests()
    answer = story.side.below(head)[-1]
    await story.noor.edits(answer.id, "No")
    await story.noor.is_told("The buyer already has this answer as it was")
    await story.time_passes(seconds=50)
    await story.rests()
    assert len(story.noor.told) == 1
    await story.time_passes(seconds=15)
    await story.until(lambda: story.noor.told == [], "the answer to go")


async def test_who_pressed_a_button_is_answered_where_nobody_else_sees_it(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.noor.clicks(head, "Claim")
    await story.card_shows(head, story.noor.on_card)
    await story.noor.replies(head, "!reopen")
    await story.noor.is_told("This ticket is still open.")
    await story.rests()
    assert [message.ephemeral_to for message in story.world.discord.server.ephemerals] == [story.noor.id]


async def test_private_answers_speak_the_language_of_the_persons_client_once_discord_told_it(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.li.replies(head, "!reopen")
    await story.li.is_told("This ticket is still open.")
    await story.li.clicks(head, "Resolve")
    await story.card_shows(head, "Resolved")
    await story.li.replies(head, "!resolve")
    await story.li.is_told("此工单已解决。")
