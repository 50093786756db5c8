"""Catching up with what webhooks lost: compare what TikTok holds with what we hold, newest first, within a budget."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlmodel import col, select

from chatops.desk import intake, marks, outages
from chatops.errors import ChatopsError, PlatformError, Unavailable
from chatops.model import shop as shops
from chatops.model.message import Message
from chatops.model.shop import Shop
from chatops.platforms.ports import MarketConversation, MarketMessage, Marketplace, ShopRef
from chatops.rules import languages
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TimeSource

DAILY_BUDGET = 2000  # requests a shop and day; TikTok's own quota is 10,000 for everything
log = structlog.get_logger(__name__)


class Poller:
    """Compares each connected shop with what we hold, from a stored mark."""

    daily_budget = DAILY_BUDGET

    def __init__(self, store: Store, marketplace: Marketplace, time: TimeSource) -> None:
        self._store = store
        self._marketplace = marketplace
        self._time = time
        # By shop and conversation: its newest message when it was last compared, so that it is read once per change.
        self._compared: dict[str, dict[str, str]] = {}

    async def compare_all(self) -> None:
        """Compare every connected shop; one that cannot be read now is compared next time."""
        for shop in await self._store.read(shops.every):
            if shop.authorization_id is None:
                continue
            try:
                await self.compare(shop)
            except PlatformError as error:
                log.warning("shop_not_compared", shop=shop.id, code=error.code)
                await self._tried(shop, answered=not isinstance(error, Unavailable))
            except ChatopsError as error:
                log.warning("shop_not_compared", shop=shop.id, error=type(error).__name__)
            except Exception as error:
                log.exception("shop_not_compared", shop=shop.id, error=type(error).__name__)

    async def _tried(self, shop: Shop, *, answered: bool) -> None:
        tried = partial(outages.tried, answered=answered)
        await self._store.write(tried, shop.id, self._time.now())

    async def compare(self, shop: Shop) -> int:
        """Take in every message of one shop that we do not have; return how many there were."""
        run = _Run(self._store, self._marketplace, ShopRef(shop.id), self._time, self.daily_budget)
        mark = await self._store.write(marks.begin, shop.id, self._time.now())
        run.spent, run.since = mark.spent, mark.newest_at - OVERLAP
        newest = mark.newest_at
        try:
            found, newest = await self._compare(run, newest)
        finally:  # what was spent counts, however it ended
            await self._store.write(marks.finish, shop.id, newest, run.spent, self._time.now())
        if run.spent > mark.spent:
            await self._tried(shop, answered=True)
        if found:
            log.info("caught_up", shop=shop.id, messages=found)
        return found

    async def _compare(self, run: "_Run", since: datetime) -> tuple[int, datetime]:
        """Return how many messages there were, and up to when the shop is compared; `since` if it is not to the end."""
        before, compared = self._compared.get(run.shop_id, {}), {}
        found = 0
        token, newest, ended = "", since, False
        while not ended and not run.is_over_budget:
            page, token = await run.conversations(token)
            changed = [one for one in page if one.latest is None or one.latest.at >= run.since]
            for one in changed:
                if one.latest is None or before.get(one.external_id) != one.latest.external_id:
                    found += await run.take_in(one)
                if one.latest is not None and not run.is_over_budget:
                    compared[one.external_id] = one.latest.external_id
                    newest = max(newest, one.latest.at)
            ended = not token or not changed
        self._compared[run.shop_id] = compared
        return found, since if run.is_over_budget else newest


OVERLAP = timedelta(minutes=2)  # TikTok counts in seconds, and its answers may lag behind its webhooks


class _Run:
    """One comparison of one shop, counting what it spends."""

    def __init__(
        self, store: Store, marketplace: Marketplace, shop: ShopRef, time: TimeSource, daily_budget: int
    ) -> None:
        self._store = store
        self._marketplace = marketplace
        self._shop = shop
        self.shop_id = shop.shop_id
        self._daily_budget = daily_budget
        self._time = time
        self.since = time.now()
        self.spent = 0

    @property
    def is_over_budget(self) -> bool:
        return self.spent >= self._daily_budget

    async def conversations(self, token: str) -> tuple[Sequence[MarketConversation], str]:
        self.spent += 1
        return await self._marketplace.conversations(self._shop, token)

    async def take_in(self, conversation: MarketConversation) -> int:
        """Read a conversation back to where the last comparison began, and take in what is missing, oldest first.

        Holding its newest message proves nothing about those before it: each may have been lost by itself.
        """
        missing: list[MarketMessage] = []
        token, ended = "", False
        while not ended and not self.is_over_budget:
            self.spent += 1
            page, token = await self._marketplace.messages(self._shop, conversation.external_id, token)
            known = await self._known([message.external_id for message in page])
            recent = [message for message in page if message.at >= self.since]
            missing += [message for message in recent if message.external_id not in known]
            ended = not token or len(recent) < len(page)
        missing.sort(key=lambda message: message.index)
        if missing and not languages.is_loaded():
            await asyncio.to_thread(languages.load)
        # Not the run's beginning: an answer of ours that left since then comes back here, and must be known by that.
        return await self._store.write(_all_arrived, self._shop.shop_id, self._time.now(), missing)

    async def _known(self, external_ids: list[str]) -> set[str]:
        return await self._store.read(_held, self._shop.shop_id, external_ids)


def _all_arrived(tx: Transaction, shop_id: str, now: datetime, heard: Sequence[MarketMessage]) -> int:
    """Take in a conversation's messages, in this order; return how many were new."""
    return sum(intake.message_arrived(tx, shop_id, now, message) for message in heard)


def _held(tx: Transaction, shop_id: str, external_ids: list[str]) -> set[str]:
    """Return which of TikTok's message ids we hold."""
    held = select(Message.external_id).where(
        Message.shop_id == shop_id,
        col(Message.external_id).in_(external_ids),
    )
    return set(tx.connection.scalars(held))
