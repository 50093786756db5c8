"""Access tokens that are always fresh: one refresh at a time per authorization, across calls and across replicas.

An access token lives seven days. It is refreshed a day before its end, or at once when TikTok no longer takes it. Only
the replica that holds the refresh lease asks TikTok; the others read the stored tokens again until the new ones are
there.

When a process dies between TikTok's answer and `TokenVault.replace`, the new pair is lost with it. The next caller
tries the stored refresh token again: if TikTok still takes it (nobody has published whether refresh tokens rotate),
nothing was lost. If TikTok refuses it and the access token is not taken either, the authorization is marked revoked and
somebody has to connect the shop again. While the process lives, a pair that could not be stored waits for the next
call.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from chatops.errors import ChatopsError, PlatformError, TokenRevoked, Unavailable
from chatops.times import TimeSource

log = logging.getLogger(__name__)


class RefreshRefused(PlatformError):
    """TikTok says that a refresh token is no good (any more)."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What TikTok hands out for an authorization; `user_type` 0 is a seller."""

    access_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime
    open_id: str = ""
    seller_name: str = ""
    region: str = ""
    user_type: int = 0
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShopAccess:
    """The stored key to a shop; `version` grows with every replacement of the authorization's tokens."""

    authorization_id: str
    access_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_token: str = field(repr=False)
    cipher: str
    version: int


class TokenVault(Protocol):
    """Where tokens are kept, encrypted, for all replicas."""

    async def access(self, shop_id: str) -> ShopAccess:
        """Return the key to a shop; `TokenRevoked` when the shop is not connected (any more)."""
        ...

    async def acquire(self, authorization_id: str, owner: str, ttl: timedelta) -> bool:
        """Take the refresh lease of an authorization for `ttl`; False while another owner holds it."""
        ...

    async def release(self, authorization_id: str, owner: str) -> None:
        """Give the lease back; nothing happens if `owner` does not hold it."""
        ...

    async def replace(self, authorization_id: str, version: int, tokens: Tokens) -> bool:
        """Store new tokens if `version` is still the stored one; False when somebody else was faster."""
        ...

    async def mark_revoked(self, authorization_id: str, version: int, reason: str) -> None:
        """Remember that TikTok ended an authorization; `access` raises `TokenRevoked` for its shops from now on.

        Nothing happens if `version` is not the stored one any more: somebody has connected the shop again.
        """
        ...


@dataclass(frozen=True, slots=True)
class RefreshPlan:
    """When tokens are refreshed and how long callers wait for it."""

    ahead: timedelta = timedelta(days=1)  # this long before the end
    lease: timedelta = timedelta(minutes=1)  # longer than a refresh can take
    poll: timedelta = timedelta(milliseconds=200)  # between looks at what the winner stored
    patience: timedelta = timedelta(seconds=20)  # how long losers wait
    retry: timedelta = timedelta(minutes=10)  # after an early refresh that failed
    rest: timedelta = timedelta(minutes=1)  # after a refresh that did not help


