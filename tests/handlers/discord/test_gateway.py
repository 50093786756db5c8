"""The session is kept alive, resumed, begun anew as seldom as Discord wants it; and one replica holds it."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from structlog.testing import capture_logs

from chatops.platforms.discord.standing import SessionsLeft
from chatops.sandbox.faults import Fault, Trouble
from chatops.store import Store
from handlers.discord.edge import DiscordEdge
from handlers.discord.gateway import Session, SessionOver, point_at
from tests.handlers.discord.desk import QUICK, Desk, once, open_desk
from tests.handlers.slack.desk import eventually


async def test_what_was_written_before_the_session_began_is_heard(deaf_desk: Desk) -> None:
    await deaf_desk.says(deaf_desk.li, "On its way")
    await deaf_desk.edge.start()
    await deaf_desk.comes_to_say(("waiting", "On its way"))


async def test_a_dropped_connection_is_resumed_and_nothing_said_meanwhile_is_lost(desk: Desk) -> None:
    desk.world.gateway.drop()
    await desk.says(desk.li, "On its way")
    await desk.comes_to_say(("waiting", "On its way"))
    assert len(desk.world.sessions.of(desk.app)) == 1


async def test_a_session_that_cannot_be_resumed_is_begun_anew_and_catches_up(desk: Desk) -> None:
    desk.world.gateway.refuse_resumes = 1
    desk.world.carrier.lose_next()
    await desk.says(desk.li, "Lost on the way")
    desk.world.gateway.drop()
    await desk.comes_to_say(("waiting", "Lost on the way"))


async def test_a_missing_intent_is_named_with_its_remedy(store: Store) -> None:
    async with open_desk(store, listening=False) as desk:
        desk.app.intents = 1537
        with capture_logs() as lines:
            await desk.edge.start()
            await once(lambda: any(line["event"] == "discord_refuses_the_intents" for line in lines))
        [told, *_] = [line for line in lines if line["event"] == "discord_refuses_the_intents"]
        assert "DISCORD_MESSAGE_CONTENT=false" in told["remedy"]


async def test_a_reset_token_is_named_with_its_remedy(desk: Desk) -> None:
    with capture_logs() as lines:
        desk.world.reset_token(desk.app)
        await once(lambda: any(line["event"] == "discord_refuses_the_token" for line in lines))
    assert not desk.edge.connected()


@asynccontextmanager
async def second_replica(desk: Desk) -> AsyncIterator[DiscordEdge]:
    """Another replica of the product beside the desk's."""
    edge = DiscordEdge(desk.config, desk.store, desk.discord, desk.clock, "replica-2", QUICK)
    await edge.start()
    await edge.caught_up()
    yield edge
    await edge.stop()


async def test_only_one_replica_holds_the_gateway_and_the_other_takes_over(desk: Desk) -> None:
    async with second_replica(desk) as other:
        assert other.connected()  # it stands by, which is well
        assert len(desk.world.gateway.of(desk.app)) == 1
        await desk.edge.stop()
        desk.clock._story.skip(timedelta(seconds=2))
        await desk.world.connected(desk.app)
        await desk.says(desk.li, "On its way")
        await desk.comes_to_say(("waiting", "On its way"))


async def test_whoever_stops_hears_until_another_replica_does(store_of_a_fleet: Store) -> None:
    async with open_desk(store_of_a_fleet) as desk, second_replica(desk):
        stopping = asyncio.create_task(desk.edge.stop())
        await once(lambda: desk.world.gateway.of(desk.app))
        await desk.noor.clicks(desk.head, "Claim")  # heard by somebody, whoever it is
        desk.clock._story.skip(timedelta(seconds=2))
        await stopping
        assert (await desk.ticket()).assignee_id == desk.noor.id
        await desk.li.reacts(desk.head, "✅")

        async def resolved() -> bool:
            return (await desk.ticket()).state.value == "resolved"

        await eventually(resolved)


async def test_a_dead_replicas_gateway_is_taken_over_when_its_lease_is_over(desk: Desk) -> None:
    async with second_replica(desk) as other:
        for task in tuple(desk.edge._companions._tasks):
            task.cancel()
        desk.clock._story.skip(timedelta(seconds=16))
        await desk.says(desk.li, "On its way")
        await once(lambda: not other._standing_by)
        await desk.comes_to_say(("waiting", "On its way"))


