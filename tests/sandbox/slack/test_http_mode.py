"""Events and interactions over signed HTTP, with slack-bolt at the other end."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.signature import SignatureVerifier

from chatops.sandbox.slack.member import App
from tests.sandbox.slack.conftest import Scene

Json = dict[str, Any]


async def serve(scene: Scene, site: web.Application, path: str = "/slack/events") -> App:
    """Serve an application on loopback and install an app whose request URL it is."""
    runner = web.AppRunner(site)
    await runner.setup()
    scene.stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    scene.app.socket_mode = False
    scene.app.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}{path}"
    return scene.app


class Site:
    """A bare endpoint that writes every request down and answers what it was told to."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.answers: list[web.Response] = []

    def application(self) -> web.Application:
        """Return the web application."""
        site = web.Application()
        site.router.add_post("/slack/events", self.handle)
        return site

    async def handle(self, request: web.Request) -> web.Response:
        """Write a request down."""
        self.requests.append((dict(request.headers), await request.text()))
        return self.answers.pop(0) if self.answers else web.Response()


async def test_bolt_accepts_the_signature_and_answers_events_buttons_and_commands(scene: Scene) -> None:
    bolt = AsyncApp(client=scene.client, signing_secret=scene.app.signing_secret, process_before_response=True)
    heard: list[Json] = []

    @bolt.event("message")
    async def message(event: Json) -> None:
        heard.append(event)

    @bolt.action("take")
    async def take(ack: AsyncAck, body: Json) -> None:
        heard.append(body)
        await ack()

    @bolt.command("/macro")
    async def macro(ack: AsyncAck, command: Json) -> None:
        await ack(f"macro {command['text']}")

    app = await serve(scene, bolt.web_app(path="/slack/events"))
    assert await scene.world.verify_request_url(app)
    await scene.li.posts(scene.support, "over http")
    await scene.world.settled()
    assert heard[0]["text"] == "over http"
    button = {"type": "button", "action_id": "take", "text": {"type": "plain_text", "text": "Take"}}
    card = await scene.client.chat_postMessage(
        channel=scene.support.id, text="card", blocks=[{"type": "actions", "elements": [button]}]
    )
    assert (await scene.li.clicks(card["ts"], "Take")).acked
    assert heard[-1]["container"]["message_ts"] == card["ts"]
    assert (await scene.li.runs(scene.support, "/macro refund")).acked
    assert scene.li.ephemerals[-1].text == "macro refund"


async def test_a_wrong_secret_or_a_wrong_clock_is_refused_by_bolt(scene: Scene) -> None:
    bolt = AsyncApp(client=scene.client, signing_secret="another", process_before_response=True)
    app = await serve(scene, bolt.web_app(path="/slack/events"))
    assert not await scene.world.verify_request_url(app)
    app.signing_secret = "another"
    assert await scene.world.verify_request_url(app)
    scene.world.delivery.http.signing_clock = lambda: scene.time.now() - timedelta(minutes=6)
    assert not await scene.world.verify_request_url(app)


async def test_a_failing_endpoint_is_tried_at_once_after_a_minute_and_after_five(scene: Scene) -> None:
    site = Site()
    site.answers = [web.Response(status=500) for _ in range(3)]
    app = await serve(scene, site.application())
    verifier = SignatureVerifier(app.signing_secret)
    await scene.li.posts(scene.support, "keep trying")
    await scene.world.until(lambda: scene.world.delivery.parked and len(site.requests) == 2)
    scene.time.skip(timedelta(minutes=1))
    await scene.world.until(lambda: scene.world.delivery.parked and len(site.requests) == 3)
    headers = [headers for headers, _ in site.requests]
    assert [header.get("X-Slack-Retry-Num") for header in headers] == [None, "1", "2"]
    assert headers[1]["X-Slack-Retry-Reason"] == "http_error"
    assert verifier.is_valid_request(site.requests[0][1], headers[0])
    scene.time.skip(timedelta(minutes=5))
    await scene.world.until(lambda: len(site.requests) == 4)
    await scene.world.settled()
    assert scene.world.delivery.lost == []


@pytest.mark.parametrize(("headers", "attempts"), [({"X-Slack-No-Retry": "1"}, 1), ({}, 2)])
async def test_an_app_may_ask_not_to_be_tried_again(scene: Scene, headers: dict[str, str], attempts: int) -> None:
    site = Site()
    site.answers = [web.Response(status=404, headers=headers)]
    await serve(scene, site.application())
    await scene.li.posts(scene.support, "once is enough")
    await scene.world.until(lambda: scene.world.delivery.lost or len(site.requests) == 2)
    await scene.world.settled()
    assert len(site.requests) == attempts
    assert len(scene.world.delivery.lost) == 2 - attempts
