"""What the product asks Discord about itself, and about the channels its conversations go to."""

from datetime import timedelta

import pytest

from chatops.platforms.discord.standing import ChannelState
from chatops.platforms.ports import ChannelRef
from chatops.sandbox.discord import moderation, permissions, threads
from tests.platforms.discord.desk import Desk


async def test_the_product_knows_who_it_is(desk: Desk) -> None:
    ours = await desk.discord.identity()
    assert (ours.user_id, ours.application_id, ours.name) == (desk.app.bot.id, desk.app.id, desk.app.name)
    assert ours.flags & 1 << 19


async def test_the_product_knows_how_many_sessions_are_left(desk: Desk) -> None:
    left = await desk.discord.sessions_left()
    assert (left.total, left.remaining) == (1000, 1000)
    assert left.reset_after <= timedelta(days=1)


async def test_channels_that_take_conversations_are_told_apart(desk: Desk) -> None:
    text = await desk.discord.channel_state(desk.channel)
    assert (text.may_post, text.name, text.is_text, text.is_forum) == (True, "support", True, False)
    desk.tickets.tag_required = True
    forum = await desk.discord.channel_state(desk.forum)
    assert (forum.may_post, forum.is_forum, forum.tags, forum.tag_required) == (True, True, ("open",), True)


async def test_a_channel_that_is_not_there_is_not_there(desk: Desk) -> None:
    elsewhere = ChannelRef("4", desk.support.id)
    assert await desk.discord.channel_state(elsewhere) == ChannelState(exists=False)
    threads.remove_channel(desk.world.server, desk.support)
    assert await desk.discord.channel_state(desk.channel) == ChannelState(exists=False)


async def test_a_channel_that_is_hidden_lets_nobody_in(desk: Desk) -> None:
    desk.world.hide(desk.support, desk.app)
    assert await desk.discord.channel_state(desk.channel) == ChannelState(exists=True, let_in=False)


@pytest.mark.parametrize("missing", ["SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS", "CREATE_PUBLIC_THREADS"])
async def test_a_right_that_the_channel_takes_away_is_missed(desk: Desk, missing: str) -> None:
    taken = getattr(permissions, missing)
    for channel in (desk.support, desk.tickets):
        overwrite = {"id": desk.world.server.id, "type": 0, "allow": "0", "deny": str(taken)}
        moderation.overwrite(desk.world.server, channel, [overwrite])
    text, forum = [await desk.discord.channel_state(place) for place in (desk.channel, desk.forum)]
    assert text.let_in
    assert not text.may_post
    assert forum.may_post is (missing == "CREATE_PUBLIC_THREADS")
    mine = {"id": desk.app.bot.id, "type": 1, "allow": str(taken), "deny": "0"}
    moderation.overwrite(desk.world.server, desk.support, [overwrite, mine])
    assert (await desk.discord.channel_state(desk.channel)).may_post
