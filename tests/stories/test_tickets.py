"""Who takes a conversation, when it is over, and what refusals look like."""

from collections.abc import Awaitable, Callable

import pytest

from tests.stories.cast import ACCEPTED, WAITING, Post, Story, Teammate
from tests.stories.conftest import every_kind_of_place
from tests.stories.side import AGAIN, EYES, TICK

REACTIONS = {"claim": EYES, "resolve": TICK, "reopen": AGAIN}


async def by_button(agent: Teammate, head: Post, verb: str) -> None:
    await agent.clicks(head, verb.capitalize())


async def by_text(agent: Teammate, head: Post, verb: str) -> None:
    await agent.replies(head, f"!{verb}")


async def by_reaction(agent: Teammate, head: Post, verb: str) -> None:
    await agent.reacts(head, REACTIONS[verb])


@pytest.mark.parametrize("does", [by_button, by_text, by_reaction])
@every_kind_of_place
async def test_a_ticket_is_claimed_resolved_and_reopened(
    story: Story, does: Callable[[Teammate, Post, str], Awaitable[None]]
) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    assert "Nobody yet" in head.text
    await does(story.noor, head, "claim")
    await story.card_shows(head, story.noor.on_card)
    await does(story.noor, head, "resolve")
    await story.card_shows(head, "Resolved")
    assert "Waiting since" not in head.text
    await does(story.li, head, "reopen")
    await story.card_shows(head, "Open")
    assert story.noor.on_card in head.text
    assert story.cast.mia.received == []


async def test_taking_the_eyes_away_gives_the_ticket_back(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.noor.reacts(head, EYES)
    await story.card_shows(head, story.noor.on_card)
    await story.noor.unreacts(head, EYES)
    await story.card_shows(head, "Nobody yet")


async def test_eyes_on_what_the_buyer_said_claim_the_ticket_too(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.li.reacts(await story.reads(head, "Where is my parcel?"), EYES)
    await story.card_shows(head, story.li.on_card)


async def test_a_refusal_is_for_one_person_alone_and_in_their_language(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.noor.clicks(head, "Claim")
    await story.card_shows(head, story.noor.on_card)

    await story.li.clicks(head, "Resolve")
    await story.card_shows(head, "Resolved")

    await story.rests()
    posts = len(story.mirrored(head))

    await story.li.replies(head, "!resolve")
    await story.li.is_told("此工单已解决。")
    await story.rests()
    assert story.noor.told == []
    assert len(story.mirrored(head)) == posts
    assert story.noor.on_card in head.text


async def test_a_button_nobody_knows_any_more_is_refused_politely(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.side.age_buttons(head)
    await story.noor.clicks(head, "Claim")
    await story.noor.is_told("This has changed in the meantime")


async def test_the_buyer_writes_again_and_the_resolved_ticket_opens_in_its_thread(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.noor.clicks(head, "Resolve")
    await story.card_shows(head, "Resolved")
    await story.time_passes(hours=20)
    await story.cast.mia.says("It still has not come")
    await story.reads(head, "It still has not come")
    await story.card_shows(head, "Open")
    await story.card_shows(head, "Waiting since")
    assert len(story.side.heads) == 1


async def test_long_after_a_new_question_gets_a_new_thread(story: Story) -> None:
    first = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.noor.clicks(first, "Resolve")
    await story.card_shows(first, "Resolved")
    await story.time_passes(hours=24 * 8)
    await story.cast.mia.says("Do you have it in red?")
    second = await story.reads_in_a_new_thread("Do you have it in red?")
    assert second.id != first.id
    assert story.shown(first, "Do you have it in red?") == 0


async def test_an_answer_in_a_resolved_ticket_still_reaches_the_buyer(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Thanks!")
    await story.noor.replies(head, "!resolve")
    await story.card_shows(head, "Resolved")
    answer = await story.answers(story.noor, head, "You are welcome")
    await story.cast.mia.hears("You are welcome")
    await story.marked(answer, ACCEPTED)


async def test_where_plain_text_is_internal_it_leaves_only_on_purpose(story: Story) -> None:
    await story.operator("apply", toml=story.desk_toml(route='posture = "internal"'))
    head = await story.conversation(story.cast.mia, "Is it real silk?")
    answer = await story.noor.replies(head, "Yes, it is")
    kept = await story.noor.is_told("Kept inside the team")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == []
    await story.noor.clicks(kept, "Send to the buyer")
    await story.marked(answer, WAITING)
    await story.undo_window_passes()
    await story.cast.mia.hears("Yes, it is")
