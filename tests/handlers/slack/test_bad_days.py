"""Bad input and bad days: nothing is acknowledged before it is kept, and nothing odd keeps anybody from the rest."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlmodel import SQLModel
from structlog.testing import capture_logs

from chatops.catalog import Verb
from chatops.refs import ticket_ref
from chatops.sandbox.slack import SlackWorld
from chatops.store import Keyring, Store, generate_key, open_store
from chatops.store.transaction import Transaction
from chatops.times import SystemTime
from chatops.ui import Button, Press
from tests.handlers.slack.desk import SHOP, TICKET, Desk, eventually, open_desk


@asynccontextmanager
async def full(store: Store) -> AsyncIterator[None]:
    """Keep a store that lets one unit wait so busy that it refuses everything."""
    begun, released = threading.Event(), threading.Event()

    def block(_: Transaction) -> None:
        begun.set()
        released.wait(10)

    blocking = asyncio.ensure_future(store.write(block))
    await asyncio.to_thread(begun.wait, 10)
    waiting = asyncio.ensure_future(store.write(lambda _: None))

    async def is_full() -> bool:
        return store.depth == 1

    await eventually(is_full)
    yield
    released.set()
    await asyncio.gather(blocking, waiting)


@pytest.mark.parametrize("listening", ["socket", "http"])
async def test_what_the_store_refuses_is_not_acknowledged_and_taken_when_it_comes_again(
    sqlite_url: str, listening: str
) -> None:
    store = open_store(sqlite_url, time=SystemTime(), keys=Keyring([generate_key()]), queue_limit=1)
    await store.start()
    async with open_desk(store, listening=listening) as desk:
        desk.world.delivery.redelivery_seconds, desk.world.delivery.retry_seconds = 0.1, (0.05,) * 200
        with capture_logs() as lines:
            async with full(store):
                await desk.li.replies(desk.head, "On its way")

                async def refused() -> bool:
                    return any(line["event"] == "not_heard" for line in lines)

                await eventually(refused)
            await desk.comes_to_say(("waiting", "On its way"))
    await store.close()


async def test_a_session_catches_up_once_the_store_has_room_again() -> None:
    store = open_store("sqlite://", time=SystemTime(), keys=Keyring([generate_key()]), queue_limit=1)
    await store.start()  # in memory, what is read waits in the same queue as what is written
    await store.write(lambda tx: SQLModel.metadata.create_all(tx.connection))
    async with open_desk(store, listening="nobody") as desk:
        await desk.li.replies(desk.head, "On its way")
        with capture_logs() as lines:
            async with full(store):
                catching_up = asyncio.ensure_future(desk.catch_up.new_session())

                async def refused() -> bool:
                    return any(line.get("error") == "Busy" for line in lines)

                await eventually(refused)
            await catching_up
        assert await desk.said() == [("waiting", "On its way")]
        assert "catch_up_stopped" in [line["event"] for line in lines]
    await store.close()


async def test_a_commands_text_may_say_payload(desk: Desk) -> None:
    assert (await desk.li.runs(desk.support, "/macro my payload issue")).acked


async def test_what_nobody_has_an_ear_for_is_acknowledged(desk: Desk) -> None:
    await desk.world.settled()
    parked = desk.world.delivery.parked  # what happened before we were connected
    await desk.li.opens_home(desk.app)
    assert (await desk.li.uses_shortcut("unknown", on=desk.head)).acked
    await desk.world.settled()
    assert desk.world.delivery.lost == []
    assert desk.world.delivery.parked == parked


async def test_the_environment_does_not_turn_bolt_away_from_us(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET", "BOT_TOKEN", "SIGNING_SECRET", "VERIFICATION_TOKEN"):
        monkeypatch.setenv(f"SLACK_{name}", "not-ours")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with open_desk(store) as desk:
        await desk.li.replies(desk.head, "On its way")
        assert await desk.said() == [("waiting", "On its way")]


async def test_whoever_presses_something_broken_gets_an_incident_code_that_the_log_knows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await desk.shows(Button("Claim", Press(Verb.CLAIM, ticket_ref(SHOP, TICKET))))
    desk.support.all_messages[shown].blocks[-1]["elements"][0]["value"] = 7  # nothing of ours ever writes a number
    with capture_logs() as lines:
        assert (await desk.li.clicks(shown, "Claim")).acked
    (incident,) = [line for line in lines if line["event"] == "incident"]
    assert incident["incident"] in desk.li.ephemerals[-1].text
    assert "context.py" not in incident["where"]
    assert "buttons.py" in incident["where"]


class Post:
    """Posts to the endpoint as Slack would, or nearly."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def __call__(
        self, body: bytes, content_type: str = "application/json", *, headers: dict[str, str] | None = None
    ) -> int:
        signed = self.desk.world.delivery.http.signature(self.desk.app, body)
        everything = {"Content-Type": content_type} | signed | (headers or {})
        async with (
            aiohttp.ClientSession(trust_env=False) as session,
            session.post(str(self.desk.app.request_url), data=body, headers=everything) as answer,
        ):
            return answer.status


