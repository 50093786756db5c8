"""Bad days: each trouble does to a request what it says."""

import asyncio
import json
from datetime import timedelta

import aiohttp
import pytest

from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.pictures import plain_png
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import CS, Caller


@pytest.fixture
async def asked(mia: Buyer) -> Buyer:
    await mia.says("Hello?")
    return mia


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault("send_message", Trouble.RATE_LIMITED, retry_after=7), 429, 36009002),
        (Fault("send_*", Trouble.SERVER_ERROR), 500, 36009003),
        (Fault("send_message", Trouble.ERROR, code="45101001"), 200, 45101001),
        (Fault("send_message", Trouble.ERROR, code="105002"), 401, 105002),
    ],
)
async def test_an_error_answer_means_that_nothing_happened(
    caller: Caller, asked: Buyer, world: TikTokWorld, fault: Fault, status: int, code: int
) -> None:
    world.faults.plan(fault)
    answer = await caller.say(asked.conversation.id, "hi")
    assert (answer.status, answer.code, answer.data) == (status, code, None)
    assert answer.headers.get("Retry-After") == (str(fault.retry_after) if fault.retry_after else None)
    assert asked.heard == []
    assert (await caller.say(asked.conversation.id, "hi")).code == 0


async def test_an_overloaded_platform_answers_in_html(caller: Caller, world: TikTokWorld) -> None:
    world.faults.plan(Fault("get_conversations", Trouble.UNAVAILABLE))
    url = f"{world.url}{CS}/conversations"
    async with caller.session.get(url, params=caller.query(f"{CS}/conversations", page_size="1")) as answer:
        assert (answer.status, answer.content_type) == (503, "text/html")


@pytest.mark.parametrize(("trouble", "heard"), [(Trouble.DROP_BEFORE, []), (Trouble.DROP_AFTER, ["hi"])])
async def test_a_lost_connection_leaves_the_sender_in_doubt(
    caller: Caller, asked: Buyer, world: TikTokWorld, trouble: Trouble, heard: list[str]
) -> None:
    world.faults.plan(Fault("send_message", trouble))
    with pytest.raises(aiohttp.ClientError):
        await caller.say(asked.conversation.id, "hi")
    assert asked.heard == heard
    assert world.requests[-1].status is None


async def test_a_garbled_answer_comes_after_the_effect(caller: Caller, asked: Buyer, world: TikTokWorld) -> None:
    world.faults.plan(Fault("send_message", Trouble.GARBAGE))
    with pytest.raises(json.JSONDecodeError):
        await caller.say(asked.conversation.id, "hi")
    assert asked.heard == ["hi"]


async def test_a_slow_answer_comes_late_though_the_buyer_has_the_message(
    caller: Caller, asked: Buyer, world: TikTokWorld, time: StoryTime
) -> None:
    world.faults.plan(Fault("send_message", Trouble.SLOW, seconds=3600))
    waiting = asyncio.create_task(caller.say(asked.conversation.id, "hi"))
    await asked.hears("hi")
    assert not waiting.done()
    time.skip(timedelta(hours=1))
    assert (await waiting).code == 0


async def test_faults_reach_tokens_and_pictures_too(caller: Caller, asked: Buyer, world: TikTokWorld) -> None:
    world.faults.plan(Fault("token_refresh", Trouble.SERVER_ERROR))
    refused = await caller.token_call("refresh", grant_type="refresh_token", refresh_token="x")
    assert (refused.status, refused.code) == (500, 36009003)
    sent = await asked.sends_picture(plain_png(9, 9))
    world.faults.plan(Fault("picture", Trouble.GARBAGE))
    async with caller.session.get(sent.inner["url"]) as half:
        assert (half.status, len(await half.read())) == (200, len(plain_png(9, 9)) // 2)
