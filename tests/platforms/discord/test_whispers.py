"""Private answers on their way to Discord: unseen by others where somebody pressed lately, else gone after a minute."""

import asyncio
from datetime import datetime, timedelta

from chatops import outbox
from chatops.catalog import Verb
from chatops.desk import team
from chatops.model import agent as agents
from chatops.model import thread as threads
from chatops.model.facts import AgentProfile
from chatops.model.thread import Thread
from chatops.outbox import Whisper
from chatops.sandbox.discord.channel import Thread as Post
from chatops.store import Store, Transaction, lanes
from tests.platforms.discord.carrying import all_there, mia_writes, working
from tests.platforms.discord.desk import Desk


def told(desk: Desk, post: Post) -> list[str]:
    """Return what stands in a thread for one person alone, as others see it too."""
    return [message.id for message in post.messages.values() if message.content == f"<@{desk.li.id}>"]


async def opened(desk: Desk, store: Store) -> tuple[Thread, Post]:
    """Let Mia write and wait for her post in the forum."""
    await store.write(mia_writes, desk, desk.forum)
    await desk.world.until(lambda: all_there(desk), timeout=30, describe="Mia's words")
    [post] = desk.world.server.threads
    thread = await store.read(threads.named, desk.forum.workspace_id, post.id)
    assert thread
    return thread, post


def help_for_li(tx: Transaction, desk: Desk, thread: Thread, now: datetime) -> None:
    outbox.whisper(tx, thread, desk.li.id, Whisper.ASKED, {"verb": Verb.HELP, "words": ""}, now)


async def test_a_private_answer_in_view_of_others_goes_away_after_a_minute(desk: Desk, store: Store) -> None:
    async with working(desk, store):
        thread, post = await opened(desk, store)
        await store.write(help_for_li, desk, thread, desk.world.time.now())
        await desk.world.until(lambda: told(desk, post), describe="the answer for Li")
        desk.world.time.skip(timedelta(seconds=50))
        await store.write(lambda tx: tx.ring())
        await desk.world.settled()
        assert told(desk, post)
        desk.world.time.skip(timedelta(seconds=11))
        await store.write(lambda tx: tx.ring())
        await desk.world.until(lambda: not told(desk, post), describe="its removal")


async def test_who_pressed_lately_in_this_thread_is_answered_unseen(desk: Desk, store: Store) -> None:
    async with working(desk, store):
        thread, post = await opened(desk, store)
        clicking = asyncio.create_task(desk.li.clicks(post.id, "Claim"))
        trigger = await desk.pressed()
        await desk.discord.acknowledge(trigger)
        await clicking

        def pressed(tx: Transaction) -> None:
            now = desk.world.time.now()
            li = team.seen(tx, thread.workspace_id, desk.li.id, now, "zh-CN")
            team.pressed(tx, li, thread.id, trigger, now)
            help_for_li(tx, desk, thread, now)

        await store.write(pressed)
        await desk.li.expects_ephemeral("在此消息列中可以做什么")
        assert told(desk, post) == []
        desk.world.time.skip(timedelta(minutes=14))
        await store.write(help_for_li, desk, thread, desk.world.time.now())
        await desk.world.until(lambda: told(desk, post), describe="the answer in view of others")


async def failed(desk: Desk, store: Store, times: int) -> None:
    """Return once a private answer could not be given so many times."""
    while not [
        head for head in await store.read(lanes.failing_heads) if (head.kind, head.attempts) == ("whisper", times)
    ]:
        await desk.world.until(lambda: True)


async def test_who_pressed_and_could_not_be_told_that_it_was_heard_is_answered_in_view_of_others(
    desk: Desk, store: Store
) -> None:
    async with working(desk, store):
        thread, post = await opened(desk, store)
        clicking = asyncio.create_task(desk.li.clicks(post.id, "Claim"))
        trigger = await desk.pressed()

        def pressed(tx: Transaction) -> None:
            now = desk.world.time.now()
            team.pressed(tx, team.seen(tx, thread.workspace_id, desk.li.id, now), thread.id, trigger, now)
            help_for_li(tx, desk, thread, now)

        await store.write(pressed)
        for attempt in (1, 2):
            await failed(desk, store, attempt)
            desk.world.time.skip(timedelta(seconds=0.4 * 2**attempt))  # the least that the worker waits then
            await store.write(lambda tx: tx.ring())
        await desk.world.until(lambda: told(desk, post), describe="the answer in view of others")
        assert not (await clicking).acked


async def test_a_profile_without_a_language_takes_none_away(desk: Desk, store: Store) -> None:
    await store.write(mia_writes, desk, desk.forum)
    workspace_id, now = desk.forum.workspace_id, desk.world.time.now()
    await store.write(team.seen, workspace_id, desk.li.id, now, "zh-CN")
    await store.write(team.learned, workspace_id, AgentProfile(desk.li.id, "Li", "", "", False, True), now)
    li = await store.read(agents.get, workspace_id, desk.li.id)
    assert li
    assert (li.name, li.locale) == ("Li", "zh-CN")
