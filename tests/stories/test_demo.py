"""One command lets anybody try it, and kill the product under their own eyes."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.house.tree import ROOT

HOUR = 3600  # seconds


class Visitor:
    """Somebody with the demo's page open."""

    def __init__(self, page: str, session: aiohttp.ClientSession) -> None:
        self._page = page
        self._session = session

    async def opens_the_page(self) -> str:
        """Return what the browser gets."""
        async with self._session.get(self._page) as answer:
            assert answer.status == 200
            return await answer.text()

    async def does(self, path: str, **what: Any) -> None:
        """Do something on the page."""
        async with self._session.post(self._page + path, json=what) as answer:
            assert answer.status == 200

    async def sees(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first document on the page that is wanted, once it is there."""
        async with asyncio.timeout(20), self._session.get(self._page + "/feed") as feed:
            async for line in feed.content:
                if line.startswith(b"data: "):
                    shown: dict[str, dict[str, Any]] = json.loads(line[6:]).get("set", {})
                    found = next((one for one in shown.values() if wanted(one)), None)
                    if found is not None:
                        return found
        raise AssertionError("the page's feed ended")

    async def lets_time_pass(self, minutes: int) -> None:
        """Go from alarm to alarm until so many are over: others may come first, such as the notice of a shift."""
        ahead = 0
        while ahead < minutes * 60_000:
            await self.does("/wishes", wish="alarm")
            ahead = await self.sees_time_after(ahead)

    async def sees_time_after(self, ahead: int) -> int:
        """Return by how many milliseconds the page is ahead, once these are more than before."""
        found: int = (await self.sees(lambda one: one.get("ahead", 0) > ahead))["ahead"]
        return found

    async def sees_product(self, state: str) -> None:
        """Return once the page says so of the product."""
        await self.sees(lambda one: one.get("state") == state and not one.get("pending"))


@asynccontextmanager
async def started() -> AsyncIterator[Process]:
    """Start the demo as the README says; leave nothing running afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatops", "demo", "--seconds", "90", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(90):
            yield process
    finally:
        if process.returncode is None:
            process.terminate()  # only it can end what it started
            await process.wait()


async def page_of(process: Process) -> str:
    """Return the address that the demo prints once it runs."""
    assert process.stdout is not None
    page = ""
    while not page.startswith("http"):
        line = await process.stdout.readline()
        assert line, "the demo ended before it showed a page"
        page = line.decode().strip()
    return page


@asynccontextmanager
async def demo() -> AsyncIterator[Visitor]:
    """Give somebody who opened the demo's page; it ends by Ctrl-C, and then nothing answers there any more."""
    async with started() as process, aiohttp.ClientSession(read_bufsize=2**22) as session:
        page = await page_of(process)
        yield Visitor(page, session)
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(page)


async def test_a_visitor_plays_everyone_and_kills_the_product() -> None:
    async with demo() as visitor:
        assert "<title>" in await visitor.opens_the_page()
        mia = (await visitor.sees(lambda one: one.get("name") == "Mia"))["id"]
        await visitor.does(f"/buyers/{mia}/text", text="Where is my parcel?")
        post = await visitor.sees(lambda one: "Where is my parcel?" in one.get("text", "") and "thread_ts" in one)

        await visitor.does("/agents/U0NOOR/reply", thread=post["thread_ts"], text="One moment")
        await visitor.sees(lambda one: one.get("content") == {"content": "One moment"})
        await visitor.sees(lambda one: "One moment" in str(one.get("embeds")))

        await visitor.does("/wishes", wish="kill")
        await visitor.sees_product("killed")
        await visitor.does(f"/buyers/{mia}/text", text="Hello?")
        await visitor.does("/agents/U0NOOR/reply", thread=post["thread_ts"], text="On its way")
        await visitor.does("/wishes", wish="start")
        await visitor.sees_product("running")
        await visitor.sees(lambda one: "Hello?" in one.get("text", "") and "thread_ts" in one)
        await visitor.sees(lambda one: one.get("content") == {"content": "On its way"})
        await visitor.does("/agents/U0NOOR/press", ts=post["thread_ts"], action="Macro")
        await visitor.sees(lambda one: one.get("only_for") == "U0NOOR" and "The buyer reads" in one.get("text", ""))

        li = (await visitor.sees(lambda one: one.get("name") == "Li" and "locale" in one))["id"]
        there = await visitor.sees(lambda one: "Where is my parcel?" in str(one.get("embeds")))
        await visitor.does(f"/members/{li}/post", channel=there["channel_id"], text="It is lost")
        await visitor.sees(lambda one: one.get("content") == "It is lost" and "❌" in one.get("reacted", {}))
        await visitor.sees(lambda one: "A teammate has just answered this buyer" in str(one.get("embeds")))

        await visitor.does(f"/buyers/{mia}/text", text="Is anybody there?")
        await visitor.sees(lambda one: "Is anybody there?" in one.get("text", ""))
        await visitor.lets_time_pass(minutes=10)
        # Noor's direct message in London's day, else Li's, in Chinese.
        rung = await visitor.sees(lambda one: one.get("text", "").endswith(" · Is anybody there?"))
        assert "take:0" in str(rung["blocks"])
        called = rung["metadata"]["event_payload"]["delivery"].split("/")[1]
        await visitor.does(f"/agents/{called}/press", ts=rung["ts"], action="take:0")
        await visitor.sees(lambda one: one.get("ts") == rung["ts"] and "take:0" not in str(one.get("blocks")))

        budi = (await visitor.sees(lambda one: one.get("name") == "Budi"))["id"]
        await visitor.does(f"/buyers/{budi}/text", text="Masih ada?")
        asked = await visitor.sees(lambda one: "Masih ada?" in one.get("text", ""))
        await visitor.does("/wishes", wish="morning")
        rung = await visitor.sees(lambda one: one.get("text", "").endswith(" · Masih ada?"))
        assert float(rung["ts"]) - float(asked["ts"]) < HOUR, "who is called in the night is called in the night"
        await visitor.sees_product("running")


async def test_it_ends_with_the_window_it_was_started_in_even_before_it_runs() -> None:
    async with started() as process:
        assert process.stdout is not None
        assert b"Starting" in await process.stdout.readline()
        process.send_signal(signal.SIGHUP)
        assert await process.wait() == 0
        assert b"The demo runs" not in await process.stdout.read()
