"""Who sends the webhook too much or too slowly is told so in time; nothing of it is kept, nothing of it is logged."""

import asyncio
import json
import logging
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs
from yarl import URL

from chatops.sandbox.tiktok.signing import webhook_sign
from handlers.http import door
from tests.stories.cast import Story

PERSONAL = b"I live at 12 Rose Lane "
TEN_MEGABYTES = 10 * 1024 * 1024


class Line:
    """One connection to the product, on which every byte is ours to choose."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
        self._reader = reader
        self._writer = writer
        self.send(f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n".encode())

    def send(self, data: bytes) -> None:
        """Send some bytes."""
        self._writer.write(data)

    async def answer(self) -> int:
        """Return the status of the answer."""
        async with asyncio.timeout(10):
            _, status, _ = (await self._reader.readline()).split(b" ", 2)
        return int(status)

    async def hung_up(self) -> None:
        """Return once the other side has closed the connection."""
        async with asyncio.timeout(10):
            while await self._reader.read(1024):
                pass

    def hang_up(self) -> None:
        """Close the connection."""
        self._writer.close()


async def line_to(story: Story, path: str = "/tiktok/shop/webhook") -> Line:
    url = URL(story.running.address)
    return Line(*await asyncio.open_connection(url.host, url.port), path)


def declared(line: Line) -> None:
    line.send(f"Content-Length: {TEN_MEGABYTES}\r\n\r\n".encode())


def chunked(line: Line) -> None:
    line.send(b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(10):
        line.send(b"8000\r\n" + PERSONAL.ljust(0x8000) + b"\r\n")


@pytest.mark.parametrize("way", [declared, chunked])
async def test_ten_megabytes_are_refused_before_they_are_sent(
    story: Story, way: Callable[[Line], None], caplog: pytest.LogCaptureFixture
) -> None:
    before = await story.rows()
    with caplog.at_level(logging.DEBUG), capture_logs() as lines:
        line = await line_to(story)
        way(line)
        assert await line.answer() == 413
        await line.hung_up()
    line.hang_up()
    assert await story.rows() == before
    assert "Rose Lane" not in caplog.text + str(lines)


async def test_a_body_that_does_not_come_is_not_waited_for(
    story: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(door, "BODY_PATIENCE", 0.1)
    before = await story.rows()
    with caplog.at_level(logging.DEBUG), capture_logs() as lines:
        line = await line_to(story)
        line.send(b"Content-Length: 1000\r\n\r\n" + PERSONAL)
        assert await line.answer() == 408
        await line.hung_up()
    line.hang_up()
    assert await story.rows() == before
    assert "Rose Lane" not in caplog.text + str(lines)


@pytest.mark.parametrize("where", ["slack-http"])
async def test_nor_is_slacks(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "BODY_PATIENCE", 0.1)
    line = await line_to(story, "/slack/events")
    line.send(b"Content-Length: 1000\r\n\r\n{")
    assert await line.answer() == 408
    await line.hung_up()
    line.hang_up()


async def test_who_hangs_up_in_the_middle_leaves_nothing_behind(story: Story) -> None:
    before = await story.rows()
    for _ in range(5):
        line = await line_to(story)
        line.send(b"Content-Length: 1000\r\n\r\n" + PERSONAL)
        line.hang_up()
    await story.conversation(story.cast.mia, "I am served all the same")
    after = await story.rows()
    assert {table: count - before[table] for table, count in after.items()}["Inbox"] == 1


async def test_a_body_in_many_small_pieces_is_one_notification(story: Story) -> None:
    whole = {"type": 99, "tts_notification_id": "756", "shop_id": story.cast.shop.id, "timestamp": 1_700_000_000}
    body = json.dumps({**whole, "data": {}}).encode()
    app = story.cast.shop_app
    before = await story.rows()
    line = await line_to(story)
    line.send(f"Authorization: {webhook_sign(app.key, app.secret, body)}\r\n".encode())
    line.send(b"Transfer-Encoding: chunked\r\n\r\n")
    for sign in body:
        line.send(b"1\r\n%c\r\n" % sign)
    line.send(b"0\r\n\r\n")
    assert await line.answer() == 200
    line.hang_up()
    assert (await story.rows())["Inbox"] == before["Inbox"] + 1
