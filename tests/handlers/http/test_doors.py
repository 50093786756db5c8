"""What strangers may do at our doors: not fill our memory, not hold our connections, not give us orders."""

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from handlers.http import door
from handlers.http.serving import Listener


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@asynccontextmanager
async def listening(uds: Path | None = None) -> AsyncIterator[Listener]:
    listener = Listener(Starlette(routes=[Route("/", echo, methods=["GET", "POST"])]), uds=uds)
    await listener.start()
    try:
        yield listener
    finally:
        await listener.stop()


async def knock(listener: Listener) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", listener.port)


async def rest(reader: asyncio.StreamReader) -> bytes:
    """Read until the other side hangs up."""
    async with asyncio.timeout(10):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def test_the_socket_for_orders_is_for_its_owner_only_wherever_it_lies(tmp_path: Path) -> None:
    async with listening(tmp_path / "control.sock"):
        assert stat.S_IMODE((tmp_path / "control.sock").stat().st_mode) == 0o600


async def test_what_lies_in_the_place_of_the_socket_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("precious")
    (tmp_path / "control.sock").symlink_to(tmp_path / "elsewhere")
    async with listening(tmp_path / "control.sock"):
        connector = aiohttp.UnixConnector(str(tmp_path / "control.sock"))
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.post("http://chatops/", data=b"abc") as answer,
        ):
            assert await answer.text() == "3"
    assert (tmp_path / "elsewhere").read_text() == "precious"


async def test_a_head_without_end_is_cut_off_long_before_it_fills_the_memory() -> None:
    async with listening() as listener:
        reader, writer = await knock(listener)
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n")
        sent = 0
        try:
            while sent < 50_000_000:
                writer.write(b"X-Filler: " + b"a" * 100_000)
                await writer.drain()
                sent += 100_000
        except ConnectionError:
            pass
        assert sent < 50_000_000
        assert (await rest(reader))[:12] in {b"HTTP/1.1 431", b""}
        writer.close()


async def test_large_bodies_and_long_but_sane_heads_are_let_through() -> None:
    async with listening() as listener, aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{listener.port}/"
        for _ in range(3):
            async with session.post(address, data=b"x" * 900_000, headers={"X-Long": "a" * 7_000}) as answer:
                assert await answer.text() == "900000"


@pytest.mark.parametrize("beginning", [b"", b"\r\n", b"POST / HTTP/1.1\r\nHost: here\r\nX-A"])
async def test_who_does_not_finish_a_request_is_hung_up_on(beginning: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.2)
    async with listening() as listener:
        reader, writer = await knock(listener)
        writer.write(beginning)
        assert await rest(reader) == b""
        writer.close()


async def test_thousands_of_requests_in_one_breath_are_refused_before_they_fill_the_memory() -> None:
    asked: list[str] = []
    held = asyncio.Event()

    async def slowly(request: Request) -> PlainTextResponse:
        asked.append(request.method)
        await held.wait()
        return PlainTextResponse("done")

    listener = Listener(Starlette(routes=[Route("/", slowly, methods=["GET"])]))
    await listener.start()
    try:
        reader, writer = await knock(listener)
        writer.write(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n" * 10_000)
        assert (await rest(reader))[:12] in {b"HTTP/1.1 400", b""}
        assert len(asked) <= 1
        writer.close()
    finally:
        held.set()
        await listener.stop()


async def test_who_does_not_finish_a_body_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "BODY_PATIENCE", 0.1)
    async with listening() as listener:
        reader, writer = await knock(listener)
        writer.write(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
        assert (await rest(reader))[:12] == b"HTTP/1.1 408"
        writer.close()


async def test_a_crowd_at_the_door_cannot_take_every_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_CONNECTIONS", 2)
    async with listening() as listener:
        crowd = [await knock(listener) for _ in range(3)]
        assert await rest(crowd[2][0]) == b""
        crowd[0][1].write(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        assert (await rest(crowd[0][0])).endswith(b"0")
        for _, writer in crowd:
            writer.close()
