"""Details of the wire that other clients than Slack's Python one depend on."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackRequestError

from chatops.sandbox.faults import Fault, Trouble
from tests.sandbox.slack.conftest import Scene

Json = dict[str, Any]


async def call(scene: Scene, method: str, form: Json) -> tuple[Json, Mapping[str, str]]:
    """Call a method the way the Node client does: everything in a form, structures as JSON text."""
    headers = {"Authorization": f"Bearer {scene.app.bot_token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(scene.world.api_url + method, data=form) as answer,
    ):
        assert answer.content_type == "application/json"
        return await answer.json(), answer.headers


async def test_everything_may_come_in_a_form(scene: Scene) -> None:
    blocks = [{"type": "divider"}]
    metadata = {"event_type": "e", "event_payload": {"id": "1"}}
    form = {
        "channel": scene.support.id,
        "text": "from node",
        "blocks": json.dumps(blocks),
        "metadata": json.dumps(metadata),
        "unfurl_links": "false",
        "team_id": scene.world.team.id,
    }
    answer, headers = await call(scene, "chat.postMessage", form)
    assert (answer["ok"], answer["message"]["metadata"]) == (True, metadata)
    assert headers["x-slack-req-id"]
    assert "chat:write" in headers["x-oauth-scopes"]
    listed, _ = await call(
        scene, "conversations.history", {"channel": scene.support.id, "include_all_metadata": "true"}
    )
    assert listed["messages"][0]["metadata"] == metadata
    broken, _ = await call(scene, "chat.postMessage", form | {"blocks": "[{"})
    assert broken["error"] == "invalid_blocks_format"


async def test_a_very_long_text_is_cut(scene: Scene) -> None:
    answer, _ = await call(scene, "chat.postMessage", {"channel": scene.support.id, "text": "x" * 40_001})
    assert len(answer["message"]["text"]) == 40_000


async def test_message_ids_only_grow_even_when_the_clock_goes_back(scene: Scene) -> None:
    first = await scene.li.posts(scene.support, "now")
    scene.time.skip(timedelta(minutes=-6))
    second = await scene.li.posts(scene.support, "six minutes ago")
    assert tuple(map(int, first.split("."))) < tuple(map(int, second.split(".")))
    assert len(second.split(".")[1]) == 6


async def test_pings_are_echoed_until_the_line_is_half_open(scene: Scene) -> None:
    url = (await scene.client.apps_connections_open(app_token=scene.app.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as line:
        hello = await line.receive_json()
        assert (hello["num_connections"], hello["connection_info"]) == (1, {"app_id": scene.app.app_id})
        await line.ping(b"sdk-ping-pong:1.5")
        pong = await line.receive()
        assert (pong.type, pong.data) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1.5")
        scene.world.disconnect_sockets("half_open")
        await scene.world.until(lambda: all(line.frozen for line in scene.world.sockets.connections))
        await line.ping(b"anyone?")
        with pytest.raises(TimeoutError):
            await line.receive(timeout=0.1)


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled", "abrupt"])
async def test_a_line_ends_in_the_way_it_should(scene: Scene, reason: str) -> None:
    url = (await scene.client.apps_connections_open(app_token=scene.app.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as line:
        await line.receive_json()
        scene.world.disconnect_sockets(reason)
        if reason != "abrupt":
            assert (await line.receive_json())["reason"] == reason
        assert (await line.receive()).type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
        await scene.world.until(lambda: not scene.world.sockets.of(scene.app))


async def test_a_message_on_a_line_that_breaks_comes_again_over_another(scene: Scene) -> None:
    scene.world.delivery.redelivery_seconds = 0.05
    urls = [(await scene.client.apps_connections_open(app_token=scene.app.app_token))["url"] for _ in range(2)]
    async with aiohttp.ClientSession() as session:
        lines = [await session.ws_connect(url) for url in urls]
        for line in lines:
            await line.receive_json()
        scene.faults.plan(Fault("socket.envelope", Trouble.DROP_AFTER))
        await scene.li.posts(scene.support, "twice")
        envelopes = []
        for line in lines:
            async for frame in line:
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    break
                envelopes.append(json.loads(frame.data))
                if envelopes[-1]["retry_attempt"]:
                    await line.send_json({"envelope_id": envelopes[-1]["envelope_id"]})
                    break
        await scene.world.settled()
        first, second = sorted(envelopes, key=lambda envelope: int(envelope["retry_attempt"]))
        assert (first["retry_reason"], second["retry_reason"], second["retry_attempt"]) == ("", "timeout", 1)
        assert first["envelope_id"] != second["envelope_id"]
        assert first["payload"]["event_id"] == second["payload"]["event_id"]
        for line in lines:
            await line.close()


async def test_trouble_also_meets_uploads_and_downloads(scene: Scene) -> None:
    scene.faults.plan(Fault("upload", Trouble.UNAVAILABLE))
    with pytest.raises(SlackRequestError, match="503"):
        await scene.client.files_upload_v2(channel=scene.support.id, filename="a.txt", content="x")
    assert scene.support.messages == []
    ts = await scene.li.uploads(scene.support, b"photo!", "a.jpg", "image/jpeg")
    private = scene.support.all_messages[ts].files[0].wire()["url_private"]
    scene.faults.plan(Fault("download", Trouble.SERVER_ERROR))
    headers = {"Authorization": f"Bearer {scene.app.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for status in (500, 200):
            async with session.get(private) as answer:
                assert answer.status == status
