"""What TikTok counted of the last days is read now and then, over a socket, and kept."""

from datetime import UTC, datetime, time, timedelta

from structlog.testing import capture_logs

from chatops.desk import setup
from chatops.desk.setup import OpenedShop
from chatops.model import performance
from chatops.model import shop as shops
from chatops.model.shop import Shop
from chatops.platforms.tiktok.client import TikTokShop
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.world import TikTokWorld
from chatops.store import Store, Transaction
from handlers.timers.performance import read_figures
from tests.desk.scenes import a_permission
from tests.handlers.tiktok.conftest import SHOP
from tests.platforms.tiktok.vault import StoryClock


def let_in(tx: Transaction, ours: Shop) -> None:
    tx.insert(ours)
    setup.shops_connected(tx, a_permission(), [OpenedShop(SHOP, "GB", "cipher")])


def asked(world: TikTokWorld) -> int:
    return sum(one.name == "get_performance" for one in world.requests)


async def test_the_last_days_are_read_and_read_again_while_tiktok_counts_on(
    world: TikTokWorld, marketplace: TikTokShop, mia: Buyer, ours: Shop, store: Store
) -> None:
    await store.write(let_in, ours)
    clock = StoryClock(world.time)
    evening = datetime.combine(clock.now(), time(20), UTC)
    world.time.skip((evening - clock.now()) % timedelta(days=1))
    today = clock.now().date()

    def kept(tx: Transaction) -> dict[int, float | None]:
        days = performance.between(tx, [SHOP], today - timedelta(days=9), today + timedelta(days=9))
        return {(today - one.day).days: one.answered for one in days}

    await read_figures(store, marketplace, clock)
    await read_figures(store, marketplace, clock)
    assert await store.read(kept) == {3: 0.934, 2: 0.934, 1: 0.934}
    assert asked(world) == 3
    mia.conversation.shop.performance["response_percentage"] = "97.1"
    world.time.skip(timedelta(hours=7))
    await read_figures(store, marketplace, clock)
    assert await store.read(kept) == {3: 0.934, 2: 0.971, 1: 0.971, 0: 0.971}, "midnight has passed"


async def test_days_on_which_nobody_looked_are_read_later_and_none_from_before_the_shop_came(
    world: TikTokWorld, marketplace: TikTokShop, mia: Buyer, ours: Shop, store: Store
) -> None:
    await store.write(let_in, ours)
    clock = StoryClock(world.time)
    await read_figures(store, marketplace, clock)
    mia.conversation.shop.performance["response_percentage"] = "97.1"
    world.time.skip(timedelta(days=9))
    await read_figures(store, marketplace, clock)
    today = clock.now().date()
    days = await store.read(performance.between, [SHOP], today - timedelta(days=31), today)
    assert [one.answered for one in days] == [0.934, *[0.971] * 11], "of two of the first three TikTok had counted on"
    many = asked(world)
    await read_figures(store, marketplace, clock)
    assert asked(world) == many


async def test_what_cannot_be_read_now_is_told_to_the_log_and_tried_again(
    world: TikTokWorld, marketplace: TikTokShop, ours: Shop, store: Store
) -> None:
    await store.write(let_in, ours)
    world.faults.plan(Fault("get_performance", Trouble.UNAVAILABLE, times=9))
    with capture_logs() as lines:
        await read_figures(store, marketplace, StoryClock(world.time))
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["official_figures_not_read"]


async def test_a_shop_in_a_zone_that_is_none_keeps_no_other_from_being_read(
    world: TikTokWorld, marketplace: TikTokShop, ours: Shop, store: Store
) -> None:
    await store.write(let_in, ours)

    def beside(tx: Transaction) -> None:
        known = shops.get(tx, SHOP)
        assert known
        tx.insert(Shop(**{**known.model_dump(), "id": "1", "name": "first", "timezone": "Europe/Nowhere"}))

    await store.write(beside)
    with capture_logs() as lines:
        await read_figures(store, marketplace, StoryClock(world.time))
    assert [line["code"] for line in lines if line["log_level"] == "warning"] == ["ZoneInfoNotFoundError"]
    assert asked(world) == 3
