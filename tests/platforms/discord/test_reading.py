"""Reading Discord back over the wire: messages, people, what its answers say about its limits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops.errors import PlatformError, Rejected
from chatops.platforms.discord.readback import nonce
from chatops.platforms.discord.stamps import instant, order, stamp
from chatops.sandbox.discord import messages, threads
from chatops.sandbox.faults import Trouble
from tests.platforms.discord.desk import HELLO, Desk, connect


async def test_a_thread_is_read_back_in_order_from_a_message_on(desk: Desk) -> None:
    discord = connect(desk.world, desk.app.token, page_size=2)
    thread = await desk.opened()
    first = await desk.li_writes(thread, "first")
    await desk.li_writes(thread, "second")
    await discord.post(thread, HELLO, "d/2 ü")
    last = await desk.li_writes(thread, "third")
    await desk.li.edits(last, "third, changed")
    read = [message async for message in discord.messages_after(thread, first)]
    assert [(message.text, message.is_ours, message.delivery, message.edited) for message in read] == [
        ("second", False, None, False),
        ("", True, "d/2 ü", False),
        ("third, changed", False, None, True),
    ]
    assert {message.author_id for message in read} == {desk.li.id, desk.app.bot.id}
    assert {message.thread_id for message in read} == {thread.thread_id}
    await discord.close()


@pytest.mark.parametrize("place", ["channel", "forum"])
async def test_neither_the_head_nor_what_discord_itself_tells_is_a_message(desk: Desk, place: str) -> None:
    thread = await desk.opened(getattr(desk, place))
    post = desk.below(thread)
    first = await desk.li_writes(thread, "first")
    messages.post(desk.world.server, post, desk.li.member, "pinned a message", None, type=6)
    await desk.li.posts(post, "an answer", answering=first)
    read = [message.text async for message in desk.discord.messages_after(thread, "0")]
    assert read == ["first", "an answer"]


async def test_who_somebody_is(desk: Desk) -> None:
    here = desk.discord.at(desk.world.server.id)
    li = await here.profile(desk.li.id)
    assert (li.external_id, li.name, li.locale, li.timezone, li.is_bot, li.is_active) == (
        desk.li.id, "Li", "", "", False, True,
    )  # fmt: skip
    assert (await here.profile(desk.app.bot.id)).is_bot
    assert (await desk.discord.profile(desk.li.id)).is_active
    with pytest.raises(Rejected, match="unknown_person"):
        await here.profile("123")


async def test_who_left_the_server_is_known_and_no_longer_active(desk: Desk) -> None:
    desk.trouble("members.get", Trouble.ERROR, code="10007")
    left = await desk.discord.at(desk.world.server.id).profile(desk.li.id)
    assert (left.name, left.is_active) == ("Li", False)


async def test_errors_are_all_of_one_family(desk: Desk) -> None:
    desk.trouble("users.get", Trouble.ERROR, code="20001")
    with pytest.raises(PlatformError, match="discord_20001"):
        await desk.discord.profile(desk.li.id)


def test_an_id_is_an_instant() -> None:
    assert instant("175928847299117063") == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)  # Discord's example
    assert stamp(datetime(2014, 1, 1, tzinfo=UTC)) == "0"


@given(st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants bounds without a zone
def test_no_message_of_an_instant_is_older_than_its_stamp(moment: datetime) -> None:
    assert timedelta() <= moment - instant(stamp(moment)) < timedelta(milliseconds=1)
    assert order(stamp(moment)) <= order(stamp(moment + timedelta(milliseconds=1)))


def test_a_delivery_has_one_nonce_and_discord_takes_it() -> None:
    assert nonce("d-1") == nonce("d-1") != nonce("d-2")
    assert len(nonce("d" * 500)) <= 25


async def test_the_newest_messages_of_open_and_archived_threads_are_told_as_far_as_they_are_new(desk: Desk) -> None:
    old, quiet, talked, closed = [await desk.opened(place) for place in (desk.forum,) * 4]
    await desk.li_writes(old, "Said before")
    elsewhere = await desk.opened(desk.channel)
    mark = await desk.li_writes(elsewhere, "Said elsewhere")
    newest = {talked.thread_id: await desk.li_writes(talked, "On its way")}
    newest[closed.thread_id] = await desk.li_writes(closed, "Done")
    threads.alter(desk.world.server, desk.below(closed), archived=True)
    assert await desk.discord.newest_messages(desk.forum, mark) == newest
    assert quiet.thread_id not in newest
