"""Who takes a conversation, when it is over, and what refusals look like."""

from collections.abc import Awaitable, Callable

import pytest

from chatops.sandbox.slack.message import Message
from chatops.sandbox.slack.people import Person
from chatops.sandbox.slack.reading import visible
from tests.stories.cast import ACCEPTED, Story
from tests.stories.conftest import both_modes

REACTIONS = {"claim": "eyes", "resolve": "white_check_mark", "reopen": "arrows_counterclockwise"}


async def by_button(agent: Person, head: Message, verb: str) -> None:
    await agent.clicks(head, verb.capitalize())


async def by_text(agent: Person, head: Message, verb: str) -> None:
    await agent.replies(head, f"!{verb}")


async def by_reaction(agent: Person, head: Message, verb: str) -> None:
    await agent.reacts(head, REACTIONS[verb])


@pytest.mark.parametrize("does", [by_button, by_text, by_reaction])
@both_modes
async def test_a_ticket_is_claimed_resolved_and_reopened(
    story: Story, does: Callable[[Person, Message, str], Awaitable[None]]
) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    assert "Not claimed yet" in visible(head)
    await does(story.cast.noor, head, "claim")
    await story.card_shows(head, "<@U0NOOR>")
    await does(story.cast.noor, head, "resolve")
    await story.card_shows(head, "Resolved")
    assert "Waiting since" not in visible(head)
    await does(story.cast.li, head, "reopen")
    await story.card_shows(head, "Open")
    assert "<@U0NOOR>" in visible(head)
    assert story.cast.mia.received == []


async def test_taking_the_eyes_away_gives_the_ticket_back(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.cast.noor.reacts(head, "eyes")
    await story.card_shows(head, "<@U0NOOR>")
    await story.cast.noor.unreacts(head, "eyes")
    await story.card_shows(head, "Not claimed yet")


async def test_eyes_on_what_the_buyer_said_claim_the_ticket_too(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.cast.li.reacts(await story.reads(head, "Where is my parcel?"), "eyes")
    await story.card_shows(head, "<@U0LI>")


@both_modes
async def test_a_refusal_is_for_one_person_alone_and_in_their_language(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.cast.noor.clicks(head, "Claim")
    await story.card_shows(head, "<@U0NOOR>")

    await story.rests()
    posts = len(story.mirrored(head))

    await story.cast.li.replies(head, "!claim")
    await story.cast.li.expects_ephemeral("此工单已被认领。")
    await story.rests()
    assert story.cast.noor.ephemerals == []
    assert len(story.mirrored(head)) == posts
    assert "<@U0NOOR>" in visible(head)


async def test_a_button_nobody_knows_any_more_is_refused_politely(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    for block in head.blocks:
        for element in block.get("elements", []):
            element["value"] = "teleport:somewhere"
    await story.cast.noor.clicks(head, "Claim")
    await story.cast.noor.expects_ephemeral("This has changed in the meantime")


async def test_the_buyer_writes_again_and_the_resolved_ticket_opens_in_its_thread(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.cast.noor.clicks(head, "Resolve")
    await story.card_shows(head, "Resolved")
    await story.time_passes(hours=20)
    await story.cast.mia.says("It still has not come")
    await story.reads(head, "It still has not come")
    await story.card_shows(head, "Open")
    await story.card_shows(head, "Waiting since")
    assert len(story.cast.support.roots) == 1


async def test_long_after_a_new_question_gets_a_new_thread(story: Story) -> None:
    first = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.cast.noor.clicks(first, "Resolve")
    await story.card_shows(first, "Resolved")
    await story.time_passes(hours=24 * 8)
    await story.cast.mia.says("Do you have it in red?")
    second = await story.reads_in_a_new_thread("Do you have it in red?")
    assert second.thread_ts != first.ts
    assert story.shown(first, "Do you have it in red?") == 0


async def test_an_answer_in_a_resolved_ticket_still_reaches_the_buyer(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Thanks!")
    await story.cast.noor.replies(head, "!resolve")
    await story.card_shows(head, "Resolved")
    answer = await story.answers(story.cast.noor, head, "You are welcome")
    await story.cast.mia.hears("You are welcome")
    await story.marked(answer, ACCEPTED)


async def test_where_plain_text_is_internal_it_leaves_only_on_purpose(story: Story) -> None:
    toml = story.world.desk_toml().replace('channel = "C0SUPPORT"', 'channel = "C0SUPPORT"\nposture = "internal"')
    await story.operator("apply", toml=toml)
    head = await story.conversation(story.cast.mia, "Is it real silk?")
    answer = await story.cast.noor.replies(head, "Yes, it is")
    kept = await story.cast.noor.expects_ephemeral("Kept inside the team")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == []
    await story.cast.noor.clicks(kept, "Send to the buyer")
    await story.marked(answer, "hourglass_flowing_sand")
    await story.undo_window_passes()
    await story.cast.mia.hears("Yes, it is")
