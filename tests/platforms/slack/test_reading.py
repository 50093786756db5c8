"""Reading Slack back over the wire: messages, people, channels and ourselves."""

from datetime import timedelta

import pytest

from chatops.errors import PlatformError, Rejected, TokenRevoked
from chatops.platforms.ports import ChannelRef, MessageRef
from chatops.platforms.slack.client import SlackPlatform
from chatops.platforms.slack.readback import permalink
from chatops.sandbox.faults import Trouble
from tests.platforms.slack.desk import HELLO, Desk, ProductTime, connect


async def test_a_thread_is_read_back_in_order_from_a_message_on(desk: Desk) -> None:
    slack = connect(desk.world, desk.app.bot_token, page_size=2)
    thread = await desk.opened()
    first = await desk.li.replies(thread.thread_id, "first")
    await desk.li.replies(thread.thread_id, "second")
    await slack.post(thread, HELLO, "d-2")
    last = await desk.li.replies(thread.thread_id, "third")
    await desk.li.edits(last, "third, changed")
    read = [message async for message in slack.messages_after(thread, first)]
    assert [(message.text, message.is_ours, message.delivery, message.edited) for message in read] == [
        ("second", False, None, False),
        (HELLO.summary, True, "d-2", False),
        ("third, changed", False, None, True),
    ]
    assert {message.author_id for message in read} == {desk.li.id, desk.app.bot_user_id}
    payloads = [payload async for payload in slack.payloads_after(thread, first)]
    assert payloads[0]["blocks"][0]["type"] == "rich_text"
    await slack.close()


async def test_who_somebody_is(desk: Desk) -> None:
    li = await desk.slack.profile(desk.li.id)
    assert (li.name, li.locale, li.timezone, li.is_bot, li.is_active) == ("Li", "en-GB", "Europe/London", False, True)
    assert (await desk.slack.at(desk.world.team.id).profile(desk.app.bot_user_id)).is_bot
    with pytest.raises(Rejected, match="user_not_found"):
        await desk.slack.profile("U0NOBODY")


async def test_several_workspaces_share_one_connection(desk: Desk) -> None:
    tokens = {desk.world.team.id: desk.app.bot_token, "T0OTHER": "xoxb-other"}
    both = SlackPlatform(tokens, time=ProductTime(desk.world.time), base_url=desk.world.api_url)
    assert (await both.at(desk.world.team.id).profile(desk.li.id)).name == "Li"
    with pytest.raises(TokenRevoked, match="invalid_auth"):
        await both.at("T0OTHER").profile(desk.li.id)
    await both.close()


async def test_who_we_are_and_how_far_our_clock_is_off(desk: Desk) -> None:
    us = await desk.slack.identity(desk.app.bot_token)
    assert (us.team_id, us.bot_user_id, us.bot_id) == (desk.world.team.id, desk.app.bot_user_id, desk.app.bot_id)
    assert "chat:write" in us.scopes
    assert abs(us.clock_ahead) < timedelta(seconds=30)
    desk.world.time.skip(timedelta(hours=1))
    assert (await desk.slack.identity(desk.app.bot_token)).clock_ahead > timedelta(minutes=59)


async def test_whether_a_channel_can_be_posted_into(desk: Desk) -> None:
    here = await desk.slack.channel_state(desk.channel)
    assert (here.exists, here.is_member, here.is_archived, here.name) == (True, True, False, "support")
    desk.world.kick(desk.app, desk.support)
    desk.world.archive(desk.support)
    there = await desk.slack.channel_state(desk.channel)
    assert (there.is_member, there.is_archived) == (False, True)
    assert not (await desk.slack.channel_state(ChannelRef(desk.world.team.id, "C0NOWHERE"))).exists


async def test_where_people_open_a_message(desk: Desk) -> None:
    thread = await desk.opened()
    head = desk.message(thread.thread_id)
    link = await desk.slack.permalink(head, thread.thread_id)
    assert (
        link
        == f"https://{desk.world.team.domain}.slack.com/archives/{desk.support.id}/p{thread.thread_id.replace('.', '')}"
    )
    reply = MessageRef("T1", "C1", "1135251625.000135")
    assert permalink("https://x.slack.com/", reply, "1135251600.000100") == (
        "https://x.slack.com/archives/C1/p1135251625000135?thread_ts=1135251600.000100&cid=C1"
    )


async def test_errors_are_all_of_one_family(desk: Desk) -> None:
    desk.trouble("users.info", Trouble.ERROR, code="something_new")
    with pytest.raises(PlatformError, match="something_new"):
        await desk.slack.profile(desk.li.id)
