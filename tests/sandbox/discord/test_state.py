"""The server's memory: ids, rights, and what an app reads about itself, its colleagues and the server."""

import json
from datetime import timedelta

import discord
import pytest

from chatops.sandbox.discord.permissions import EVERYTHING, FOR_PEOPLE, SEND_MESSAGES, VIEW_CHANNEL, permissions
from chatops.sandbox.discord.snowflakes import Snowflakes, instant
from chatops.sandbox.storytime import StoryTime
from tests.sandbox.discord.conftest import Desk


def test_ids_grow_even_when_the_clock_goes_back() -> None:
    time = StoryTime()
    ids = Snowflakes(time)
    early = ids.next()
    time.skip(timedelta(hours=-1))
    later = [ids.next() for _ in range(5000)]
    assert [int(known) for known in later] == sorted({int(known) for known in [early, *later]})[1:]


def test_an_id_tells_its_instant() -> None:
    time = StoryTime()
    time.skip(timedelta(days=400))
    assert abs(instant(Snowflakes(time).next()) - time.now()) < timedelta(seconds=1)
    assert discord.utils.snowflake_time(175928847299117063) == instant("175928847299117063")


async def test_a_channel_can_be_hidden_from_a_role_and_shown_to_one_of_it(desk: Desk) -> None:
    deny = {"id": desk.world.team.id, "type": 0, "allow": "0", "deny": str(VIEW_CHANNEL)}
    allow = {"id": desk.li.id, "type": 1, "allow": str(VIEW_CHANNEL), "deny": "0"}
    desk.support.overwrites = [allow, deny]
    assert permissions(desk.server, desk.li.id, desk.support) == FOR_PEOPLE
    assert permissions(desk.server, desk.noor.id, desk.support) == 0
    assert permissions(desk.server, desk.noor.id) & SEND_MESSAGES
    desk.world.team.permissions |= 1 << 3
    assert permissions(desk.server, desk.noor.id, desk.support) == EVERYTHING


async def test_an_app_reads_about_itself(desk: Desk) -> None:
    info = await desk.client.application_info()
    assert (info.id, info.name, info.flags.gateway_message_content_limited) == (int(desk.app.id), "chatops", True)
    assert desk.client.user is not None
    assert (desk.client.user.id, desk.client.user.bot) == (int(desk.app.bot.id), True)


async def test_an_app_learns_where_the_gateway_is_and_how_often_it_may_identify(desk: Desk) -> None:
    told = (await desk.asks("GET", "/gateway/bot")).body
    assert (told["url"], told["shards"]) == (desk.world.gateway_url, 1)
    assert told["session_start_limit"]["remaining"] == 1000


async def test_people_are_looked_up_by_id_and_by_name(desk: Desk) -> None:
    guild = f"/guilds/{desk.server.id}"
    assert (await desk.client.fetch_user(int(desk.li.id))).global_name == "Li"
    one = (await desk.asks("GET", f"{guild}/members/{desk.li.id}")).body
    assert (one["user"]["id"], one["roles"]) == (desk.li.id, [desk.world.team.id])
    found = (await desk.asks("GET", f"{guild}/members/search?query=no&limit=5")).body
    assert [who["user"]["global_name"] for who in found] == ["Noor"]


@pytest.mark.parametrize(("path", "code"), [("/members/1", 10007), ("x/roles", 10004)])
async def test_strangers_are_told_apart(desk: Desk, path: str, code: int) -> None:
    assert (await desk.asks("GET", f"/guilds/{desk.server.id}{path}")).body["code"] == code


async def test_the_server_shows_its_channels_and_roles(desk: Desk) -> None:
    guild = await desk.client.fetch_guild(int(desk.server.id), with_counts=False)
    assert {role.name for role in await guild.fetch_roles()} == {"@everyone", "team", "chatops"}
    assert {channel.name for channel in await guild.fetch_channels()} == {"support", "tickets"}


async def test_a_page_can_show_everything_that_people_see(desk: Desk) -> None:
    noor = desk.world.create_person("Noor", id="4711")
    forum = desk.world.create_forum("tickets", ("open",), id="8000")
    post = await noor.opens_post(forum, "Parcel", "Where is it?")
    await noor.reacts(post.id, "👀")
    state = json.loads(json.dumps(desk.world.state()))
    assert {"id": "4711", "name": "Noor", "bot": False, "locale": "en-US"} in state["people"]
    shown = {channel["id"]: channel["name"] for channel in state["channels"]}
    assert (shown["8000"], shown[post.id]) == ("tickets", "Parcel")
    (said,) = state["messages"]
    assert (said["content"], said["reacted"]) == ("Where is it?", {"👀": ["4711"]})
    assert (state["ephemerals"], state["forms"]) == ([], [])
