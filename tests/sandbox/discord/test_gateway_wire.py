"""The gateway's own wire: handshake, sessions, resuming, limits and close codes, without any library."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from chatops.sandbox.discord import intents, messages
from chatops.sandbox.faults import Fault, Trouble
from tests.sandbox.discord.gateway_desk import Desk, Json, Socket, desk_of

DEAF_TO_WORDS = intents.GUILDS | intents.GUILD_MESSAGES


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A running server."""
    async with desk_of() as desk:
        yield desk


def say(desk: Desk, text: str) -> str:
    """Let Li write in #support."""
    return messages.post(desk.world.server, desk.support, desk.li.member, text).id


async def test_a_session_begins_with_hello_and_is_told_of_itself_and_the_server(desk: Desk) -> None:
    socket = await desk.socket()
    hello = await socket.next()
    assert (hello["op"], hello["d"]["heartbeat_interval"]) == (10, 45000)
    await socket.send(1, None)  # discord.py's first heartbeat comes before it identifies
    assert (await socket.next())["op"] == 11
    ready = await socket.identify(desk.app.token)
    assert ready["user"]["id"] == desk.app.bot.id
    assert ready["guilds"] == [{"id": desk.world.server.id, "unavailable": True}]
    assert ready["resume_gateway_url"] == desk.world.gateway_url
    guild = await socket.until("GUILD_CREATE")
    assert [channel["name"] for channel in guild["channels"]] == ["support"]
    assert [member["user"]["id"] for member in guild["members"]] == [desk.app.bot.id]


async def test_what_was_missed_is_replayed_in_order(desk: Desk) -> None:
    first = await desk.socket()
    ready = await first.identify(desk.app.token)
    say(desk, "heard")
    await first.until("MESSAGE_CREATE")
    desk.world.gateway.drop()
    await desk.world.until(lambda: not desk.world.gateway.lines)
    say(desk, "missed one")
    say(desk, "missed two")
    second = await desk.socket()
    await second.resume(desk.app.token, ready["session_id"], first.seq)
    replayed = [await second.until("MESSAGE_CREATE") for _ in range(2)]
    assert [message["content"] for message in replayed] == ["missed one", "missed two"]
    await second.until("RESUMED")
    say(desk, "live again")
    assert (await second.until("MESSAGE_CREATE"))["content"] == "live again"


async def test_a_heartbeat_lets_go_of_what_the_client_has_read(desk: Desk) -> None:
    socket = await desk.socket()
    ready = await socket.identify(desk.app.token)
    for number in range(5):
        say(desk, f"{number}")
    for _ in range(5):
        await socket.until("MESSAGE_CREATE")
    (session,) = desk.world.sessions.of(desk.app)
    assert len(session.kept) == 7
    await socket.send(1, socket.seq)
    await socket.until(11)
    assert len(session.kept) == 0
    other = await desk.socket()
    await other.resume(desk.app.token, ready["session_id"], 3)  # reaches further back than what is kept
    assert (await other.until(9))["d"] is False


@pytest.mark.parametrize("why", ["too late", "closed for good", "refused", "another's", "from the future"])
async def test_a_session_that_cannot_be_resumed_must_begin_anew(desk: Desk, why: str) -> None:
    stranger = desk.world.install_app("stranger")
    first = await desk.socket()
    ready = await first.identify(desk.app.token)
    token, seq = (stranger.token if why == "another's" else desk.app.token), first.seq
    if why == "closed for good":
        await first.ws.close(code=1000)
    else:
        desk.world.gateway.drop()
    await desk.world.until(lambda: not desk.world.gateway.lines)
    if why == "too late":
        desk.time.skip(timedelta(minutes=4))
    if why == "refused":
        desk.world.gateway.refuse_resumes = 1
    if why == "from the future":
        seq = (seq or 0) + 100
    second = await desk.socket()
    await second.resume(token, ready["session_id"], seq)
    if why == "from the future":
        assert await second.close_code() == 4007
        return
    assert (await second.until(9))["d"] is False
    desk.time.skip(timedelta(seconds=5))
    again = await second.identify(desk.app.token)  # on the same connection, as Discord allows
    assert again["session_id"] != ready["session_id"]