async def test_whoever_stands_by_has_read_what_was_taken_back_before_anything_leaves(desk: Desk) -> None:
    answer = await desk.says(desk.li, "Oh no")
    await desk.comes_to_say(("waiting", "Oh no"))
    for task in tuple(desk.edge._companions._tasks):
        task.cancel()  # the replica dies
    await once(lambda: not any(session.line for session in desk.world.sessions.of(desk.app)))
    await desk.li.deletes(answer)
    async with second_replica(desk):
        assert await desk.said() == [("withdrawn", "Oh no")]


async def test_a_used_up_budget_of_sessions_is_waited_out(store: Store) -> None:
    async with open_desk(store, listening=False) as desk:
        desk.world.sessions.total = 1
        desk.world.sessions.begin(desk.app, 0, (0, 1))
        with capture_logs() as lines:
            await desk.edge.start()
            await once(lambda: any(line["event"] == "session_waits" for line in lines))
        assert not desk.edge.connected()
        desk.clock._story.skip(timedelta(hours=24))
        await desk.connected()


async def test_the_last_sessions_of_a_day_are_spread_over_it(desk: Desk) -> None:
    budget = desk.world.sessions
    supervisor = desk.edge._supervisor
    assert supervisor is not None
    left = SessionsLeft(total=1000, remaining=100, reset_after=timedelta(hours=10))
    assert supervisor._spread(replace(left, remaining=800)) == timedelta()
    assert supervisor._spread(left) == timedelta(minutes=1)  # somebody started us
    supervisor._pause = timedelta(seconds=5)
    assert supervisor._spread(left) == timedelta(minutes=6)
    assert supervisor._spread(replace(left, remaining=50)) == timedelta(hours=10)  # these are for people
    assert budget.total == 1000


async def test_a_replica_that_discord_does_not_reach_lets_another_one_hear(desk: Desk) -> None:
    desk.world.faults.plan(Fault("gateway.handshake", Trouble.UNAVAILABLE, times=1000))
    desk.world.gateway.drop()
    await once(lambda: not desk.edge.connected())
    with capture_logs() as lines:
        for _ in range(30):
            desk.clock._story.skip(timedelta(seconds=6))
            await asyncio.sleep(0)
        await once(lambda: any(line["event"] == "gateway_given_up" for line in lines))
    assert not desk.edge.connected()  # nobody has taken it yet


async def test_discord_may_ask_for_another_connection(desk: Desk) -> None:
    desk.world.gateway.ask_to_reconnect()
    await desk.says(desk.li, "Still there")
    await desk.comes_to_say(("waiting", "Still there"))
    assert len(desk.world.sessions.of(desk.app)) == 1  # it was resumed


async def test_discord_may_end_a_connection_in_its_own_words(desk: Desk) -> None:
    desk.world.gateway.hang_up(4000)
    await desk.says(desk.li, "Still there")
    await desk.comes_to_say(("waiting", "Still there"))
    assert len(desk.world.sessions.of(desk.app)) == 1  # it was resumed


async def test_a_session_that_was_declared_invalid_is_begun_anew(desk: Desk) -> None:
    desk.world.gateway.invalidate()
    desk.world.carrier.lose_next()
    await desk.says(desk.li, "Still there")
    await desk.comes_to_say(("waiting", "Still there"))


async def test_nothing_beats_for_a_session_that_was_given_up(desk: Desk) -> None:
    before = beating()
    desk.world.gateway.invalidate()
    await once(lambda: len(desk.world.sessions.of(desk.app)) == 1 and beating() - before)
    await desk.connected()
    await once(lambda: len(beating()) == 1)


async def test_nothing_beats_on_however_hastily_a_session_is_ended(deaf_desk: Desk) -> None:
    point_at(deaf_desk.world.api_url, deaf_desk.world.gateway_url)
    session = Session(lambda *_: None, reads_messages=True)
    await session.login(deaf_desk.app.token)
    with pytest.raises(SessionOver):
        await DiscordWebSocket.from_client(session, initial=False)
    [thread] = beating()  # for a connection that discord.py has forgotten
    ending = asyncio.create_task(session.hang_up())
    await asyncio.sleep(0)
    ending.cancel()
    await asyncio.gather(ending, return_exceptions=True)
    assert thread._stop_ev.is_set()
    await session.http.close()


def beating() -> set[KeepAliveHandler]:
    """Return the threads that keep a connection to Discord alive."""
    return {one for one in threading.enumerate() if isinstance(one, KeepAliveHandler) and not one._stop_ev.is_set()}
