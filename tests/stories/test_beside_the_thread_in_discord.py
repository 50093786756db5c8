"""What somebody in Discord does without typing in the thread: commands that are completed, a message's menu, forms."""

from typing import Any

import pytest

from chatops.desk import macro_library
from chatops.rules.macrofile import MacroEntry
from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.people import Person
from tests.stories.cast import ACCEPTED, WAITING, Post, Story
from tests.stories.discord_side import DiscordSide, DiscordTeammate

pytestmark = pytest.mark.parametrize("where", ["discord"])

TODAY = MacroEntry(id="today", name="Leaves today", texts={"en": "It leaves today, {buyer.name}."})
SORRY = MacroEntry(id="sorry", name="Sorry", texts={"en": "We are sorry, {buyer.name}."})


def noor_of(story: Story) -> Person:
    assert isinstance(story.noor, DiscordTeammate)
    return story.noor.person


def thread_of(story: Story, head: Post) -> Channel:
    assert isinstance(story.side, DiscordSide)
    return story.side.thread(head)


async def commands(story: Story, where: Channel, line: str, **words: str) -> Post:
    """Let Noor give a command; return what she alone is answered."""
    before = len(story.noor.told)
    done = await noor_of(story).runs(where, line, **words)
    assert done.acked, done.reason
    await story.until(lambda: len(story.noor.told) > before, f"an answer to {line}")
    answer = noor_of(story).ephemerals[-1]
    return Post(story.side, answer.id, answer)


async def is_offered(story: Story, where: Channel, line: str, option: str, typed: str) -> dict[str, Any]:
    """Let Noor type into a command; return what is offered, by what it is called."""
    offered = await noor_of(story).asks_options(where, line, option, typed)
    return {choice["name"]: choice["value"] for choice in offered}


async def looks_around_from_the_channel(story: Story, general: Channel) -> None:
    """What needs no ticket is answered in any channel; what needs one says where it works, and gives the words back."""
    assert "Nobody's: 1" in (await commands(story, general, "/queue", which="unassigned")).text
    elsewhere = (await commands(story, general, "/snooze", when="tomorrow 9")).text
    assert "in the thread of a ticket" in elsewhere
    assert "tomorrow 9" in elsewhere
    assert "Leaves today" in (await commands(story, general, "/desk macros", macro="leaves")).text
    assert "Press the button" in (await commands(story, general, "/desk help", verb="claim")).text
    assert "If you answer it" in (await commands(story, general, "/desk try", text="where is my parcel")).text


async def chooses_what_is_offered(story: Story, head: Post) -> None:
    """What is offered while one types is what the command understands: people, levels, macros."""
    thread = thread_of(story, head)
    await story.li.replies(head, "// Who takes this?")
    await story.rests()
    people = await is_offered(story, thread, "/assign", "who", "l")
    assert "Done: Assign" in (await commands(story, thread, "/assign", who=people["Li"])).text
    await story.card_shows(head, story.li.on_card)
    await commands(story, thread, "/unassign")
    await commands(story, thread, "/level", level="complaint")
    await story.card_shows(head, "Complaint")
    await commands(story, thread, "/tag", tags="vip late")
    tags = await is_offered(story, thread, "/tag", "tags", "vi")
    await commands(story, thread, "/tag", tags=f"-{tags['#vip']}")
    await story.until(lambda: "#late" in head.text and "#vip" not in head.text, "one tag on the card")
    assert "Found for parcel: 1" in (await commands(story, thread, "/find", words="parcel")).text
    assert await is_offered(story, thread, "/macro", "macro", "xyzzy") == {}
    macros = await is_offered(story, thread, "/macro", "macro", "leaves")
    picker = await commands(story, thread, "/macro", macro=macros["Leaves today"])
    await story.noor.clicks(picker, "Send")
    shown = await story.reads(head, "It leaves today")
    await story.undo_window_passes()
    await story.cast.mia.hears(f"It leaves today, {story.cast.mia.profile.nickname}.")
    await story.marked(shown.id, ACCEPTED)


async def answers_from_the_menu_of_a_message(story: Story, head: Post) -> None:
    """It stands at what the buyer wrote; the answer is changed before it goes."""
    said = await story.reads(head, "Where is my parcel?")
    await noor_of(story).uses("Answer with a macro", said.message)
    picker = await story.noor.is_told("The buyer reads, in English")
    await story.noor.chooses(picker, "Another macro", "Sorry")
    await story.noor.reads_form("Text in English")
    await story.noor.fills_in(text="So sorry!")
    await story.reads(head, "So sorry!")
    await story.undo_window_passes()
    await story.cast.mia.hears("So sorry!")


async def takes_back_from_the_menu_of_a_message(story: Story, head: Post) -> None:
    """What somebody wrote has a menu of its own: its words to copy, and to take it back."""
    written = await story.noor.replies(head, "It is lost, I think")
    await story.marked(written, WAITING)
    await noor_of(story).uses("Copy the words", written)
    await story.noor.is_told("It is lost, I think")
    await noor_of(story).uses("Take it back", written)
    await story.noor.is_told("Taken back")
    await story.undo_window_passes()
    await story.rests()


async def sets_up_the_own_page(story: Story, general: Channel) -> None:
    """Discord tells no time zone: it is completed while one types, or told by a form, as the rest is."""
    noor = noor_of(story)
    zones = await is_offered(story, general, "/desk zone", "zone", "bangk")
    assert "Asia/Bangkok" in (await commands(story, general, "/desk zone", zone=zones["Asia/Bangkok"])).text
    page = await commands(story, general, "/desk home")
    assert story.cast.mia.profile.nickname in page.text
    await story.noor.clicks(page, "Time zone")
    await story.noor.reads_form("Asia/Bangkok")
    await story.noor.fills_in(text="Atlantis")
    kept = await story.noor.is_told("no such time zone")
    assert "Atlantis" in kept.text, "what was typed is given back"
    await story.noor.clicks(page, "Time zone")
    await story.noor.fills_in(text="Berlin")
    await story.noor.is_told("Europe/Berlin")
    await story.noor.clicks(page, "Quiet hours")
    await story.noor.fills_in(text="22-8")
    await story.noor.is_told("22:00–08:00 · Europe/Berlin")
    await story.noor.clicks(page, "My languages")
    await story.noor.fills_in(text="th vi")
    await story.noor.is_told("Thai, Vietnamese")
    assert noor.modal is None


async def test_everything_that_is_not_typed_in_the_thread(story: Story) -> None:
    await story.store.write(macro_library.apply, [TODAY, SORRY], story.clock.now())
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    general, app = story.cast.discord.general, story.cast.discord.app
    await story.until(lambda: app.commands, "the commands to be there")
    await looks_around_from_the_channel(story, general)
    await chooses_what_is_offered(story, head)
    await answers_from_the_menu_of_a_message(story, head)
    await takes_back_from_the_menu_of_a_message(story, head)
    await sets_up_the_own_page(story, general)
    assert len(story.cast.mia.heard) == 2, "nothing else was for the buyer"
    assert [post.text for post in story.side.below(head) if not post.by_product] == [
        "// Who takes this?",
        "It is lost, I think",
    ]
