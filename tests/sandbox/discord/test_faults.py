"""Trouble on demand, as discord.py and a bare connection meet it."""

import json

import aiohttp
import discord
import pytest

from chatops.sandbox.discord.rest.trouble import CLOUDFLARE
from chatops.sandbox.faults import Fault, Trouble
from tests.sandbox.discord.conftest import Desk


async def test_discord_py_waits_out_a_short_limit_and_nothing_is_said_twice(desk: Desk) -> None:
    desk.faults.plan(Fault("messages.create", Trouble.RATE_LIMITED, retry_after=0))
    channel = await desk.text_channel()
    said = await channel.send("Hello")
    assert [message.id for message in desk.support.messages.values()] == [str(said.id)]
    assert [request.status for request in desk.world.requests if request.name == "messages.create"] == [429, 200]


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_a_limit_names_its_scope(desk: Desk, scope: str) -> None:
    desk.faults.plan(Fault("messages.create", Trouble.RATE_LIMITED, retry_after=64, code=scope))
    answer = await desk.says({"content": "x"})
    assert (answer.status, answer.headers["X-RateLimit-Scope"]) == (429, scope)
    assert (answer.body["retry_after"], answer.body["global"]) == (64.0, scope == "global")


@pytest.mark.parametrize(("trouble", "status"), [(Trouble.RATE_LIMITED, 429), (Trouble.ERROR, 403)])
async def test_cloudflare_answers_without_json(desk: Desk, trouble: Trouble, status: int) -> None:
    desk.faults.plan(Fault("messages.create", trouble, code=CLOUDFLARE))
    channel = await desk.text_channel()
    with pytest.raises(discord.HTTPException) as caught:
        await channel.send("Hello")
    assert (caught.value.status, caught.value.code) == (status, 0)
    assert desk.support.messages == {}


async def test_a_gateway_error_after_the_fact_leaves_the_message_standing(desk: Desk) -> None:
    desk.faults.plan(Fault("messages.create", Trouble.DROP_AFTER, code="502"))
    payload = {"content": "once", "nonce": "n", "enforce_nonce": True}
    assert (await desk.says(payload)).status == 502
    again = await desk.says(payload)
    assert list(desk.support.messages) == [again.body["id"]]


async def test_a_post_made_before_a_502_is_made_again_by_a_blind_retry(desk: Desk) -> None:
    desk.faults.plan(Fault("threads.create", Trouble.DROP_AFTER, code="502"))
    payload = {"name": "Mia", "message": {"content": "x"}}
    statuses = [
        (await desk.asks("POST", f"/channels/{desk.tickets.id}/threads", json=payload)).status for _ in range(2)
    ]
    assert statuses == [502, 201]
    assert len(desk.server.threads) == 2


async def test_a_connection_may_end_before_or_after_the_fact(desk: Desk) -> None:
    desk.faults.plan(Fault("messages.create", Trouble.DROP_BEFORE, times=1))
    desk.faults.plan(Fault("messages.create", Trouble.DROP_AFTER, times=1))
    for standing in (0, 1):
        with pytest.raises(aiohttp.ClientError):
            await desk.says({"content": "x"})
        assert len(desk.support.messages) == standing


async def test_an_overloaded_server_says_so(desk: Desk) -> None:
    desk.faults.plan(Fault("messages.*", Trouble.UNAVAILABLE))
    channel = await desk.text_channel()
    with pytest.raises(discord.DiscordServerError) as caught:
        await channel.send("Hello")
    assert (caught.value.status, caught.value.code) == (503, 130000)


async def test_any_error_of_discord_can_be_had(desk: Desk) -> None:
    desk.faults.plan(Fault("messages.edit", Trouble.ERROR, code="30046"))
    said = (await desk.says({"content": "x"})).body
    path = f"/channels/{desk.support.id}/messages/{said['id']}"
    answer = await desk.asks("PATCH", path, json={"content": "y"})
    assert (answer.status, answer.body["code"]) == (429, 30046)
    assert (await desk.asks("PATCH", path, json={"content": "y"})).body["content"] == "y"


async def test_an_answer_may_be_cut_off(desk: Desk) -> None:
    desk.faults.plan(Fault("messages.create", Trouble.GARBAGE))
    with pytest.raises(json.JSONDecodeError):
        await desk.says({"content": "x"})
    assert len(desk.support.messages) == 1


async def test_every_exchange_is_remembered(desk: Desk) -> None:
    await desk.says({"content": "x" * 2001})
    request = desk.world.requests[-1]
    assert (request.name, request.status, request.error, request.app_id) == ("messages.create", 400, 50035, desk.app.id)
    assert request.body["content"].startswith("xxx")
