"""Bad days that owners and moderators bring: a bot without a server, a token without worth, a channel that is gone."""

from collections.abc import AsyncIterator

import discord
import pytest

from tests.sandbox.discord.gateway_desk import Bot, Desk, desk_of


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A running server."""
    async with desk_of() as desk:
        yield desk


async def connected(desk: Desk) -> Bot:
    """A bot that is ready."""
    bot = desk.bot()
    await desk.connect(bot)
    return bot


async def test_a_bot_that_is_thrown_out_hears_it_and_then_nothing(desk: Desk) -> None:
    bot = await connected(desk)
    channel = bot.get_channel(int(desk.support.id))
    assert isinstance(channel, discord.TextChannel)
    desk.world.kick(desk.app)
    await bot.hears("guild_remove")
    with pytest.raises(discord.Forbidden) as refused:
        await channel.send("still here?")
    assert refused.value.code == 50001
    await desk.li.posts(desk.support, "among ourselves")
    assert bot.said() == []


async def test_a_new_token_ends_the_sessions_of_the_old_one(desk: Desk) -> None:
    bot = desk.bot()
    running = await desk.connect(bot)
    old = desk.app.token
    assert desk.world.reset_token(desk.app) != old
    with pytest.raises(discord.ConnectionClosed) as closed:
        await running
    assert closed.value.code == 4004
    with pytest.raises(discord.LoginFailure):
        await desk.connect(desk.bot(), old)
    await connected(desk)


async def test_a_deleted_forum_takes_its_posts_along(desk: Desk) -> None:
    forum = desk.world.create_forum("tickets")
    post = await desk.li.opens_post(forum, "Parcel", "Where is it?")
    bot = await connected(desk)
    desk.world.delete(forum)
    assert (await bot.hears("guild_channel_delete")).id == int(forum.id)
    with pytest.raises(discord.NotFound) as gone:
        await bot.fetch_channel(int(post.id))
    assert gone.value.code == 10003


async def test_a_deleted_post_is_announced(desk: Desk) -> None:
    post = await desk.li.opens_post(desk.world.create_forum("tickets"), "Parcel", "Where is it?")
    bot = await connected(desk)
    desk.world.delete(post)
    assert (await bot.hears("raw_thread_delete")).thread_id == int(post.id)


async def test_a_large_server_is_announced_without_its_members(desk: Desk) -> None:
    for number in range(5000):
        desk.world.create_member(f"Member {number}")
    bot = await connected(desk)
    (guild,) = bot.guilds
    assert (guild.large, guild.member_count, len(guild.members)) == (True, 5003, 1)


async def test_a_sharded_client_asks_where_to_connect(desk: Desk) -> None:
    bot = discord.AutoShardedClient(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)
    heard: list[str] = []

    @bot.event
    async def on_ready() -> None:
        heard.append("ready")
        desk.world.server.changed()

    running = desk.background(bot.start(desk.app.token), bot.close)
    await desk.world.until(lambda: heard or running.done())
    assert (heard, bot.shard_count) == (["ready"], 1)
    assert [one.path for one in desk.world.requests if one.path.endswith("/gateway/bot")] == ["/api/v10/gateway/bot"]


async def test_a_bot_that_may_see_a_channel_at_last_is_told_of_its_open_threads(desk: Desk) -> None:
    forum = desk.world.create_forum("leads")
    desk.world.hide(forum, desk.app)
    post, closed = await desk.li.opens_post(forum, "Prizes", "?"), await desk.li.opens_post(forum, "Old", "?")
    await desk.li.archives(closed)
    bot = await connected(desk)
    assert bot.get_channel(int(post.id)) is None
    desk.world.hide(forum, desk.app, hidden=False)
    assert (await bot.hears("thread_join")).id == int(post.id)
    assert bot.get_channel(int(closed.id)) is None
    await desk.li.posts(post, "Welcome")
    assert (await bot.hears("message")).content == "Welcome"


async def test_a_bot_that_loses_sight_of_a_channel_hears_nothing_more_of_it(desk: Desk) -> None:
    bot = await connected(desk)
    desk.world.hide(desk.support, desk.app)
    await bot.hears("guild_channel_update")
    await desk.li.posts(desk.support, "among ourselves")
    await desk.world.settled()
    assert bot.said() == []


async def test_a_bot_that_is_invited_again_is_at_work_again(desk: Desk) -> None:
    bot = await connected(desk)
    desk.world.kick(desk.app)
    await bot.hears("guild_remove")
    desk.world.invite(desk.app)
    assert (await bot.hears("guild_join")).id == int(desk.world.server.id)
    channel = bot.get_channel(int(desk.support.id))
    assert isinstance(channel, discord.TextChannel)
    await channel.send("back again")
    await desk.li.posts(desk.support, "Welcome back")
    await desk.world.settled()
    assert bot.said() == ["back again", "Welcome back"]
