"""Answers nobody documented: a page survives what is broken in it, and secrets that come back are blotted out."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from chatops.errors import Rejected, Unavailable, Unsure
from chatops.platforms.ports import ConnectedShop, OutgoingText, ShopRef
from chatops.platforms.tiktok.client import Persistence, TikTokShop
from chatops.platforms.tiktok.gateway import ShopApp
from chatops.platforms.tiktok.tokens import Tokens
from chatops.sandbox.storytime import StoryTime
from tests.platforms.tiktok.vault import MemoryVault, StoryClock

SHOP = ShopRef("1")
MESSAGE = {"id": "7", "index": "12", "create_time": 1681790246, "type": "TEXT", "content": '{"content":"hi"}'}


class Oddity:
    """A server that answers every request with what the test put here."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b""
        self.headers: dict[str, str] = {}

    def says(self, data: object, code: int = 0, message: str = "Success") -> None:
        self.body = json.dumps({"code": code, "message": message, "data": data, "extra": 1}).encode()

    async def answer(self, request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=self.status, body=self.body, headers=self.headers)


@pytest.fixture
def oddity() -> Oddity:
    return Oddity()


@pytest.fixture
async def client(oddity: Oddity) -> AsyncIterator[TikTokShop]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", oddity.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    story = StoryTime()
    vault = MemoryVault(story)
    ends = story.now() + timedelta(days=7)
    vault.connect("auth", [ConnectedShop("1", "", "", "cipher-1")], Tokens("token-1", ends, "refresh-1", ends))
    ours = ShopApp(key="key", secret="app-secret-1", api_url=url, auth_url=url)
    persistence = Persistence(tries=1)
    async with TikTokShop(ours, vault, StoryClock(story), "one", persistence=persistence) as client:
        yield client
    await runner.cleanup()


@pytest.mark.parametrize("data", [None, {}, {"messages": None}, {"messages": [], "next_page_token": None}])
async def test_nothing_in_many_spellings(client: TikTokShop, oddity: Oddity, data: object) -> None:
    oddity.says(data)

    assert await client.messages(SHOP, "1") == ([], "")
    assert await client.conversations(SHOP) == ([], "")
    assert await client.latest_order(SHOP, "5") is None


async def test_one_broken_message_costs_no_other(
    client: TikTokShop, oddity: Oddity, caplog: pytest.LogCaptureFixture
) -> None:
    broken: list[Any] = [None, 5, {}, {**MESSAGE, "index": "x"}, {**MESSAGE, "content": {"content": "Mia's street"}}]
    oddity.says(
        {"messages": [*broken, MESSAGE, {**MESSAGE, "id": 8, "sender": None, "index": 13}], "next_page_token": "a+/="}
    )

    page, token = await client.messages(SHOP, "1")

    assert [(message.external_id, message.index) for message in page] == [("7", 12), ("8", 13)]
    assert token == "a+/="
    assert "4 unreadable" in caplog.text
    assert "street" not in caplog.text


async def test_conversations_with_holes(client: TikTokShop, oddity: Oddity) -> None:
    buyer = {"role": "BUYER", "im_user_id": 6, "user_id": "9", "nickname": None}
    oddity.says(
        {
            "conversations": [
                {"id": 4, "participants": None, "latest_message": None, "unread_count": "3"},
                {"id": "5", "participants": [None, buyer], "latest_message": {"odd": True}, "can_send_message": None},
            ]
        }
    )

    (first, second), _ = await client.conversations(SHOP)

    assert (first.external_id, first.unread, first.buyer_user_id, first.latest) == ("4", 3, "", None)
    assert (second.buyer_im_id, second.buyer_user_id, second.nickname, second.latest) == ("6", "9", "", None)


async def test_an_order_with_holes(client: TikTokShop, oddity: Oddity) -> None:
    items = [
        {"product_name": "Bulb", "sku_name": "H4"},
        None,
        {"product_name": "Bulb", "sku_name": "H4"},
        {"sku_name": "X"},
    ]
    oddity.says(
        {"orders": [{"id": 1, "create_time": "1690340825", "payment": {"total_amount": 24.6}, "line_items": items}]}
    )

    found = await client.latest_order(SHOP, "5")

    assert found is not None
    assert (found.order_id, found.total, found.currency) == ("1", "24.6", "")
    assert found.items == ("Bulb (H4) ×2", "X")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{}", b"[]", b"null", b'{"code":"zero"}', b"\xff", b'{"code":0,"data":' + b"[" * 100_000],
    ids=["empty", "html", "no code", "list", "null", "word", "not UTF-8", "deep"],
)
async def test_no_envelope(client: TikTokShop, oddity: Oddity, body: bytes) -> None:
    oddity.body = body

    with pytest.raises(Unavailable):
        await client.messages(SHOP, "1")
    with pytest.raises(Unsure):
        await client.send(SHOP, "1", OutgoingText("Hello"))


@pytest.mark.parametrize("data", [None, {}, {"message_id": None}, {"message_id": ""}])
async def test_accepted_without_an_id_is_unsure(client: TikTokShop, oddity: Oddity, data: object) -> None:
    oddity.says(data)

    with pytest.raises(Unsure):
        await client.send(SHOP, "1", OutgoingText("Hello"))


@pytest.mark.parametrize(
    ("status", "meaning"),
    [(302, Unavailable), (403, Unavailable), (404, Unavailable), (500, Unsure), (502, Unsure), (503, Unavailable)],
)
async def test_answers_of_something_in_between(
    client: TikTokShop, oddity: Oddity, status: int, meaning: type[Exception]
) -> None:
    oddity.status, oddity.body, oddity.headers = status, b"<html>proxy</html>", {"Location": "http://127.0.0.1:1/"}

    with pytest.raises(meaning):
        await client.send(SHOP, "1", OutgoingText("Hello"))


async def test_no_tokens_in_the_answer_of_the_token_host(client: TikTokShop, oddity: Oddity) -> None:
    oddity.says({"access_token": "a"})

    with pytest.raises(Unavailable, match="no tokens"):
        await client.authorization.exchange("code")


async def test_a_permission_that_ends_in_another_century(client: TikTokShop, oddity: Oddity) -> None:
    for end in (4903858076, 99999999999999, None):
        oddity.says(
            {
                "access_token": "a",
                "access_token_expire_in": 1660556783,
                "refresh_token": "r",
                "refresh_token_expire_in": end,
                "granted_scopes": None,
            }
        )
        assert (await client.authorization.exchange("code")).refresh_expires_at.year >= 2125


async def test_secrets_that_come_back_are_blotted_out(client: TikTokShop, oddity: Oddity) -> None:
    oddity.says(None, 36009022, "no: app-secret-1, token-1, cipher-1, code-1, refresh-1")

    with pytest.raises(Rejected) as sent:
        await client.send(SHOP, "1", OutgoingText("Hello"))
    with pytest.raises(Rejected) as exchanged:
        await client.authorization.exchange("code-1")

    assert str(sent.value).endswith("no: ***, ***, ***, code-1, refresh-1")
    assert str(exchanged.value).endswith("no: ***, token-1, cipher-1, ***, refresh-1")


async def test_words_of_people_are_not_in_errors(client: TikTokShop, oddity: Oddity) -> None:
    oddity.says(None, 45101006, "sensitive: Mia's street 5")

    with pytest.raises(Rejected) as caught:
        await client.send(SHOP, "1", OutgoingText("Hello"))

    assert "street" not in str(caught.value)
