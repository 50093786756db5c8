"""How a seller lets us in: the authorize page, the code it ends with, the tokens for the code, the shops they open."""

from msgspec import Raw
from yarl import URL

from chatops.errors import PlatformError, Rejected, TargetGone, TokenRevoked, Unavailable
from chatops.platforms.ports import ConnectedShop
from chatops.platforms.tiktok import payloads
from chatops.platforms.tiktok.codes import OUR_OWN_FAULT, StaleToken
from chatops.platforms.tiktok.gateway import Call, Gateway
from chatops.platforms.tiktok.tokens import RefreshRefused, Tokens, expiry


class Authorization:
    """Asks the token host, and for the shops behind a token."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def page(self, service_id: str, state: str, region: str) -> str:
        """Return the address a seller of `region` opens; TikTok sends them back with `code` and mostly our `state`."""
        app = self._gateway.app
        page = app.authorize_us_url if region.upper() == "US" else app.authorize_url
        query = {"service_id": service_id} | ({"state": state} if state else {})
        return str(URL(page).update_query(query))

    async def exchange(self, code: str) -> Tokens:
        """Return the tokens for a code, which works once and for 30 minutes; else `Rejected("bad_auth_code")`."""
        query = {"auth_code": code, "grant_type": "authorized_code"}
        try:
            return self._tokens(await self._gateway.ask_for_tokens("/api/v2/token/get", query, [code]))
        except StaleToken as stale:
            raise Rejected("bad_auth_code", str(stale)) from None

    async def refresh(self, refresh_token: str) -> Tokens:
        """Return new tokens; `RefreshRefused` when TikTok will never take this refresh token again.

        Nobody has published the code of that refusal: every definite "no" that is not about our app counts.
        """
        query = {"refresh_token": refresh_token, "grant_type": "refresh_token"}
        refused: PlatformError
        try:
            return self._tokens(await self._gateway.ask_for_tokens("/api/v2/token/refresh", query, [refresh_token]))
        except (Rejected, TargetGone, StaleToken) as no:
            if no.code in OUR_OWN_FAULT:
                raise
            refused = RefreshRefused("refresh_refused", str(no))
        raise refused

    async def shops(self, access_token: str) -> list[ConnectedShop]:
        """Return the shops a seller's token opens; `TokenRevoked` when TikTok does not take the token."""
        try:
            data = await self._gateway.call(Call("GET", "/authorization/202309/shops"), access_token)
        except StaleToken as stale:
            raise TokenRevoked(stale.code, str(stale)) from None
        page = payloads.read(data, payloads.Page) or payloads.Page()
        return payloads.entries(page.shops, payloads.WireShop, payloads.shop)

    def _tokens(self, data: Raw) -> Tokens:
        wire = payloads.read(data, payloads.WireTokens)
        if wire is None or not wire.access_token or not wire.refresh_token:
            raise Unavailable("bad_answer", "the token host sent no tokens")
        return Tokens(
            access_token=wire.access_token,
            access_expires_at=expiry(wire.access_token_expire_in),
            refresh_token=wire.refresh_token,
            refresh_expires_at=expiry(wire.refresh_token_expire_in),
            open_id=payloads.text(wire.open_id),
            seller_name=wire.seller_name or "",
            region=wire.seller_base_region or "",
            user_type=wire.user_type or 0,
            scopes=tuple(scope for scope in wire.granted_scopes or () if scope),
        )
