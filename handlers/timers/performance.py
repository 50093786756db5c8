"""An hour has passed: read what TikTok itself counted of each shop's last days, for digests to stand beside ours."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
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
COUNTS_ON = 3  # days after a day is over
LOOK_BACK = 31  # days: we may have been away
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
    now = time.now().astimezone(ZoneInfo(shop.timezone))
    today = now.date()
    known = await store.read(performance.between, [shop.id], today - LOOK_BACK * ONE_DAY, today)
    for day in _wanted({one.day: one.read_at for one in known}, now):
        figures = await marketplace.official_figures(ShopRef(shop.id), day, day + ONE_DAY)
        if figures is None:
            return
        await store.write(performance.keep, shop.id, day, figures, time.now())


def _wanted(known: Mapping[date, datetime], now: datetime) -> Iterator[date]:
    """Yield the days to be read, the last one first, of those that were `known` at these instants; `now` by its clock.

    Of days long over they are those on which nobody looked since the first that is known.
    """
    first = min(known, default=now.date())
    for back in range(1, LOOK_BACK + 1):
        day = now.date() - back * ONE_DAY
        read_at = known.get(day)
        if read_at is None:
            wanted = back <= COUNTS_ON or day > first
        else:
            was_over = read_at.astimezone(now.tzinfo).date() - day >= COUNTS_ON * ONE_DAY
            wanted = now - read_at >= AGAIN and (back <= COUNTS_ON or not was_over)
        if wanted:
            yield day
