"""Nobody is sent elsewhere: an address with a slash too many is not known, whatever the Host header says."""

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from handlers.http.serving import Listener


async def heard(_: Request) -> PlainTextResponse:
    return PlainTextResponse("heard")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_slash_too_many_redirects_nobody(method: str) -> None:
    listener = Listener(Starlette(routes=[Route("/slack/events", heard, methods=["GET", "POST"])]))
    await listener.start()
    address, named = f"http://127.0.0.1:{listener.port}/slack/events", {"Host": "evil.example"}
    try:
        async with aiohttp.ClientSession(headers=named) as visitor:
            async with visitor.request(method, f"{address}/", allow_redirects=False) as answer:
                assert (answer.status, answer.headers.get("Location")) == (404, None)
            async with visitor.request(method, address) as answer:
                assert (answer.status, await answer.text()) == (200, "heard")
    finally:
        await listener.stop()
