"""An instant has come: whoever must be called, told or relieved then is, and the next instant is waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from chatops.desk import alarms, auditing, digests, handovers, paging, recaps, recounting
from chatops.desk.alarms import Coming
from chatops.desk.sweeping import Done, PutOff, Sweeper
from chatops.errors import Busy
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TIME_ZONES, TimeSource

OTHERS = (  # what cannot wait comes first in each round; a promise that breaks at a handover calls the new ones only
    paging.climb_due,
    paging.ring_due,
    handovers.change_due,
    recaps.tell_due,
    digests.due,
    recounting.move_due,
)
LOOK_AGAIN = timedelta(milliseconds=250)  # another replica, or somebody's message, may have made something due sooner
ASK_AGAIN = timedelta(minutes=1)
AFTER_TROUBLE = timedelta(seconds=1)
CLOCK_SET_BACK = timedelta(seconds=2)  # smaller steps cost nobody anything
PUT_OFF = timedelta(minutes=5)  # until what cannot be done is tried again
ONE_BY_ONE = 100  # at most, before all goes on at once again
BREATH = 0.01  # seconds before another try at what is due and held by somebody else
BUCKETS = (0.01, 0.05, 0.25, 1.0, 5.0, 30.0, 300.0)  # seconds
log = structlog.get_logger(__name__)


class Alarms:
    """Does what is due the moment it is due, in small transactions, so that nothing else waits for long.

    What cannot be done, whyever, holds up nothing else: it is put off, and the log names it. `shared_clock`: nothing is
    due before the database's clock says so, however far ahead this machine's is; a story's own time is no machine's.
    """

    def __init__(self, store: Store, time: TimeSource, *, shared_clock: bool = False) -> None:
        self._store = store
        self._time = time
        self._shared_clock = shared_clock
        self.beat: datetime | None = None  # when it last looked
        self.bounds: tuple[float, ...] = BUCKETS
        self.overdue = 0  # alarms, when last audited
        self.agrees = True  # no other replica counts by newer time zones
        self._seen_at = self._ask_again_at = time.now()
        self.lateness = [0] * (len(BUCKETS) + 1)  # how many alarms were late by up to each bucket, the last: by more
        self.late_seconds = 0.0
        self.put_off = 0  # how often something could not be done

    async def run(self) -> None:
        """Go on until cancelled; what goes wrong is tried again."""
        coming = Coming()
        while True:
            left = LOOK_AGAIN
            try:
                await self._look_at_the_clock()
                left_to_us = await self._agrees()
                in_vain = await self._sweep(self._time.now(), coming)  # what was to come may be due by now
                now, coming = await self._store.read(self._coming)
                self.beat = self._time.now()
                coming = coming if left_to_us else Coming()
                if _is_due(coming.soonest, now):
                    await asyncio.sleep(BREATH if in_vain else 0)
                    continue
                left = left if coming.soonest is None else min(coming.soonest - now, left)
            except Exception as error:
                log.warning("alarms_not_raised", error=type(error).__name__, exc_info=True)
                left = AFTER_TROUBLE
            await self._time.wait(asyncio.Event(), self._time.now() + left)

    def _coming(self, tx: Transaction) -> tuple[datetime, Coming]:
        """Return what time it is, and what is due next."""
        return self._now(tx), alarms.coming(tx)

    def _now(self, tx: Transaction) -> datetime:
        return tx.not_ahead(self._time.now()) if self._shared_clock else self._time.now()

    async def _look_at_the_clock(self) -> None:
        """Let nobody be called later because the clock was set back; on a fleet the other replicas' clocks go on."""
        now, before = self._time.now(), self._seen_at
        if before - now > CLOCK_SET_BACK:
            log.warning("clock_set_back", seconds=round((before - now).total_seconds()))
            self._ask_again_at = now
            if self._store.dialect == "sqlite":
                while await self._store.write(auditing.clock_set_back, now):
                    pass
                await self._store.write(paging.clock_set_back, before - now)
                await self._store.write(handovers.clock_set_back, now)
                await self._store.write(recaps.clock_set_back, now)
                await self._store.write(digests.clock_set_back, now)
        self._seen_at = now

    async def audit(self) -> None:
        """Look for what did not happen although it should have; a minute is long for whoever waits."""
        found = await self._store.write(lambda tx: auditing.look(tx, self._now(tx)))
        self.overdue = found.overdue.number if self.agrees else 0
        if self.overdue or found.mended:
            since = found.overdue.since.isoformat() if found.overdue.since else ""
            log.error("alarms_overdue", number=self.overdue, since=since, mended=found.mended)

    async def _sweep(self, now: datetime, coming: Coming) -> bool:
        """Let those have a turn for whom something is due, in a rush again and again; return whether that was in vain.

        A rush of clocks is seen to by several transactions beside each other, of which none waits for another; who has
        nothing to do meanwhile costs it one question.
        """
        most = await self._turns(now, coming)
        if most >= 1:
            beside = (_again(partial(self._turn, alarms.raise_due)) for _ in range(1, self._store.writers))
            await asyncio.gather(_again(self._round), *beside)
        return most == 0 and _is_due(coming.soonest, now)

    async def _round(self) -> float:
        return await self._turns(*await self._store.read(self._coming))

    async def _turns(self, now: datetime, coming: Coming) -> float:
        """Let those have a turn for whom something is due; return how much there was to do."""
        clocks = (alarms.raise_due,) if _is_due(coming.clocks, now) else ()
        others = OTHERS if _is_due(coming.others, now) else ()
        return max([await self._turn(sweeper) for sweeper in (*clocks, *others)], default=0.0)

    async def _agrees(self) -> bool:
        """Ask now and then whether another replica counts by newer time zones; then this one leaves it to that one."""
        if self._time.now() >= self._ask_again_at:
            agreed = await self._store.write(recounting.time_zones_agree, TIME_ZONES, self._time.now())
            self._ask_again_at = self._time.now() + ASK_AGAIN
            if self.agrees and not agreed:
                log.error("time_zones_too_old", ours=TIME_ZONES, remedy="upgrade tzdata, or: chatops clocks time-zones")
            self.agrees = agreed
        return self.agrees

    async def _turn(self, sweeper: Sweeper[Any, Any]) -> float:
        """Let a sweeper do what it does at once; return how much of that there was to do."""
        try:
            done = await self._store.write_alone(lambda tx: sweeper(tx, self._now(tx)))
        except Busy:
            raise  # the database is at fault
        except Exception as error:
            log.warning("alarms_one_by_one", error=type(error).__name__, exc_info=True)
            return await self._one_by_one(sweeper)
        return self._count(done) / sweeper.at_once

    async def _one_by_one(self, sweeper: Sweeper[Any, Any]) -> bool:
        """Do some of it, each alone, and put off what cannot be done."""
        for _ in range(min(sweeper.at_once, ONE_BY_ONE)):
            done = await self._store.write(lambda tx: sweeper.first(tx, (now := self._now(tx)), now + PUT_OFF))
            if isinstance(done, PutOff):
                self.put_off += 1
                log.error("alarm_put_off", what=done.what, exc_info=done.why)
            elif not self._count(done):
                return False
        return True

    def _count(self, done: Done) -> int:
        if isinstance(done, int):
            return done
        for late in done:
            seconds = max(late.total_seconds(), 0.0)
            self.late_seconds += seconds
            self.lateness[next((at for at, most in enumerate(BUCKETS) if seconds <= most), len(BUCKETS))] += 1
        return len(done)


def _is_due(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


async def _again(turn: Callable[[], Awaitable[float]]) -> None:
    """Take a turn again and again, until there is less to do than in one."""
    while await turn() >= 1:
        pass
