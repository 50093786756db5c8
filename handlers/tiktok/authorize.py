"""`GET /tiktok/shop/callback`: a seller comes back from TikTok with the permission they gave."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from html import escape

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse

from chatops.desk import setup
from chatops.errors import ChatopsError, SetupError
from chatops.model.shop import Authorization
from chatops.platforms.tiktok.client import TikTokShop
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
        if not hmac.compare_digest(self._sign(plain), signature) or not at.isdigit():
            return False
        return 0 <= self._time.now().timestamp() - int(at) <= STATE_LASTS.total_seconds()

    def _sign(self, plain: str) -> str:
        return hmac.new(self._key, plain.encode(), hashlib.sha256).hexdigest()[:32]


async def connect(store: Store, marketplace: TikTokShop, code: str, now: datetime) -> list[str]:
    """Trade a code for tokens and keep them for every shop they open; return the shops' ids.

    Raises:
        SetupError: the permission opens no shop that `desk.toml` names.
        PlatformError: TikTok did not take the code.
    """
    tokens = await marketplace.exchange_code(code)
    opened = await marketplace.authorized_shops(tokens.access_token)
    granted = Authorization(
        id=tokens.open_id,
        seller_name=tokens.seller_name,
        access_token=tokens.access_token,
        access_expires_at=tokens.access_expires_at,
        refresh_token=tokens.refresh_token,
        refresh_expires_at=tokens.refresh_expires_at,
        granted_scopes=" ".join(tokens.scopes),
    )
    connected, unknown = [], []
    for shop in opened:
        try:
            await store.write(setup.shop_connected, granted, shop.shop_id, shop.region, shop.cipher)
        except SetupError:
            unknown.append(shop.shop_id)
        else:
            connected.append(shop.shop_id)
    if not connected:
        raise SetupError(
            f"the permission opens no shop that desk.toml names (it opens: {', '.join(unknown) or 'none'})",
            "Name the shop with this id under [[shops]] in desk.toml, run `chatops apply desk.toml`, connect again.",
        )
    log.info("shops_connected", shops=connected, at=now.isoformat(), not_named=unknown)
    return connected


class ShopCallback:
    """Connects a shop when the seller was sent by us; a code from elsewhere is only told what to do with it."""

    def __init__(self, store: Store, marketplace: TikTokShop, signer: StateSigner, time: TimeSource) -> None:
        self._store = store
        self._marketplace = marketplace
        self._signer = signer
        self._time = time

    async def __call__(self, request: Request) -> HTMLResponse:
        """Answer the seller's browser with one sentence."""
        code = request.query_params.get("code", "")
        if not code:
            return _page("There is no permission in this address.", 400)
        if not self._signer.is_ours(request.query_params.get("state", "")):
            # A seller who starts in Seller Center comes without our state; a forged link does, too.
            return _page("To finish, run this where chatops is installed: chatops shop connect --code …", 400)
        try:
            shops = await connect(self._store, self._marketplace, code, self._time.now())
        except SetupError as error:
            return _page(f"{error}. {error.remedy}", 409)
        except ChatopsError as error:
            log.warning("shop_not_connected", error=type(error).__name__)
            return _page("TikTok did not take this permission. Ask for a new address and try again.", 502)
        return _page(f"Connected: {', '.join(shops)}. You can close this page.", 200)


def _page(sentence: str, status: int) -> HTMLResponse:
    text = f"<!doctype html><html lang=en><meta charset=utf-8><title>chatops</title><p>{escape(sentence)}</p></html>"
    headers = {"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(text, status, headers=headers)
