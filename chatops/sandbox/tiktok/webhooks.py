"""Webhooks as TikTok Shop sends them: signed compact JSON, three seconds of patience, four later tries."""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp

from chatops.sandbox.faults import Fault, Faults, Trouble
from chatops.sandbox.tiktok.changes import Changes
from chatops.sandbox.tiktok.signing import webhook_sign
from chatops.sandbox.tiktok.state import Json, Shop, State, compact, seconds

NEW_CONVERSATION = 13
NEW_MESSAGE = 14
SELLER_DEAUTHORIZATION = 6
UPCOMING_AUTHORIZATION_EXPIRATION = 7
ORDER_STATUS_CHANGE = 1

TOPICS = {
    1: "ORDER_STATUS_CHANGE",
    3: "RECIPIENT_ADDRESS_UPDATE",
    4: "PACKAGE_UPDATE",
    5: "PRODUCT_STATUS_CHANGE",
    6: "SELLER_DEAUTHORIZATION",
    7: "UPCOMING_AUTHORIZATION_EXPIRATION",
    11: "CANCELLATION_STATUS_CHANGE",
    12: "RETURN_STATUS_CHANGE",
    13: "NEW_CONVERSATION",
    14: "NEW_MESSAGE",
    15: "PRODUCT_INFORMATION_CHANGE",
    16: "PRODUCT_CREATION",
    18: "PRODUCT_CATEGORY_CHANGE",
    33: "NEW_MESSAGE_LISTENER",
    36: "INVOICE_STATUS_CHANGE",
    37: "PRODUCT_AUDIT_STATUS_CHANGE",
}


@dataclass
class WebhookPolicy:
    """How well webhooks work today; change any field at any time."""

    enabled: bool = True  # False: nobody subscribed, nothing is created
    drop: bool = False  # True: notifications are created and lost
    copies: int = 1  # how many times each notification is sent, all at once
    hold: int = 0  # keep this many back, then send them in shuffled order
    timeout: float = 3.0  # seconds of real time the receiver has
    retry_after: tuple[float, ...] = (120, 1800, 10800, 43200)  # seconds of story time between tries
    seed: int = 7  # of the shuffle


@dataclass
class Attempt:
    """One try; `status` is None when no answer came."""

    at: datetime
    status: int | None
    error: str = ""


@dataclass(eq=False)
class Notification:
    """One notification and what became of it."""

    id: str
    shop: Shop
    type: int
    data: Json
    url: str
    body: bytes
    lane: str
    attempts: list[Attempt] = field(default_factory=list)
    due: datetime | None = None  # when the next try starts; None when none is planned
    outcome: str = "waiting"  # waiting | sending | held | accepted | lost

    @property
    def statuses(self) -> list[int | None]:
        """The HTTP status of every try."""
        return [attempt.status for attempt in self.attempts]