@pytest.fixture
async def post(store: Store) -> AsyncIterator[Post]:
    async with open_desk(store, listening="http") as desk:
        yield Post(desk)


def event(desk: Desk, text: str) -> bytes:
    said = {"type": "message", "channel": desk.support.id, "user": desk.li.id, "text": text, "ts": "1700000000.000100",
            "thread_ts": desk.head, "team": desk.world.team.id}  # fmt: skip
    return json.dumps({"type": "event_callback", "team_id": desk.world.team.id, "event": said}).encode()


async def test_what_slack_did_not_sign_is_turned_away(post: Post) -> None:
    for headers in (
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "é"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "1" * 400},
        {"X-Slack-Request-Timestamp": "²"},
    ):
        assert await post(event(post.desk, "forged"), headers=headers) == 401, headers
    assert await post.desk.said() == []


def ago(world: SlackWorld, seconds: int) -> datetime:
    return world.time.now() - timedelta(seconds=seconds)


async def test_what_was_signed_long_ago_is_turned_away(post: Post) -> None:
    world = post.desk.world
    for age, status in ((298, 200), (302, 401), (-302, 401)):
        world.delivery.http.signing_clock = partial(ago, world, age)
        assert await post(event(post.desk, "On its way")) == status, age


FORM = "application/x-www-form-urlencoded"


async def test_what_makes_no_sense_is_turned_away(post: Post) -> None:
    for body, content_type, status in (
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"team": 5, "enterprise": 5}', "application/json", 400),
        (b"payload=nonsense", FORM, 400),
        (b"payload=5", FORM, 400),
        (b"x" * (1024 * 1024 + 1), "application/json", 413),
        (b"{}", "application/json", 200),
    ):
        assert await post(body, content_type) == status, body[:30]
    assert await post.desk.said() == []


async def test_slack_may_look_at_the_certificate_and_ask_for_the_challenge(post: Post) -> None:
    unsigned = {"X-Slack-Signature": "", "X-Slack-Request-Timestamp": ""}
    assert await post(urlencode({"ssl_check": "1", "token": "legacy"}).encode(), FORM, headers=unsigned) == 200
    assert await post.desk.world.verify_request_url(post.desk.app)


async def test_a_message_without_a_text_is_no_catastrophe(post: Post) -> None:
    body = json.loads(event(post.desk, "hello"))
    for said in ({"text": None}, {"text": None, "blocks": None, "files": None}, {"edited": None}):
        body["event"] |= said
        assert await post(json.dumps(body).encode()) == 200


async def test_a_file_of_another_company_that_slack_does_not_show_us_is_refused_privately(post: Post) -> None:
    body = json.loads(event(post.desk, ""))
    body["event"] |= {"subtype": "file_share", "files": [{"id": "F1", "file_access": "check_file_info"}]}
    assert await post(json.dumps(body).encode()) == 200
    assert await post.desk.said() == []
    assert await post.desk.whispers() == ["file_type"]


async def test_an_event_of_an_impossible_shape_is_an_incident_without_personal_data(post: Post) -> None:
    body = json.loads(event(post.desk, "my secret words"))
    body["event"]["files"] = 5
    with capture_logs() as lines:
        assert await post(json.dumps(body).encode()) == 500
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["incident"]
    assert "secret" not in str(lines)
