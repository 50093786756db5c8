"""Webhooks: a buyer's name on a message, and what Discord has against some names and places."""

from datetime import timedelta
from typing import Any

import discord
import pytest

from chatops.sandbox.discord import messages, threads
from chatops.sandbox.discord.permissions import FOR_CHATOPS, MANAGE_WEBHOOKS
from tests.sandbox.discord.conftest import Answer, Desk

Json = dict[str, Any]


async def webhook(desk: Desk, channel_id: str) -> Json:
    """Let a fitting app make a webhook."""
    maker = desk.world.install_app("maker", permissions=FOR_CHATOPS | MANAGE_WEBHOOKS)
    made = await desk.asks("POST", f"/channels/{channel_id}/webhooks", maker.token, json={"name": "Buyers"})
    assert made.status == 200
    found: Json = made.body
    return found


async def speak(desk: Desk, hook: Json, payload: Json, query: str = "wait=1") -> Answer:
    """Say something through a webhook."""
    return await desk.asks("POST", f"/webhooks/{hook['id']}/{hook['token']}?{query}", "nobody", json=payload)


async def test_a_message_wears_the_name_it_is_given(desk: Desk) -> None:
    hook = await webhook(desk, desk.support.id)
    partial = discord.Webhook.partial(int(hook["id"]), hook["token"], client=desk.client)
    said = await partial.send("Where is it?", username="Mia (TikTok buyer)", wait=True)
    assert (said.author.name, said.webhook_id, said.author.bot) == ("Mia (TikTok buyer)", int(hook["id"]), True)
    heard = desk.named("MESSAGE_CREATE")[0]
    assert "member" not in heard
    await said.edit(content="Where is my parcel?")
    assert next(iter(desk.support.messages.values())).content == "Where is my parcel?"
    await said.delete()
    assert desk.support.messages == {}


async def test_without_waiting_there_is_no_answer(desk: Desk) -> None:
    hook = await webhook(desk, desk.support.id)
    assert (await speak(desk, hook, {"content": "x"}, "")).status == 204
    assert len(desk.support.messages) == 1


@pytest.mark.parametrize("name", ["Discord help", "clyde", "x" * 81])
async def test_some_names_are_refused(desk: Desk, name: str) -> None:
    hook = await webhook(desk, desk.support.id)
    refused = await speak(desk, hook, {"content": "x", "username": name})
    assert (refused.status, refused.body["code"]) == (400, 50035)


async def test_in_a_forum_a_webhook_needs_one_post_to_speak_in(desk: Desk) -> None:
    hook = await webhook(desk, desk.tickets.id)
    assert (await speak(desk, hook, {"content": "x"})).body["code"] == 220001
    opened = (await speak(desk, hook, {"content": "x", "thread_name": "Mia"})).body
    assert opened["channel_id"] == opened["id"] == desk.server.threads[0].id
    there = f"wait=1&thread_id={opened['id']}"
    assert (await speak(desk, hook, {"content": "x", "thread_name": "Mia"}, there)).body["code"] == 220002
    threads.alter(desk.server, desk.server.threads[0], archived=True)
    assert (await speak(desk, hook, {"content": "again"}, there)).status == 200
    assert not desk.server.threads[0].archived
    text = await webhook(desk, desk.support.id)
    assert (await speak(desk, text, {"content": "x", "thread_name": "Mia"})).body["code"] == 220003
    assert (await speak(desk, text, {"content": "x"}, there)).body["code"] == 10003


async def test_a_webhook_is_found_by_id_and_trusted_by_token(desk: Desk) -> None:
    hook = await webhook(desk, desk.support.id)
    wrong = await speak(desk, hook | {"token": "x" * 68}, {"content": "x"})
    assert (wrong.status, wrong.body["code"]) == (401, 50027)
    assert (await speak(desk, hook | {"id": "1"}, {"content": "x"})).body["code"] == 10015
    mine = messages.post(desk.server, desk.support, desk.li, "not the webhook's")
    other = await desk.asks("GET", f"/webhooks/{hook['id']}/{hook['token']}/messages/{mine.id}")
    assert other.body["code"] == 10008


async def test_making_webhooks_is_a_right_and_a_channel_has_fifteen(desk: Desk) -> None:
    path = f"/channels/{desk.support.id}/webhooks"
    assert (await desk.asks("POST", path, json={"name": "x"})).body["code"] == 50013
    hooks = [await webhook(desk, desk.support.id) for _ in range(15)]
    chief = desk.world.install_app("chief", permissions=FOR_CHATOPS | MANAGE_WEBHOOKS)
    assert (await desk.asks("POST", path, chief.token, json={"name": "x"})).body["code"] == 30007
    listed = (await desk.asks("GET", path, chief.token)).body
    assert [hook["id"] for hook in listed] == [hook["id"] for hook in hooks]


async def test_a_webhook_notifies_people_and_nobody_else_unless_asked(desk: Desk) -> None:
    hook = await webhook(desk, desk.support.id)
    text = f"<@{desk.li.id}> <@&{desk.world.team.id}> @everyone"
    await speak(desk, hook, {"content": text})
    assert {ping.kind for ping in desk.server.pings} == {"person"}
    await speak(desk, hook, {"content": text, "allowed_mentions": {"parse": ["everyone"]}})
    assert {ping.kind for ping in desk.server.pings} == {"person", "everyone"}


async def test_webhooks_of_a_channel_share_a_limit_that_no_header_tells(desk: Desk) -> None:
    first, second = await webhook(desk, desk.support.id), await webhook(desk, desk.support.id)
    desk.world.limits.real()
    passed = 0
    for turn in range(7):
        hook = (first, second)[turn % 2]
        while (await speak(desk, hook, {"content": "x"})).status == 200:
            passed += 1
        desk.time.skip(timedelta(seconds=2))
    assert passed == 30
    desk.time.skip(timedelta(minutes=1))
    assert (await speak(desk, first, {"content": "x"})).status == 200