@pytest.mark.parametrize(
    ("code", "frame"),
    [
        (4001, {"op": 77, "d": None}),
        (4002, "no JSON at all"),
        (4002, {"op": 1, "d": "x" * 5000}),
        (4003, {"op": 3, "d": {"status": "online"}}),
        (4004, {"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}}),
        (4010, {"op": 2, "d": {"token": "TOKEN", "intents": 1, "properties": {}, "shard": [2, 2]}}),
        (4013, {"op": 2, "d": {"token": "TOKEN", "intents": 1 << 30, "properties": {}}}),
        (4014, {"op": 2, "d": {"token": "TOKEN", "intents": 1 << 8, "properties": {}}}),
    ],
)
async def test_what_the_gateway_does_not_take_ends_the_connection(desk: Desk, code: int, frame: Json | str) -> None:
    socket = await desk.socket()
    text = frame if isinstance(frame, str) else json.dumps(frame)
    await socket.ws.send_str(text.replace("TOKEN", desk.app.token))
    assert await socket.close_code() == code


async def test_a_connection_identifies_once_and_speaks_the_right_version(desk: Desk) -> None:
    socket = await desk.socket()
    await socket.identify(desk.app.token)
    await socket.identify_only(desk.app.token)
    assert await socket.close_code() == 4005
    assert await (await desk.socket("v=9&encoding=json")).close_code() == 4012


async def test_a_chatterbox_is_thrown_out(desk: Desk) -> None:
    socket = await desk.socket()
    for _ in range(121):
        await socket.send(1, None)
    assert await socket.close_code() == 4008


async def test_sessions_begin_one_after_the_other(desk: Desk) -> None:
    first, second = await desk.socket(), await desk.socket()
    await first.identify(desk.app.token)
    await second.identify_only(desk.app.token)
    assert (await second.until(9))["d"] is False
    desk.time.skip(timedelta(seconds=5))
    await second.identify(desk.app.token)
    say(desk, "hello")
    assert (await first.until("MESSAGE_CREATE"))["id"] == (await second.until("MESSAGE_CREATE"))["id"]


async def test_the_last_session_of_the_day_is_followed_by_a_new_token(desk: Desk) -> None:
    sessions, before = desk.world.sessions, desk.app.token
    sessions.total, sessions.identify_seconds = 2, 0.0
    first = await desk.socket()
    await first.identify(before)
    assert sessions.limit(desk.app)["remaining"] == 1
    await (await desk.socket()).identify(before)
    third = await desk.socket()
    await third.identify_only(before)
    assert (await third.close_code(), await first.close_code()) == (4004, 4004)
    assert desk.app.token != before
    desk.time.skip(timedelta(days=1))
    assert sessions.limit(desk.app)["remaining"] == 2


async def test_every_form_of_a_frame_says_the_same(desk: Desk) -> None:
    desk.world.sessions.identify_seconds = 0.0
    plain = await desk.socket()
    packed = await desk.socket("v=10&encoding=json&compress=zlib-stream")
    unpacked = await desk.socket("v=10&encoding=json&compress=zstd-stream")
    for socket in (plain, packed, unpacked):
        await socket.identify(desk.app.token)
    say(desk, "same 你好 🙂")
    heard = [(await socket.until("MESSAGE_CREATE"))["content"] for socket in (plain, packed, unpacked)]
    assert heard == ["same 你好 🙂"] * 3
    assert set(packed.kinds) == {aiohttp.WSMsgType.BINARY}
    assert set(unpacked.kinds) == {aiohttp.WSMsgType.TEXT}


async def test_a_session_hears_what_its_intents_cover(desk: Desk) -> None:
    socket = await desk.socket()
    await socket.identify(desk.app.token, intents.GUILDS)
    await socket.until("GUILD_CREATE")
    message = messages.post(desk.world.server, desk.support, desk.li.member, "not for you")
    messages.react(desk.world.server, desk.support, message, desk.li.id, "👍")
    await socket.send(1, None)
    assert (await socket.next())["op"] == 11


async def test_without_the_content_intent_words_are_hidden_unless_meant_for_the_bot(desk: Desk) -> None:
    socket = await desk.socket()
    await socket.identify(desk.app.token, DEAF_TO_WORDS)
    say(desk, "a secret")
    hidden = await socket.until("MESSAGE_CREATE")
    assert (hidden["content"], hidden["author"]["id"]) == ("", desk.li.id)
    say(desk, f"<@{desk.app.bot.id}> for you")
    assert (await socket.until("MESSAGE_CREATE"))["content"].endswith("for you")
    messages.post(desk.world.server, desk.support, desk.app.bot, "my own")
    assert (await socket.until("MESSAGE_CREATE"))["content"] == "my own"


async def test_a_bot_hears_only_the_channels_it_sees(desk: Desk) -> None:
    socket = await desk.socket()
    hidden = desk.world.create_channel("leads")
    hidden.overwrites.append({"id": desk.app.bot.id, "type": 1, "deny": str(1 << 10), "allow": "0"})
    await socket.identify(desk.app.token)
    guild = await socket.until("GUILD_CREATE")
    assert [channel["name"] for channel in guild["channels"]] == ["support"]
    messages.post(desk.world.server, hidden, desk.li.member, "among ourselves")
    say(desk, "for all")
    assert (await socket.until("MESSAGE_CREATE"))["content"] == "for all"


async def test_a_server_is_heard_by_its_shard_alone(desk: Desk) -> None:
    desk.world.sessions.identify_seconds = 0.0
    mine = (int(desk.world.server.id) >> 22) % 2
    right, wrong = await desk.socket(), await desk.socket()
    assert (await right.identify(desk.app.token, shard=[mine, 2]))["shard"] == [mine, 2]
    assert (await wrong.identify(desk.app.token, shard=[1 - mine, 2]))["guilds"] == []
    say(desk, "hello")
    assert (await right.until("MESSAGE_CREATE"))["content"] == "hello"
    await wrong.send(1, None)
    assert (await wrong.next())["op"] == 11


async def test_dispatches_can_be_lost_doubled_and_out_of_order(desk: Desk) -> None:
    socket, carrier = await desk.socket(), desk.world.carrier
    await socket.identify(desk.app.token)
    carrier.lose_next()
    say(desk, "lost")
    carrier.duplicate_next()
    say(desk, "twice")
    carrier.hold()
    say(desk, "one")
    say(desk, "two")
    carrier.release(shuffled=True)
    heard = [(await socket.until("MESSAGE_CREATE"))["content"] for _ in range(4)]
    assert heard == ["twice", "twice", "two", "one"]


async def test_members_are_found_by_name_and_id_but_not_all_at_once(desk: Desk) -> None:
    socket = await desk.socket()
    await socket.identify(desk.app.token)
    server_id = desk.world.server.id
    await socket.send(8, {"guild_id": server_id, "query": "li", "limit": 5, "nonce": "n1"})
    found = await socket.until("GUILD_MEMBERS_CHUNK")
    assert ([member["user"]["id"] for member in found["members"]], found["nonce"]) == ([desk.li.id], "n1")
    await socket.send(8, {"guild_id": server_id, "user_ids": [desk.li.id, "1"], "limit": 0})
    assert (await socket.until("GUILD_MEMBERS_CHUNK"))["not_found"] == ["1"]
    await socket.send(8, {"guild_id": server_id, "query": "", "limit": 0})
    assert await socket.close_code() == 4014


async def test_a_frozen_connection_answers_nothing(desk: Desk) -> None:
    socket = await desk.socket()
    await socket.identify(desk.app.token)
    await socket.until("GUILD_CREATE")
    desk.world.gateway.go_deaf()
    await socket.send(1, socket.seq)
    say(desk, "into the void")
    desk.world.gateway.drop()
    with pytest.raises(AssertionError, match="closed"):
        await socket.next()


@pytest.mark.parametrize(
    ("trouble", "times"),
    [(Trouble.RATE_LIMITED, 1), (Trouble.UNAVAILABLE, 1), (Trouble.SERVER_ERROR, 1), (Trouble.DROP_BEFORE, 2)],
)  # aiohttp itself tries once more when a connection is dropped
async def test_the_handshake_itself_can_fail(desk: Desk, trouble: Trouble, times: int) -> None:
    desk.faults.plan(Fault("gateway.handshake", trouble, times))
    with pytest.raises(aiohttp.ClientError):
        await desk.socket()
    assert isinstance(await desk.socket(), Socket)


async def test_stopping_the_world_ends_every_connection(desk: Desk) -> None:
    socket = await desk.socket()
    await socket.identify(desk.app.token)
    await desk.world.stop()
    async with asyncio.timeout(10):
        while not socket.ws.closed:
            await socket.ws.receive()
    assert desk.world.gateway.lines == []


@pytest.mark.parametrize("seed", range(5))
async def test_however_often_the_line_breaks_each_message_is_heard_once_and_in_order(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a story's dice
    socket = await desk.socket()
    session_id = (await socket.identify(desk.app.token))["session_id"]
    said: list[str] = []
    heard: list[str] = []
    for _ in range(60):
        match chance.choice(["say", "say", "listen", "confirm", "break"]):
            case "say":
                said.append(f"{len(said)}")
                say(desk, said[-1])
            case "listen" if len(heard) < len(said):
                heard.append((await socket.until("MESSAGE_CREATE"))["content"])
            case "confirm":
                await socket.send(1, socket.seq)
            case "break":
                desk.world.gateway.drop()
                await desk.world.until(lambda: not desk.world.gateway.lines)
                seq, socket = socket.seq, await desk.socket()
                socket.seq = seq
                await socket.resume(desk.app.token, session_id, seq)
    say(desk, "the end")
    while heard[-1:] != ["the end"]:
        heard.append((await socket.until("MESSAGE_CREATE"))["content"])
    assert heard == [*said, "the end"]
