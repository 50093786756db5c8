"""The keys to connected shops: read, and replaced after a refresh."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from chatops.errors import TokenRevoked
from chatops.model import shop as shops
from chatops.model.shop import Authorization, Shop
from chatops.store.transaction import Transaction


def access(tx: Transaction, shop_id: str) -> tuple[Shop, Authorization]:
    """Return a shop and the permission that opens it.

    Raises:
        TokenRevoked: the shop is not connected (any more).
    """
    shop = shops.get(tx, shop_id)
    granted = shops.authorization(tx, shop.authorization_id) if shop and shop.authorization_id else None
    if shop is None or granted is None or granted.revoked_reason is not None:
        raise TokenRevoked("shop_disconnected")
    return shop, granted


def replace(
    tx: Transaction,
    authorization_id: str,
    version: int,
    access_token: tuple[str, datetime],
    refresh_token: tuple[str, datetime],
) -> bool:
    """Keep new tokens, each with the instant it ends, if `version` is still the stored one."""
    changed = tx.execute(
        update(Authorization)
        .where(col(Authorization.id) == authorization_id, col(Authorization.version) == version)
        .values(
            access_token=access_token[0],
            access_expires_at=access_token[1],
            refresh_token=refresh_token[0],
            refresh_expires_at=refresh_token[1],
            version=version + 1,
        )
    )
    return changed.rowcount == 1
