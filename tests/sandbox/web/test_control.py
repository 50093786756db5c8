"""The door of the supervisor, and who is turned away from the page's server."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest

from chatops.sandbox.web.server import PageServer
from chatops.sandbox.world import World


@dataclass
class Door:
    """The page's server and somebody who calls on it."""

    world: World
    server: PageServer
    session: aiohttp.ClientSession

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, str]:
        """Return status and body of the answer."""
        async with self.session.post(self.server.url + path, json=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def wishes(self, after: int) -> list[tuple[int, str]]:
        """Ask for wishes; returns number and wish of each."""
        async with self.session.get(f"{self.server.url}control/wishes?after={after}") as answer:
            return [(wish["number"], wish["wish"]) for wish in (await answer.json())["wishes"]]


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with World() as world, aiohttp.ClientSession() as session:
        await world.set_the_scene()
        server = PageServer(world)
        await server.start()
        yield Door(world, server, session)
        await server.stop()


async def test_a_supervisor_that_waits_hears_a_wish_at_once_and_each_wish_once(door: Door) -> None:
    waiting = asyncio.create_task(door.wishes(after=0))
    assert await door.post("wishes", {"wish": "kill"}) == (200, '{"number": 1}')
    assert await waiting == [(1, "kill")]
    waiting = asyncio.create_task(door.wishes(after=1))
    await door.post("wishes", {"wish": "start"})
    assert await waiting == [(2, "start")]
    assert await door.wishes(after=0) == [(1, "kill"), (2, "start")]


async def test_time_passes_in_all_worlds_and_the_page_is_told(door: Door) -> None:
    before = door.world.time.now()
    assert await door.post("control/time", {"seconds": 90}) == (200, '{"ahead": 90000}')
    assert door.world.time.now() - before >= timedelta(seconds=90)
    assert door.server._feed._look()["time"] == {"ahead": 90_000}


async def test_a_question_nobody_answers_comes_back_empty(door: Door) -> None:
    assert await door.server.control.after(0, patience=0.01) == []


async def test_stopping_ends_an_open_question(door: Door) -> None:
    waiting = asyncio.create_task(door.server.control.after(0))
    await asyncio.sleep(0)
    door.server.control.stop()
    assert await waiting == []


async def test_what_the_supervisor_reports_is_kept(door: Door) -> None:
    assert (await door.post("control/product", {"state": "running"}))[0] == 204
    async with door.session.get(door.server.url + "control/product") as answer:
        assert await answer.json() == {"state": "running", "wishes": 0}


async def test_notifications_go_where_the_supervisor_says(door: Door) -> None:
    address = "http://127.0.0.1:9/tiktok/shop/webhook"
    assert (await door.post("control/webhook", {"url": address}))[0] == 204
    await door.world.cast.mia.says("Hello")
    assert [notification.url for notification in door.world.tiktok.webhooks] == [address]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("wishes", {"wish": "explode"}),
        ("wishes", {}),
        ("wishes", []),
        ("control/product", {"state": "sleepy"}),
        ("buyers/nobody/text", {"text": "x"}),
        ("agents/nobody/reply", {"thread": "1", "text": "x"}),
        ("agents/U0LI/reply", {"thread": "1.0", "text": "  "}),
    ],
)
async def test_what_makes_no_sense_is_refused(door: Door, path: str, body: object) -> None:
    assert (await door.post(path, body))[0] == 400


async def test_what_a_person_cannot_do_is_refused_with_the_reason(door: Door) -> None:
    root = await door.world.cast.noor.posts(door.world.cast.support, "mine")
    status, reason = await door.post("agents/U0LI/delete", {"ts": root})
    assert status == 409
    assert "did not write" in reason


async def test_other_sites_in_the_visitors_browser_are_turned_away(door: Door) -> None:
    for site in ("cross-site", "same-site"):
        assert (await door.post("wishes", {"wish": "kill"}, **{"Sec-Fetch-Site": site}))[0] == 403
    assert door.server.control.wishes == []


async def test_the_supervisors_door_opens_under_no_other_name(door: Door) -> None:
    address = {"url": "http://127.0.0.1:9/"}
    assert (await door.post("control/webhook", address, Host="evil.example"))[0] == 403
    assert door.world.cast.shop_app.webhook_url is None


async def test_the_page_may_load_nothing_but_its_own(door: Door) -> None:
    async with door.session.get(door.server.url) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
