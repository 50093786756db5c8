"""Notifications are kept before they are acknowledged, and taken in afterwards, whatever happens in between."""

import asyncio
import json
import threading

import aiohttp
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from chatops.model import inbox
from chatops.model.inbox import InboxState
from chatops.sandbox.faults import Trouble
from chatops.sandbox.tiktok.signing import webhook_sign
from chatops.sandbox.world import SHOP_ID
from chatops.store.transaction import Transaction
from tests.stories.cast import Story


def forbid(tx: Transaction, table: str, column: str, value: str) -> None:
    """Let the database refuse one row, as a constraint would that nobody thought of."""
    tx.execute(
        text(
            f"CREATE TRIGGER forbidden BEFORE INSERT ON {table} WHEN new.{column} = '{value}' "
            "BEGIN SELECT RAISE(ABORT, 'forbidden'); END"
        )
    )


async def tell(story: Story, browser: aiohttp.ClientSession, notification_id: str) -> int:
    """Send a notification of no use, signed; return the status of the answer."""
    body = json.dumps({"type": 99, "tts_notification_id": notification_id, "shop_id": SHOP_ID}).encode()
    app = story.cast.shop_app
    headers = {"Authorization": webhook_sign(app.key, app.secret, body)}
    url = f"{story.running.address}/tiktok/shop/webhook"
    async with browser.post(url, data=body, headers=headers) as answer:
        return answer.status


async def test_what_was_acknowledged_before_a_crash_is_taken_in_after_it(story: Story) -> None:
    story.running._reading.cancel()
    await story.cast.mia.says("Hello")
    await story.until(lambda: story.world.tiktok.webhooks[-1].statuses == [200], "the acknowledgement")
    await story.product_is_killed()
    story.tiktok_fails("conversations", Trouble.SERVER_ERROR, times=1_000)  # nobody else can bring it
    await story.product_starts()
    head = await story.thread_of(story.cast.mia)
    await story.reads(head, "Hello")


async def test_after_a_clock_was_set_back_what_comes_still_comes_last(
    story: Story, browser: aiohttp.ClientSession
) -> None:
    story.running._reading.cancel()
    await story.cast.mia.says("Hello")
    await story.until(lambda: story.world.tiktok.webhooks[-1].statuses == [200], "the acknowledgement")
    fast = text("UPDATE inbox SET place = place + 3600000000")
    await story.store.write(lambda tx: tx.execute(fast))
    ahead = await story.store.read(inbox.newest_place, "tiktok_shop")
    await story.product_is_killed()
    await story.product_starts()
    assert await tell(story, browser, "later") == 200
    later = await story.store.read(inbox.get, "tiktok_shop", "later")
    assert later is not None
    assert later.place > ahead


async def test_what_the_desk_stumbles_over_is_set_aside_and_the_others_go_on(story: Story) -> None:
    await story.conversation(story.cast.mia, "One")
    await story.store.write(forbid, "conversation", "id", story.cast.budi.conversation.id)
    await story.cast.budi.says("I am trouble")
    await story.cast.mia.says("Two")
    head = await story.thread_of(story.cast.mia)
    await story.reads(head, "Two")
    [aside] = await story.store.read(inbox.failed)
    assert (aside.state, aside.fault) == (InboxState.FAILED, "IntegrityError")
    assert "I am trouble" in (aside.body or "")
    assert await story.operator("retry_inbox") == {"taken": 0, "left": 1}
    await story.store.write(lambda tx: tx.execute(text("DROP TRIGGER forbidden")))
    assert await story.operator("retry_inbox") == {"taken": 1, "left": 0}
    await story.reads_in_a_new_thread("I am trouble")


async def test_what_is_nobodys_fault_is_tried_again_until_it_works(story: Story) -> None:
    await story.store.write(
        lambda tx: tx.execute(
            text("CREATE TRIGGER forbidden BEFORE UPDATE ON inbox BEGIN SELECT RAISE(ABORT, 'forbidden'); END")
        )
    )
    with capture_logs() as lines:
        await story.cast.mia.says("Hello")
        await story.until(lambda: any(line["event"] == "inbox_not_read" for line in lines), "the reader to stumble")
    assert await story.store.read(inbox.failed) == []
    await story.store.write(lambda tx: tx.execute(text("DROP TRIGGER forbidden")))
    await story.world.pass_time(seconds=2)
    head = await story.thread_of(story.cast.mia)
    await story.reads(head, "Hello")


async def test_one_that_cannot_be_kept_does_not_take_the_others_with_it(
    story: Story, browser: aiohttp.ClientSession
) -> None:
    await story.store.write(forbid, "inbox", "external_id", "forbidden")
    names = ["a", "b", "forbidden", "c", "d"]
    statuses = await asyncio.gather(*(tell(story, browser, name) for name in names))
    assert dict(zip(names, statuses, strict=True)) == {"a": 200, "b": 200, "forbidden": 503, "c": 200, "d": 200}
    kept = [await story.store.read(inbox.get, "tiktok_shop", name) for name in names]
    assert [row.state if row else None for row in kept] == [InboxState.IGNORED] * 2 + [None] + [InboxState.IGNORED] * 2


async def test_while_the_database_stands_still_nobody_waits_longer_than_tiktok_does(
    story: Story, browser: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.tiktok.inbox.KEPT_WITHIN", 0.2)
    stands, goes_on = threading.Event(), threading.Event()

    def stand_still(_tx: Transaction) -> None:
        stands.set()
        goes_on.wait(10)

    standing = asyncio.create_task(story.store.write(stand_still))
    await asyncio.to_thread(stands.wait, 10)
    assert await asyncio.gather(*(tell(story, browser, name) for name in "abc")) == [503, 503, 503]
    assert await tell(story, browser, "d") == 503
    goes_on.set()
    await standing
    assert await asyncio.gather(*(tell(story, browser, name) for name in "abcd")) == [200] * 4
    assert (await story.rows())["Inbox"] == 4
