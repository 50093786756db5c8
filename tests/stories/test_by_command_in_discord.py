"""Answers by command, form and menu reach the buyer as typed ones do, also where nothing typed may be read."""

import pytest

from chatops.sandbox.discord.message import Message
from chatops.sandbox.discord.people import Person
from chatops.sandbox.discord.server import Happening
from chatops.sandbox.faults import Trouble
from chatops.sandbox.tiktok.pictures import plain_png
from tests.stories.cast import ACCEPTED, FAILED, WAITING, Post, Story
from tests.stories.discord_side import DiscordSide, DiscordTeammate

pytestmark = pytest.mark.parametrize("where", ["discord"])

CONTENT = 1 << 15  # the intent without which nothing typed is read


def noor_of(story: Story) -> Person:
    assert isinstance(story.noor, DiscordTeammate)
    return story.noor.person


def side_of(story: Story) -> DiscordSide:
    assert isinstance(story.side, DiscordSide)
    return story.side


async def by_command(story: Story, head: Post, line: str, text: str) -> Message:
    """Let Noor say something by a command; return the message that shows it in the thread."""
    side = side_of(story)
    await story.until(lambda: side.app.commands, "the commands to be there")
    ran = await noor_of(story).runs(side.thread(head), line, text=text)
    assert ran.original is not None
    return ran.original


async def test_an_answer_by_command_reaches_the_buyer_and_is_marked(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    shown = await by_command(story, head, "/reply", "On its way!")
    await story.marked(shown.id, WAITING)
    await story.noor.is_told("Your answer goes to the buyer")
    assert len(noor_of(story).ephemerals) == 1, "nobody else sees the offer to undo"
    await story.undo_window_passes()
    await story.cast.mia.hears("On its way!")
    await story.marked(shown.id, ACCEPTED)
    assert story.cast.mia.heard == ["On its way!"]


async def test_an_answer_by_command_can_be_undone(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await by_command(story, head, "/reply", "It is lost.")
    offer = await story.noor.is_told("Your answer goes to the buyer")
    await story.noor.clicks(offer, "Undo")
    await story.noor.is_told("Taken back")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.received == []


async def test_deleting_the_message_that_shows_an_answer_takes_it_back(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    shown = await by_command(story, head, "/reply", "It is lost.")
    await story.marked(shown.id, WAITING)
    side_of(story).delete(side_of(story).post(shown.id))
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.received == []


async def test_an_answer_by_command_outlives_a_crash(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await by_command_unheard(story, head)
    await story.product_is_killed()
    await story.product_starts()
    await story.undo_window_passes()
    await story.cast.mia.hears("On its way!")
    await story.rests()
    assert story.cast.mia.heard == ["On its way!"]


async def by_command_unheard(story: Story, head: Post) -> None:
    """Let Noor's words be shown, and the product hear nothing of the message that shows them."""
    server, carry = side_of(story).server, side_of(story).discord.carrier.hear

    def lose_messages(happening: Happening) -> None:
        if happening.name != "MESSAGE_CREATE":
            carry(happening)

    server.listeners[:] = [lose_messages]
    await by_command(story, head, "/reply", "On its way!")
    server.listeners[:] = [carry]


async def test_an_answer_by_command_that_the_shop_cannot_send_says_so_in_the_thread(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.tiktok_fails("send_message", Trouble.ERROR, code="45109003")
    shown = await by_command(story, head, "/reply", "On its way!")
    await story.undo_window_passes()
    await story.marked(shown.id, FAILED)
    notice = await story.reads(head, "This answer did not reach the buyer.")
    assert story.noor.on_card in notice.message.content


async def test_a_form_answers_with_several_lines(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.until(lambda: side_of(story).app.commands, "the commands to be there")
    noor = noor_of(story)
    await noor.uses("Reply to the buyer", head.message)
    await noor.submits(await noor.expects_modal(), {"text": "On its way!\n\nIt left on Monday."})
    await story.reads(head, "It left on Monday.")
    await story.undo_window_passes()
    await story.cast.mia.hears("On its way!\n\nIt left on Monday.")


@pytest.fixture(params=[False, True], ids=["portal off", "portal on"])
async def unread(stage: Story, request: pytest.FixtureRequest) -> Story:
    """The product running where it may not read what is typed, or shall not although Discord's portal would let it."""
    if not request.param:
        stage.cast.discord.app.intents &= ~CONTENT
    stage.config = stage.config.model_copy(update={"discord_message_content": False})
    await stage.product_starts()
    return stage


async def test_what_is_typed_unread_never_reaches_the_buyer(unread: Story) -> None:
    head = await unread.conversation(unread.cast.mia, "Where is my parcel?")
    await unread.noor.replies(head, "Li, what shall I say?")
    await unread.noor.is_told("The buyer does not get what you type here")
    await unread.noor.replies(head, "Nobody?")
    await unread.rests()
    assert sum("The buyer does not get" in told for told in unread.noor.told) == 1
    await unread.comparison_is_due()
    await unread.undo_window_passes()
    await unread.rests()
    assert unread.cast.mia.received == []
    await by_command(unread, head, "/reply", "On its way!")
    await unread.undo_window_passes()
    await unread.cast.mia.hears("On its way!")


async def test_what_was_typed_unread_is_sent_with_its_picture_from_its_menu(unread: Story) -> None:
    head = await unread.conversation(unread.cast.mia, "Which colour is it?")
    picture = plain_png(50, 20, (200, 30, 60))
    typed = await unread.noor.uploads(head, ("rosewood.png", picture, "image/png"), text="This one:")
    await unread.noor.is_told("The buyer does not get what you type here")
    await unread.until(lambda: side_of(unread).app.commands, "the commands to be there")
    await noor_of(unread).uses("Send to the buyer", typed)
    await unread.marked(typed, WAITING)
    await unread.undo_window_passes()
    words, shown = await unread.cast.mia.hears_messages(2)
    assert words.text == "This one:"
    hosted = unread.world.tiktok.picture(shown.inner["url"])
    assert hosted is not None
    assert hosted.content == picture
    await unread.marked(typed, ACCEPTED)
