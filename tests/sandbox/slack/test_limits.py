"""Slack's rate limits, switched on."""

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tests.sandbox.slack.conftest import Scene


async def test_a_channel_takes_a_short_burst_and_then_a_message_a_second(scene: Scene) -> None:
    scene.world.limits.real()
    other = scene.world.create_channel("other", members=(scene.app,))

    answers: list[AsyncSlackResponse] = []

    async def fill() -> int:
        for number in range(20):
            try:
                await scene.client.chat_postMessage(channel=scene.support.id, text=f"{number}")
            except SlackApiError as refused:
                answers.append(refused.response)
                return number
        return 20

    assert await fill() == scene.world.limits.burst
    assert (answers[0].status_code, answers[0]["error"], answers[0].headers["Retry-After"]) == (429, "ratelimited", "1")
    await scene.client.chat_postMessage(channel=other.id, text="another channel is free")
    scene.time.skip(timedelta(seconds=1))
    assert await fill() == 1


async def test_a_method_has_its_calls_per_minute(scene: Scene) -> None:
    scene.world.limits.real()
    for _ in range(20):
        await scene.client.users_list(limit=10)
    with pytest.raises(SlackApiError) as caught:
        await scene.client.users_list(limit=10)
    wait = int(caught.value.response.headers["Retry-After"])
    assert 55 <= wait <= 60
    await scene.client.users_info(user=scene.li.id)
    scene.time.skip(timedelta(seconds=wait))
    await scene.client.users_list(limit=10)


async def test_the_restricted_cohort_reads_once_a_minute_and_fifteen_at_most(scene: Scene) -> None:
    scene.world.limits.restricted = True
    for number in range(20):
        await scene.li.posts(scene.support, f"{number}")
    page = await scene.client.conversations_history(channel=scene.support.id, limit=100)
    assert len(page["messages"]) == 15
    with pytest.raises(SlackApiError, match="ratelimited"):
        await scene.client.conversations_history(channel=scene.support.id)


async def test_nothing_is_limited_unless_asked(scene: Scene) -> None:
    for number in range(120):
        await scene.client.chat_postMessage(channel=scene.support.id, text=f"{number}")
    assert len(scene.support.messages) == 120
