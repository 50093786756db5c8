"""Reactions that point at what was said: 🔒 keeps it inside, 📌 puts it on the ticket's card."""

from tests.stories.cast import WAITING, Post, Story

LOCK, PIN = "🔒", "📌"


def written(head: Post, message_id: str) -> Post:
    """Return what somebody wrote in a thread."""
    return next(post for post in head.side.below(head) if post.id == message_id)


async def test_a_teammate_keeps_an_answer_inside_and_puts_the_buyers_words_on_the_card(story: Story) -> None:
    mia = story.cast.mia
    head = await story.conversation(mia, "Please write my name as Mia Chen")
    answer = await story.noor.replies(head, "I think we have lost it")
    await story.marked(answer, WAITING)
    await story.li.reacts(written(head, answer), LOCK)
    await story.rests()
    await story.undo_window_passes()
    await story.rests()
    assert mia.heard == []
    said = await story.reads(head, "Please write my name")
    await story.noor.reacts(said, PIN)
    await story.card_shows(head, "Please write my name as Mia Chen")
    await story.noor.unreacts(said, PIN)
    await story.until(lambda: "Mia Chen" not in head.text, "the card without the buyer's words")
