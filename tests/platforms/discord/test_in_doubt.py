"""Looking for what may have been posted before posting it again, also where moderators are at work or many write."""

import asyncio

import pytest

from chatops.errors import RateLimited, Rejected, Unsure
from chatops.sandbox.discord import messages
from chatops.sandbox.faults import Trouble
from chatops.store import Store
from tests.platforms.discord.carrying import mia_writes, shown, working
from tests.platforms.discord.desk import HELLO, Desk, connect


async def test_what_was_deleted_while_it_was_in_doubt_is_said_once_more(desk: Desk) -> None:
    thread, before = await desk.opened(desk.forum), desk.world.time.now()
    desk.trouble("messages.create", Trouble.DROP_AFTER, code="502")
    with pytest.raises(Unsure):
        await desk.discord.post(thread, HELLO, "d-2")
    messages.remove(desk.world.server, desk.below(thread), desk.said(thread)[-1])
    assert await desk.discord.find(thread, "d-2", before) is None
    again = await desk.discord.post(thread, HELLO, "d-2")
    assert [message.id for message in desk.said(thread)] == [again.external_id]
    assert await desk.discord.post(thread, HELLO, "d-2") == again


async def test_what_is_deleted_again_and_again_is_given_up(desk: Desk) -> None:
    thread = await desk.opened()
    for _ in range(2):
        said = await desk.discord.post(thread, HELLO, "d-2")
        messages.remove(desk.world.server, desk.below(thread), desk.below(thread).messages[said.external_id])
    with pytest.raises(Rejected) as told:
        await desk.discord.post(thread, HELLO, "d-2")
    assert told.value.code == "deleted_by_others"


async def test_a_buyers_words_deleted_while_in_doubt_do_not_stop_the_thread(desk: Desk, store: Store) -> None:
    desk.trouble("messages.create", Trouble.DROP_AFTER, code="502")
    async with working(desk, store):
        await store.write(mia_writes, desk, desk.forum)
        await desk.world.until(lambda: [1 for thread in shown(desk) if thread], timeout=15, describe="Mia's words")
        [post] = desk.world.server.threads
        thread = desk.thread(post.id, desk.forum)
        messages.remove(desk.world.server, post, desk.said(thread)[0])
        await desk.world.until(
            lambda: "Where is my parcel?" in str(shown(desk)), timeout=15, describe="Mia's words, once more"
        )


async def test_a_post_is_found_among_very_many_without_reading_any_twice(desk: Desk) -> None:
    before = desk.world.time.now()
    crashed = connect(desk.world, desk.app.token)
    first = await crashed.open_thread(desk.forum, HELLO, "d-0")
    for number in range(1, 30):
        await crashed.open_thread(desk.forum, HELLO, f"d-{number}")
    await crashed.close()
    desk.trouble("messages.get", Trouble.RATE_LIMITED, retry_after=5, code="user", skip=20)
    with pytest.raises(RateLimited):
        await desk.discord.find(desk.forum, "d-0", before)
    assert await desk.discord.find(desk.forum, "d-0", before) == first
    assert desk.asked("messages.get") == 31
    assert await desk.discord.find(desk.forum, "d-30", before) is None
    assert desk.asked("messages.get") == 32


async def test_posts_that_opened_without_a_doubt_are_not_looked_into(desk: Desk) -> None:
    before = desk.world.time.now()
    opened = await asyncio.gather(*(desk.discord.open_thread(desk.forum, HELLO, f"d-{one}") for one in range(10)))
    desk.trouble("threads.create", Trouble.SERVER_ERROR, code="502")
    with pytest.raises(Unsure):
        await desk.discord.open_thread(desk.forum, HELLO, "d-10")
    assert await desk.discord.find(desk.forum, "d-10", before) is None
    assert desk.asked("messages.get") == 0
    assert await desk.discord.find(desk.forum, "d-7", before) == opened[7]
