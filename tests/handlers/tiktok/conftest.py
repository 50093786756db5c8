"""A TikTok Shop on loopback with one shop that has let us in, and one buyer."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chatops.model.shop import Shop
from chatops.platforms.tiktok.client import Persistence, TikTokShop
from chatops.platforms.tiktok.gateway import ShopApp
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import App
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.platforms.tiktok.vault import MemoryVault, StoryClock

SHOP = "7495540735365777507"


@pytest.fixture
async def world() -> AsyncIterator[TikTokWorld]:
    world = TikTokWorld(StoryTime())
    await world.start()
    yield world
    await world.stop()


@pytest.fixture
def app(world: TikTokWorld) -> App:
    return world.create_app()


@pytest.fixture
def mia(world: TikTokWorld, app: App) -> Buyer:
    return world.create_buyer(world.create_shop(app, id=SHOP, authorized=False), "Mia")


@pytest.fixture
def ours() -> Shop:
    """The shop as the product knows it."""
    return Shop(id=SHOP, name="maomao-gb", timezone="Europe/London", locale="en")


@pytest.fixture
async def marketplace(world: TikTokWorld, app: App, mia: Buyer) -> AsyncIterator[TikTokShop]:
    """A client that the seller has let in."""
    vault = MemoryVault(world.time)
    where = ShopApp(key=app.key, secret=app.secret, api_url=world.url, auth_url=world.url)
    quick = Persistence(first_wait=timedelta(milliseconds=1))
    client = TikTokShop(where, vault, StoryClock(world.time), "one", persistence=quick)
    tokens = await client.authorization.exchange(world.authorize(app, mia.shop))
    vault.connect("auth", await client.authorization.shops(tokens.access_token), tokens)
    yield client
    await client.close()
