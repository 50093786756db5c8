"""The address that calendars subscribe to, as a calendar program asks for it."""

from collections.abc import AsyncIterator
from datetime import datetime

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from chatops.desk import definitions, oncall_feed
from chatops.desk.definitions import Defined
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.rules.rotation import Layer, Rotation
from chatops.store import Keyring, Store, Transaction, generate_key, open_store
from chatops.times import SystemTime
from handlers.http.oncall_feed import EACH, OnCallFeed
from handlers.http.serving import Listener
from tests.desk.scenes import NOON, TEAM, a_workspace


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    """A started store on an empty database."""
    opened = open_store(sqlite_url, time=SystemTime(), keys=Keyring([generate_key()]))
    await opened.start()
    yield opened
    await opened.close()


def furnish(tx: Transaction) -> str:
    tx.insert(a_workspace())
    tx.insert(Agent(workspace_id=TEAM, id="U0LI", name="Li", locale="zh-CN"))
    week = Layer(("U0LI",), datetime(2026, 5, 4, 9))  # noqa: DTZ001 - a wall clock
    spec = Rotation("team", "Asia/Shanghai", (week,))
    definitions.define(tx, Defined(DefinitionKind.ROTATION, "front / night", spec), None, NOON)
    return oncall_feed.made(tx, TEAM, "front / night", "U0LI", NOON)


async def test_a_calendar_program_reads_the_rotation_and_a_stranger_learns_nothing(store: Store) -> None:
    secret = await store.write(furnish)
    feed = OnCallFeed(store, SystemTime())
    listener = Listener(Starlette(routes=[Route("/oncall/{rotation:path}.ics", feed.__call__)]))
    await listener.start()
    home = f"http://127.0.0.1:{listener.port}/oncall"
    try:
        async with aiohttp.ClientSession() as program:
            async with program.get(f"{home}/front%20%2F%20night.ics", params={"secret": secret, "own": "1"}) as answer:
                text = await answer.text()
                assert (answer.status, answer.content_type) == (200, "text/calendar")
                assert "private" in answer.headers["Cache-Control"]
            assert text.startswith("BEGIN:VCALENDAR\r\n")
            assert "Li 值班" in text
            wrong = []
            for name, tried in (("front%20%2F%20night", "guess"), ("front%20%2F%20night", ""), ("back", secret)):
                async with program.get(f"{home}/{name}.ics", params={"secret": tried}) as answer:
                    wrong.append((answer.status, await answer.text()))
            assert set(wrong) == {(404, "There is no such calendar.")}
            guessed = [await program.get(f"{home}/front.ics", params={"secret": "guess"}) for _again in range(EACH)]
            assert [answer.status for answer in guessed] == [404] * (EACH - 4) + [429] * 4
            assert int(guessed[-1].headers["Retry-After"]) > 0
    finally:
        await listener.stop()
