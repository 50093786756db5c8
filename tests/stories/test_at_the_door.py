"""What comes to the webhook's door and is no notification of TikTok's: refused, and nothing of it is kept or logged."""

import json
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
from structlog.testing import capture_logs

from chatops.sandbox.tiktok.signing import webhook_sign
from tests.stories.cast import Story

wherever = pytest.mark.parametrize("where", ["slack"])  # nothing of it gets as far as the team
PERSONAL = "I live at 12 Rose Lane"


def notification(story: Story, **changes: object) -> dict[str, object]:
    """Return a notification as TikTok writes it, with some fields changed."""
    content = json.dumps({"content": PERSONAL})
    data = {
        "content": content, "conversation_id": "757", "create_time": 1_700_000_000, "is_visible": True,
        "message_id": "758", "index": "759", "type": "TEXT", "sender": {"im_user_id": "760", "role": "BUYER"},
    }  # fmt: skip
    whole = {"type": 14, "tts_notification_id": "756", "shop_id": story.cast.shop.id, "timestamp": 1_700_000_000}
    return {**whole, "data": {**data, **changes}}


class Door:
    """The product's webhook address."""

    def __init__(self, story: Story, session: aiohttp.ClientSession) -> None:
        self._story = story
        self._session = session

    async def gets(self, body: bytes, *, signature: str | None = None, method: str = "POST") -> int:
        """Send a body, signed as TikTok would unless told otherwise; return the status of the answer."""
        app = self._story.cast.shop_app
        proof = webhook_sign(app.key, app.secret, body) if signature is None else signature
        headers = {"Content-Type": "application/json", "Authorization": proof}
        url = str(app.webhook_url)
        try:
            async with self._session.request(method, url, data=body or None, headers=headers) as answer:
                await answer.read()
                return answer.status
        except aiohttp.ClientOSError:  # hung up on us while we still sent: as good as an answer
            return 413


@pytest.fixture
async def door(story: Story) -> AsyncIterator[Door]:
    """The door of the running product."""
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield Door(story, session)


@wherever
async def test_what_is_not_signed_by_tiktok_is_refused(
    story: Story, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps(notification(story)).encode()
    app = story.cast.shop_app
    before = await story.rows()
    with caplog.at_level(logging.DEBUG), capture_logs() as lines:
        assert await door.gets(body, signature="") == 401
        assert await door.gets(body, signature="0" * 64) == 401
        assert await door.gets(body, signature="é" * 64) == 401
        assert await door.gets(body, signature=webhook_sign(app.key, "another secret", body)) == 401
        assert await door.gets(body, signature=webhook_sign(app.key, app.secret, body + b" ")) == 401
        assert await door.gets(body[:-20], signature=webhook_sign(app.key, app.secret, body)) == 401
        assert await door.gets(b"", signature="") == 401
    assert await story.rows() == before
    assert PERSONAL not in caplog.text + str(lines)


@wherever
async def test_what_makes_no_sense_is_refused(story: Story, door: Door, caplog: pytest.LogCaptureFixture) -> None:
    whole = json.dumps(notification(story)).encode()
    senseless = {
        "cut off": whole[: len(whole) // 2],
        "no JSON": PERSONAL.encode(),
        "not UTF-8": whole.replace(b"Rose", b"R\xff\xfese"),
        "a list": b"[" + whole + b"]",
        "nested deeply": b"[" * 100_000,
        "nested deeply inside": b'{"type":14,"data":' + b'{"a":' * 50_000,
        "nothing": b"{}",
        "the wrong type of type": whole.replace(b'"type": 14', b'"type": {"a": 1}'),
        "no shop": whole.replace(story.cast.shop.id.encode(), b""),
        "numbers that are none": b'{"type": NaN}',
        "a null byte": b"\x00" * 1_000,
    }
    before = await story.rows()
    with caplog.at_level(logging.DEBUG), capture_logs() as lines:
        answers = {why: await door.gets(body) for why, body in senseless.items()}
    assert answers == dict.fromkeys(senseless, 400)
    assert await story.rows() == before
    assert PERSONAL not in caplog.text + str(lines)
    assert "Rose" not in caplog.text + str(lines)


@wherever
@pytest.mark.parametrize("size", [300_000, 10 * 1024 * 1024])
async def test_what_is_too_large_is_not_read_to_the_end(story: Story, door: Door, size: int) -> None:
    before = await story.rows()
    assert await door.gets(b"x" * size) == 413
    assert await door.gets(b"x" * size, signature="0" * 64) == 413
    assert await story.rows() == before


@wherever
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_other_methods_are_refused(story: Story, door: Door, method: str) -> None:
    assert await door.gets(json.dumps(notification(story)).encode(), method=method) == 405


async def test_a_genuine_notification_played_again_writes_nothing(story: Story, door: Door) -> None:
    body = json.dumps(notification(story)).encode()
    assert await door.gets(body) == 200
    await story.reads_in_a_new_thread(PERSONAL)
    await story.rests()
    before = await story.rows()
    assert await door.gets(body) == 200
    await story.rests()
    assert await story.rows() == before


@wherever
async def test_signed_news_of_a_shape_nobody_knows_is_kept_without_a_word_of_it_in_the_log(
    story: Story, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    odd = [
        notification(story, message_id=None),
        notification(story, index="many"),
        notification(story, create_time="yesterday"),
        notification(story, conversation_id=["757"]),
        notification(story, sender="Mia"),
    ]
    with caplog.at_level(logging.DEBUG), capture_logs() as lines:
        for number, whole in enumerate(odd):
            whole["tts_notification_id"] = f"odd-{number}"
            assert await door.gets(json.dumps(whole).encode()) == 200
        await story.rests()
    kept = (await story.operator("inbox"))["rows"]
    assert len(kept) == len(odd)
    assert PERSONAL not in caplog.text + str(lines) + str(kept)
    assert story.side.heads == []


@wherever
async def test_topics_we_have_no_use_for_are_kept_and_change_nothing(story: Story, door: Door) -> None:
    story.world.tiktok.change_order(story.cast.order, "IN_TRANSIT")
    story.world.tiktok.notify(story.cast.shop, 99, {"whatever": 1})
    await story.rests()
    assert [one.statuses for one in story.world.tiktok.webhooks] == [[200], [200]]
    assert (await story.rows())["Inbox"] == 2
    assert (await story.operator("inbox"))["rows"] == []


async def test_a_days_conversation_leaves_nothing_personal_in_the_log(
    stage: Story, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), capture_logs() as lines:
        await stage.product_starts()
        head = await stage.conversation(stage.cast.mia, PERSONAL)
        await stage.answers(stage.noor, head, "Rosewood is sold out, see you at the casino")
        await stage.reads(head, "did not reach the buyer")
        await stage.product_stops()
    logged = caplog.text + str([line for line in lines if line["log_level"] != "debug"])
    for word in (
        PERSONAL,
        "Rosewood",
        "casino",
        "Mia",
        "Noor",
        *stage.side.secrets,
        stage.cast.shop_app.secret,
    ):
        assert word not in logged
