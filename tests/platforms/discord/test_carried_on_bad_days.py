"""What buyers say stands in Discord once, whatever moderators do to the threads and channels it belongs into."""

from datetime import timedelta

import pytest

from chatops.delivery.pace import Paces
from chatops.desk import shown as shown_desk
from chatops.platforms.discord.codes import NOT_LET_IN
from chatops.platforms.discord.limits import DEFAULTS
from chatops.platforms.ports import ChannelRef
from chatops.sandbox.discord import moderation
from chatops.sandbox.discord.permissions import MANAGE_THREADS
from chatops.sandbox.faults import Trouble
from chatops.store import Store, lanes
from tests.platforms.discord.carrying import all_there, mia_writes, says, shown, working
from tests.platforms.discord.desk import Desk

MORE = "Hello? Anybody there?"
PLACES = pytest.mark.parametrize("place", ["channel", "forum"])


def times(desk: Desk, words: str) -> list[int]:
    """Return how often words stand in each thread, by the order in which the threads were opened."""
    return ["\n".join(thread).count(words) for thread in shown(desk)]


async def written(desk: Desk, store: Store, channel: ChannelRef) -> None:
    await store.write(mia_writes, desk, channel)
    await desk.world.until(lambda: all_there(desk), timeout=30, describe="Mia's words")


async def held(desk: Desk, store: Store) -> list[str]:
    """Wait until something stands still; return the channels for which it does."""
    server_id = desk.world.server.id
    while not (shut := await store.read(shown_desk.shut_channels, server_id, NOT_LET_IN)):
        await desk.world.until(lambda: True)
    return shut


@PLACES
async def test_a_deleted_thread_is_opened_anew_for_what_the_buyer_says_next(
    desk: Desk, store: Store, place: str
) -> None:
    async with working(desk, store):
        await written(desk, store, getattr(desk, place))
        desk.world.delete(desk.world.server.threads[0])
        await store.write(says, desk, MORE, 3)
        await desk.world.until(lambda: times(desk, "Anybody there") == [1], timeout=30, describe="Mia's new words")
        assert times(desk, "parcel") == [0]


async def test_a_locked_post_in_which_the_bot_may_not_write_is_opened_anew(desk: Desk, store: Store) -> None:
    denied = {"id": desk.app.bot.id, "type": 1, "allow": "0", "deny": str(MANAGE_THREADS)}
    moderation.overwrite(desk.world.server, desk.tickets, [denied])
    async with working(desk, store):
        await written(desk, store, desk.forum)
        desk.world.lock(desk.world.server.threads[0])
        await store.write(says, desk, MORE, 3)
        await desk.world.until(lambda: sum(times(desk, "Anybody there")) == 1, timeout=30, describe="Mia's new words")
        assert times(desk, "Anybody there") == [0, 1]


@PLACES
async def test_words_for_a_hidden_channel_wait_until_the_bot_sees_it_again(
    desk: Desk, store: Store, place: str
) -> None:
    where: ChannelRef = getattr(desk, place)
    channel = desk.world.server.channels[where.channel_id]
    async with working(desk, store):
        await written(desk, store, where)
        desk.world.hide(channel, desk.app)
        await store.write(says, desk, MORE, 3)
        assert await held(desk, store) == [channel.id]
        assert times(desk, "Anybody there") == [0]
        desk.world.hide(channel, desk.app, hidden=False)
        now = desk.world.time.now()
        await store.write(shown_desk.channel_answers, where.workspace_id, where.channel_id, NOT_LET_IN, now)
        await desk.world.until(lambda: times(desk, "Anybody there") == [1], timeout=30, describe="Mia's new words")


@pytest.mark.parametrize("day", ["forum deleted", "bot kicked"])
async def test_words_for_a_place_that_is_gone_are_kept(desk: Desk, store: Store, day: str) -> None:
    async with working(desk, store):
        await written(desk, store, desk.forum)
        if day == "forum deleted":
            desk.world.delete(desk.tickets)
        else:
            desk.world.kick(desk.app)
        await store.write(says, desk, MORE, 3)
        assert await held(desk, store) == [desk.tickets.id]
        [waiting] = [head for head in await store.read(lanes.failing_heads) if head.kind == "mirror"]
        assert waiting.attempts


async def test_a_server_full_of_threads_takes_the_conversation_once_there_is_room(desk: Desk, store: Store) -> None:
    desk.trouble("threads.create", Trouble.ERROR, code="160006", times=2)
    async with working(desk, store):
        await written(desk, store, desk.forum)
    assert times(desk, "parcel") == [1]


async def test_a_rush_of_buyers_keeps_to_the_pace_of_new_threads_and_answers_below_do_not(
    desk: Desk, store: Store
) -> None:
    heads = DEFAULTS["thread"]
    async with working(desk, store, Paces()):
        await store.write(mia_writes, desk, desk.forum)
        for number in range(heads.burst + 2):
            await store.write(says, desk, "Me too!", 10 + number, f"c{number + 2}")
        await desk.world.until(
            lambda: len(desk.world.server.threads) == heads.burst and all_there(desk), timeout=30, describe="the first"
        )
        await store.write(says, desk, MORE, 99)
        await desk.world.until(lambda: sum(times(desk, "Anybody there")) == 1, timeout=30, describe="Mia's new words")
        assert len(desk.world.server.threads) == heads.burst
        desk.world.time.skip(timedelta(minutes=1))
        await store.write(lambda tx: tx.ring())
        await desk.world.until(lambda: len(desk.world.server.threads) == heads.burst + 3, timeout=30, describe="all")
