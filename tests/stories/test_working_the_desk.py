"""A day at the desk: prepared answers in the buyer's language, and everything else that can be done with a ticket."""

import msgspec
import pytest

from handlers.timers.snoozes import wake
from tests.starter import library
from tests.stories.cast import ACCEPTED, WAITING, Story
from tests.stories.side import TICK, Post

CLOCK, SIREN, PARCEL = "⏰", "🚨", "📦"


@pytest.fixture
async def library_of(stage: Story) -> Story:
    """A team that has the prepared answers which come with the product, and a reaction that means one of them."""
    story = stage
    await story.set_up(story.desk_toml() + story.reaction_toml(PARCEL, "macro where-is-my-order"))
    await story.product_starts()
    await story.operator("apply_macros", entries=msgspec.to_builtins(library()))
    return story


async def test_prepared_answers_go_out_in_the_buyers_language(library_of: Story) -> None:
    story, mia, budi = library_of, library_of.cast.mia, library_of.cast.budi
    head = await story.conversation(mia, "Where is my parcel?")

    # One that asks for what nobody knows yet, taken back in time.
    await story.noor.replies(head, "!macro tracking")
    await story.noor.clicks(await story.noor.is_told("Here's the tracking number"), "Send")
    await story.noor.reads_form("Tracking number")
    await story.noor.fills_in(text="Your number is 12.", **{"order.tracking": "12"})
    await story.reads(head, "Your number is 12.")
    await story.noor.clicks(await story.noor.is_told("Your answer goes to the buyer"), "Undo")
    await story.undo_window_passes()

    # The one that fits best, as it is: the order's number is known. It says, too, what the ticket is about.
    await story.noor.clicks(head, "Macro")
    offer = await story.noor.is_told("Thanks for checking in!")
    assert story.cast.order.id in offer.text
    await story.noor.clicks(offer, "Send")
    shown = await story.reads(head, "Thanks for checking in!")
    await story.marked(shown.id, WAITING)
    await story.card_shows(head, "Delivery")
    await story.undo_window_passes()
    await mia.hears_messages(1)
    await story.marked(shown.id, ACCEPTED)
    assert story.cast.order.id in mia.heard[0]

    # Another one, changed before it goes.
    await story.noor.chooses(offer, "Another macro", "Delivery · Delayed")
    await story.noor.reads_form("Delayed")
    await story.noor.fills_in(text="It is late, and we are sorry.", **{"order.eta": "2026-12-01"})
    await story.reads(head, "It is late, and we are sorry.")
    await story.undo_window_passes()
    await mia.hears("It is late, and we are sorry.")
    assert len(mia.heard) == 2

    # Budi's language is none of Li's, and nobody knows an order of his.
    head = await story.conversation(budi, "Kak, paket saya kok belum sampai?")
    await story.li.clicks(head, "Claim")
    await story.card_shows(head, story.li.on_card)
    await story.rests()
    await story.li.reacts(head, PARCEL)
    offer = await story.li.is_told("Halo Kak")
    assert "您好" in offer.text
    await story.li.clicks(offer, "发送")
    await story.li.fills_in(**{"order.id": "577189012345678901"})
    await story.reads(head, "577189012345678901")
    await story.undo_window_passes()
    await budi.hears_messages(1)
    assert budi.heard[0].startswith("Halo Kak")
    assert "577189012345678901" in budi.heard[0]

    # What nobody has prepared sends nothing.
    await story.li.replies(head, "!macro xyzzy")
    await story.li.is_told("xyzzy")
    await story.undo_window_passes()
    await story.rests()
    assert len(budi.heard) == 1


async def it_is_sorted(story: Story, head: Post) -> None:
    """What it is about is said by the card's menu and typed."""
    await story.noor.chooses(head, "More…", "Level…")
    await story.noor.fills_in(choice="Complaint")
    await story.card_shows(head, "Complaint")
    await story.noor.replies(head, "!tag vip late")
    await story.card_shows(head, "#vip #late")
    await story.noor.replies(head, "!priority urgent")
    await story.card_shows(head, "Urgent")
    await story.noor.replies(head, "!language th")
    await story.card_shows(head, "Thai")


