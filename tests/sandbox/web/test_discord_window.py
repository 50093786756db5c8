"""The right half in Discord: what apps post is drawn as there, and what the visitor does as a member reaches them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import discord
import pytest
import pytest_asyncio
import yarl
from discord.gateway import DiscordWebSocket
from playwright.async_api import Locator, expect

from chatops.sandbox.discord.permissions import MANAGE_WEBHOOKS
from tests.sandbox.web.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> [press](javascript:hacked) ${1+1}'
REPLY = {
    "name": "reply",
    "name_localizations": {"zh-CN": "回复"},
    "description": "Send an answer to the buyer",
    "description_localizations": {"zh-CN": "给买家发送回复"},
    "options": [{"type": 3, "name": "text", "description": "What to say", "required": True}],
}


class Reason(discord.ui.Modal, title="Say why"):
    """A form with one question."""

    why: discord.ui.TextInput["Reason"] = discord.ui.TextInput(label="Reason", style=discord.TextStyle.paragraph)


@dataclass
class App:
    """The app behind the bot, as discord.py has it, and the visitor who looks at its posts."""

    visit: Visit
    client: discord.Client
    heard: asyncio.Queue[Any]

    async def connects(self) -> None:
        """Listen at the gateway; messages of people and interactions are heard."""
        running = asyncio.ensure_future(self.client.connect(reconnect=False))
        self.visit.stack.callback(running.cancel)
        await self.visit.world.discord.connected(self.visit.cast.discord.app)

    async def posts(self, name: str, **more: Any) -> str:
        """Open a post in #support; returns its id."""
        forum = await self.client.fetch_channel(int(self.visit.cast.discord.support.id))
        assert isinstance(forum, discord.ForumChannel)
        tags = [tag for tag in forum.available_tags if tag.name in more.pop("tags", ())]
        opened = await forum.create_thread(name=name, applied_tags=tags, **more)
        return str(opened.thread.id)

    async def says(self, post: str, text: str = "", **more: Any) -> str:
        """Write in a post; returns the message's id."""
        thread = await self.client.fetch_channel(int(post))
        assert isinstance(thread, discord.Thread)
        return str((await thread.send(text, **more)).id)

    @property
    def posts_list(self) -> Locator:
        """The forum's list."""
        return self.visit.page.get_by_label("Posts", exact=True)

    @property
    def post(self) -> Locator:
        """The open post with its composer."""
        return self.visit.page.get_by_label("Post", exact=True)

    def message(self, message_id: str) -> Locator:
        """A message in the open post."""
        return self.post.locator(f'[data-id="{message_id}"]')

    async def becomes(self, name: str) -> None:
        """Let the visitor play somebody else."""
        await self.visit.page.get_by_role("button", name=name, exact=True).click()


