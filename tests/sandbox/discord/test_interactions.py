"""Slash commands, menus, buttons and forms, with discord.py answering them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands, ui

from chatops.sandbox.faults import Fault, Trouble
from tests.sandbox.discord.gateway_desk import Bot, Desk, desk_of

Click = discord.Interaction[Any]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A running server."""
    async with desk_of() as desk:
        yield desk


class Panel(ui.View):
    """Buttons and a menu that do what the tests need."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Claim", custom_id="claim")
    async def claim(self, click: Click, _: ui.Button["Panel"]) -> None:
        """Answer everyone."""
        await click.response.send_message(f"{click.user.display_name} took it")

    @ui.button(label="Whisper", custom_id="whisper")
    async def whisper(self, click: Click, _: ui.Button["Panel"]) -> None:
        """Answer the one who pressed, then change and complete the answer."""
        await click.response.send_message(f"only you, in {click.locale}", ephemeral=True)
        await click.edit_original_response(content="only you, really")
        await click.followup.send("and this", ephemeral=True)

    @ui.button(label="Done", custom_id="done")
    async def done(self, click: Click, _: ui.Button["Panel"]) -> None:
        """Change the message itself."""
        await click.response.edit_message(content="done", view=None)

    @ui.button(label="Slow", custom_id="slow")
    async def slow(self, click: Click, _: ui.Button["Panel"]) -> None:
        """Think first."""
        await click.response.defer(thinking=True)
        await click.followup.send("thought it over")

    @ui.select(custom_id="level", placeholder="Level", options=[discord.SelectOption(label="High", value="3")])
    async def level(self, click: Click, select: ui.Select["Panel"]) -> None:
        """Say what was chosen."""
        await click.response.send_message(f"level {select.values[0]}")

    @ui.button(label="Note", custom_id="note")
    async def note(self, click: Click, _: ui.Button["Panel"]) -> None:
        """Show a form."""
        await click.response.send_modal(NoteForm())


class NoteForm(ui.Modal, title="A note"):
    """One line and several lines."""

    subject = ui.TextInput["NoteForm"](label="Subject", custom_id="subject", max_length=20)
    body = ui.TextInput["NoteForm"](label="Body", custom_id="body", style=discord.TextStyle.paragraph, required=False)

    async def on_submit(self, click: Click) -> None:
        """Say what was written."""
        await click.response.send_message(f"noted: {self.subject.value} / {self.body.value}")


async def with_panel(desk: Desk) -> tuple[Bot, str]:
    """A bot and the id of its message with the panel."""
    bot = desk.bot()
    await desk.connect(bot)
    channel = bot.get_channel(int(desk.support.id))
    assert isinstance(channel, discord.TextChannel)
    return bot, str((await channel.send("What now?", view=Panel())).id)


async def with_commands(desk: Desk) -> Bot:
    """A bot with a slash command, a group and two menu commands, registered on the server."""
    bot = desk.bot()
    guild = discord.Object(int(desk.world.server.id))

    @bot.tree.command(description="Insert a prepared answer")
    async def macro(click: Click, name: str, times: app_commands.Range[int, 1, 3] = 1) -> None:
        await click.response.send_message(f"{name}×{times}", ephemeral=True)

    @macro.autocomplete("name")
    async def names(click: Click, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=one, value=one) for one in ("refund", "return") if one.startswith(current)]

    group = app_commands.Group(name="desk", description="The desk")

    @group.command(description="How things stand")
    async def status(click: Click) -> None:
        await click.response.send_message("quiet")

    @bot.tree.context_menu(name="Send to buyer")
    async def send(click: Click, message: discord.Message) -> None:
        await click.response.send_message(f"sending: {message.content}", ephemeral=True)

    @bot.tree.context_menu(name="On call?")
    async def on_call(click: Click, member: discord.Member) -> None:
        await click.response.send_message(f"{member.display_name} is not", ephemeral=True)

    bot.tree.add_command(group)
    bot.tree.copy_global_to(guild=guild)
    await desk.connect(bot)
    await bot.tree.sync(guild=guild)
    return bot


async def test_a_pressed_button_is_answered_for_everyone(desk: Desk) -> None:
    _, panel = await with_panel(desk)
    done = await desk.li.clicks(panel, "Claim")
    assert (done.acked, done.answer) == (True, 4)
    said = await desk.support.expects("Li took it")
    assert said.interaction_metadata is not None
    assert said.interaction_metadata["interacted_message_id"] == panel


async def test_a_private_answer_is_seen_by_one_person_and_can_grow(desk: Desk) -> None:
    _, panel = await with_panel(desk)
    await desk.li.clicks(panel, "whisper")
    first = await desk.li.expects_ephemeral("only you, really")
    await desk.li.expects_ephemeral("and this")
    assert len(desk.li.ephemerals) == 2
    assert desk.noor.ephemerals == []
    assert len(desk.support.messages) == 1
    with pytest.raises(AssertionError, match="sees no message"):
        await desk.noor.reacts(first, "👀")


async def test_a_message_is_changed_by_its_own_button(desk: Desk) -> None:
    _, panel = await with_panel(desk)
    await desk.li.clicks(panel, "Done")
    message = await desk.support.expects("done")
    assert (message.id, message.components) == (panel, [])
    with pytest.raises(AssertionError, match="there is nothing called 'Claim'"):
        await desk.li.clicks(panel, "Claim")


async def test_thinking_becomes_an_answer(desk: Desk) -> None:
    _, panel = await with_panel(desk)
    done = await desk.li.clicks(panel, "Slow")
    answer = await desk.support.expects("thought it over")
    assert done.original is not None
    assert (answer.id, answer.flags) == (done.original.id, 0)
    assert len(desk.support.messages) == 2


async def test_a_menu_tells_what_was_chosen(desk: Desk) -> None:
    _, panel = await with_panel(desk)
    await desk.noor.clicks(panel, "Level", "High")
    await desk.support.expects("level 3")
    with pytest.raises(AssertionError, match="there is no option 'Low'; there is High"):
        await desk.noor.clicks(panel, "Level", "Low")


async def test_a_form_is_filled_in_and_sent(desk: Desk) -> None:
    _, panel = await with_panel(desk)
    await desk.li.clicks(panel, "Note")
    form = await desk.li.expects_modal()
    assert (form.title, list(form.inputs)) == ("A note", ["subject", "body"])
    with pytest.raises(AssertionError, match="'Subject' is empty"):
        await desk.li.submits(form)
    with pytest.raises(AssertionError, match="'Subject' is too long"):
        await desk.li.submits(form, {"subject": "x" * 21})
    with pytest.raises(AssertionError, match="no field nonsense"):
        await desk.li.submits(form, {"nonsense": "x"})
    done = await desk.li.submits(form, {"subject": "late", "body": "call them"})
    assert done.acked
    assert desk.li.modal is None
    await desk.support.expects("noted: late / call them")


async def test_slash_commands_are_typed_completed_and_answered(desk: Desk) -> None:
    await with_commands(desk)
    await desk.li.runs(desk.support, "/macro refund", times=2)
    await desk.li.expects_ephemeral("refund×2")
    choices = await desk.li.asks_options(desk.support, "/macro", "name", "ret")
    assert [choice["value"] for choice in choices] == ["return"]
    await desk.li.runs(desk.support, "/desk status")
    assert (await desk.support.expects("quiet")).type == 20
    for wrong in ("/nothing", "/macro", "/desk nonsense"):
        with pytest.raises(AssertionError):
            await desk.li.runs(desk.support, wrong)
    with pytest.raises(AssertionError, match="does not take"):
        await desk.li.runs(desk.support, "/macro refund", times="many")


async def test_commands_work_on_messages_people_and_in_posts(desk: Desk) -> None:
    await with_commands(desk)
    said = await desk.noor.posts(desk.support, "On its way")
    await desk.li.uses("Send to buyer", said)
    await desk.li.expects_ephemeral("sending: On its way")
    await desk.li.uses("On call?", desk.noor)
    await desk.li.expects_ephemeral("Noor is not")
    post = await desk.li.opens_post(desk.world.create_forum("tickets"), "Parcel", "Where?")
    await desk.li.runs(post, "/desk status")
    await post.expects("quiet")
    await desk.li.archives(post)
    with pytest.raises(AssertionError, match="no commands in the archived thread"):
        await desk.li.runs(post, "/desk status")


async def test_an_app_that_stays_silent_fails_and_its_late_answer_is_refused(desk: Desk) -> None:
    bot = desk.bot()
    await desk.connect(bot)
    channel = bot.get_channel(int(desk.support.id))
    assert isinstance(channel, discord.TextChannel)
    asked: asyncio.Future[Click] = asyncio.get_running_loop().create_future()
    view = ui.View(timeout=None)
    button: ui.Button[ui.View] = ui.Button(label="Ask", custom_id="ask")
    button.callback = _keeping(asked)  # type: ignore[method-assign] # discord.py's own way to give a button a callback
    view.add_item(button)
    panel = await channel.send("?", view=view)
    click = asyncio.ensure_future(desk.li.clicks(str(panel.id), "Ask"))
    interaction = await asked
    desk.time.skip(timedelta(seconds=4))
    failed = await click
    assert (failed.acked, failed.reason) == (False, "Interaction failed")
    with pytest.raises(discord.NotFound) as late:
        await interaction.response.send_message("sorry")
    assert late.value.code == 10062


def _keeping(asked: "asyncio.Future[Click]") -> Any:
    async def callback(click: Click) -> None:
        asked.set_result(click)

    return callback


async def test_of_two_clients_the_second_answer_is_refused(desk: Desk) -> None:
    first, panel = await with_panel(desk)
    second, _ = await with_panel(desk)
    first.add_view(Panel())
    second.add_view(Panel())
    await desk.li.clicks(panel, "Claim")
    await desk.world.until(lambda: len(_answers(desk)) == 2, describe="both answers")
    assert sorted(_answers(desk)) == [(200, 0), (400, 40060)]
    desk.world.carrier.interactions_to = "one"
    await desk.li.clicks(panel, "Claim")
    assert len(_answers(desk)) == 3


def _answers(desk: Desk) -> list[tuple[int, int]]:
    return [(one.status, one.error) for one in desk.world.requests if one.name == "interactions.callback"]


async def test_the_right_to_answer_ends_after_a_quarter_of_an_hour(desk: Desk) -> None:
    _, panel = await with_panel(desk)
    done = await desk.li.clicks(panel, "Claim")
    address = f"{desk.world.api_url}/webhooks/{desk.app.id}/{done.token}"
    async with desk.web.post(f"{address}?wait=true", json={"content": "one more"}) as answer:
        assert (answer.status, (await answer.json())["content"]) == (200, "one more")
    async with desk.web.delete(f"{address}/messages/@original") as answer:
        assert answer.status == 204
    async with desk.web.get(f"{address}/messages/@original") as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, 10008)
    desk.time.skip(timedelta(minutes=15))
    async with desk.web.post(address, json={"content": "too late"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (401, 50027)


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        ({"type": 8, "data": {"choices": []}}, 400, 50035),  # choices are for what is being typed
        ({"type": 4, "data": {"content": "x" * 2001}}, 400, 50035),
        ({"type": 4, "data": {}}, 400, 50006),
        ({"type": 4, "data": {"content": "x", "nonsense": 1}}, 400, 50035),
        ({"type": 9, "data": {"custom_id": "f", "title": "x" * 46, "components": []}}, 400, 50035),
        ({"type": 9, "data": {"custom_id": "f", "title": "A form", "components": []}}, 400, 50035),
    ],
)
async def test_an_answer_discord_does_not_take_can_be_given_again(
    desk: Desk, answer: dict[str, Any], status: int, code: int
) -> None:
    _, panel = await with_panel(desk)
    desk.world.carrier.lose_next()  # the bot does not hear of it; the test answers
    click = asyncio.ensure_future(desk.li.clicks(panel, "Claim"))
    await desk.world.until(lambda: desk.world.interactions.begun)
    (asked,) = desk.world.interactions.begun.values()
    address = f"{desk.world.api_url}/interactions/{asked.id}/{asked.token}/callback"
    async with desk.web.post(address, json=answer) as refused:
        assert (refused.status, (await refused.json())["code"]) == (status, code)
    async with desk.web.post(address, json={"type": 4, "data": {"content": "better"}}) as taken:
        assert taken.status == 204
    assert (await click).acked


async def test_an_answer_can_be_lost_on_its_way_although_it_counts(desk: Desk) -> None:
    _, panel = await with_panel(desk)
    desk.faults.plan(Fault("interactions.callback", Trouble.DROP_AFTER))
    assert (await desk.li.clicks(panel, "Claim")).acked
    await desk.support.expects("Li took it")


async def test_answers_may_ping_only_people_unless_told_otherwise(desk: Desk) -> None:
    _, panel = await with_panel(desk)
    done = await desk.li.clicks(panel, "Claim")
    address = f"{desk.world.api_url}/webhooks/{desk.app.id}/{done.token}?wait=1"
    text = f"<@{desk.noor.id}> <@&{desk.world.team.id}>"
    async with desk.web.post(address, json={"content": text}) as answer:
        told = await answer.json()
    assert ([who["id"] for who in told["mentions"]], told["mention_roles"]) == ([desk.noor.id], [])


async def test_commands_are_checked_counted_and_kept(desk: Desk) -> None:
    address = f"{desk.world.api_url}/applications/{desk.app.id}/commands"
    headers = {"Authorization": f"Bot {desk.app.token}"}
    async with aiohttp.ClientSession(headers=headers) as web:

        async def put(*commands: dict[str, Any]) -> tuple[int, Any]:
            async with web.put(address, json=list(commands)) as answer:
                return answer.status, await answer.json()

        macro = {"name": "macro", "type": 1, "description": "Insert"}
        status, (first,) = await put(macro)
        assert (status, first["name"], first["description"]) == (200, "macro", "Insert")
        status, (again, menu) = await put(macro | {"description": "New"}, {"name": "Send to buyer", "type": 3})
        assert (again["id"], again["version"] != first["version"]) == (first["id"], True)
        assert menu["description"] == ""
        for wrong in (
            macro | {"name": "Macro"}, macro | {"name": "two words"}, macro | {"description": "x" * 101},
            macro | {"name_localizations": {"xx": "makro"}}, macro | {"nonsense": 1},
            {"name": "Send", "type": 3, "description": "not allowed"},
        ):  # fmt: skip
            status, refused = await put(wrong)
            assert (status, refused["code"]) == (400, 50035)
        assert (await put(macro, macro))[0] == 400
        for number in range(198):
            assert (await put({"name": f"c{number}", "type": 1, "description": "x"}))[0] == 200
        assert (await put({"name": "one-too-many", "type": 1, "description": "x"}))[1]["code"] == 30034
        desk.time.skip(timedelta(days=1))
        assert (await put({"name": "one-more", "type": 1, "description": "x"}))[0] == 200
