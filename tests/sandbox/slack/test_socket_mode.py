"""Events and interactions over Socket Mode, with slack-bolt at the other end."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from chatops.sandbox.faults import Fault, Trouble
from tests.sandbox.slack.conftest import Scene

Json = dict[str, Any]


class Ears:
    """A bolt app that writes down every message it hears."""

    def __init__(self, bolt: AsyncApp) -> None:
        self.heard: list[Json] = []
        self.retries: list[str] = []
        self.refuse = 0
        bolt.event("message")(self.hear)
        bolt.event("app_mention")(self.note)
        bolt.event("reaction_added")(self.note)
        bolt.event("member_left_channel")(self.note)

    async def hear(self, body: Json, request: Any) -> None:
        """Write a message down, or fail as often as asked."""
        self.retries.append(request.headers.get("x-slack-retry-num", ["-"])[0])
        if self.refuse:
            self.refuse -= 1
            raise RuntimeError("not now")
        self.heard.append(body)

    async def note(self, body: Json) -> None:
        """Write anything else down."""
        self.heard.append(body)

    def texts(self) -> list[str]:
        """Return the texts heard, in order."""
        return [body["event"].get("text", body["event"]["type"]) for body in self.heard]


async def test_what_people_write_reaches_the_app_as_slack_sends_it(scene: Scene) -> None:
    bolt = scene.listener()
    ears = Ears(bolt)
    await scene.connect(bolt)
    root = await scene.li.posts(scene.support, "Hi @chatops, see https://x.y & *this* 👍")
    await scene.noor.replies(root, "in the thread")
    await scene.world.settled()
    first, second, reply = sorted(
        (body["event"] for body in ears.heard), key=lambda event: (event["ts"], event["type"])
    )
    assert (first["type"], second["type"]) == ("app_mention", "message")
    assert second["text"] == f"Hi <@{scene.app.bot_user_id}>, see <https://x.y> &amp; *this* :+1:"
    kinds = [element["type"] for element in second["blocks"][0]["elements"][0]["elements"]]
    assert kinds == ["text", "user", "text", "link", "text", "text", "text", "emoji"]
    assert (reply["thread_ts"], reply["parent_user_id"], reply["channel_type"]) == (root, scene.li.id, "channel")
    assert len({body["event_id"] for body in ears.heard}) == 3


async def test_an_app_hears_only_where_it_is_and_what_it_asked_for(scene: Scene) -> None:
    bolt = scene.listener()
    ears = Ears(bolt)
    await scene.connect(bolt)
    elsewhere = scene.world.create_channel("elsewhere", members=(scene.li,))
    await scene.li.posts(elsewhere, "not for the app")
    scene.world.install_app("deaf", events=()).join(scene.support)
    await scene.li.posts(scene.support, "for the app")
    await scene.world.settled()
    assert ears.texts() == ["for the app"]
    assert scene.world.delivery.lost == []


async def test_an_unanswered_message_is_sent_again_until_it_is_taken(scene: Scene) -> None:
    bolt = scene.listener()
    ears = Ears(bolt)
    ears.refuse = 1
    scene.world.delivery.redelivery_seconds = 0.05
    await scene.connect(bolt)
    await scene.li.posts(scene.support, "important")
    await scene.world.settled()
    assert ears.texts() == ["important"]
    assert ears.retries == ["0", "1"]


async def test_a_dead_app_loses_a_message_after_four_attempts(scene: Scene) -> None:
    bolt = scene.listener()
    ears = Ears(bolt)
    ears.refuse = 4
    scene.world.delivery.redelivery_seconds = 0.05
    await scene.connect(bolt)
    await scene.li.posts(scene.support, "nobody takes this")
    await scene.world.settled()
    assert [body["event"]["text"] for body in scene.world.delivery.lost] == ["nobody takes this"]
    assert ears.retries == ["0", "1", "2", "3"]


async def test_a_message_written_while_nobody_listens_comes_a_minute_later(scene: Scene) -> None:
    await scene.li.posts(scene.support, "anyone?")
    await scene.world.settled()
    bolt = scene.listener()
    ears = Ears(bolt)
    await scene.connect(bolt)
    assert ears.heard == []
    scene.time.skip(timedelta(minutes=1))
    await scene.world.until(lambda: not scene.world.delivery.parked)
    await scene.world.settled()
    assert ears.texts() == ["anyone?"]


async def test_events_can_be_lost_doubled_and_out_of_order(scene: Scene) -> None:
    bolt = scene.listener()
    ears = Ears(bolt)
    await scene.connect(bolt)
    scene.world.delivery.drop_next()
    await scene.li.posts(scene.support, "lost")
    scene.world.delivery.duplicate_next()
    await scene.li.posts(scene.support, "double")
    await scene.world.settled()
    assert ears.texts() == ["double", "double"]
    assert len({body["event_id"] for body in ears.heard}) == 1
    scene.world.delivery.hold()
    await scene.li.posts(scene.support, "one")
    await scene.li.posts(scene.support, "two")
    scene.world.delivery.release(shuffled=True)
    await scene.world.settled()
    assert ears.texts()[2:] == ["two", "one"]


async def test_pressing_a_button_opens_a_form_and_sending_it_answers_in_the_thread(scene: Scene) -> None:
    bolt = scene.listener()
    sent: list[Json] = []

    @bolt.action("take")
    async def take(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form("note"))

    @bolt.view("note")
    async def take_note(ack: AsyncAck, view: Json, body: Json) -> None:
        text = view["state"]["values"]["text"]["typed"]["value"]
        if text == "short":
            await ack(response_action="errors", errors={"text": "too short"})
            return
        sent.append(body)
        await ack()

    await scene.connect(bolt)
    card = await scene.client.chat_postMessage(
        channel=scene.support.id, text="card", blocks=[buttons("take", "Take 📦")]
    )
    assert (await scene.li.clicks(card["ts"], "Take 📦")).acked
    modal = await scene.li.expects_modal()
    with pytest.raises(AssertionError, match="'Text' is empty"):
        await scene.li.submits(modal)
    refused = await scene.li.submits(modal, {"text": {"typed": "short"}})
    assert refused.body == {"response_action": "errors", "errors": {"text": "too short"}}
    assert scene.li.modal is not None
    assert (await scene.li.submits(modal, {"text": {"typed": "long enough"}})).acked
    assert scene.li.modal is None
    assert sent[0]["view"]["private_metadata"] == "ticket-1"


def form(callback_id: str) -> Json:
    """Return a modal with one text field."""
    field = {"type": "plain_text_input", "action_id": "typed"}
    return {
        "type": "modal", "callback_id": callback_id, "private_metadata": "ticket-1",
        "title": plain("Note"), "submit": plain("Send"),
        "blocks": [{"type": "input", "block_id": "text", "label": plain("Text"), "element": field}],
    }  # fmt: skip


def plain(text: str) -> Json:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text}


def buttons(action_id: str, label: str) -> Json:
    """Return a row with one button."""
    return {
        "type": "actions",
        "elements": [{"type": "button", "action_id": action_id, "text": plain(label), "value": "1"}],
    }


async def test_a_trigger_opens_one_form_and_only_at_once(scene: Scene) -> None:
    bolt = scene.listener()
    triggers: list[str] = []

    @bolt.action("take")
    async def take(ack: AsyncAck, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    await scene.connect(bolt)
    card = await scene.client.chat_postMessage(channel=scene.support.id, text="card", blocks=[buttons("take", "Take")])
    await scene.li.clicks(card["ts"], "take")
    await scene.li.clicks(card["ts"], "take")
    codes = []
    await scene.client.views_open(trigger_id=triggers[0], view=form("x"))
    scene.time.skip(timedelta(seconds=4))
    for trigger in (*triggers, "1.2.nonsense"):
        with pytest.raises(SlackApiError) as caught:
            await scene.client.views_open(trigger_id=trigger, view=form("x"))
        codes.append(caught.value.response["error"])
    assert codes == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]


async def test_a_response_address_works_five_times_in_half_an_hour(scene: Scene) -> None:
    bolt = scene.listener()
    bodies: list[Json] = []

    @bolt.action("take")
    async def take(ack: AsyncAck, body: Json) -> None:
        bodies.append(body)
        await ack()

    await scene.connect(bolt)
    row = [buttons("take", "Take")]
    card = await scene.client.chat_postMessage(channel=scene.support.id, text="card", blocks=row)
    other = await scene.client.chat_postMessage(channel=scene.support.id, text="other card", blocks=row)
    await scene.li.clicks(card["ts"], "take")
    url = bodies[0]["response_url"]
    async with aiohttp.ClientSession() as session:

        async def say(**said: Any) -> tuple[int, str]:
            async with session.post(url, json=said) as answer:
                return answer.status, await answer.text()

        assert await say(text="for you") == (200, "ok")
        assert await say(text="for all", response_type="in_channel", thread_ts=card["ts"]) == (200, "ok")
        assert await say(text="taken", replace_original=True) == (200, "ok")
        assert [message.text for message in scene.li.ephemerals] == ["for you"]
        assert [message.text for message in scene.support.thread(card["ts"])] == ["taken", "for all"]
        assert (await say())[0] == 400
        assert [await say(text="4"), await say(text="5")] == [(200, "ok")] * 2
        assert await say(text="6") == (404, "used_url")
        await scene.li.clicks(other["ts"], "take")
        url = bodies[1]["response_url"]
        scene.time.skip(timedelta(minutes=31))
        assert await say(text="late") == (404, "expired_url")


async def test_commands_menus_and_shortcuts(scene: Scene) -> None:
    bolt = scene.listener()
    seen: list[Json] = []

    @bolt.command("/macro")
    async def macro(ack: AsyncAck, command: Json) -> None:
        seen.append(command)
        await ack(f"You typed {command['text']}")

    @bolt.shortcut("run_macro")
    async def run_macro(ack: AsyncAck, shortcut: Json) -> None:
        seen.append(shortcut)
        await ack()

    @bolt.options("pick")
    async def options(ack: AsyncAck, payload: Json) -> None:
        await ack(options=[{"text": plain(f"{payload['value']} delay"), "value": "m1"}])

    @bolt.action("pick")
    async def pick(ack: AsyncAck, payload: Json) -> None:
        seen.append(payload)
        await ack()

    await scene.connect(bolt)
    ack = await scene.li.runs(scene.support, "/macro refund my payload")
    assert ack.acked
    assert scene.li.ephemerals[0].text == "You typed refund my payload"
    root = await scene.noor.posts(scene.support, "hello")
    refused = await scene.li.runs(scene.support, "/macro refund", thread_ts=root)
    assert (refused.acked, refused.reason) == (False, "/macro is not supported in threads. Sorry!")
    reply = await scene.noor.replies(root, "more")
    assert (await scene.li.uses_shortcut("run_macro", on=reply)).acked
    assert seen[-1]["message"]["thread_ts"] == root
    menu = {"type": "actions", "elements": [{"type": "external_select", "action_id": "pick", "min_query_length": 0}]}
    card = await scene.client.chat_postMessage(channel=scene.support.id, text="card", blocks=[menu])
    offered = await scene.li.asks_options(card["ts"], "pick", "refund")
    assert (await scene.li.clicks(card["ts"], "pick", option=offered[0])).acked
    assert seen[-1]["selected_option"]["text"]["text"] == "refund delay"


async def test_a_button_nobody_answers_times_out_for_the_person(scene: Scene) -> None:
    bolt = scene.listener()

    @bolt.action("take")
    async def forget(body: Json) -> None:
        """Never acknowledge."""

    await scene.connect(bolt)
    scene.world.delivery.ack_seconds = 0.1
    card = await scene.client.chat_postMessage(channel=scene.support.id, text="card", blocks=[buttons("take", "Take")])
    ack = await scene.li.clicks(card["ts"], "take")
    assert (ack.acked, ack.reason) == (False, "operation_timeout")


async def test_app_home_is_published_for_one_person_and_guarded_by_its_hash(scene: Scene) -> None:
    home = {"type": "home", "blocks": [{"type": "section", "text": plain("Open tickets: 3")}]}
    first = (await scene.client.views_publish(user_id=scene.li.id, view=home))["view"]
    await scene.client.views_publish(user_id=scene.li.id, view=home, hash=first["hash"])
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await scene.client.views_publish(user_id=scene.li.id, view=home, hash=first["hash"])
    shown = scene.li.home(scene.app)
    assert shown is not None
    assert shown.wire["blocks"][0]["text"]["text"] == "Open tickets: 3"
    assert scene.noor.home(scene.app) is None


async def test_a_refreshed_connection_is_opened_anew_and_hears_again(scene: Scene) -> None:
    bolt = scene.listener()
    ears = Ears(bolt)
    await scene.connect(bolt)
    old = scene.world.sockets.of(scene.app)[0]
    scene.world.disconnect_sockets("refresh_requested")
    await scene.world.until(lambda: [line for line in scene.world.sockets.of(scene.app) if line is not old])
    await scene.li.posts(scene.support, "still there?")
    await scene.world.until(lambda: ears.heard)
    assert ears.texts() == ["still there?"]


async def test_a_ticket_opens_one_connection_and_ten_are_the_most(scene: Scene) -> None:
    async with aiohttp.ClientSession() as session:
        urls = [(await scene.client.apps_connections_open(app_token=scene.app.app_token))["url"] for _ in range(12)]
        lines = [await session.ws_connect(url) for url in urls[:10]]
        assert {(await line.receive_json())["type"] for line in lines} == {"hello"}
        eleventh = await session.ws_connect(urls[10])
        assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
        with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
            await session.ws_connect(urls[0])
        scene.faults.plan(Fault("socket.handshake", Trouble.UNAVAILABLE))
        for status in ("503", "404"):  # the ticket is gone although the handshake failed
            with pytest.raises(aiohttp.WSServerHandshakeError, match=status):
                await session.ws_connect(urls[11])
        for line in lines:
            await line.close()


async def test_an_app_that_is_thrown_out_hears_it_and_then_nothing(scene: Scene) -> None:
    bolt = scene.listener()
    ears = Ears(bolt)
    await scene.connect(bolt)
    scene.app.kick(scene.support)
    await scene.li.posts(scene.support, "gone?")
    await scene.world.until(lambda: ears.heard)
    assert ears.texts() == ["member_left_channel"]
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await scene.client.chat_postMessage(channel=scene.support.id, text="x")
