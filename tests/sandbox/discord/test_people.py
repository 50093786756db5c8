"""What people can and cannot do at their client."""

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord import ui

from chatops.sandbox.discord import intents, messages
from tests.sandbox.discord.gateway_desk import Bot, Desk, desk_of

Click = discord.Interaction[Any]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A running server."""
    async with desk_of() as desk:
        yield desk


async def test_people_cannot_do_what_discord_does_not_let_them(desk: Desk) -> None:
    theirs = await desk.noor.posts(desk.support, "mine")
    with pytest.raises(AssertionError, match="did not write"):
        await desk.li.edits(theirs, "changed")
    with pytest.raises(AssertionError, match="may not do that"):
        await desk.li.deletes(theirs)
    with pytest.raises(AssertionError, match="no app wrote"):
        await desk.li.clicks(theirs, "Claim")
    with pytest.raises(AssertionError, match="there is no thread"):
        await desk.li.replies(theirs, "in no thread")
    with pytest.raises(AssertionError, match="cannot send nothing"):
        await desk.li.posts(desk.support, "  ")
    with pytest.raises(AssertionError, match="one opens posts"):
        await desk.li.posts(desk.world.create_forum("tickets"), "not here")
    desk.support.overwrites.append({"id": desk.li.id, "type": 1, "deny": str(1 << 11), "allow": "0"})
    with pytest.raises(AssertionError, match="may not do that"):
        await desk.li.posts(desk.support, "hello")


async def test_a_moderator_deletes_what_others_wrote(desk: Desk) -> None:
    theirs = await desk.noor.posts(desk.support, "mine")
    desk.support.overwrites.append({"id": desk.li.id, "type": 1, "deny": "0", "allow": str(1 << 13)})
    await desk.li.deletes(theirs)
    assert theirs not in desk.support.messages


async def test_an_archived_thread_opens_for_a_message_and_a_locked_one_does_not(desk: Desk) -> None:
    post = await desk.li.opens_post(desk.world.create_forum("tickets"), "Parcel", "Where is it?")
    await desk.li.archives(post)
    with pytest.raises(AssertionError, match="50083"):
        await desk.noor.reacts(post.id, "👀")
    with pytest.raises(AssertionError, match="may not do that"):
        await desk.noor.archives(post, archived=False)
    await desk.noor.replies(post.id, "Let me see")
    assert not post.archived
    desk.world.lock(post)
    with pytest.raises(AssertionError, match="160005"):
        await desk.noor.replies(post.id, "And now?")
    desk.world.lock(post, locked=False)
    await desk.noor.replies(post.id, "Now then")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@Noor see #support", "<@{noor}> see <#{support}>"),
        ("@Noora is nobody", "@Noora is nobody"),
        ("@team @everyone **bold** 1 < 2", "<@&{team}> @everyone **bold** 1 < 2"),
    ],
)
async def test_typed_names_are_sent_as_ids(desk: Desk, typed: str, sent: str) -> None:
    said = await desk.li.posts(desk.support, typed)
    ids = {"noor": desk.noor.id, "support": desk.support.id, "team": desk.world.team.id}
    assert desk.support.messages[said].content == sent.format(**ids)


async def test_a_thread_is_opened_on_a_message_and_answered_in(desk: Desk) -> None:
    said = await desk.li.posts(desk.support, "Who takes this?")
    thread = await desk.noor.opens_thread(said, "A question")
    assert thread.id == said
    await desk.li.replies(said, "I do")
    assert (await thread.expects("I do")).author_id == desk.li.id


async def test_an_answer_notifies_the_one_who_is_answered(desk: Desk) -> None:
    said = await desk.li.posts(desk.support, "Who takes this?")
    answer = await desk.noor.posts(desk.support, "I do", answering=said)
    assert desk.support.messages[answer].pinged == [desk.li.id]


async def test_what_a_channel_shows_is_waited_for_and_told_when_it_never_comes(desk: Desk) -> None:
    await desk.li.posts(desk.support, "hello")
    assert (await desk.support.expects(lambda message: message.author_id == desk.li.id)).content == "hello"
    embed = {"description": "a card", "fields": [{"name": "Order", "value": "42"}]}
    messages.post(desk.world.server, desk.support, desk.app.bot, embeds=[embed])
    await desk.support.expects("42")
    with pytest.raises(AssertionError, match="in vain for 'goodbye' in #support") as failed:
        await desk.support.expects("goodbye", timeout=0.01)
    assert "li: hello" in str(failed.value)


async def test_a_bot_can_write_to_a_person_alone(desk: Desk) -> None:
    bot = desk.bot(34305 | intents.DIRECT_MESSAGES)
    await desk.connect(bot)
    with pytest.raises(AssertionError, match="no bot has written to Li"):
        desk.li.dm()
    await (await bot.fetch_user(int(desk.li.id))).send("You are on call")
    await desk.li.dm().expects("You are on call")
    await desk.li.posts(desk.li.dm(), "ok")
    answer = await bot.hears("message", 2)
    assert (answer.content, answer.guild) == ("ok", None)


class Choose(ui.View):
    """A menu of people, and a button that is greyed out."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.select(cls=ui.UserSelect, custom_id="who", placeholder="Assign")
    async def who(self, click: Click, select: "ui.UserSelect[Choose]") -> None:
        """Think privately, then say who was chosen."""
        await click.response.defer(ephemeral=True, thinking=True)
        await click.followup.send(f"assigned to {select.values[0].display_name}")

    @ui.button(label="Sent", custom_id="sent", disabled=True)
    async def sent(self, click: Click, _: "ui.Button[Choose]") -> None:
        """Never called."""
        await click.response.defer()

    @ui.button(label="Rename", custom_id="rename")
    async def rename(self, click: Click, _: "ui.Button[Choose]") -> None:
        """Ask for a name."""
        await click.response.send_modal(Rename())


