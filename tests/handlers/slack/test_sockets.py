"""The connection is kept alive, or said to be beyond repair; each new session begins with catching up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from chatops.errors import SetupError
from chatops.sandbox.faults import Fault, Trouble
from handlers.slack import Patience, SocketSupervisor
from tests.handlers.slack.desk import Desk, eventually

QUICK = Patience(handshake=2.0, look_every=0.05, dead_after=0.5, first_pause=0.01, when_disabled=0.3, ping_every=1.0)


@asynccontextmanager
async def supervised(desk: Desk, patience: Patience = QUICK) -> AsyncIterator[SocketSupervisor]:
    """Connect the desk and wait until Slack has greeted us."""
    supervisor = SocketSupervisor(desk.bolt, desk.app.app_token, desk.catch_up.new_session, patience)
    await supervisor.start()
    try:
        await once(lambda: supervisor.connected)
        yield supervisor
    finally:
        await supervisor.close()


async def once(condition: Callable[[], Any]) -> None:
    """Wait for something that nobody announces."""

    async def so() -> bool:
        return bool(condition())

    await eventually(so)


async def test_a_wrong_app_token_is_said_at_the_start(deaf_desk: Desk) -> None:
    supervisor = SocketSupervisor(deaf_desk.bolt, "xapp-wrong", deaf_desk.catch_up.new_session, QUICK)
    with pytest.raises(SetupError) as failure:
        await supervisor.start()
    assert "connections:write" in failure.value.remedy
    await supervisor.close()


async def test_what_was_written_before_the_session_began_is_heard(deaf_desk: Desk) -> None:
    await deaf_desk.li.replies(deaf_desk.head, "On its way")
    async with supervised(deaf_desk):
        await deaf_desk.comes_to_say(("waiting", "On its way"))


@pytest.mark.parametrize("how", ["abrupt", "refresh_requested", "half_open"])
async def test_a_lost_connection_comes_back_and_nothing_said_meanwhile_is_lost(deaf_desk: Desk, how: str) -> None:
    desk = deaf_desk
    async with supervised(desk) as supervisor:
        (before,) = desk.world.sockets.of(desk.app)
        desk.world.delivery.drop_next()
        desk.world.disconnect_sockets(how)
        await desk.li.replies(desk.head, "On its way")
        await once(lambda: supervisor.connected and desk.world.sockets.of(desk.app)[-1:] not in ([], [before]))
        await desk.comes_to_say(("waiting", "On its way"))
        await desk.li.replies(desk.head, "And here")
        await desk.comes_to_say(("waiting", "On its way"), ("waiting", "And here"))


async def test_a_handshake_that_fails_is_tried_again_with_a_new_address(deaf_desk: Desk) -> None:
    desk = deaf_desk
    desk.world.faults.plan(Fault("socket.handshake", Trouble.UNAVAILABLE, times=2))
    async with supervised(desk, replace(QUICK, handshake=0.3)):
        asked = [request for request in desk.world.requests if request.method == "apps.connections.open"]
        assert len(asked) >= 3


async def test_slack_out_of_reach_at_the_start_is_no_reason_to_give_up(deaf_desk: Desk) -> None:
    deaf_desk.world.faults.plan(Fault("apps.connections.open", Trouble.UNAVAILABLE, times=2))
    async with supervised(deaf_desk) as supervisor:
        assert supervisor.connected


async def test_switching_socket_mode_off_is_said_loudly_and_tried_seldom(deaf_desk: Desk) -> None:
    desk = deaf_desk
    async with supervised(desk) as supervisor:
        with capture_logs() as lines:
            desk.world.disconnect_sockets("link_disabled")
            await once(lambda: not supervisor.connected)
            pause = asyncio.get_running_loop().time()
            await once(lambda: supervisor.connected)
        assert asyncio.get_running_loop().time() - pause >= QUICK.when_disabled * 0.9
        assert [line["log_level"] for line in lines if line["event"] == "socket_mode_switched_off"] == ["error"]


async def test_a_failing_hook_does_not_end_the_connection(deaf_desk: Desk) -> None:
    async def fail() -> None:
        raise ValueError("Mia's address")

    with capture_logs() as lines:
        supervisor = SocketSupervisor(deaf_desk.bolt, deaf_desk.app.app_token, fail, QUICK)
        await supervisor.start()
        await once(lambda: any(line["event"] == "companion_failed" for line in lines))
        assert supervisor.connected
        await supervisor.close()
    assert "Mia" not in str(lines)


async def test_what_is_being_handled_at_the_end_is_finished_and_acknowledged(
    deaf_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = deaf_desk
    async with supervised(desk) as supervisor:
        await desk.world.settled()
        begun, go_on = asyncio.Event(), asyncio.Event()
        write = desk.store.write

        async def slowly(*args: Any, **kwargs: Any) -> Any:
            begun.set()
            await go_on.wait()
            return await write(*args, **kwargs)

        monkeypatch.setattr(desk.store, "write", slowly)
        await desk.li.replies(desk.head, "On its way")
        await begun.wait()
        closing = asyncio.ensure_future(supervisor.close())
        await asyncio.sleep(0)
        go_on.set()
        await closing
        monkeypatch.undo()
        assert await desk.said() == [("waiting", "On its way")]
        assert desk.world.delivery.lost == []
