"""What answers must not say, who lets them go, and what a reaction does to one message."""

from functools import cache

import pytest

from chatops.rules import languages
from tests.stories.cast import ACCEPTED, FAILED, Story
from tests.stories.conftest import in_slack

LOCK, PIN = "🔒", "📌"


async def test_an_answer_that_a_rule_finds_waits_for_its_writer_or_a_lead(stage: Story) -> None:
    story = stage
    await story.set_up(story.desk_toml() + story.role_toml(story.li, "lead"))
    await story.product_starts()
    mia = story.cast.mia
    head = await story.conversation(mia, "Where is my parcel?")

    # What is only advised against, its writer may send.
    answer = await story.noor.replies(head, "Sorry, we cannot tell")
    notice = await story.reads(head, "It says what cannot be done. Say what can.")
    await story.marked(answer, FAILED)
    await story.noor.clicks(notice, "Send anyway")
    await mia.hears("Sorry, we cannot tell")
    await story.marked(answer, ACCEPTED)

    # What is stopped needs a lead.
    await story.noor.replies(head, "Leave a review and get a free gift")
    notice = await story.reads(head, "It offers something for a review")
    await story.noor.clicks(notice, "Approve")
    await story.noor.is_told("You may not do this here")
    await story.li.clicks(notice, "Approve")
    await mia.hears("Leave a review and get a free gift")

    # What is mended leaves by itself.
    answer = await story.noor.replies(head, "This cream cures eczema")
    await story.reads(head, "“cures”: It promises to cure or treat something.")
    await story.noor.edits(answer, "This cream is for dry skin")
    await story.undo_window_passes()
    await mia.hears("This cream is for dry skin")

    # A lock keeps inside what has not left; a pin puts words on the card.
    await story.noor.replies(head, "I think it is lost")
    own = next(post for post in head.side.below(head) if post.text == "I think it is lost")
    await story.noor.reacts(own, LOCK)
    await story.undo_window_passes()
    await story.noor.reacts(await story.reads(head, "Where is my parcel?"), PIN)
    await story.card_shows(head, "Where is my parcel?")
    await story.rests()
    assert "I think it is lost" not in mia.heard
    assert len(mia.heard) == 3


@in_slack
async def test_the_first_answer_after_a_start_is_held_when_it_is_in_another_language(
    stage: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.product_starts()
    head = await stage.conversation(stage.cast.mia, "พัสดุของฉันอยู่ที่ไหน")
    await stage.product_stops()
    monkeypatch.setattr(languages, "_model", cache(languages._model.__wrapped__))  # as in a new process
    await stage.product_starts()
    await stage.noor.replies(head, "Your parcel arrives tomorrow, have a nice day")
    await stage.reads(head, "The buyer writes in another language.")
