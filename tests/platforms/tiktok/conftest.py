"""A TikTok Shop on loopback with one shop that has let us in, and the client that talks to it."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from chatops.platforms.ports import ShopRef
from chatops.platforms.tiktok.client import Persistence, TikTokShop
from chatops.platforms.tiktok.gateway import Gateway, ShopApp, Timeouts
from chatops.platforms.tiktok.tokens import RefreshPlan
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import App, Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.platforms.tiktok.vault import MemoryVault, StoryClock

Connect = Callable[..., TikTokShop]


@pytest.fixture
def story() -> StoryTime:
    return StoryTime()


@pytest.fixture
async def world(story: StoryTime) -> AsyncIterator[TikTokWorld]:
    world = TikTokWorld(story)
    await world.start()
    yield world
    await world.stop()


@pytest.fixture
def app(world: TikTokWorld) -> App:
    return world.create_app()


@pytest.fixture
def seller(world: TikTokWorld, app: App) -> Shop:
    """The shop as TikTok knows it."""
    return world.create_shop(app, id="7495540735365777507", authorized=False)


@pytest.fixture
def vault(story: StoryTime) -> MemoryVault:
    return MemoryVault(story)


def ours(world: TikTokWorld, app: App) -> ShopApp:
    """Our app in Partner Center as the product knows it."""
    return ShopApp(key=app.key, secret=app.secret, api_url=world.url, auth_url=world.url)


@pytest.fixture
async def gateway(world: TikTokWorld, app: App, story: StoryTime) -> AsyncIterator[Gateway]:
    """What every call goes through, without a shop."""
    gateway = Gateway(ours(world, app), StoryClock(story), timeouts=Timeouts(connect=1, read=0.5, total=2))
    yield gateway
    await gateway.close()


@pytest.fixture
async def replica(world: TikTokWorld, app: App, vault: MemoryVault, story: StoryTime) -> AsyncIterator[Connect]:
    """Start one more process of ours, by its name and perhaps with a clock of its own; all share one vault."""
    started: list[TikTokShop] = []

    def start(owner: str, clock: StoryTime = story) -> TikTokShop:
        client = TikTokShop(
            ours(world, app),
            vault,
            StoryClock(clock),
            owner,
            timeouts=Timeouts(connect=1, read=0.5, total=2),
            refresh_plan=RefreshPlan(poll=timedelta(milliseconds=5)),
            persistence=Persistence(first_wait=timedelta(milliseconds=1)),
        )
        started.append(client)
        return client

    yield start
    for client in started:
        await client.close()


@pytest.fixture
async def client(world: TikTokWorld, app: App, seller: Shop, vault: MemoryVault, replica: Connect) -> TikTokShop:
    """A client whose vault holds what connecting the shop gave."""
    client = replica("one")
    tokens = await client.authorization.exchange(world.authorize(app, seller))
    vault.connect("auth", await client.authorization.shops(tokens.access_token), tokens)
    world.requests.clear()
    return client


@pytest.fixture
def shop(seller: Shop) -> ShopRef:
    return ShopRef(seller.id)


@pytest.fixture
def mia(world: TikTokWorld, seller: Shop) -> Buyer:
    return world.create_buyer(seller, "Mia")