async def it_is_given(story: Story, head: Post) -> None:
    """Whose it is; what is somebody's only they or a lead give on, and one whom nobody knows is nobody."""
    await story.noor.replies(head, f"!assign {story.li.mention}")
    await story.card_shows(head, story.li.on_card)
    await story.reads(head, "this ticket is yours now")
    await story.noor.replies(head, "!assign me")
    await story.noor.is_told("has already claimed this ticket")
    await story.li.replies(head, "!assign nobody here")
    await story.li.is_told("nobody here")
    await story.li.replies(head, "!unassign")
    await story.card_shows(head, "Nobody yet")


async def it_rests(story: Story, head: Post) -> None:
    """It rests until its time has come."""
    await story.noor.replies(head, "!snooze 2020-01-01")
    await story.noor.is_told("is past")
    await story.noor.reacts(head, CLOCK)
    await story.noor.clicks(await story.noor.is_told("Snooze"), "Snooze")
    await story.noor.fills_in(choice="In three hours")
    await story.card_shows(head, "rests until")
    await story.time_passes(hours=3, minutes=1)
    await wake(story.store, story.clock)
    await story.reads(head, "This ticket is back.")
    await story.until(lambda: "rests until" not in head.text, "the card without a rest")


async def a_lead_is_called(story: Story, head: Post) -> None:
    """A lead is called, and the reason stands there; not again at once."""
    await story.noor.replies(head, "!escalate she wants her money back")
    called = await story.reads(head, "asks for a lead here")
    assert "she wants her money back" in called.text
    assert story.li.id in story.side.pinged
    await story.noor.reacts(head, SIREN)
    await story.noor.is_told("The leads were called here")


async def looks_things_up(story: Story, head: Post) -> None:
    """Ask what waits, and who the buyer is: whoever asks sees it alone."""
    await story.noor.replies(head, "!queue")
    await story.noor.is_told("Nobody's: 1")
    await story.noor.replies(head, "!find PARCEL")
    await story.noor.is_told("Found for PARCEL: 1")
    await story.noor.replies(head, "!who")
    await story.noor.is_told(": 1 ticket")


async def merges_and_blocks(story: Story, head: Post) -> None:
    """Let another ticket about the same go on in the former one; then it is enough."""
    mia = story.cast.mia
    await story.time_passes(hours=8 * 24)
    await mia.says("Still not here")
    later = await story.reads_in_a_new_thread("Still not here")
    await story.noor.replies(later, "!merge")
    await story.reads(later, "goes on in another thread")
    await story.reads(head, "Still not here")
    await story.noor.replies(later, "!block")
    await story.noor.is_told("Ask a lead: Li")
    await story.li.replies(later, "!block")
    await story.card_shows(head, "This buyer is blocked.")
    await mia.says("You will regret this")
    await story.reads(head, "You will regret this")
    await story.until(lambda: "Waiting since" not in head.text, "nobody to wait")


async def test_a_ticket_is_sorted_given_rests_and_is_escalated(stage: Story) -> None:
    story = stage
    await story.set_up(story.desk_toml() + story.role_toml(story.li, "lead"))
    await story.product_starts()
    mia = story.cast.mia
    head = await story.conversation(mia, "Where is my parcel?")

    await it_is_sorted(story, head)
    await it_is_given(story, head)
    await it_rests(story, head)
    await a_lead_is_called(story, head)
    await looks_things_up(story, head)

    # Nothing of it was for the buyer; the last thanks need no answer.
    await mia.says("thanks!")
    await story.reads(head, "thanks!")
    await story.noor.replies(head, "!no-reply")
    await story.until(lambda: "Waiting since" not in head.text, "nobody to wait")
    await story.noor.reacts(head, TICK)
    await story.card_shows(head, "Resolved")
    await story.rests()
    assert mia.received == []
    await merges_and_blocks(story, head)
