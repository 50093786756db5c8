"""An hour has passed: read what TikTok itself counted of each shop's last days, for digests to stand beside ours."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from chatops.errors import PlatformError
from chatops.model import performance
from chatops.model import shop as shops
from chatops.model.shop import Shop
from chatops.platforms.ports import Marketplace, ShopRef
from chatops.rules import official_days
from chatops.rules.official_days import LOOK_BACK, ONE_DAY
from chatops.store.store import Store
from chatops.times import TimeSource

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
    now = time.now().astimezone(ZoneInfo(shop.timezone))
    today = now.date()
    known = await store.read(performance.between, [shop.id], today - LOOK_BACK * ONE_DAY, today)
    for day in official_days.wanted({one.day: one.read_at for one in known}, now):
        figures = await marketplace.official_figures(ShopRef(shop.id), day, day + ONE_DAY)
        if figures is None:
            return
        await store.write(performance.keep, shop.id, day, figures, time.now())
