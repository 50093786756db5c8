"""Where the tests keep tokens: as the store does it, but in memory; several clients may share one."""

import asyncio
from datetime import datetime, timedelta

from chatops.errors import TokenRevoked
from chatops.platforms.ports import ConnectedShop
from chatops.platforms.tiktok.tokens import ShopAccess, Tokens
from chatops.sandbox.storytime import StoryTime


class StoryClock:
    """The story's clock as the product reads it."""

    def __init__(self, story: StoryTime) -> None:
        self._story = story

    def now(self) -> datetime:
        return self._story.now()

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        waiters: list[asyncio.Future[object]] = [asyncio.create_task(bell.wait())]
        if until is not None:
            waiters.append(asyncio.create_task(self._story.wait_until(until)))
        _, late = await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
        for one in late:
            one.cancel()


class MemoryVault:
    """A `TokenVault` that also remembers what happened to it."""

    def __init__(self, story: StoryTime) -> None:
        self._story = story
        self._tokens: dict[str, tuple[int, Tokens]] = {}
        self._shops: dict[str, tuple[str, str]] = {}
        self._leases: dict[str, tuple[str, datetime]] = {}
        self.revoked: dict[str, str] = {}
        self.refused_leases = 0
        self.refused_lease = asyncio.Event()
        self.leased = asyncio.Event()
        self.failing_replaces = 0

    def connect(self, authorization_id: str, shops: list[ConnectedShop], tokens: Tokens) -> None:
        self._tokens[authorization_id] = (self.version(authorization_id) + 1, tokens)
        self.revoked.pop(authorization_id, None)
        for shop in shops:
            self._shops[shop.shop_id] = (authorization_id, shop.cipher)

    def version(self, authorization_id: str) -> int:
        return self._tokens[authorization_id][0] if authorization_id in self._tokens else 0

    def tokens(self, authorization_id: str) -> Tokens:
        return self._tokens[authorization_id][1]

    async def access(self, shop_id: str) -> ShopAccess:
        if shop_id not in self._shops:
            raise TokenRevoked("not_connected")
        authorization_id, cipher = self._shops[shop_id]
        if authorization_id in self.revoked:
            raise TokenRevoked(self.revoked[authorization_id])
        version, tokens = self._tokens[authorization_id]
        return ShopAccess(
            authorization_id, tokens.access_token, tokens.access_expires_at, tokens.refresh_token, cipher, version
        )

    async def acquire(self, authorization_id: str, owner: str, ttl: timedelta) -> bool:
        now = self._story.now()
        holder, until = self._leases.get(authorization_id, ("", now))
        if holder not in {"", owner} and until > now:
            self.refused_leases += 1
            self.refused_lease.set()
            return False
        self._leases[authorization_id] = (owner, now + ttl)
        self.leased.set()
        return True

    async def release(self, authorization_id: str, owner: str) -> None:
        if self._leases.get(authorization_id, ("", None))[0] == owner:
            del self._leases[authorization_id]

    async def replace(self, authorization_id: str, version: int, tokens: Tokens) -> bool:
        if self.failing_replaces:
            self.failing_replaces -= 1
            raise OSError("disk full")
        if self.version(authorization_id) != version:
            return False
        self._tokens[authorization_id] = (version + 1, tokens)
        return True

    async def mark_revoked(self, authorization_id: str, version: int, reason: str) -> None:
        if self.version(authorization_id) == version:
            self.revoked[authorization_id] = reason
