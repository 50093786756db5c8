"""The right half: what apps post is drawn as Slack draws it, and what the visitor does as an agent reaches the apps."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

from tests.sandbox.web.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

CONFIRM = {
    "title": {"type": "plain_text", "text": "Resolve?"},
    "text": {"type": "plain_text", "text": "Nobody has answered yet."},
    "confirm": {"type": "plain_text", "text": "Resolve anyway"},
    "deny": {"type": "plain_text", "text": "Keep open"},
}
CARD: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "🟡 Mia"}},
    {
        "type": "section",
        "fields": [
            {"type": "mrkdwn", "text": "*Shop*\nmaomao-gb &amp; friends"},
            {"type": "mrkdwn", "text": "*Since*\n<!date^1767225600^{date_num} {time}|New Year>"},
        ],
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "_quietly_ for <@U0NOOR>"}]},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "claim:0", "text": {"type": "plain_text", "text": "Claim"}, "value": "t1"},
            {
                "type": "button",
                "action_id": "resolve:0",
                "text": {"type": "plain_text", "text": "Resolve"},
                "value": "t1",
                "confirm": CONFIRM,
            },
        ],
    },
]
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "reason",
    "title": {"type": "plain_text", "text": "Say why"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Reason"},
            "element": {"type": "plain_text_input", "action_id": "why", "multiline": True},
        }
    ],
}


async def test_a_card_appears_by_itself_with_all_its_blocks_and_its_thread_opens(visit: Visit) -> None:
    await visit.posts_card(blocks=CARD)

    card = visit.channel.locator(".message")
    await expect(card.get_by_role("heading", name="🟡 Mia")).to_be_visible()
    await expect(card.locator(".b-fields")).to_contain_text("maomao-gb & friends")
    await expect(card.locator("time[datetime='2026-01-01T00:00:00.000Z']")).to_have_text("2026/01/01 08:00")
    await expect(card.locator(".b-context i")).to_have_text("quietly")
    await expect(card.locator(".mention")).to_have_text("@Noor")
    await expect(visit.thread.get_by_role("heading", name="🟡 Mia")).to_be_visible()


async def test_instants_stand_in_the_zone_of_the_agent_who_looks(visit: Visit) -> None:
    await visit.posts_card(blocks=CARD)
    await visit.page.get_by_role("button", name="Noor", exact=True).click()

    await expect(visit.channel.locator("time[datetime='2026-01-01T00:00:00.000Z']")).to_have_text("01/01/2026 00:00")


async def test_an_answer_typed_in_the_thread_reaches_the_app(visit: Visit) -> None:
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    bolt = visit.bolt()

    @bolt.event("message")
    async def hear(event: dict[str, Any]) -> None:
        await heard.put(event)

    await visit.connect(bolt)
    root = await visit.posts_card()
    await visit.page.get_by_label("Answer as Li").fill("On its way 🚚")
    await visit.page.keyboard.press("Enter")

    answer = await asyncio.wait_for(heard.get(), 10)
    assert (answer["user"], answer["thread_ts"], answer["text"]) == ("U0LI", root, "On its way :truck:")
    await expect(visit.message(answer["ts"])).to_contain_text("On its way 🚚")
    await expect(visit.channel.get_by_role("button", name="1 reply")).to_be_visible()


async def test_a_button_that_asks_first_presses_only_after_yes(visit: Visit) -> None:
    pressed: asyncio.Queue[str] = asyncio.Queue()
    bolt = visit.bolt()

    @bolt.action("resolve:0")
    async def resolve(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        await visit.client.chat_update(channel="C0SUPPORT", ts=body["message"]["ts"], text="Resolved 🎉", blocks=[])
        await pressed.put(f"{body['user']['id']} {action['value']}")

    await visit.connect(bolt)
    await visit.posts_card(blocks=CARD)
    await visit.thread.get_by_role("button", name="Resolve").click()
    await visit.page.get_by_role("button", name="Keep open").click()
    await visit.thread.get_by_role("button", name="Resolve").click()
    await expect(visit.page.get_by_role("dialog")).to_contain_text("Nobody has answered yet.")
    await visit.page.get_by_role("button", name="Resolve anyway").click()

    await expect(visit.channel.locator(".message")).to_contain_text("Resolved 🎉")
    assert pressed.get_nowait() == "U0LI t1"
    assert pressed.empty()


async def test_commands_of_the_channel_the_menu_of_a_message_and_the_apps_home_reach_the_app(visit: Visit) -> None:
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    bolt = visit.bolt()

    @bolt.command("/queue")
    async def queue(ack: Any, command: dict[str, Any]) -> None:
        await ack("Nothing waits.")
        await heard.put(command)

    @bolt.shortcut("macro")
    async def macro(ack: Any, shortcut: dict[str, Any]) -> None:
        await ack()
        await heard.put(shortcut)

    @bolt.event("app_home_opened")
    async def home(event: dict[str, Any]) -> None:
        await visit.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": CARD})

    @bolt.action("claim:0")
    async def claim(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await heard.put(body)

    await visit.connect(bolt)
    root = await visit.posts_card(blocks=CARD)
    await visit.page.get_by_label("Message #support").fill("/queue oldest")
    await visit.page.keyboard.press("Enter")
    assert (await asyncio.wait_for(heard.get(), 10))["text"] == "oldest"
    await expect(visit.channel.get_by_text("Nothing waits.")).to_be_visible()
    await visit.message(root).hover()
    await visit.message(root).get_by_label("More actions").select_option("Answer with a macro")
    assert (await asyncio.wait_for(heard.get(), 10))["message"]["ts"] == root
    await visit.page.get_by_role("button", name="Home").click()
    shown = visit.page.get_by_label("The app's home")
    await shown.get_by_role("button", name="Claim").click()
    assert (await asyncio.wait_for(heard.get(), 10))["view"]["type"] == "home"


async def test_a_press_that_nobody_hears_is_told(visit: Visit) -> None:
    await visit.posts_card(blocks=CARD)
    await visit.channel.get_by_role("button", name="Claim").click()

    await expect(visit.page.get_by_role("alert")).to_contain_text("Is the product running?")


async def test_marks_come_and_go(visit: Visit) -> None:
    root = await visit.posts_card()
    answer = await visit.cast.li.replies(root, "On its way")
    for name, add in (("hourglass_flowing_sand", True), ("hourglass_flowing_sand", False), ("white_check_mark", True)):
        call = visit.client.reactions_add if add else visit.client.reactions_remove
        await call(channel="C0SUPPORT", timestamp=answer, name=name)

    await expect(visit.message(answer).locator(".reaction")).to_have_text(["✅ 1"])


async def test_an_agent_reacts_and_takes_it_back(visit: Visit) -> None:
    root = await visit.posts_card()
    await visit.message(root).hover()
    await visit.message(root).get_by_role("button", name="React with eyes").click()
    given = visit.message(root).locator(".reaction")
    await expect(given).to_have_text(["👀 1"])
    assert visit.cast.support.all_messages[root].reactions == {"eyes": ["U0LI"]}

    await given.click()
    await expect(given).to_have_count(0)


async def test_an_agent_changes_and_deletes_what_they_wrote_and_nothing_else(visit: Visit) -> None:
    root = await visit.posts_card()
    answer = await visit.cast.li.replies(root, "On it's way <3")
    await visit.message(answer).hover()
    await visit.message(answer).get_by_role("button", name="Edit").click()
    await expect(visit.page.get_by_label("Change this message")).to_have_value("On it's way <3")
    await visit.page.get_by_label("Change this message").fill("On its way <3")
    await visit.page.keyboard.press("Enter")
    await expect(visit.message(answer)).to_contain_text("On its way <3 (edited)")

    await visit.page.get_by_role("button", name="Noor", exact=True).click()
    await expect(visit.message(answer).get_by_role("button", name="Delete")).to_have_count(0)
    await visit.page.get_by_role("button", name="Li", exact=True).click()
    await visit.message(answer).get_by_role("button", name="Delete").click()
    await expect(visit.message(answer)).to_have_count(0)
    assert answer not in visit.cast.support.all_messages


async def test_a_private_answer_is_seen_by_its_reader_only(visit: Visit) -> None:
    root = await visit.posts_card()
    await visit.client.chat_postEphemeral(channel="C0SUPPORT", user="U0LI", thread_ts=root, text="Too long")
    await expect(visit.thread.locator(".private")).to_contain_text("Only you can see this")

    await visit.page.get_by_role("button", name="Noor", exact=True).click()
    await expect(visit.thread.locator(".private")).to_have_count(0)


async def test_pictures_of_agents_and_of_the_app_are_shown(visit: Visit) -> None:
    root = await visit.posts_card()
    await visit.thread.get_by_role("button", name="Photo").click()
    shown = visit.thread.get_by_role("img", name="parcel.png")
    await expect(shown).to_be_visible()
    file = visit.cast.support.thread(root)[1].files[0]
    block = {"type": "image", "slack_file": {"id": file.id}, "alt_text": "A buyer's picture"}
    await visit.posts_card(thread_ts=root, blocks=[block])

    again = visit.thread.get_by_role("img", name="A buyer's picture")
    await expect(again).to_be_visible()
    assert await again.evaluate("img => img.decode().then(() => img.naturalWidth)") == 480


async def test_a_form_opens_and_what_is_typed_reaches_the_app(visit: Visit) -> None:
    submitted: asyncio.Queue[str] = asyncio.Queue()
    bolt = visit.bolt()

    @bolt.action("claim:0")
    async def claim(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await visit.client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @bolt.view("reason")
    async def take(ack: Any, view: dict[str, Any]) -> None:
        await ack()
        await submitted.put(view["state"]["values"]["why"]["why"]["value"])

    await visit.connect(bolt)
    await visit.posts_card(blocks=CARD)
    await visit.thread.get_by_role("button", name="Claim").click()
    form = visit.page.get_by_role("dialog", name="Say why")
    await form.get_by_label("Reason").fill("It is mine")
    await form.get_by_role("button", name="Send").click()

    await expect(form).to_have_count(0)
    assert submitted.get_nowait() == "It is mine"


async def test_another_card_opens_by_click_and_news_elsewhere_are_marked(visit: Visit) -> None:
    first = await visit.posts_card("Mia writes")
    await expect(visit.message(first)).to_be_visible()
    second = await visit.posts_card("Budi writes")
    await visit.posts_card("Halo", thread_ts=second)
    news = visit.channel.get_by_role("button", name="New: 1 reply")
    await expect(news).to_be_visible()
    await expect(visit.message(first)).to_be_visible()

    await visit.channel.get_by_text("Budi writes").click()
    await expect(visit.thread.get_by_text("Halo")).to_be_visible()
    await expect(news).to_have_count(0)


async def test_what_is_written_to_one_person_alone_is_counted_read_and_pressed(visit: Visit) -> None:
    bolt = visit.bolt()
    pressed: asyncio.Queue[Any] = asyncio.Queue()

    @bolt.action("claim:0")
    async def claim(ack: Any, body: Any) -> None:
        await ack()
        pressed.put_nowait((body["user"]["id"], body["channel"]["id"]))

    await visit.connect(bolt)
    opened = await visit.client.conversations_open(users=visit.cast.noor.id)
    place = opened["channel"]["id"]
    await visit.client.chat_postMessage(channel=place, text="Mia waits", blocks=CARD)
    mail = visit.page.get_by_role("button", name="Direct messages")
    await visit.page.get_by_role("button", name="Noor").click()
    await expect(mail).to_contain_text("1")
    await mail.click()
    inside = visit.page.get_by_label("Direct messages", exact=True)
    await inside.get_by_role("button", name="Claim").click()
    assert await asyncio.wait_for(pressed.get(), 10) == (visit.cast.noor.id, place)
    await expect(mail).not_to_contain_text("1")
    await visit.page.get_by_role("button", name="Li", exact=True).click()
    await expect(inside).to_contain_text("Nobody wrote to Li yet.")
