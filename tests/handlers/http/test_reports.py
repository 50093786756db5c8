"""The link to a report, as the browser of somebody outside of the chat follows it."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from chatops.desk import report_links
from chatops.desk.report_links import Made
from chatops.model.agent import Agent, Role
from chatops.model.digest import Digest
from chatops.model.setting import Setting
from chatops.store import Keyring, Store, Transaction, generate_key, open_store
from chatops.times import SystemTime
from handlers.http.reports import EACH, Reports
from handlers.http.serving import Listener
from tests.desk.scenes import NOON, TEAM, a_workspace

PAGE = "<!doctype html><title>October</title>"
WEEK = timedelta(days=7)


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    """A started store on an empty database."""
    opened = open_store(sqlite_url, time=SystemTime(), keys=Keyring([generate_key()]))
    await opened.start()
    yield opened
    await opened.close()


def linked(tx: Transaction, who: str = "noor", role: Role = Role.LEAD, weeks: int = 0) -> Made:
    """Make a link that is so many weeks old by the clock of this machine."""
    tx.insert_ignore(Agent(workspace_id=TEAM, id=who, name=who, role=role))
    return report_links.made(tx, digest(), who, PAGE, SystemTime().now() - weeks * WEEK)


def withdrawn(tx: Transaction) -> Made:
    """Make a link, and withdraw it."""
    made = linked(tx, "rosa")
    report_links.withdraw(tx, Agent(workspace_id=TEAM, id="noor"), str(made.number), SystemTime().now())
    return made


def digest() -> Digest:
    return Digest(
        id=7, workspace_id=TEAM, timezone="UTC", scope={}, sections=[], locale="en", channel_id="C1",
        due_at=NOON, start_at=NOON, end_at=NOON, made_at=NOON,
    )  # fmt: skip


async def test_a_link_shows_its_page_for_some_days_and_every_other_one_the_same_nothing(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await store.write(lambda tx: tx.insert(a_workspace()))
    good = (await store.write(linked)).secret
    old = (
        await store.write(linked, "li", weeks=1),
        await store.write(linked, "ada", Role.AGENT),
        await store.write(withdrawn),
    )
    listener = Listener(Starlette(routes=[Route("/reports/{secret}", Reports(store, SystemTime()).__call__)]))
    await listener.start()
    home = f"http://127.0.0.1:{listener.port}/reports"
    try:
        async with aiohttp.ClientSession(headers={"Accept-Language": "de-DE,de"}) as browser:
            async with browser.get(f"{home}/{good}") as answer:
                assert (answer.status, await answer.text()) == (200, PAGE)
                kept_in = {name: answer.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")}
                assert list(kept_in.values()) == ["private, no-store", "no-referrer", "noindex, nofollow, noarchive"]
                policy = answer.headers["Content-Security-Policy"]
                assert "script" not in policy
                assert "default-src 'none'" in policy
                assert "frame-ancestors 'none'" in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                length = answer.headers["Content-Length"]
            async with browser.head(f"{home}/{good}") as answer:
                assert (answer.status, answer.headers["Content-Length"], await answer.read()) == (200, length, b"")
            nothing = []
            for tried in (*(one.secret for one in old), "guess", good[:-1], "%00%ff", "x" * 5_000):
                async with browser.get(f"{home}/{tried}") as answer:
                    quiet = {name: what for name, what in answer.headers.items() if name != "date"}
                    nothing.append((answer.status, str(quiet), await answer.text()))
            [(status, _headers, said)] = set(nothing)
            assert status == 404
            assert 'lang="de"' in said
    finally:
        await listener.stop()
    assert good not in caplog.text


async def test_an_address_that_asks_on_and_on_is_sent_away_for_a_while_and_no_other(store: Store) -> None:
    await store.write(lambda tx: tx.insert(a_workspace()))
    good = (await store.write(linked)).secret
    listener = Listener(Starlette(routes=[Route("/reports/{secret}", Reports(store, SystemTime()).__call__)]))
    await listener.start()
    home = f"http://127.0.0.1:{listener.port}/reports"
    try:
        async with aiohttp.ClientSession(headers={"Accept-Language": "de"}) as browser:
            for _guessed in range(EACH):
                async with browser.get(f"{home}/guess") as answer:
                    assert answer.status == 404
            async with browser.get(f"{home}/{good}") as answer:
                assert (answer.status, answer.headers["Cache-Control"]) == (429, "private, no-store")
                assert 0 < int(answer.headers["Retry-After"]) <= 60
                assert 'lang="de"' in await answer.text()
            elsewhere = {"X-Forwarded-For": "203.0.113.7"}  # as a proxy on this machine says
            async with browser.get(f"{home}/{good}", headers=elsewhere) as answer:
                assert (answer.status, await answer.text()) == (200, PAGE)
    finally:
        await listener.stop()


async def test_a_new_link_takes_the_place_of_ones_last_and_pages_of_old_ones_are_forgotten(store: Store) -> None:
    await store.write(lambda tx: tx.insert(a_workspace()))
    first, second = [(await store.write(linked)).secret for _again in range(2)]
    now = SystemTime().now()
    assert [await store.read(report_links.read, secret, now) for secret in (first, second)] == [None, PAGE]
    assert await store.read(report_links.read, second, now + WEEK) is None
    assert [await store.write(report_links.forget, now + WEEK) for _again in range(2)] == [1, 0]


async def test_where_nobody_wants_links_those_that_exist_show_nothing_either(store: Store) -> None:
    await store.write(lambda tx: tx.insert(a_workspace()))
    made = await store.write(linked)
    await store.write(lambda tx: tx.insert(Setting(name="report_link_days", value=0)))
    assert await store.read(report_links.read, made.secret, SystemTime().now()) is None
