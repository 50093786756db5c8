"""Pages leave the chat by PagerDuty and by Apprise, over the wire."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web

from chatops.errors import PlatformError, RateLimited, Rejected, SetupError, Unavailable
from chatops.model.outlet import OutletKind, Turn
from chatops.platforms.outlets import Loudspeaker, must_be_address
from chatops.platforms.ports import Call
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.pagerduty import ROUTING_KEY, PagerDutyWorld
from tests.desk.scenes import NOON

CALL = Call("7495/c1.1/1", Turn.CALL, "maomao-gb: a buyer waits", "https://chat.example/1", "maomao-gb", at=NOON)


@pytest.fixture
async def world() -> AsyncIterator[PagerDutyWorld]:
    """PagerDuty."""
    async with PagerDutyWorld() as opened:
        yield opened


@pytest.fixture
async def speaker(world: PagerDutyWorld) -> AsyncIterator[Loudspeaker]:
    """What speaks."""
    made = Loudspeaker(world.url)
    yield made
    await made.close()


async def test_an_incident_is_opened_once_acknowledged_and_ended(speaker: Loudspeaker, world: PagerDutyWorld) -> None:
    for turn, status in (
        (Turn.CALL, "triggered"),
        (Turn.CALL, "triggered"),
        (Turn.ACKNOWLEDGE, "acknowledged"),
        (Turn.END, "resolved"),
    ):
        await speaker.send(OutletKind.PAGERDUTY, ROUTING_KEY, replace(CALL, turn=turn))
        assert {key: one["status"] for key, one in world.incidents.items()} == {CALL.key: status}
    assert world.incidents[CALL.key]["summary"] == CALL.summary
    assert world.incidents[CALL.key]["links"] == [{"href": CALL.link, "text": "maomao-gb"}]


async def test_what_is_longer_than_pagerduty_takes_is_cut(speaker: Loudspeaker, world: PagerDutyWorld) -> None:
    await speaker.send(
        OutletKind.PAGERDUTY, ROUTING_KEY, replace(CALL, key="k" * 300, summary="s" * 2000, critical=True)
    )
    [heard] = world.heard
    assert (len(heard["dedup_key"]), len(heard["payload"]["summary"])) == (255, 1024)
    assert heard["payload"]["severity"] == "critical"


@pytest.mark.parametrize(
    ("trouble", "meaning"), [(Trouble.RATE_LIMITED, RateLimited), (Trouble.UNAVAILABLE, Unavailable)]
)
async def test_a_failure_says_whether_to_try_again(
    speaker: Loudspeaker, world: PagerDutyWorld, trouble: Trouble, meaning: type[PlatformError]
) -> None:
    world.faults.plan(Fault("v2.enqueue", trouble))
    with pytest.raises(meaning):
        await speaker.send(OutletKind.PAGERDUTY, ROUTING_KEY, CALL)
    await speaker.send(OutletKind.PAGERDUTY, ROUTING_KEY, CALL)
    assert list(world.incidents) == [CALL.key]


async def test_a_wrong_key_and_a_place_that_is_not_there(speaker: Loudspeaker) -> None:
    with pytest.raises(Rejected):
        await speaker.send(OutletKind.PAGERDUTY, "f" * 32, CALL)
    away = Loudspeaker("http://127.0.0.1:9")
    with pytest.raises(Unavailable):
        await away.send(OutletKind.PAGERDUTY, ROUTING_KEY, CALL)
    await away.close()


async def test_apprise_says_a_call_and_keeps_quiet_about_the_rest() -> None:
    heard: list[dict[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        heard.append(await request.json())
        return web.Response(status=200 if len(heard) < 2 else 500)

    served = web.Application()
    served.router.add_post("/pages", take)
    runner = web.AppRunner(served)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"json://127.0.0.1:{runner.addresses[0][1]}/pages"
    speaker = Loudspeaker("http://127.0.0.1:9")
    for turn in Turn:
        await speaker.send(OutletKind.APPRISE, address, replace(CALL, turn=turn))
    assert [(one["title"], one["message"]) for one in heard] == [(CALL.summary, f"{CALL.summary}\n{CALL.link}")]
    with pytest.raises(Unavailable):
        await speaker.send(OutletKind.APPRISE, address, CALL)
    await runner.cleanup()


async def test_an_e_mail_arrives() -> None:
    lines: list[str] = []

    async def post_office(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 post\r\n")
        while line := (await reader.readline()).decode().strip():
            word = line.split(" ")[0].split(":")[0].upper()
            if word == "DATA":
                writer.write(b"354 go on\r\n")
                while (said := (await reader.readline()).decode().rstrip("\r\n")) != ".":
                    lines.append(said)
            writer.write(b"221 bye\r\n" if word == "QUIT" else b"250 fine\r\n")
        writer.close()

    server = await asyncio.start_server(post_office, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    speaker = Loudspeaker("http://127.0.0.1:9")
    address = f"mailto://127.0.0.1:{port}?from=desk@shop.example&to=noor@shop.example"
    await speaker.send(OutletKind.APPRISE, address, CALL)
    assert any(line.startswith("Subject:") and "maomao-gb" in line for line in lines)
    server.close()


@pytest.mark.parametrize(
    ("kind", "address", "problem"),
    [
        (OutletKind.PAGERDUTY, "short", "no routing key"),
        (OutletKind.APPRISE, "nonsense", "makes nothing of"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(kind: OutletKind, address: str, problem: str) -> None:
    with pytest.raises(SetupError, match=problem):
        must_be_address(kind, address)


def test_an_address_that_is_refused_does_not_stand_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("apprise").setLevel(logging.NOTSET)
    with pytest.raises(SetupError):
        must_be_address(OutletKind.APPRISE, "slack://s3cret")
    assert "s3cret" not in caplog.text


def test_addresses_that_make_sense_are_taken() -> None:
    must_be_address(OutletKind.PAGERDUTY, ROUTING_KEY)
    must_be_address(OutletKind.APPRISE, "ntfy://ntfy.example/pages")
