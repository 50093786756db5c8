"""A seller comes back from TikTok: only whom we sent connects a shop, and everybody is told what to do next."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from sqlmodel import select
from yarl import URL

from chatops.app import state_signer
from chatops.model.shop import Authorization
from chatops.sandbox.faults import Trouble
from chatops.store import sqlite
from chatops.store.transaction import Transaction
from handlers.tiktok.authorize import StateSigner
from tests.stories.cast import Story


def impatient(tx: Transaction) -> None:
    tx.connection.exec_driver_sql("PRAGMA busy_timeout=50")


@asynccontextmanager
async def locked(story: Story) -> AsyncIterator[None]:
    """Let somebody else hold the database, for longer than the product waits for it."""
    await story.store.write(impatient)
    locking = sqlite.DRIVER.connect(story.config.data_dir / "chatops.db", isolation_level=None)
    locking.execute("BEGIN IMMEDIATE")
    yield
    locking.execute("ROLLBACK")
    locking.close()


def permissions(tx: Transaction) -> list[str]:
    return [row.id for row in tx.all(Authorization, select(Authorization))]


def codes_traded(story: Story) -> int:
    return sum(request.name == "token_get" for request in story.world.tiktok.requests)


class Seller:
    """Somebody with a browser, in a language."""

    def __init__(self, story: Story, browser: aiohttp.ClientSession) -> None:
        self._story = story
        self._browser = browser

    def our_state(self, *, minutes_ago: float = 0) -> str:
        """Return a state as it stands in an address we printed some time ago."""
        clock = self._story.clock
        clock.ahead_by(minutes=-minutes_ago)
        state = state_signer(self._story.config, clock).make()
        clock.ahead_by(minutes=0)
        return state

    async def comes_back(self, language: str = "en", **query: str) -> tuple[int, str]:
        """Open the callback; return the status and what the page says."""
        url = URL(f"{self._story.running.address}/tiktok/shop/callback").with_query(query)
        async with self._browser.get(url, headers={"Accept-Language": language}) as answer:
            page = await answer.text()
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert not any(value and value in page for value in query.values()), "what came in is never shown"
            return answer.status, page.partition("<p>")[2].partition("</p>")[0]


@pytest.fixture
def seller(story: Story, browser: aiohttp.ClientSession) -> Seller:
    """The seller in front of the running product."""
    return Seller(story, browser)


async def test_a_seller_whom_we_sent_connects_the_shop(story: Story, seller: Seller) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.world.tiktok.revoke(story.cast.shop)
    await story.channel_shows("maomao-gb is disconnected")
    status, said = await seller.comes_back(code=story.world.authorization_code(), state=seller.our_state())
    assert (status, said) == (200, f"Connected: {story.cast.shop.id}. You can close this page.")
    await story.answers(story.noor, head, "Seen")
    await story.cast.mia.hears("Seen")


async def test_whom_we_did_not_send_connects_nothing_and_learns_how(story: Story, seller: Seller) -> None:
    before = await story.store.read(permissions)
    asked = codes_traded(story)
    foreign = StateSigner("another app's secret", story.clock).make()
    for state in ("", "nonsense", "é.²", foreign, seller.our_state(minutes_ago=61), seller.our_state(minutes_ago=-1)):
        code = story.world.authorization_code()
        status, said = await seller.comes_back(code=code, state=state)
        assert (status, said) == (
            400,
            "To finish, run this where chatops is installed: chatops shop connect --code …",
        )
    assert await story.store.read(permissions) == before
    assert codes_traded(story) == asked, "TikTok was not even asked, so the codes are still good"
    assert (await seller.comes_back(code=code, state=seller.our_state(minutes_ago=59)))[0] == 200


async def test_an_address_without_a_code_is_no_permission(seller: Seller) -> None:
    for query in ({}, {"code": ""}, {"state": seller.our_state()}):
        assert await seller.comes_back(**query) == (400, "There is no permission in this address.")


async def test_a_code_that_is_wrong_or_was_used_is_not_taken(story: Story, seller: Seller) -> None:
    code = story.world.authorization_code()
    assert (await seller.comes_back(code=code, state=seller.our_state()))[0] == 200
    before = await story.store.read(permissions)
    for bad in (code, "ROW_a-code-of-nobody"):
        assert await seller.comes_back(code=bad, state=seller.our_state()) == (
            502,
            "TikTok did not take this permission. Ask for a new address and try again.",
        )
    assert await story.store.read(permissions) == before


async def test_while_tiktok_is_down_nothing_is_connected(story: Story, seller: Seller) -> None:
    before = await story.store.read(permissions)
    story.tiktok_fails("*", Trouble.UNAVAILABLE, times=20)
    status, _ = await seller.comes_back(code=story.world.authorization_code(), state=seller.our_state())
    assert status == 502
    assert await story.store.read(permissions) == before


async def test_a_permission_that_cannot_be_kept_is_not_said_to_be_refused(story: Story, seller: Seller) -> None:
    async with locked(story):
        status, said = await seller.comes_back(code=story.world.authorization_code(), state=seller.our_state())
    assert (status, said) == (503, "The permission could not be kept. Ask for a new address and try again.")


async def test_a_shop_that_the_desk_does_not_name_is_told_by_its_number(story: Story, seller: Seller) -> None:
    app = story.cast.shop_app
    stranger = story.world.tiktok.create_shop(app, name="New shop", region="ID", authorized=False)
    before = await story.store.read(permissions)
    code = story.world.tiktok.authorize(app, stranger)
    assert await seller.comes_back(code=code, state=seller.our_state()) == (
        409,
        f"Name one of these shops in desk.toml, then try again: {stranger.id}",
    )
    assert await story.store.read(permissions) == before


@pytest.mark.parametrize(
    ("likes", "spoken", "said"),
    [
        ("", "en", "There is no permission in this address."),
        ("pl-PL,nl;q=0.9", "en", "There is no permission in this address."),
        ("es-MX,es;q=0.9,en;q=0.8", "es", "Esta dirección no contiene ningún permiso."),
        ("pl,en;q=0.5,zh-CN;q=0.9", "zh-Hans", "此网址中没有授权信息。"),
        ("en-GB,id;q=0.9", "en", "There is no permission in this address."),
        ("es;q=0,th", "th", "ไม่มีการอนุญาตในที่อยู่นี้"),
        ("id ; q=0.7 , *;q=0.1", "id", "Tidak ada izin di alamat ini."),
        ("vi;q=high,,;;=," + " " * 30_000 + "x", "en", "There is no permission in this address."),
    ],
)
async def test_the_page_speaks_the_browsers_language(
    story: Story, browser: aiohttp.ClientSession, likes: str, spoken: str, said: str
) -> None:
    url = f"{story.running.address}/tiktok/shop/callback"
    async with browser.get(url, headers={"Accept-Language": likes}) as answer:
        page = await answer.text()
    assert f"<html lang={spoken}>" in page
    assert said in page
