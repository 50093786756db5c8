"""Each session begins with a gap: what was written before it, and was told to nobody."""

from chatops.sandbox.faults import Fault, Trouble
from handlers.slack.gap import Gap
from tests.handlers.slack.desk import Desk, eventually
from tests.handlers.slack.test_sockets import supervised

THREAD, OTHER = ("C0SUPPORT", "1.0"), ("C0SUPPORT", "2.0")


def test_a_thread_is_compared_once_in_a_session() -> None:
    gap = Gap()
    gap.close(gap.session, THREAD)
    assert not gap.is_open(THREAD)
    assert gap.is_open(OTHER)
    gap.close_all(gap.session)
    assert not gap.is_open(OTHER)


def test_what_was_read_before_a_newer_session_began_says_nothing_about_it() -> None:
    gap = Gap()
    older = gap.session
    gap.open_anew()
    gap.close(older, THREAD)
    gap.close_all(older)
    assert gap.is_open(THREAD)
    assert not gap.closed


async def test_what_cannot_be_read_when_a_session_begins_is_read_again_soon(deaf_desk: Desk) -> None:
    desk = deaf_desk
    await desk.li.replies(desk.head, "On its way")
    desk.world.faults.plan(Fault("conversations.history", Trouble.UNAVAILABLE, times=2))
    async with supervised(desk):
        await desk.comes_to_say(("waiting", "On its way"))


async def test_a_session_in_which_everything_was_compared_asks_no_more(deaf_desk: Desk) -> None:
    desk = deaf_desk
    async with supervised(desk):

        async def closed() -> bool:
            return desk.context.gap.closed

        await eventually(closed)
        asked = len(desk.world.requests)
        await desk.li.replies(desk.head, "On its way")
        await desk.comes_to_say(("waiting", "On its way"))
        assert desk.world.requests[asked:] == []


async def test_each_session_opens_the_gap_anew(deaf_desk: Desk) -> None:
    desk = deaf_desk
    async with supervised(desk):
        await desk.comes_to_say()
        before = desk.context.gap.session
        desk.world.disconnect_sockets("refresh_requested")

        async def anew() -> bool:
            return desk.context.gap.session > before and desk.context.gap.closed

        await eventually(anew)
