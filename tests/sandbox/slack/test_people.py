"""What people can and cannot do at their client."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck

from tests.sandbox.slack.conftest import Scene
from tests.sandbox.slack.test_socket_mode import form, plain

Json = dict[str, Any]


async def test_a_stack_of_forms_opens_and_closes_as_the_app_answers(scene: Scene) -> None:
    bolt = scene.listener()
    closed: list[Json] = []

    @bolt.shortcut("open")
    async def open_form(ack: AsyncAck, shortcut: Json) -> None:
        await ack()
        await scene.client.views_open(trigger_id=shortcut["trigger_id"], view=form("first") | {"notify_on_close": True})

    @bolt.view("first")
    async def first(ack: AsyncAck) -> None:
        await ack(response_action="push", view=form("second"))

    @bolt.view("second")
    async def second(ack: AsyncAck) -> None:
        await ack(response_action="update", view=form("third") | {"title": plain("Third")})

    @bolt.view("third")
    async def third(ack: AsyncAck) -> None:
        await ack()

    @bolt.view_closed("first")
    async def first_closed(ack: AsyncAck, body: Json) -> None:
        closed.append(body)
        await ack()

    await scene.connect(bolt)
    await scene.li.uses_shortcut("open")
    titles = []
    for _ in range(3):
        modal = await scene.li.expects_modal()
        titles.append((modal.wire["callback_id"], modal.wire["title"]["text"]))
        await scene.li.submits(modal, {"text": {"typed": "some words"}})
    assert titles == [("first", "Note"), ("second", "Note"), ("third", "Third")]
    assert scene.li.modal is not None
    assert scene.li.modal.wire["callback_id"] == "first"
    await scene.li.closes(scene.li.modal)
    assert closed[0]["view"]["callback_id"] == "first"
    assert scene.li.modal is None


async def test_a_direct_message_reaches_the_app(scene: Scene) -> None:
    bolt = scene.listener()
    heard: list[Json] = []

    @bolt.event("message")
    async def message(event: Json) -> None:
        heard.append(event)

    await scene.connect(bolt)
    opened = await scene.client.conversations_open(users=[scene.li.id])
    await scene.client.chat_postMessage(channel=scene.li.id, text="You are on call")
    direct = scene.li.dm(scene.app)
    assert direct.id == opened["channel"]["id"]
    await scene.li.posts(direct, "ok")
    await scene.world.until(lambda: heard)
    assert (heard[0]["channel"], heard[0]["channel_type"], heard[0]["text"]) == (direct.id, "im", "ok")


async def test_people_cannot_do_what_slack_does_not_let_them(scene: Scene) -> None:
    theirs = await scene.noor.posts(scene.support, "mine")
    stranger = scene.world.create_person("Stranger")
    with pytest.raises(AssertionError, match="did not write"):
        await scene.li.edits(theirs, "changed")
    with pytest.raises(AssertionError, match="not a member"):
        await stranger.posts(scene.support, "hello")
    with pytest.raises(AssertionError, match="no app wrote"):
        await scene.li.clicks(theirs, "take")
    with pytest.raises(AssertionError, match="there is no thread"):
        await scene.li.posts(scene.support, "x", thread_ts="1.000001")
    scene.world.archive(scene.support)
    with pytest.raises(AssertionError, match="archived"):
        await scene.noor.posts(scene.support, "hello")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<!channel> <@U0NOOR>", "&lt;!channel&gt; &lt;@U0NOOR&gt;"),
        ("@Noor see #support, mail noor@Noor.example", "<@U0NOOR> see <#C0SUPPORT|support>, mail noor@Noor.example"),
        ("@here look", "<!here> look"),
        ("see https://x.y/a?b=1&c=2.", "see <https://x.y/a?b=1&amp;c=2>."),
        ("12:30:45 ✅ :tada:", "12:30:45 :white_check_mark: :tada:"),
    ],
)
async def test_typed_text_is_stored_as_slack_stores_it(scene: Scene, typed: str, stored: str) -> None:
    ts = await scene.li.posts(scene.support, typed)
    assert scene.support.all_messages[ts].text == stored
