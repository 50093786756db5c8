"""What sellers granted: codes, access tokens, refresh tokens and their ends."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chatops.sandbox.tiktok.refusals import BAD_AUTH_CODE, RefusalError
from chatops.sandbox.tiktok.state import App, Json, Shop, State, seconds

CODE_LIFE = timedelta(minutes=30)
ACCESS_TOKEN_LIFE = timedelta(days=7)
AUTHORIZATION_LIFE = timedelta(days=365)


@dataclass(eq=False)
class Authorization:
    """A seller's permission for an app; `access_tokens` maps each token to its end."""

    app: App
    shops: list[Shop]
    scopes: tuple[str, ...]
    open_id: str
    ends_at: datetime
    refresh_token: str = ""
    newest_access_token: str = ""
    access_tokens: dict[str, datetime] = field(default_factory=dict)
    refreshes: int = 0


@dataclass
class _Code:
    app: App
    shops: list[Shop]
    ends_at: datetime


class Authorizations:
    """Issues and finds codes and tokens."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._codes: dict[str, _Code] = {}
        self._granted: list[Authorization] = []

    def all(self) -> list[Authorization]:
        """Every authorization that stands."""
        return list(self._granted)

    def code(self, app: App, shops: Sequence[Shop]) -> str:
        """Return a one-use code, valid for 30 minutes."""
        code = "ROW_" + secrets.token_urlsafe(24)
        self._codes[code] = _Code(app, list(shops), self._state.time.now() + CODE_LIFE)
        return code

    def exchange(self, app: App, code: str) -> Authorization:
        """Turn a code into an authorization; a code used twice, late or by another app is refused."""
        found = self._codes.pop(code, None)
        if found is None or found.app is not app or found.ends_at <= self._state.time.now():
            raise RefusalError(BAD_AUTH_CODE, status=self._state.assumptions.token_error_status)
        return self.grant(app, found.shops)

    def grant(self, app: App, shops: Sequence[Shop]) -> Authorization:
        """Authorize `app` for `shops` at once, with fresh tokens."""
        ends_at = self._state.time.now() + AUTHORIZATION_LIFE
        granted = Authorization(app, list(shops), app.scopes, self._state.new_id(), ends_at)
        self._issue(granted)
        self._granted.append(granted)
        return granted

    def refresh(self, app: App, refresh_token: str) -> Authorization:
        """Hand out new tokens for a living refresh token."""
        found = next((one for one in self._granted if one.refresh_token == refresh_token and one.app is app), None)
        if found is None or found.ends_at <= self._state.time.now():
            assumptions = self._state.assumptions
            raise RefusalError(
                assumptions.bad_refresh_code,
                "The refresh_token is invalid or expired.",
                status=assumptions.token_error_status,
            )
        found.refreshes += 1
        if self._state.assumptions.refresh_ends_older_access_tokens:
            found.access_tokens.clear()
        self._issue(found, rotate=self._state.assumptions.refresh_rotates)
        return found

    def holder(self, access_token: str) -> tuple[Authorization, datetime] | None:
        """Return whose access token this is and when it ends."""
        for one in self._granted:
            if access_token in one.access_tokens:
                return one, one.access_tokens[access_token]
        return None

    def newest(self, shop: Shop) -> Authorization | None:
        """Return the latest authorization that covers `shop`."""
        return next((one for one in reversed(self._granted) if shop in one.shops), None)

    def revoke(self, shop: Shop) -> None:
        """End every permission for `shop`; tokens that cover nothing else die."""
        for one in self._granted:
            if shop in one.shops:
                one.shops.remove(shop)
        self._granted = [one for one in self._granted if one.shops]

    def _issue(self, granted: Authorization, *, rotate: bool = True) -> None:
        token = "ROW_" + secrets.token_urlsafe(32)
        granted.access_tokens[token] = min(self._state.time.now() + ACCESS_TOKEN_LIFE, granted.ends_at)
        granted.newest_access_token = token
        if rotate:
            granted.refresh_token = "ROW_" + secrets.token_urlsafe(32)


def token_answer(granted: Authorization) -> Json:
    """Return the data of a token answer; both ends are instants, not durations, and no shop id is in it."""
    shop = granted.shops[0]
    return {
        "access_token": granted.newest_access_token,
        "access_token_expire_in": seconds(granted.access_tokens[granted.newest_access_token]),
        "refresh_token": granted.refresh_token,
        "refresh_token_expire_in": seconds(granted.ends_at),
        "open_id": granted.open_id,
        "seller_name": shop.name,
        "seller_base_region": shop.region,
        "user_type": 0,
        "granted_scopes": list(granted.scopes),
    }