@pytest_asyncio.fixture(loop_scope="session")
async def app(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    """The bot is logged in and the visitor looks at Discord."""
    world = visit.world.discord
    monkeypatch.setattr(discord.http.Route, "BASE", world.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(world.gateway_url))
    intents = discord.Intents.none()
    intents.value = visit.cast.discord.app.intents
    client = discord.Client(intents=intents, guild_ready_timeout=0.05)
    heard: asyncio.Queue[Any] = asyncio.Queue()

    @client.event
    async def on_message(said: discord.Message) -> None:
        if not said.author.bot:
            await heard.put(said)

    @client.event
    async def on_interaction(done: discord.Interaction) -> None:
        await heard.put(done)

    await client.login(visit.cast.discord.app.token)
    await visit.page.get_by_role("button", name="Discord").click()
    yield App(visit, client, heard)
    await client.close()


def card() -> dict[str, Any]:
    """A ticket as an app shows it."""
    embed = discord.Embed(description="### 🟡 Mia\nA \\*\\*bold\\*\\* **claim** for <@1>", color=0xE2B33C)
    embed.add_field(name="Since", value="<t:1767225600:R>").add_field(name="Shop", value="maomao\\-gb")
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Claim", custom_id="claim:1", style=discord.ButtonStyle.green))
    return {"embed": embed, "view": view}


async def test_a_post_appears_by_itself_with_its_tags_and_all_that_an_embed_holds(app: App) -> None:
    await app.posts("Mia: Where is my parcel?", tags=("Open",), **card())

    entry = app.posts_list.get_by_role("button")
    await expect(entry).to_contain_text("Mia: Where is my parcel?")
    await expect(entry.locator(".d-tag")).to_have_text(["Open"])
    embed = app.post.locator(".d-embed")
    await expect(embed.get_by_role("heading", name="🟡 Mia")).to_be_visible()
    await expect(embed.locator("p").first).to_have_text("A **bold** claim for @unknown")
    await expect(embed.locator("dd").last).to_have_text("maomao-gb")
    await expect(embed.locator("b")).to_have_text("claim")
    await expect(embed.locator("time[datetime='2026-01-01T00:00:00.000Z']")).to_be_visible()
    assert await embed.evaluate("embed => embed.style.borderColor") == "rgb(226, 179, 60)"


async def test_whoever_the_visitor_plays_stays_the_same_person_in_both(app: App) -> None:
    await app.visit.posts_card()
    post = await app.posts("Mia", content="?")
    await app.becomes("Noor")
    await expect(app.post.get_by_label("Answer as Noor")).to_be_visible()
    await app.visit.page.get_by_role("button", name="Slack", exact=True).click()
    await expect(app.visit.thread.get_by_label("Answer as Noor")).to_be_visible()
    await app.becomes("Li")
    await app.visit.page.get_by_role("button", name="Discord", exact=True).click()
    await expect(app.message(post)).to_be_visible()
    await expect(app.post.get_by_label("Answer as Li")).to_be_visible()


async def test_an_answer_typed_in_the_post_reaches_the_app(app: App) -> None:
    await app.connects()
    post = await app.posts("Mia", content="?")
    await app.post.get_by_label("Answer as Li").fill("On its **way** 🚚")
    await app.visit.page.keyboard.press("Enter")

    answer = await asyncio.wait_for(app.heard.get(), 10)
    assert (answer.author.display_name, str(answer.channel.id), answer.content) == ("Li", post, "On its **way** 🚚")
    await expect(app.message(str(answer.id))).to_contain_text("On its way 🚚")


async def test_words_that_begin_with_slashes_and_are_no_command_are_words(app: App) -> None:
    await app.connects()
    await app.posts("Mia", content="?")
    await app.post.get_by_label("Answer as Li").fill("// she sounds upset")
    await app.visit.page.keyboard.press("Enter")

    assert (await asyncio.wait_for(app.heard.get(), 10)).content == "// she sounds upset"


async def test_a_private_answer_to_a_press_is_seen_by_whoever_pressed(app: App) -> None:
    await app.connects()
    await app.posts("Mia", **card())
    await app.post.get_by_role("button", name="Claim").click()
    pressed = await asyncio.wait_for(app.heard.get(), 10)
    assert (pressed.user.display_name, pressed.data["custom_id"]) == ("Li", "claim:1")
    await pressed.response.send_message("It is yours already", ephemeral=True)

    private = app.post.locator(".d-private")
    await expect(private).to_contain_text("Only you can see this")
    await app.becomes("Noor")
    await expect(private).to_have_count(0)
    await app.becomes("Li")
    await private.get_by_role("button", name="Dismiss message").click()
    await expect(private).to_have_count(0)


async def test_a_press_that_nobody_hears_is_told(app: App) -> None:
    app.visit.world.discord.interactions.ack_seconds = 0.1
    await app.posts("Mia", **card())
    await app.post.get_by_role("button", name="Claim").click()

    await expect(app.visit.page.get_by_role("alert")).to_contain_text("Is the product running?")


async def test_marks_come_and_go_and_an_agent_adds_their_own(app: App) -> None:
    post = await app.posts("Mia", content="?")
    answer = await app.visit.cast.discord.li.replies(post, "On its way")
    thread = await app.client.fetch_channel(int(post))
    assert isinstance(thread, discord.Thread)
    partial = thread.get_partial_message(int(answer))
    await partial.add_reaction("✅")
    marks = app.message(answer).locator(".d-reaction")
    await expect(marks).to_have_text(["✅ 1"])

    await app.message(answer).hover()
    await app.message(answer).get_by_role("button", name="React with 👀").click()
    await expect(marks).to_have_text(["✅ 1", "👀 1"])
    await marks.last.click()
    await expect(marks).to_have_text(["✅ 1"])


async def test_an_agent_changes_and_deletes_what_they_wrote_and_nothing_else(app: App) -> None:
    post = await app.posts("Mia", content="?")
    answer = await app.visit.cast.discord.li.replies(post, "On it's way @Noor")
    await app.message(answer).hover()
    await app.message(answer).get_by_role("button", name="Edit").click()
    await expect(app.visit.page.get_by_label("Change this message")).to_have_value("On it's way @Noor")
    await app.visit.page.get_by_label("Change this message").fill("On its way")
    await app.visit.page.keyboard.press("Enter")
    await expect(app.message(answer)).to_contain_text("On its way(edited)")

    await app.becomes("Noor")
    await expect(app.message(answer).get_by_role("button", name="Delete")).to_have_count(0)
    await app.becomes("Li")
    await app.message(answer).get_by_role("button", name="Delete").click()
    await expect(app.message(answer)).to_have_count(0)


async def test_a_command_is_offered_in_the_readers_language_and_reaches_the_app(app: App) -> None:
    await app.connects()
    post = await app.posts("Mia", content="?")
    await app.client.http.bulk_upsert_global_commands(int(app.visit.cast.discord.app.id), [REPLY])
    box = app.post.get_by_label("Answer as Li")
    await box.fill("/")
    await expect(app.post.get_by_label("Commands")).to_contain_text("/回复 text 给买家发送回复")
    await app.post.get_by_role("button", name="/回复").click()
    await box.press_sequentially("On its way")
    await app.visit.page.keyboard.press("Enter")

    ran = await asyncio.wait_for(app.heard.get(), 10)
    assert (ran.data["name"], ran.data["options"][0]["value"], str(ran.channel_id)) == ("reply", "On its way", post)
    await ran.response.send_message("On its way")
    await expect(app.post.locator(".d-message").last).to_contain_text("Li used /reply")


async def test_what_a_command_chooses_from_is_offered_while_one_types(app: App) -> None:
    await app.connects()
    await app.posts("Mia", content="?")
    levels = [{"name": "Delivery", "value": "logistics", "name_localizations": {"zh-CN": "物流"}}]
    level = {"name": "level", "description": "What it is about", "required": True, "type": 3, "choices": levels}
    macro = {"name": "macro", "description": "Which one", "type": 3, "autocomplete": True}
    commands = [
        {"name": "level", "description": "Say what a ticket is about", "options": [level]},
        {"name": "macro", "description": "Answer with a macro", "options": [macro]},
    ]
    await app.client.http.bulk_upsert_global_commands(int(app.visit.cast.discord.app.id), commands)
    box, choices = app.post.get_by_label("Answer as Li"), app.post.get_by_label("Choices")
    await box.fill("/level ")
    await choices.get_by_role("button", name="物流").click()
    await box.press("Enter")
    ran = await asyncio.wait_for(app.heard.get(), 10)
    assert ran.data["options"][0]["value"] == "logistics"
    await ran.response.send_message("Done", ephemeral=True)

    await box.fill("/macro where")
    asked = await asyncio.wait_for(app.heard.get(), 10)
    assert (asked.data["options"][0]["value"], asked.data["options"][0]["focused"]) == ("where", True)
    await asked.response.autocomplete([discord.app_commands.Choice(name="Where is my order?", value="where-is-it")])
    await choices.get_by_role("button", name="Where is my order?").click()
    again = await asyncio.wait_for(app.heard.get(), 10)
    await again.response.autocomplete([])
    await box.press("Enter")
    ran = await asyncio.wait_for(app.heard.get(), 10)
    assert ran.data["options"][0]["value"] == "where-is-it"
    await ran.response.send_message("Sent", ephemeral=True)


async def test_a_form_opens_from_a_messages_menu_and_what_is_typed_reaches_the_app(app: App) -> None:
    await app.connects()
    post = await app.posts("Mia", content="?")
    menu = {"name": "Reply to the buyer", "type": 3}
    await app.client.http.bulk_upsert_global_commands(int(app.visit.cast.discord.app.id), [menu])
    await app.message(post).hover()
    await app.message(post).get_by_label("Apps").select_option("Reply to the buyer")
    used = await asyncio.wait_for(app.heard.get(), 10)
    await used.response.send_modal(Reason())
    form = app.visit.page.get_by_role("dialog", name="Say why")
    await form.get_by_label("Reason").fill("It is mine")
    await form.get_by_role("button", name="Submit").click()

    sent = await asyncio.wait_for(app.heard.get(), 10)
    await sent.response.send_message("Thanks", ephemeral=True)
    assert "It is mine" in str(sent.data["components"])
    await expect(form).to_have_count(0)


async def test_pictures_of_agents_are_shown(app: App) -> None:
    await app.posts("Mia", content="?")
    await app.post.get_by_role("button", name="Photo").click()

    shown = app.post.get_by_role("img", name="parcel.png")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("img => img.decode().then(() => img.naturalWidth)") == 480
    assert [address for address in app.visit.asked if not address.startswith(app.visit.server.url)] == []


async def test_hostile_words_stay_words(app: App) -> None:
    post = await app.posts(
        HOSTILE[:90], content=HOSTILE, embed=discord.Embed(title=HOSTILE, description=f"> {HOSTILE}")
    )
    await app.visit.cast.discord.li.replies(post, HOSTILE)

    await expect(app.post.locator(".d-message").last).to_contain_text(HOSTILE)
    await expect(app.post.locator("blockquote")).to_contain_text(HOSTILE)
    assert await app.visit.page.locator("img[src=x], a[href^=javascript]").count() == 0
    assert await app.visit.page.evaluate("() => window.hacked") is None
    assert app.visit.complaints == []


async def test_closed_posts_stand_below_the_open_ones_and_news_elsewhere_are_marked(app: App) -> None:
    first = await app.posts("Mia", content="first", tags=("Open",))
    await expect(app.message(first)).to_be_visible()
    second = await app.posts("Budi", content="second")
    await app.says(second, "Halo")
    entries = app.posts_list.get_by_role("button")
    await expect(entries.first).to_contain_text("New: Budi")
    await expect(app.message(first)).to_be_visible()
    await entries.first.click()
    await expect(app.post).to_contain_text("Halo")
    app.visit.world.discord.lock(app.visit.world.discord.server.threads[0])

    await expect(entries.nth(0)).to_contain_text("Budi")
    await expect(app.posts_list.get_by_role("heading", name="Older posts")).to_be_visible()
    await entries.nth(1).click()
    await expect(app.post.locator(".d-state")).to_have_text("🔒 Locked")


async def test_threads_of_a_text_channel_open_from_the_message_they_hang_on(app: App) -> None:
    general = await app.client.fetch_channel(int(app.visit.cast.discord.general.id))
    assert isinstance(general, discord.TextChannel)
    head = await general.send("Mia writes")
    thread = await head.create_thread(name="Mia")
    await thread.send("Where is it?")
    await app.visit.page.get_by_role("button", name="general").click()
    await app.visit.page.get_by_role("button", name="Mia 1 message").click()

    await expect(app.post.locator(".d-message")).to_have_count(2)
    await expect(app.post).to_contain_text("Where is it?")


async def test_what_speaks_through_a_webhook_has_the_name_and_face_it_brings(app: App) -> None:
    team = app.visit.cast.discord
    app.visit.world.discord.server.roles[team.app.bot.roles[0]].permissions |= MANAGE_WEBHOOKS
    general = await app.client.fetch_channel(int(team.general.id))
    assert isinstance(general, discord.TextChannel)
    webhook = await general.create_webhook(name="desk")
    await webhook.send("Where is my parcel?", username="Mia (buyer)")
    await app.visit.page.get_by_role("button", name="general").click()

    said = app.visit.channel.locator(".d-message")
    await expect(said.locator(".d-by")).to_contain_text("Mia (buyer)APP")
    await expect(said.locator(".d-face")).to_have_text("M")


async def test_a_phone_shows_everything_below_one_another(app: App) -> None:
    await app.posts("A" * 100, content="https://example.com/" + "long" * 60)
    await app.visit.page.set_viewport_size({"width": 390, "height": 844})

    await expect(app.post.locator(".d-message")).to_have_count(1)
    assert await app.visit.page.evaluate("() => document.documentElement.scrollWidth") == 390


async def test_what_is_written_to_one_person_alone_is_counted_and_read(app: App) -> None:
    visit, noor = app.visit, app.visit.cast.discord.noor
    person = await app.client.fetch_user(int(noor.id))
    await person.send("Mia waits")
    switch = visit.page.get_by_role("group", name="Whose Discord")
    await switch.get_by_role("button", name="Noor").click()
    mail = visit.page.get_by_role("button", name="Direct messages")
    await expect(mail).to_contain_text("1")
    await mail.click()
    inside = visit.page.get_by_label("Direct messages", exact=True)
    await expect(inside).to_contain_text("Mia waits")
    await expect(mail).not_to_contain_text("1")
    await switch.get_by_role("button", name="Li").click()
    await expect(inside).to_contain_text("Nobody wrote to Li yet.")