class Rename(ui.Modal, title="Rename"):
    """A form that changes the message whose button opened it."""

    level: "ui.Label[Rename]" = ui.Label(
        text="Level",
        component=ui.Select(
            custom_id="level", options=[discord.SelectOption(label="High"), discord.SelectOption(label="Low")]
        ),
    )

    async def on_submit(self, click: Click) -> None:
        """Show the choice on the message."""
        assert isinstance(self.level.component, ui.Select)
        await click.response.edit_message(content=f"level: {self.level.component.values[0]}")


async def _connected(desk: Desk) -> Bot:
    bot = desk.bot()
    await desk.connect(bot)
    return bot


async def _choosing(desk: Desk) -> str:
    bot = await _connected(desk)
    channel = bot.get_channel(int(desk.support.id))
    assert isinstance(channel, discord.TextChannel)
    return str((await channel.send("What now?", view=Choose())).id)


async def test_a_person_is_chosen_from_a_menu(desk: Desk) -> None:
    panel = await _choosing(desk)
    await desk.li.clicks(panel, "Assign", desk.noor)
    answer = await desk.li.expects_ephemeral("assigned to Noor")
    assert answer.flags == 64
    with pytest.raises(AssertionError, match="greyed out"):
        await desk.li.clicks(panel, "Sent")


async def test_a_form_may_change_the_message_it_came_from(desk: Desk) -> None:
    panel = await _choosing(desk)
    await desk.li.clicks(panel, "Rename")
    form = await desk.li.expects_modal()
    with pytest.raises(AssertionError, match="'Level' is empty"):
        await desk.li.submits(form)
    await desk.li.submits(form, {"level": "High"})
    assert (await desk.support.expects("level: High")).id == panel


async def test_a_form_stays_open_while_nobody_answers_and_can_be_closed(desk: Desk) -> None:
    panel = await _choosing(desk)
    await desk.li.clicks(panel, "Rename")
    form = await desk.li.expects_modal()
    desk.world.carrier.lose_next()
    desk.world.interactions.ack_seconds = 0.0
    failed = await desk.li.submits(form, {"level": "Low"})
    assert (failed.acked, desk.li.modal) == (False, form)
    await desk.li.closes(form)
    assert desk.li.modal is None
