"""An hour has passed: refresh the permissions whose end is near, so that no answer has to wait for it."""

import structlog

from chatops.errors import PlatformError
from chatops.model import shop as shops
from chatops.platforms.ports import Marketplace, ShopRef
from chatops.store.store import Store

log = structlog.get_logger(__name__)


async def keep_fresh(store: Store, marketplace: Marketplace) -> None:
    """Refresh what needs it; a shop that cannot be refreshed now is tried again in an hour."""
    for shop in await store.read(shops.every):
        if shop.authorization_id is None:
            continue
        try:
            await marketplace.keep_fresh(ShopRef(shop.id))
        except PlatformError as error:
            log.warning("tokens_not_refreshed", shop=shop.id, code=error.code)
