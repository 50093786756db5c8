"""Each session begins with a gap: what was written before it, and was told to nobody."""

from structlog.testing import capture_logs

from chatops.sandbox.faults import Fault, Trouble
from chatops.store import Store
from handlers.gap import Gap
from tests.handlers.slack.desk import Desk, eventually, open_desk, opening
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


async def test_a_chat_beside_the_threads_is_not_taken_for_a_thread_that_is_just_being_opened(store: Store) -> None:
    async with open_desk(store, listening="http") as desk:
        await store.write(opening, desk.world.team.id, desk.support.id, "opening")
        with capture_logs() as lines:
            await desk.noor.posts(desk.support, "Who comes to lunch?")
            assert await desk.said() == []
        assert [line["event"] for line in lines if line["log_level"] != "debug"] == []
        assert desk.context.gap.is_open((desk.support.id, desk.head))


async def test_a_thread_that_cannot_be_understood_is_heard_all_the_same(store: Store) -> None:
    async with open_desk(store, listening="http") as desk:
        desk.world.delivery.drop_next()
        odd = await desk.noor.replies(desk.head, "Mia is angry")
        desk.support.all_messages[odd].extra = {"ts": "odd"}
        with capture_logs() as lines:
            await desk.li.replies(desk.head, "On its way")
            assert await desk.said() == [("waiting", "On its way")]
            await desk.li.replies(desk.head, "It comes on Monday")
            assert await desk.said() == [("waiting", "On its way"), ("waiting", "It comes on Monday")]
        assert [line["event"] for line in lines if line["log_level"] == "error"] == ["thread_not_understood"]
        assert "angry" not in str(lines)


async def test_a_thread_that_cannot_be_understood_does_not_keep_a_session_from_catching_up(deaf_desk: Desk) -> None:
    odd = await deaf_desk.noor.replies(deaf_desk.head, "Mia is angry")
    deaf_desk.support.all_messages[odd].extra = {"ts": "odd"}
    await deaf_desk.catch_up.new_session()
    assert deaf_desk.context.gap.closed
