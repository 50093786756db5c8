"""Throttle and daily quota count in story time."""

from datetime import UTC, datetime, timedelta

from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import App
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import CS, SHOPS, Caller

LIST = f"{CS}/conversations"


async def test_the_daily_quota_stops_customer_service_only_and_returns_at_midnight(
    caller: Caller, world: TikTokWorld, time: StoryTime
) -> None:
    world.limits.daily_quota = 3
    codes = [(await caller.get(LIST, page_size="1")).code for _ in range(5)]
    assert codes == [0, 0, 0, 45101004, 45101004]
    assert (await caller.get(SHOPS, shop_cipher="")).code == 0
    assert (await caller.post("/order/202309/orders/search", {})).code == 0
    midnight = datetime.combine(time.now().date() + timedelta(days=1), datetime.min.time(), UTC)
    time.skip(midnight - time.now())
    assert (await caller.get(LIST, page_size="1")).code == 0


async def test_whom_the_quota_counts_for_can_be_switched(
    caller: Caller, world: TikTokWorld, app: App, mia: Buyer
) -> None:
    world.limits.daily_quota = 1
    second = world.create_shop(app, name="Second")
    granted = world.authorization(second)
    assert granted is not None
    assert (await caller.get(LIST, page_size="1")).code == 0
    other = Caller(world, app, second, caller.session)
    assert (await other.get(LIST, page_size="1")).code == 0
    world.assumptions.quota_counts_per = "app"
    assert (await caller.get(LIST, page_size="1")).code == 0
    assert (await other.get(LIST, page_size="1")).code == 45101004
    world.assumptions.quota_counts_per = "endpoint"
    assert (await caller.get(LIST, page_size="1")).code == 0
    assert (await caller.get(f"{CS}/agents/settings")).code == 0
    assert (await caller.get(LIST, page_size="1")).code == 45101004


async def test_the_throttle_counts_per_shop_and_second(caller: Caller, world: TikTokWorld, time: StoryTime) -> None:
    world.limits.qps, world.limits.retry_after = 2, 1
    answers = [await caller.get(LIST, page_size="1") for _ in range(3)]
    assert [answer.code for answer in answers] == [0, 0, 36009002]
    assert (answers[2].status, answers[2].headers["Retry-After"]) == (429, "1")
    other = Caller(world, caller.app, world.create_shop(caller.app, name="Second"), caller.session)
    assert (await other.get(LIST, page_size="1")).code == 0
    time.skip(timedelta(seconds=1))
    assert (await caller.get(LIST, page_size="1")).code == 0
