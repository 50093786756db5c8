"""The buttons and words that no other story tells of, on either platform."""

from chatops.catalog import TEXT
from tests.stories.cast import ACCEPTED, FAILED, Story

LONG = " ".join(f"Step {number}: fold it once more, gently." for number in range(1, 70))


async def test_an_answer_that_is_too_long_leaves_in_parts_and_a_held_one_in_other_words(story: Story) -> None:
    mia, head = story.cast.mia, await story.conversation(story.cast.mia, "How do I fold it?")
    assert TEXT.limit < len(LONG) < 2 * TEXT.limit
    written = await story.noor.replies(head, LONG)
    await story.marked(written, FAILED)
    refused = await story.noor.is_told(f"this answer has {len(LONG):,} characters")
    await story.noor.clicks(refused, "Send as 2 messages")
    await story.undo_window_passes()
    await mia.hears_messages(2)
    assert " ".join(mia.heard) == LONG
    await story.marked(written, ACCEPTED)

    held = await story.noor.replies(head, "Sorry, we cannot tell")
    await story.marked(held, FAILED)
    await story.noor.clicks(await story.reads(head, "It says what cannot be done. Say what can."), "Edit")
    await story.noor.fills_in(text="Fold it like a letter")
    await story.reads(head, "Fold it like a letter")
    await story.undo_window_passes()
    await mia.hears("Fold it like a letter")
    assert len(mia.heard) == 3


async def test_what_is_done_with_a_ticket_by_its_buttons_and_what_is_asked_by_words(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Never mind, it is here!")
    await story.noor.clicks(head, "Resolve")
    await story.card_shows(head, "Resolved")
    await story.rests()
    await story.noor.clicks(head, "Reopen")
    await story.until(lambda: "Resolved" not in head.text, "an open ticket")
    await story.noor.replies(head, "!help")
    await story.noor.is_told("What you can do in this thread")
    await story.noor.replies(head, "!help snooze")
    await story.noor.is_told("Type !snooze")
    await story.noor.replies(head, "!zone Bangkok")
    await story.noor.is_told({"slack": "Slack tells this", "discord": "Asia/Bangkok"}[story.side.platform])
    await story.noor.replies(head, "!home")
    await story.noor.is_told("My desk")
    await story.rests()
    assert story.cast.mia.heard == []