class Webhooks:
    """Sends notifications in order within a lane, side by side across lanes."""

    def __init__(self, state: State, changes: Changes, faults: Faults) -> None:
        self.policy = WebhookPolicy()
        self.log: list[Notification] = []
        self._state = state
        self._changes = changes
        self._faults = faults
        self._lanes: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._held: list[Notification] = []
        self._open: set[Notification] = set()  # on its way or still to be tried again
        self._background: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open the connection pool."""
        self._session = aiohttp.ClientSession(trust_env=False)

    async def stop(self) -> None:
        """Give up everything in flight and every later try."""
        for work in self._background:
            work.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        self._open.clear()
        if self._session is not None:
            await self._session.close()

    def notify(self, shop: Shop, kind: int, data: Json, lane: str = "") -> Notification | None:
        """Send one notification in the background; None when nobody subscribed to it."""
        override = shop.webhooks.get(TOPICS.get(kind, ""))
        url = str(override["address"]) if override else shop.app.webhook_url
        if not self.policy.enabled or url is None:
            return None
        notification_id, now = self._state.new_id(), self._state.time.now()
        envelope = {"type": kind, "tts_notification_id": notification_id, "shop_id": shop.id}
        body = compact({**envelope, "timestamp": seconds(now), "data": data}).encode()
        sent = Notification(notification_id, shop, kind, data, url, body, lane or f"{shop.id}:{kind}", due=now)
        self.log.append(sent)
        if self.policy.drop:
            sent.outcome, sent.due = "lost", None
        elif self.policy.hold:
            sent.outcome, sent.due = "held", None
            self._held.append(sent)
            if len(self._held) >= self.policy.hold:
                self.release()
        else:
            self._send(sent)
        return sent

    def release(self) -> None:
        """Send what is held back, out of order, one after the other."""
        held, self._held = self._held, []
        shuffled = list(held)
        random.Random(self.policy.seed).shuffle(shuffled)  # noqa: S311 - a repeatable order, not a secret
        if shuffled == held:
            shuffled.reverse()
        for notification in shuffled:
            notification.lane, notification.due = "shuffled", self._state.time.now()
            self._send(notification)

    async def settled(self) -> None:
        """Return once nothing is in flight and no planned try is due; held and later ones do not count."""
        await self._changes.until(lambda: not any(self._busy(notification) for notification in self._open))

    async def first_try(self, notification: Notification) -> None:
        """Return once the receiver was asked for the first time, at once if the notification is held or lost."""
        await self._changes.until(lambda: bool(notification.attempts) or notification.outcome in {"held", "lost"})

    def _busy(self, notification: Notification) -> bool:
        due = notification.due
        return notification.outcome == "sending" or (due is not None and due <= self._state.time.now())

    def _send(self, notification: Notification) -> None:
        self._open.add(notification)
        running = asyncio.create_task(self._deliver(notification))
        self._background.add(running)
        running.add_done_callback(self._background.discard)

    async def _deliver(self, notification: Notification) -> None:
        async with self._lanes[notification.lane]:
            accepted = await self._try(notification)
        pauses = iter(self.policy.retry_after)
        while not accepted and (pause := next(pauses, None)) is not None:
            notification.due = self._state.time.now() + timedelta(seconds=pause)
            notification.outcome = "waiting"
            self._changes.ring()
            await self._state.time.wait_until(notification.due)
            accepted = await self._try(notification)
        notification.outcome = "accepted" if accepted else "lost"
        self._open.discard(notification)
        self._changes.ring()

    async def _try(self, notification: Notification) -> bool:
        notification.outcome, notification.due = "sending", None
        copies = await asyncio.gather(*(self._post(notification) for _ in range(max(self.policy.copies, 1))))
        notification.attempts += copies
        self._changes.ring()
        return any(attempt.status == 200 for attempt in copies)

    async def _post(self, notification: Notification) -> Attempt:
        at, fault, body = self._state.time.now(), self._faults.take("webhook"), notification.body
        if fault and fault.trouble is Trouble.SLOW:
            await self._state.time.wait_until(at + timedelta(seconds=fault.seconds))
        elif fault and fault.trouble is Trouble.GARBAGE:
            body = body[: len(body) // 2]
        elif fault and fault.trouble is not Trouble.DROP_AFTER:
            return Attempt(at, None, f"planned: {fault.trouble}")
        return await self._ask(notification, body, at, fault)

    async def _ask(self, notification: Notification, body: bytes, at: datetime, fault: Fault | None) -> Attempt:
        if self._session is None:
            return Attempt(at, None, "the world is not started")
        app = notification.shop.app
        headers = {
            "Content-Type": "application/json",
            "Authorization": webhook_sign(app.key, app.secret, notification.body),
        }
        timeout = aiohttp.ClientTimeout(total=self.policy.timeout)
        try:
            async with self._session.post(
                notification.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                await answer.read()
        except (aiohttp.ClientError, TimeoutError) as failure:
            return Attempt(at, None, type(failure).__name__)
        if fault and fault.trouble is Trouble.DROP_AFTER:
            return Attempt(at, None, "planned: the answer was lost")
        return Attempt(at, answer.status)
