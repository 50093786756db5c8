"""An hour has passed: read what TikTok itself counted of each shop's last days, for digests to stand beside ours."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from chatops.errors import PlatformError
from chatops.model import performance
from chatops.model import shop as shops
from chatops.model.shop import Shop
from chatops.platforms.ports import Marketplace, ShopRef
from chatops.store.store import Store
from chatops.times import TimeSource

ONE_DAY = timedelta(days=1)
LOOK_BACK = 3  # days: TikTok counts on after a day is over, and we may have been away
AGAIN = timedelta(hours=6)
log = structlog.get_logger(__name__)


async def read_figures(store: Store, marketplace: Marketplace, time: TimeSource) -> None:
    """Read the days of each shop that are over and were not read of late; what fails is tried again in an hour."""
    for shop in await store.read(shops.every):
        if shop.authorization_id is None:
            continue
        try:
            await _read(store, marketplace, time, shop)
        except PlatformError as error:
            log.warning("official_figures_not_read", shop=shop.id, code=error.code)
        except (ZoneInfoNotFoundError, ValueError) as error:  # what one shop has wrong is not the others' loss
            log.warning("official_figures_not_read", shop=shop.id, code=type(error).__name__)


async def _read(store: Store, marketplace: Marketplace, time: TimeSource, shop: Shop) -> None:
    for day in _days(shop, time):
        known = await store.read(performance.get, shop.id, day)
        if known is None or time.now() - known.read_at >= AGAIN:
            figures = await marketplace.official_figures(ShopRef(shop.id), day, day + ONE_DAY)
            if figures is None:
                return
            await store.write(performance.keep, shop.id, day, figures, time.now())


def _days(shop: Shop, time: TimeSource) -> Iterator[date]:
    """Yield the last days of a shop that are over, by its own zone."""
    today = time.now().astimezone(ZoneInfo(shop.timezone)).date()
    return (today - days * ONE_DAY for days in range(1, LOOK_BACK + 1))