class FreshTokens:
    """Gives out keys that TikTok will take; `owner` names this process among the replicas."""

    def __init__(
        self,
        vault: TokenVault,
        refresh: Callable[[str], Awaitable[Tokens]],
        clock: TimeSource,
        owner: str,
        plan: RefreshPlan | None = None,
    ) -> None:
        self._vault = vault
        self._refresh = refresh
        self._clock = clock
        self._owner = owner
        self._plan = plan or RefreshPlan()
        self._running: dict[str, asyncio.Task[ShopAccess]] = {}
        self._no_early_before: dict[str, datetime] = {}
        self._none_before: dict[str, datetime] = {}
        self._unsaved: dict[str, tuple[int, Tokens]] = {}

    async def current(self, shop_id: str) -> ShopAccess:
        """Return the key to a shop, refreshed first when its end is near.

        A refresh that fails while the old token still lives is logged and tried again later.
        """
        held = await self._vault.access(shop_id)
        left = held.access_expires_at - self._clock.now()
        if left > self._plan.ahead:
            return held
        if left <= timedelta():
            return await self._single_flight(shop_id, held)
        if self._waits(self._no_early_before, held.authorization_id):
            return held
        try:
            return await self._single_flight(shop_id, held)
        except TokenRevoked:
            raise
        except ChatopsError as trouble:
            log.warning("an early refresh of TikTok Shop tokens failed (%s); the old token still lives", trouble)
            self._no_early_before[held.authorization_id] = self._clock.now() + self._plan.retry
            return held

    async def renewed(self, shop_id: str, stale: ShopAccess) -> ShopAccess:
        """Return a key newer than `stale`, which TikTok did not take; `TokenRevoked` when TikTok refuses to give one.

        `Unavailable` when the newest key was not taken either a moment ago: asking for more would not help.
        """
        held = await self._vault.access(shop_id)
        if held.version != stale.version:
            return held
        if self._waits(self._none_before, stale.authorization_id):
            raise Unavailable("token_not_accepted")
        try:
            return await self._single_flight(shop_id, stale, dead=True)
        except RefreshRefused:  # an early refresh was under way, which does not know that the old token is dead
            return await self._single_flight(shop_id, stale, dead=True)

    def rest(self, authorization_id: str) -> None:
        """Leave an authorization's tokens alone for a while: refreshing them did not help."""
        self._none_before[authorization_id] = self._clock.now() + self._plan.rest

    async def close(self) -> None:
        """Wait until running refreshes have stored what they got."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _waits(self, instants: dict[str, datetime], authorization_id: str) -> bool:
        until = instants.get(authorization_id)
        return until is not None and self._clock.now() < until

    async def _single_flight(self, shop_id: str, stale: ShopAccess, *, dead: bool = False) -> ShopAccess:
        """Join the refresh under way, or begin it; it runs on when its callers are cancelled."""
        key = stale.authorization_id
        running = self._running.get(key)
        if running is None:
            running = asyncio.create_task(self._renew(shop_id, stale, dead=dead))
            self._running[key] = running
            running.add_done_callback(lambda done: self._finished(key, done))
        renewed = await asyncio.shield(running)
        # One authorization opens several shops, each with its own cipher.
        return await self._vault.access(shop_id) if renewed.cipher != stale.cipher else renewed

    def _finished(self, key: str, done: "asyncio.Task[ShopAccess]") -> None:
        del self._running[key]
        if not done.cancelled():
            done.exception()  # looked at here, so that a refresh whose callers all left does not complain

    async def _renew(self, shop_id: str, stale: ShopAccess, *, dead: bool) -> ShopAccess:
        deadline = self._clock.now() + self._plan.patience
        while True:
            held = await self._vault.access(shop_id)
            if held.version != stale.version:
                return held
            if await self._vault.acquire(held.authorization_id, self._owner, self._plan.lease):
                try:
                    return await self._renew_alone(shop_id, stale, dead=dead)
                finally:
                    await self._vault.release(held.authorization_id, self._owner)
            now = self._clock.now()
            if now >= deadline:
                raise Unavailable("refresh_busy", "another replica has not finished its refresh")
            await self._clock.wait(asyncio.Event(), now + self._plan.poll)

    async def _renew_alone(self, shop_id: str, stale: ShopAccess, *, dead: bool) -> ShopAccess:
        held = await self._vault.access(shop_id)  # the last holder of the lease may just have finished
        if held.version != stale.version:
            return held
        key = held.authorization_id
        version, tokens = self._unsaved.get(key, (-1, None))
        if tokens is None or version != held.version:
            try:
                tokens = await self._refresh(held.refresh_token)
            except RefreshRefused as refused:
                return await self._refused(shop_id, held, refused, dead=dead)
        self._unsaved[key] = (held.version, tokens)
        await self._vault.replace(key, held.version, tokens)
        self._unsaved.pop(key, None)
        return await self._vault.access(shop_id)

    async def _refused(self, shop_id: str, stale: ShopAccess, refused: RefreshRefused, *, dead: bool) -> ShopAccess:
        """Decide what a refused refresh token means: somebody was faster, the old access still lives, or the end."""
        held = await self._vault.access(shop_id)
        if held.version != stale.version:
            return held
        if not dead and held.access_expires_at > self._clock.now():
            raise refused
        await self._vault.mark_revoked(held.authorization_id, held.version, refused.code)
        raise TokenRevoked(refused.code, "TikTok ended the authorization; connect the shop again") from None


def expiry(seconds: int | None) -> datetime:
    """Return the instant of an `…_expire_in`, which is absolute Unix seconds; the end of time when it is missing."""
    last = datetime(9999, 12, 31, tzinfo=UTC)
    if seconds is None or seconds >= last.timestamp():
        return last
    return datetime.fromtimestamp(max(0, seconds), UTC)
