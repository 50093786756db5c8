"""Media are read from where TikTok keeps them, with the seller's token only where it belongs, and never from inside."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from yarl import URL

from chatops.errors import Rejected, SetupError, TargetGone
from chatops.platforms.ports import ShopRef
from chatops.platforms.tiktok.addresses import PublicResolver, checked, is_public
from chatops.platforms.tiktok.client import TikTokShop
from chatops.platforms.tiktok.gateway import ShopApp
from chatops.platforms.tiktok.media import MediaReader
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.pictures import plain_png
from chatops.sandbox.tiktok.state import App
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.platforms.tiktok.vault import MemoryVault, StoryClock

PICTURE = plain_png(8, 8, (9, 9, 9))
LIMIT = 1_000_000


class Elsewhere:
    """Some other server on this machine, which remembers the headers it was sent."""

    def __init__(self) -> None:
        self.seen: list[dict[str, str]] = []
        self.redirect = ""
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.seen.append({**request.headers, **request.query})
        if request.path == "/moved":
            return web.Response(status=302, headers={"Location": self.redirect})
        return web.Response(body=b"x" * 5000)


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    place = Elsewhere()
    app = web.Application()
    app.router.add_get("/{path:.*}", place.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    place.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield place
    await runner.cleanup()


async def test_a_buyers_picture_is_read(client: TikTokShop, shop: ShopRef, mia: Buyer) -> None:
    said = await mia.sends_picture(PICTURE)

    assert await client.fetch_media(shop, said.inner["url"], LIMIT) == PICTURE


async def test_a_guarded_picture_of_indonesia_is_read(
    client: TikTokShop, world: TikTokWorld, app: App, vault: MemoryVault
) -> None:
    seller = world.create_shop(app, region="ID", authorized=False)
    tokens = await client.authorization.exchange(world.authorize(app, seller))
    vault.connect("jakarta", await client.authorization.shops(tokens.access_token), tokens)
    said = await world.create_buyer(seller).sends_picture(PICTURE)

    assert await client.fetch_media(ShopRef(seller.id), said.inner["url"], LIMIT) == PICTURE


async def test_too_large_and_gone(client: TikTokShop, shop: ShopRef, world: TikTokWorld, elsewhere: Elsewhere) -> None:
    with pytest.raises(Rejected, match="file_too_large"):
        await client.fetch_media(shop, f"{elsewhere.url}/big", 4999)
    assert len(await client.fetch_media(shop, f"{elsewhere.url}/big", 5000)) == 5000
    with pytest.raises(TargetGone):
        await client.fetch_media(shop, f"{world.url}/pictures/1.png", LIMIT)


async def test_strangers_never_see_the_token(
    client: TikTokShop, shop: ShopRef, vault: MemoryVault, elsewhere: Elsewhere
) -> None:
    await client.fetch_media(shop, f"{elsewhere.url}/a?b=c%2Bd", LIMIT)

    (seen,) = elsewhere.seen
    assert seen["b"] == "c+d"
    assert "shop_cipher" not in seen
    assert vault.tokens("auth").access_token not in str(seen)


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "https://user@example.com/",
        "https://127.1/x",
        "",
        "https://",
        "not an address",
        "http://[::1",
    ],
)
async def test_inside_addresses_are_refused_also_behind_a_redirect(
    client: TikTokShop, shop: ShopRef, elsewhere: Elsewhere, target: str
) -> None:
    with pytest.raises(Rejected, match="address_refused"):
        await client.fetch_media(shop, target, LIMIT)

    if ":" in target:
        elsewhere.redirect = target
        with pytest.raises(Rejected, match="address_refused"):
            await client.fetch_media(shop, f"{elsewhere.url}/moved", LIMIT)


async def test_this_machine_is_inside_for_a_product_in_production(
    client: TikTokShop, shop: ShopRef, vault: MemoryVault, elsewhere: Elsewhere
) -> None:
    reader = MediaReader(ShopApp("key", "secret"))
    access = await vault.access(shop.shop_id)
    for address in (f"{elsewhere.url}/a", f"{elsewhere.url}/a".replace("http:", "https:"), "https://localhost/x"):
        with pytest.raises(Rejected, match="address_refused"):
            await reader.read(address, LIMIT, access)
    await reader.close()
    assert elsewhere.seen == []


async def test_a_name_that_leads_inside_is_not_followed() -> None:
    resolver = PublicResolver()

    with pytest.raises(OSError, match="no public address"):
        await resolver.resolve("localhost", 443)
    await resolver.close()


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("example.com", True),
        ("127.0.0.1", False),
        ("0.1.2.3", False),
        ("100.64.0.1", False),
        ("192.168.1.1", False),
        ("224.0.0.1", False),
        ("2130706433", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("localhost", False),
    ],
)
def test_public_addresses(host: str, public: bool) -> None:
    assert is_public(host) is public


def test_the_seller_token_goes_to_tiktok_and_its_subdomains_only() -> None:
    reader = MediaReader(ShopApp("key", "secret"))
    hosts = {
        "https://media.tiktokglobalshop.com/x": True,
        "https://tiktokglobalshop.com/x": True,
        "https://open-api.tiktokglobalshop.com/x": True,
        "https://eviltiktokglobalshop.com/x": False,
        "https://tiktokglobalshop.com.evil.example/x": False,
        "https://p16.tiktokcdn.com/x": False,
    }

    assert {address: reader._ours(URL(address)) for address in hosts} == hosts


@pytest.mark.parametrize("address", ["http://example.com", "example.com", "", "ftp://127.0.0.1", "http://10.0.0.1"])
def test_service_addresses_are_encrypted(address: str, story: StoryTime, vault: MemoryVault) -> None:
    with pytest.raises(SetupError) as caught:
        TikTokShop(ShopApp("key", "secret", api_url=address), vault, StoryClock(story), "one")

    assert "TIKTOK_SHOP_API_URL" in caught.value.remedy


@pytest.mark.parametrize(
    "address", ["https://example.com/", "http://127.0.0.1:80", "http://localhost:1", "http://[::1]:9"]
)
def test_service_addresses_may_be_this_machine(address: str) -> None:
    assert str(checked(address, "X")).startswith(address.rstrip("/").removesuffix(":80"))
