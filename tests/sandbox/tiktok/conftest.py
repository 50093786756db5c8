"""One world with one shop, an app that may do everything, and its webhook address."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from chatops.sandbox.faults import Faults
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import App, Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import Caller, Receiver


@pytest.fixture
def time() -> StoryTime:
    return StoryTime()


@pytest.fixture
async def world(time: StoryTime) -> AsyncIterator[TikTokWorld]:
    world = TikTokWorld(time, Faults())
    await world.start()
    yield world
    await world.stop()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    runner = await receiver.start()
    yield receiver
    await runner.cleanup()


@pytest.fixture
def app(world: TikTokWorld, receiver: Receiver) -> App:
    return world.create_app(webhook_url=receiver.url)


@pytest.fixture
def shop(world: TikTokWorld, app: App) -> Shop:
    return world.create_shop(app, id="7495540735365777507")


@pytest.fixture
def mia(world: TikTokWorld, shop: Shop) -> Buyer:
    return world.create_buyer(shop, "Mia")


@pytest.fixture
async def caller(world: TikTokWorld, app: App, shop: Shop) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(world, app, shop, session)
