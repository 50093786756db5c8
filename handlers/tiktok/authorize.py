"""`GET /tiktok/shop/callback`: a seller comes back from TikTok with the permission they gave."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from html import escape

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse

from chatops.desk import setup
from chatops.errors import ChatopsError
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
        """Answer the seller's browser with one sentence."""
        code = request.query_params.get("code", "")
        if not code:
            return _page("There is no permission in this address.", 400)
        if not self._signer.is_ours(request.query_params.get("state", "")):
            # A seller who starts in Seller Center comes without our state; a forged link does, too.
            return _page("To finish, run this where chatops is installed: chatops shop connect --code …", 400)
        try:
            granted, opened = await ask(self._permissions, code)
            shops = await self._store.write(setup.shops_connected, granted, opened)
        except ChatopsError as error:
            log.warning("shop_not_connected", error=type(error).__name__)
            return _page("TikTok did not take this permission. Ask for a new address and try again.", 502)
        if not shops:
            return _page(f"Name one of these shops in desk.toml, then try again: {_ids(opened)}", 409)
        log.info("shops_connected", shops=shops)
        return _page(f"Connected: {', '.join(shops)}. You can close this page.", 200)


def _ids(opened: Sequence[setup.OpenedShop]) -> str:
    return ", ".join(shop.shop_id for shop in opened) or "(none)"


def _page(sentence: str, status: int) -> HTMLResponse:
    text = f"<!doctype html><html lang=en><meta charset=utf-8><title>chatops</title><p>{escape(sentence)}</p></html>"
    headers = {"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(text, status, headers=headers)
