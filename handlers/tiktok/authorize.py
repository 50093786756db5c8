"""`GET /tiktok/shop/callback`: a seller comes back from TikTok with the permission they gave."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta
from html import escape

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse

from chatops.cards import callback
from chatops.desk import setup
from chatops.errors import ChatopsError, PlatformError
from chatops.i18n import current, language, liked_best, right_to_left
from chatops.model.shop import Authorization
from chatops.platforms.tiktok.authorization import Authorization as Permissions
from chatops.store.store import Store
from chatops.times import TimeSource

STATE_LASTS = timedelta(hours=1)
log = structlog.get_logger(__name__)


class StateSigner:
    """Makes and checks the `state` that ties a callback to an address we printed; it holds its own age."""

    def __init__(self, key: str, time: TimeSource) -> None:
        self._key = hashlib.sha256(b"shop callback state" + key.encode()).digest()
        self._time = time

    def make(self) -> str:
        """Return a fresh state."""
        plain = f"{int(self._time.now().timestamp())}-{secrets.token_urlsafe(9)}"
        return f"{plain}.{self._sign(plain)}"

    def is_ours(self, state: str) -> bool:
        """Tell whether we made a state within the last hour."""
        plain, _, signature = state.rpartition(".")
        at = plain.partition("-")[0]
        if not hmac.compare_digest(self._sign(plain).encode(), signature.encode()) or not at.isdigit():
            return False
        return 0 <= self._time.now().timestamp() - int(at) <= STATE_LASTS.total_seconds()

    def _sign(self, plain: str) -> str:
        return hmac.new(self._key, plain.encode(), hashlib.sha256).hexdigest()[:32]


async def ask(permissions: Permissions, code: str) -> tuple[Authorization, list[setup.OpenedShop]]:
    """Trade a code for a permission; return it and the shops it opens.

    Raises:
        PlatformError: TikTok did not take the code.
    """
    tokens = await permissions.exchange(code)
    granted = Authorization(
        id=tokens.open_id,
        seller_name=tokens.seller_name,
        access_token=tokens.access_token,
        access_expires_at=tokens.access_expires_at,
        refresh_token=tokens.refresh_token,
        refresh_expires_at=tokens.refresh_expires_at,
        granted_scopes=" ".join(tokens.scopes),
    )
    opened = await permissions.shops(tokens.access_token)
    return granted, [setup.OpenedShop(shop.shop_id, shop.region, shop.cipher) for shop in opened]


class ShopCallback:
    """Connects a shop when the seller was sent by us; a code from elsewhere is only told what to do with it."""

    def __init__(self, store: Store, permissions: Permissions, signer: StateSigner) -> None:
        self._store = store
        self._permissions = permissions
        self._signer = signer

    async def __call__(self, request: Request) -> HTMLResponse:
        """Answer the seller's browser with one sentence, in its language."""
        with language(liked_best(request.headers.get("Accept-Language", ""))):
            return _page(*await self._connect(request.query_params))

    async def _connect(self, query: Mapping[str, str]) -> tuple[str, int]:
        code = query.get("code", "")
        if not code:
            return callback.no_permission(), 400
        if not self._signer.is_ours(query.get("state", "")):
            # A seller who starts in Seller Center comes without our state; a forged link does, too.
            return callback.not_from_here(), 400
        try:
            granted, opened = await ask(self._permissions, code)
            shops = await self._store.write(setup.shops_connected, granted, opened)
        except ChatopsError as error:
            log.warning("shop_not_connected", error=type(error).__name__)
            refused = isinstance(error, PlatformError)
            return (callback.not_taken(), 502) if refused else (callback.not_kept(), 503)
        if not shops:
            return callback.not_named([shop.shop_id for shop in opened]), 409
        log.info("shops_connected", shops=shops)
        return callback.connected(shops), 200


def _page(sentence: str, status: int) -> HTMLResponse:
    spoken = current().replace("_", "-")
    direction = " dir=rtl" if right_to_left() else ""
    head = f"<!doctype html><html lang={spoken}{direction}><meta charset=utf-8><title>chatops</title>"
    headers = {"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(f"{head}<p>{escape(sentence)}</p></html>", status, headers=headers)
