"""The disk is full or the database is locked: nothing is acknowledged, everything comes again, nothing is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from structlog.testing import capture_logs

from chatops.errors import Unwritable
from chatops.store.sqlite import DRIVER
from chatops.store.transaction import Transaction
from tests.stories.cast import ACCEPTED, Story
from tests.stories.conftest import every_way

REFUSALS = {"not_heard", "heard_later"}  # what the log says of an answer that could not be kept


def allow_pages(tx: Transaction, more: int) -> None:
    """Let the database grow by so many pages from now on."""
    pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + more}")
    tx.connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS ballast (weight BLOB)")


def load(tx: Transaction) -> None:
    """Fill a page."""
    tx.connection.exec_driver_sql("INSERT INTO ballast VALUES (zeroblob(5000))")


@asynccontextmanager
async def full_disk(story: Story) -> AsyncIterator[None]:
    """Leave no room on the disk for a while."""
    await story.rests()
    await story.store.write(allow_pages, 3)
    with suppress(Unwritable):
        while True:
            await story.store.write(load)
    yield
    roomy = False
    while not roomy:  # what shares a transaction with something that does not fit, fails with it
        with suppress(Unwritable):
            await story.store.write(allow_pages, 1_000_000)
            roomy = True


@every_way
async def test_a_full_disk_acknowledges_nothing_and_loses_nothing(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    with capture_logs() as lines:
        async with full_disk(story):
            await story.cast.mia.says("Two " + "and more " * 1_000)
            await story.until(lambda: story.world.tiktok.webhooks[-1].statuses, "TikTok to be answered")
            assert story.world.tiktok.webhooks[-1].statuses == [503]
            answer = await story.noor.replies(head, "看到了" * 600)
            await story.until(lambda: any(line["event"] in REFUSALS for line in lines), "the answer to be refused")
    await story.time_passes_until(lambda: story.cast.mia.heard, "the answer")
    await story.time_passes_until(lambda: story.find(head, "Two and more"), "the message")
    await story.time_passes(hours=1)
    await story.marked(answer, ACCEPTED)
    assert story.cast.mia.heard == ["看到了" * 600]
    assert story.shown(head, "Two and more") == 1


@pytest.mark.parametrize("echoes", [True, False], ids=["echoes", "silence"])
async def test_an_answer_that_leaves_while_the_disk_is_full_is_heard_once(story: Story, echoes: bool) -> None:
    story.world.tiktok.assumptions.echoes = echoes
    head = await story.conversation(story.cast.mia, "One")
    answer = await story.noor.replies(head, "Seen")
    async with full_disk(story):
        await story.world.pass_time(seconds=6)
        await story.cast.mia.hears("Seen")
    await story.time_passes(minutes=3)
    await story.marked(answer, ACCEPTED)
    await story.rests()
    assert story.cast.mia.heard == ["Seen"]


async def test_a_locked_database_answers_busy_in_time_and_takes_everything_in_later(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    await story.rests()
    locking = DRIVER.connect(str(story.config.data_dir / "chatops.db"), isolation_level=None)
    locking.execute("BEGIN IMMEDIATE")
    await story.cast.mia.says("Two")
    await story.until(lambda: story.world.tiktok.webhooks[-1].statuses, "TikTok to be answered")
    assert story.world.tiktok.webhooks[-1].statuses == [503]
    answer = await story.noor.replies(head, "Seen")
    locking.execute("ROLLBACK")
    locking.close()
    await story.time_passes_until(lambda: story.cast.mia.heard, "the answer")
    await story.time_passes_until(lambda: story.find(head, "Two"), "the message")
    await story.time_passes(hours=1)
    await story.marked(answer, ACCEPTED)
    assert story.cast.mia.heard == ["Seen"]
    assert story.shown(head, "Two") == 1
