"""Who is notified: the server remembers every ping, so that a test can say that buyer text pings nobody."""

import discord
import pytest

from chatops.sandbox.discord import messages, threads
from chatops.sandbox.discord.permissions import FOR_CHATOPS, MENTION_EVERYONE
from tests.sandbox.discord.conftest import Desk

NOBODY: dict[str, list[str]] = {"parse": []}


def pinged(desk: Desk) -> set[tuple[str, str]]:
    """Return everyone whom apps' messages ever notified."""
    return {(ping.kind, ping.target) for ping in desk.server.pings}


async def test_a_mention_notifies_unless_it_is_forbidden(desk: Desk) -> None:
    text = f"<@{desk.li.id}> please look"
    await desk.says({"content": text, "allowed_mentions": NOBODY})
    assert pinged(desk) == set()
    said = (await desk.says({"content": text})).body
    assert pinged(desk) == {("person", desk.li.id)}
    assert [who["global_name"] for who in said["mentions"]] == ["Li"]


async def test_only_those_named_may_be_notified(desk: Desk) -> None:
    channel = await desk.text_channel()
    allowed = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(int(desk.noor.id))])
    await channel.send(f"<@{desk.li.id}> <@!{desk.noor.id}> <@&{desk.world.team.id}>", allowed_mentions=allowed)
    assert pinged(desk) == {("person", desk.noor.id)}


async def test_everyone_is_notified_only_by_those_who_may(desk: Desk) -> None:
    loud = desk.world.install_app("loud", permissions=FOR_CHATOPS | MENTION_EVERYONE)
    path = f"/channels/{desk.support.id}/messages"
    await desk.says({"content": "@everyone @here"})
    assert pinged(desk) == set()
    await desk.asks("POST", path, loud.token, json={"content": "@here", "allowed_mentions": NOBODY})
    assert pinged(desk) == set()
    said = await desk.asks("POST", path, loud.token, json={"content": "@here"})
    assert pinged(desk) == {("everyone", "everyone")}
    assert said.body["mention_everyone"] is True


@pytest.mark.parametrize(("mentionable", "expected"), [(True, 1), (False, 0)])
async def test_a_role_is_notified_when_it_may_be_mentioned(desk: Desk, *, mentionable: bool, expected: int) -> None:
    desk.world.team.mentionable = mentionable
    await desk.says({"content": f"<@&{desk.world.team.id}>"})
    assert len(desk.server.pings) == expected


async def test_an_edit_is_read_again_with_what_it_allows_itself(desk: Desk) -> None:
    said = (await desk.says({"content": "hello", "allowed_mentions": NOBODY})).body
    path = f"/channels/{desk.support.id}/messages/{said['id']}"
    await desk.asks("PATCH", path, json={"content": f"<@{desk.li.id}>", "allowed_mentions": NOBODY})
    assert pinged(desk) == set()
    await desk.asks("PATCH", path, json={"content": f"<@{desk.li.id}>!"})
    assert pinged(desk) == {("person", desk.li.id)}


async def test_an_embed_notifies_nobody_and_a_text_component_does(desk: Desk) -> None:
    await desk.says({"embeds": [{"description": f"<@{desk.li.id}>"}]})
    assert pinged(desk) == set()
    await desk.says({"flags": 1 << 15, "components": [{"type": 10, "content": f"<@{desk.li.id}>"}]})
    assert pinged(desk) == {("person", desk.li.id)}


async def test_a_reply_notifies_the_one_it_answers(desk: Desk) -> None:
    asked = messages.post(desk.server, desk.support, desk.li, "Where?")
    reply = {"content": "There", "message_reference": {"message_id": asked.id}}
    await desk.says(reply | {"allowed_mentions": NOBODY})
    assert pinged(desk) == set()
    await desk.says(reply)
    assert pinged(desk) == {("person", desk.li.id)}


async def test_the_first_message_of_a_post_is_read_like_any_other(desk: Desk) -> None:
    message = {"content": f"<@{desk.li.id}>", "allowed_mentions": NOBODY}
    path = f"/channels/{desk.tickets.id}/threads"
    await desk.asks("POST", path, json={"name": "x", "message": message})
    assert pinged(desk) == set()
    await desk.asks("POST", path, json={"name": "x", "message": {"content": message["content"]}})
    assert pinged(desk) == {("person", desk.li.id)}


async def test_what_people_write_is_not_counted_against_the_app(desk: Desk) -> None:
    thread, _ = threads.open_post(desk.server, desk.tickets, desk.app.bot, "x", "y")
    said = messages.post(desk.server, thread, desk.li, f"<@{desk.noor.id}> have a look")
    assert said.pinged == [desk.noor.id]
    assert pinged(desk) == set()
