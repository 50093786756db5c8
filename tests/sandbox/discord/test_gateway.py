"""An unmodified discord.py at the gateway: what it hears of people, and how it lives through bad days."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import discord
import pytest

from chatops.sandbox.discord import intents, threads
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


async def test_what_people_do_reaches_the_bot(desk: Desk) -> None:
    bot = await connected(desk)
    said = await desk.li.posts(desk.support, "Hi @chatops and @Noor, see #support 👍")
    message = await bot.hears("message")
    assert message.content == f"Hi <@{desk.app.bot.id}> and <@{desk.noor.id}>, see <#{desk.support.id}> 👍"
    assert (message.author.display_name, message.channel.name, message.mentions[0].bot) == ("Li", "support", True)
    await desk.li.edits(said, "Hi there")
    assert (await bot.hears("raw_message_edit")).data["content"] == "Hi there"
    await desk.noor.reacts(said, "✅")
    added = await bot.hears("raw_reaction_add")
    assert (str(added.emoji), added.user_id, added.message_author_id) == ("✅", int(desk.noor.id), int(desk.li.id))
    await desk.noor.unreacts(said, "✅")
    await bot.hears("raw_reaction_remove")
    await desk.li.deletes(said)
    assert (await bot.hears("raw_message_delete")).message_id == int(said)


async def test_threads_and_posts_open_close_and_speak(desk: Desk) -> None:
    forum = desk.world.create_forum("tickets", tags=("open", "done"))
    bot = await connected(desk)
    post = await desk.li.opens_post(forum, "Where is my parcel?", "It should be here")
    created = await bot.hears("thread_create")
    assert (created.name, created.parent.name, created.id) == ("Where is my parcel?", "tickets", int(post.id))
    assert (await bot.hears("message")).id == int(post.id)
    await desk.noor.replies(post.id, "Looking")
    assert (await bot.hears("message", 2)).channel.id == int(post.id)
    await desk.li.archives(post)
    assert (await bot.hears("raw_thread_update")).data["thread_metadata"]["archived"] is True
    await desk.li.posts(post, "Still missing")
    assert (await bot.hears("raw_thread_update", 2)).data["thread_metadata"]["archived"] is False
    assert (await bot.hears("message", 3)).content == "Still missing"


async def test_files_reach_the_bot_and_can_be_read(desk: Desk) -> None:
    bot = await connected(desk)
    await desk.li.uploads(desk.support, b"some bytes", "note.txt", "text/plain", "see this")
    (attachment,) = (await bot.hears("message")).attachments
    assert (attachment.filename, await attachment.read()) == ("note.txt", b"some bytes")


@pytest.mark.parametrize("how", ["dropped", "asked to reconnect", "closed by the server", "invalid but resumable"])
async def test_a_bot_that_comes_back_has_missed_nothing(desk: Desk, how: str) -> None:
    bot = await connected(desk)
    gateway = desk.world.gateway
    act: dict[str, Callable[[], None]] = {
        "dropped": gateway.drop, "asked to reconnect": gateway.ask_to_reconnect,
        "closed by the server": lambda: gateway.hang_up(4000),
        "invalid but resumable": lambda: gateway.invalidate(resumable=True),
    }  # fmt: skip
    await desk.li.posts(desk.support, "before")
    act[how]()
    await desk.li.posts(desk.support, "meanwhile")
    await bot.hears("resumed")
    await desk.li.posts(desk.support, "afterwards")
    await bot.hears("message", 3)
    assert bot.said() == ["before", "meanwhile", "afterwards"]
    assert desk.world.sessions.limit(desk.app)["remaining"] == 999  # a resume costs nothing


@pytest.mark.parametrize("how", ["invalidated", "resume refused"])
async def test_a_new_session_hears_nothing_of_the_gap(desk: Desk, how: str) -> None:
    bot = await connected(desk)
    if how == "invalidated":
        desk.world.gateway.invalidate()
    else:
        desk.world.gateway.refuse_resumes = 1
        desk.world.gateway.drop()
    await desk.world.until(lambda: not desk.world.gateway.of(desk.app))
    await desk.li.posts(desk.support, "in the gap")
    await bot.hears("ready", 2)
    await desk.li.posts(desk.support, "after it")
    await bot.hears("message")
    assert bot.said() == ["after it"]
    assert desk.world.sessions.limit(desk.app)["remaining"] == 998


async def test_a_bot_without_the_intent_in_its_portal_is_told_so(desk: Desk) -> None:
    desk.app.intents &= ~intents.MESSAGE_CONTENT
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await connected(desk)


async def test_a_bot_with_a_reset_token_is_thrown_out_for_good(desk: Desk) -> None:
    bot = desk.bot()
    running = await desk.connect(bot)
    desk.app.revoked = True
    desk.world.gateway.hang_up(4004)
    with pytest.raises(discord.ConnectionClosed) as closed:
        await running
    assert closed.value.code == 4004
    with pytest.raises(discord.LoginFailure):
        await connected(desk)


async def test_without_the_content_intent_only_what_is_meant_for_the_bot_has_words(desk: Desk) -> None:
    bot = desk.bot(34305 & ~intents.MESSAGE_CONTENT)
    await desk.connect(bot)
    await desk.li.posts(desk.support, "a secret")
    await desk.li.posts(desk.support, "@chatops not a secret")
    own = await bot.get_channel(int(desk.support.id)).send("my own")  # type: ignore[union-attr] # discord.py's many channels
    await desk.li.posts(desk.support, "an answer to you", answering=str(own.id))
    await bot.hears("message", 4)
    assert bot.said() == ["", f"<@{desk.app.bot.id}> not a secret", "my own", "an answer to you"]


async def test_an_outage_comes_and_goes(desk: Desk) -> None:
    bot = await connected(desk)
    desk.world.gateway.fall_out()
    assert (await bot.hears("guild_unavailable")).id == int(desk.world.server.id)
    desk.world.gateway.come_back()
    assert (await bot.hears("guild_available", 1)).id == int(desk.world.server.id)


async def test_a_bot_gets_ready_although_the_news_of_its_server_is_late(desk: Desk) -> None:
    desk.world.gateway.guilds_missing = 1
    bot = await connected(desk)
    assert [guild.unavailable for guild in bot.guilds] == [True]
    desk.world.gateway.come_back()
    await bot.hears("guild_available")
    assert [channel.name for channel in bot.get_all_channels()] == ["support"]


async def test_two_clients_with_one_token_both_hear_everything(desk: Desk) -> None:
    first, second = await connected(desk), await connected(desk)
    await desk.li.posts(desk.support, "for both")
    await first.hears("message")
    await second.hears("message")
    desk.world.gateway.drop()
    await first.hears("resumed")
    await second.hears("resumed")
    assert len(desk.world.gateway.of(desk.app)) == 2


async def test_a_message_may_come_twice_late_or_never(desk: Desk) -> None:
    bot, carrier = await connected(desk), desk.world.carrier
    carrier.lose_next()
    await desk.li.posts(desk.support, "lost")
    carrier.duplicate_next()
    twice = await desk.li.posts(desk.support, "twice")
    carrier.hold()
    await desk.li.posts(desk.support, "one")
    await desk.li.posts(desk.support, "two")
    carrier.release(shuffled=True)
    await bot.hears("message", 4)
    assert bot.said() == ["twice", "twice", "two", "one"]
    assert [message.id for message in bot.all("message")[:2]] == [int(twice)] * 2


async def test_a_bot_that_was_away_too_long_begins_anew(desk: Desk) -> None:
    bot = await connected(desk)
    desk.world.gateway.drop()
    await desk.world.until(lambda: not desk.world.gateway.of(desk.app))
    desk.time.skip(timedelta(minutes=10))
    await bot.hears("ready", 2)
    assert bot.all("resumed") == []


async def test_a_bot_that_left_hears_nothing_more(desk: Desk) -> None:
    bot = await connected(desk)
    await bot.close()
    await desk.world.until(lambda: not desk.world.gateway.of(desk.app))
    await desk.li.posts(desk.support, "anyone there?")
    assert bot.said() == []


async def test_a_bot_notices_a_line_that_only_looks_alive(desk: Desk) -> None:
    bot = desk.bot(heartbeat_timeout=0.3)
    await desk.connect(bot)
    desk.world.gateway.go_deaf()
    await desk.li.posts(desk.support, "into the void")
    await bot.hears("resumed")
    await bot.hears("message")
    assert bot.said() == ["into the void"]


async def test_a_new_name_is_heard_by_bots_that_may_know_the_members(desk: Desk) -> None:
    desk.app.intents |= intents.GUILD_MEMBERS
    bot = desk.bot(34305 | intents.GUILD_MEMBERS)
    await desk.connect(bot)
    await desk.world.connected(desk.app)
    await desk.li.changes(nick="Lili")
    assert (await bot.hears("member_update"))[1].display_name == "Lili"


async def test_a_bot_is_reminded_of_the_threads_that_it_joined_when_they_open_again(desk: Desk) -> None:
    forum = desk.world.create_forum("tickets")
    mine, others = await desk.li.opens_post(forum, "Joined", "?"), await desk.li.opens_post(forum, "Not joined", "?")
    threads.join(desk.world.server, mine, desk.app.bot.id)
    for thread in (mine, others):
        await desk.li.archives(thread)
    socket = await desk.socket()
    await socket.identify(desk.app.token)
    await socket.until("GUILD_CREATE")
    for thread in (others, mine):
        await desk.li.archives(thread, archived=False)
    heard = [await socket.next() for _ in range(3)]
    assert [(frame["t"], frame["d"]["id"]) for frame in heard] == [
        ("THREAD_UPDATE", others.id),
        ("THREAD_UPDATE", mine.id),
        ("THREAD_MEMBER_UPDATE", mine.id),
    ]
    assert (heard[-1]["d"]["user_id"], heard[-1]["d"]["guild_id"]) == (desk.app.bot.id, desk.world.server.id)


async def test_the_world_is_settled_once_the_bot_has_read_everything(desk: Desk) -> None:
    bot = await connected(desk)
    for number in range(30):
        await desk.li.posts(desk.support, f"{number}")
    await desk.world.settled()
    assert bot.said() == [f"{number}" for number in range(30)]


async def test_a_dead_line_keeps_nobody_waiting(desk: Desk) -> None:
    await connected(desk)
    desk.world.gateway.go_deaf()
    await desk.li.posts(desk.support, "Anybody?")
    await desk.world.settled()


async def test_a_large_server_does_not_list_its_people(desk: Desk) -> None:
    desk.world.create_crowd(5000)
    bot = await connected(desk)
    guild = bot.get_guild(int(desk.world.server.id))
    assert guild is not None
    assert (guild.member_count, guild.large, len(guild.members)) == (5003, True, 1)
    await desk.li.posts(desk.support, "Hi @Member 4711")
    assert (await bot.hears("message")).mentions[0].display_name == "Member 4711"
