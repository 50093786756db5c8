"""What TikTok tells goes two steps: kept at once, so that it can be acknowledged; then taken in, in the order it came.

Keeping costs one row whatever is said; taking in touches a conversation, its ticket, its threads and their lanes.
TikTok waits for the first step only, so that a rush is acknowledged at the speed of the disk, and nothing the desk
stumbles over is ever in the way of keeping.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from chatops.desk import intake
from chatops.errors import Busy, ChatopsError, NotUnderstood
from chatops.model import inbox
from chatops.model.inbox import Inbox
from chatops.rules import languages
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TimeSource
from handlers.tiktok import payloads
from handlers.tiktok.payloads import AuthorizationEnding, Deauthorized, MessageArrived, News, Topic

HEEDED = frozenset({Topic.NEW_MESSAGE, Topic.SELLER_DEAUTHORIZATION, Topic.UPCOMING_AUTHORIZATION_EXPIRATION})
KEPT_WITHIN = 2.1  # seconds; TikTok waits for three, and the body may take its part of them
MOST_WAITING = 1_000  # notifications, those included whose senders have given up; more only when the disk stands still
AT_ONCE = 8  # taken in with one transaction: few, so that what comes meanwhile is not kept waiting
RUSH = 16  # notifications; more than this waiting to be acknowledged at once
GIVES_WAY = 10  # times as long as it worked, during a rush: keeping comes first
GIVES_WAY_AT_MOST = 0.25  # seconds
ANOTHER_IS_AT_IT = 0.05  # seconds; it may have looked before our last one was committed
LOOK_AGAIN = timedelta(seconds=5)  # for what another replica kept and did not live to take in
log = structlog.get_logger(__name__)

Kept = asyncio.Future[None]


class Receipts:
    """Keeps notifications durably; those that come while others are being written share the next transaction.

    `after`: the last place of what was kept before, which nothing that comes now may overtake.
    """

    def __init__(self, store: Store, after: int = 0) -> None:
        self._store = store
        self._place = after
        self._waiting: list[tuple[intake.Notification, Kept]] = []
        self._being_written = 0
        self._writing: asyncio.Task[None] | None = None
        self._patience: deque[tuple[float, Kept]] = deque()  # until when each may wait, by the loop's clock
        self._watching: asyncio.TimerHandle | None = None
        self.kept = asyncio.Event()  # something was kept since the reader looked

    def next_place(self, now: datetime) -> int:
        """Return a place in the order of coming: the instant in microseconds, later than any before."""
        self._place = max(self._place + 1, int(now.timestamp() * 1e6))
        return self._place

    async def keep(self, notification: intake.Notification) -> None:
        """Return when the notification is committed; whatever is raised, let it be sent again.

        Raises:
            Busy: too many wait.
            TimeoutError: it took too long; it will be kept yet, unless the process ends before.
        """
        if len(self._waiting) + self._being_written >= MOST_WAITING:
            raise Busy(f"{MOST_WAITING} notifications wait to be written")
        loop = asyncio.get_running_loop()
        done: Kept = loop.create_future()
        self._waiting.append((notification, done))
        self._patience.append((loop.time() + KEPT_WITHIN, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        if self._watching is None:
            self._watching = loop.call_later(KEPT_WITHIN, self._refuse_the_late)
        await done

    @property
    def rush(self) -> bool:
        """Whether many wait to be acknowledged right now."""
        return len(self._waiting) + self._being_written > RUSH

    def _refuse_the_late(self) -> None:
        """Let nobody wait beyond his time; one timer does for all, and what is being written goes on."""
        loop = asyncio.get_running_loop()
        while self._patience and (self._patience[0][1].done() or self._patience[0][0] <= loop.time()):
            _, done = self._patience.popleft()
            if not done.done():
                done.set_exception(TimeoutError())
        self._watching = loop.call_at(self._patience[0][0], self._refuse_the_late) if self._patience else None

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                self._being_written = len(batch)
                await self._write_all(batch)
                self.kept.set()
        finally:
            self._being_written = 0
            self._writing = None

    async def _write_all(self, batch: Sequence[tuple[intake.Notification, Kept]]) -> None:
        try:
            await self._store.write(intake.received, [notification for notification, _ in batch])
        except Exception as error:  # noqa: BLE001 - the edge: it belongs to those who wait
            if len(batch) > 1 and not isinstance(error, ChatopsError):
                for one in batch:  # only the one at fault shall suffer
                    await self._write_all([one])
                return
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
        else:
            for _, done in batch:
                if not done.done():  # he may have stopped waiting
                    done.set_result(None)


class InboxReader:
    """Takes in what was kept, oldest first; what makes no sense is set aside, and said."""

    def __init__(self, store: Store, time: TimeSource, receipts: Receipts) -> None:
        self._store = store
        self._time = time
        self._receipts = receipts
        self._reading: Inbox | None = None

    async def run(self) -> None:
        """Take in whatever is there and comes, until cancelled."""
        clock = asyncio.get_running_loop()
        while True:
            self._receipts.kept.clear()
            began = clock.time()
            try:
                taken = await self._some()
            except Exception as error:
                log.warning("inbox_not_read", error=type(error).__name__, exc_info=not isinstance(error, Busy))
                await self._time.wait(asyncio.Event(), self._time.now() + timedelta(seconds=1))
                continue
            if taken is None:
                await asyncio.sleep(ANOTHER_IS_AT_IT)
            elif taken < AT_ONCE:
                await self._time.wait(self._receipts.kept, self._time.now() + LOOK_AGAIN)
            elif self._receipts.rush:
                await asyncio.sleep(min(GIVES_WAY * (clock.time() - began), GIVES_WAY_AT_MOST))

    async def _some(self) -> int | None:
        """Take some in; return how many, None when another replica is at it."""
        self._reading = None
        if not languages.is_loaded():  # until the first message is there, and then the writer must not wait for it
            newest = await self._store.read(inbox.newest_place, intake.SOURCE)
            if newest:
                await asyncio.to_thread(languages.load)
        try:
            return await self._store.write(intake.take_in, self._understand, AT_ONCE, self._time.now())
        except Busy:
            raise
        except NotUnderstood as fault:
            await self._set_aside(str(fault), fault)
        except Exception as error:
            log.exception("notification_not_taken_in", error=type(error).__name__)
            await self._set_aside(type(error).__name__, error)
        return AT_ONCE  # there is more

    def _understand(self, tx: Transaction, row: Inbox, now: datetime) -> None:
        self._reading = row  # for whoever asks which one it was
        take_in(tx, row, now)
        self._reading = None

    async def _set_aside(self, fault: str, error: Exception) -> None:
        """Keep the notification that raised raw, for a person; when none of them did, it is not theirs to pay for."""
        if self._reading is None:
            raise error
        log.warning("notification_not_understood", type=self._reading.kind, fault=fault)
        await self._store.write(intake.not_understood, self._reading, fault)


def take_in(tx: Transaction, row: Inbox, now: datetime) -> None:
    """Let happen what a notification tells.

    Raises:
        NotUnderstood: it makes no sense.
    """
    verb = _verb_for(payloads.news_of(payloads.recognize((row.body or "").encode())))
    if verb is not None:
        verb(tx, row.scope, now)


def _verb_for(news: News) -> Callable[[Transaction, str, datetime], object] | None:
    """Return what a piece of news means to the desk; None: of no use to us."""
    match news:
        case MessageArrived(message):
            return partial(intake.message_arrived, heard=message)
        case Deauthorized():
            return partial(intake.shop_disconnected, reason="deauthorized by the seller")
        case AuthorizationEnding(at) if at is not None:
            return partial(intake.connection_ending, ends_at=at)
        case _:
            return None
