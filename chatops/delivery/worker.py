"""The worker: claims lanes, carries their heads out, settles with proof. Any number of them may run on one database."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from chatops.delivery import retry
from chatops.delivery.hand import AnotherTurn, Carrier, Hand, LeaseTooShort, Result, Tools
from chatops.errors import Busy, ChatopsError, PlatformError
from chatops.outbox import Kind
from chatops.store import lanes
from chatops.store.lanes import Back, Claimed, Done, InHand, Later, Limit, Outcome
from chatops.store.transaction import Transaction

LEASE = timedelta(seconds=60)
WHEN_BUSY = timedelta(seconds=1)  # a head waits when the database could not be asked
CLOCK_SET_BACK = timedelta(seconds=2)  # smaller steps cost nobody anything
ALONE = (Kind.REPLY,)  # looking for one that may have been sent costs many calls
JOIN_LIMIT = 10  # waiting mirrors of one thread that may become one post
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of one claimed lane, and what the desk must write down with it; `head`: what was carried out."""

    outcome: Outcome
    apply: Callable[[Transaction], object] | None = None
    head: InHand | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one transaction of the worker brought: new lanes in hand, and when to look again."""

    claimed: list[Claimed]
    due: datetime | None


class Worker:
    """Carries deliveries out, many lanes at once, each lane in order.

    `owner` names this process and incarnation. Start it with `run`; `stop` finishes what is in hand.
    """

    def __init__(
        self,
        tools: Tools,
        carriers: Mapping[str, Carrier],
        limits: Callable[[str], Limit | None],
        owner: str,
        *,
        at_once: int = 64,
    ) -> None:
        self._tools = tools
        self._carriers = carriers
        self._limits = limits
        self._owner = owner
        self._at_once = at_once
        self._steps: set[asyncio.Task[None]] = set()
        self._hands: dict[str, Claimed] = {}
        self._finished: list[Finished] = []
        self._bell = tools.store.bells()
        self._seen_at = tools.time.now()
        self._stopping = False
        self._ended = asyncio.Event()
        self._ended.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is in hand, and nothing that was is still to be written down."""
        return not self._steps and not self._finished

    async def run(self) -> None:
        """Work until `stop`."""
        self._ended.clear()
        try:
            while not self._stopping:
                await self._once()
        finally:
            self._ended.set()

    async def _once(self) -> None:
        self._bell.clear()
        await self._look_at_the_clock()
        due = None
        if self._finished or len(self._hands) < self._at_once:
            due = await self._settle_and_take_in_hand()
        if not self._finished and not self._stopping:  # with full hands, until something is finished
            await self._tools.time.wait(self._bell, due if len(self._hands) < self._at_once else None)

    async def _settle_and_take_in_hand(self) -> datetime | None:
        """Write down what is finished, start on new lanes; return when to look again."""
        finished, self._finished = self._finished, []
        turn = await self._turn(finished, self._at_once - len(self._hands))
        self._forget_what_ran_out({claimed.lane for claimed in turn.claimed})
        for claimed in turn.claimed:
            self._start(claimed)
        return turn.due

    async def _look_at_the_clock(self) -> None:
        """Let nothing wait longer because the clock was set back; on a fleet the other replicas' clocks go on."""
        now, before = self._tools.time.now(), self._seen_at
        self._seen_at = now
        if before - now > CLOCK_SET_BACK and self._tools.store.dialect == "sqlite":
            log.warning("clock_set_back", seconds=round((before - now).total_seconds()))
            try:
                await self._tools.store.write(lanes.set_back, before - now)
            except ChatopsError:
                self._seen_at = before  # tried again with the next turn

    async def stop(self, within: timedelta) -> None:
        """Claim nothing more, let what is in hand finish and write it down; give the unfinished back, in doubt."""
        self._stopping = True
        self._bell.set()
        await self._ended.wait()
        if self._steps:
            await asyncio.wait(self._steps, timeout=within.total_seconds())
        for step in tuple(self._steps):
            step.cancel()
        unfinished = [Finished(Back(claimed.lane, claimed.deliveries[-1].seq)) for claimed in self._hands.values()]
        finished, self._finished = self._finished + unfinished, []
        await self._turn(finished, 0)

    async def _turn(self, finished: list[Finished], free: int) -> Turn:
        """Settle and claim in one transaction; if one settlement cannot be written, find out which and set it aside."""
        store, now = self._tools.store, self._tools.time.now()
        try:
            return await store.write(self._settle_and_claim, finished, free, self._sides(), now)
        except ChatopsError as error:
            log.warning("turn_failed", error=type(error).__name__)
            self._finished = finished + self._finished
            await self._tools.time.wait(asyncio.Event(), now + timedelta(seconds=1))
            return Turn([], now)
        except Exception as error:
            log.exception("settlement_failed", error=type(error).__name__)
            await self._settle_one_by_one(finished, now)
            if not finished:  # the claim is at fault: it must not turn in circles
                await self._tools.time.wait(asyncio.Event(), now + timedelta(seconds=1))
            return Turn([], now)

    def _settle_and_claim(
        self, tx: Transaction, finished: list[Finished], free: int, sides: lanes.Sides, now: datetime
    ) -> Turn:
        """Settle, and claim as many lanes as hands are `free`; as many as wanted means: perhaps there are more."""
        if finished:
            self._settle(tx, finished, now)
        claimed = self._claim(tx, free, sides, now) if free else []
        return Turn(claimed, lanes.next_due(tx, now, sides) if len(claimed) < free else now)

    def _claim(self, tx: Transaction, free: int, sides: lanes.Sides, now: datetime) -> list[Claimed]:
        return lanes.claim(
            tx,
            owner=self._owner,
            now=now,
            lease=LEASE,
            lanes=free,
            per_lane=JOIN_LIMIT,
            limits=self._limits,
            sides=sides,
            alone=ALONE,
        )

    def _sides(self) -> lanes.Sides:
        """Leave half of the hands to the other side: a platform that hangs must not silence the other one."""
        return lanes.Sides(
            max(1, self._at_once // 2), Counter(lanes.side_of(held.scope) for held in self._hands.values())
        )

    def _settle(self, tx: Transaction, finished: list[Finished], now: datetime) -> None:
        outcomes = [done.outcome for done in finished]
        lost = lanes.settle(tx, outcomes, owner=self._owner, now=now, limits=self._limits)
        for done in finished:
            if done.apply is not None and done.outcome.lane not in lost:
                done.apply(tx)

    async def _settle_one_by_one(self, finished: list[Finished], now: datetime) -> None:
        for done in finished:
            lane = done.outcome.lane
            try:
                await self._tools.store.write(self._settle, [done], now)
            except ChatopsError:
                self._finished.append(done)  # the database is at fault: written with the next turn
            except Exception as error:
                log.exception("settlement_set_aside", lane_kind=lane.split(":")[0])
                told = retry.bug(done.head, error, now).apply if done.head is not None else None
                self._finished.append(Finished(lanes.Hold(lane, "bug"), told))

    def _forget_what_ran_out(self, again: set[str]) -> None:
        """Drop what became of lanes that were claimed anew meanwhile: it would free them under the new claim."""
        if self._finished and again:
            self._finished = [done for done in self._finished if done.outcome.lane not in again]

    def _start(self, claimed: Claimed) -> None:
        self._hands[claimed.lane] = claimed
        step = asyncio.create_task(self._step(claimed))
        self._steps.add(step)
        step.add_done_callback(self._steps.discard)

    async def _step(self, claimed: Claimed) -> None:
        finished = await self._carry(claimed)
        if self._hands.get(claimed.lane) is claimed:  # else the lease ran out and the lane came back to us
            del self._hands[claimed.lane]
            self._finished.append(finished)
            self._bell.set()

    async def _carry(self, claimed: Claimed) -> Finished:
        """Carry the head of a lane out, and say what became of it."""
        hand = Hand(claimed, self._tools.time)
        doubt = claimed.in_doubt_through
        try:
            result = await self._carriers[hand.first.kind](self._tools, hand)
        except LeaseTooShort:
            return Finished(Back(claimed.lane, doubt))
        except AnotherTurn as other:
            return _at_another_pace(hand, other)
        except PlatformError as error:
            log.info("not_delivered", kind=hand.first.kind, code=error.code, attempt=hand.first.attempts + 1)
            now = self._tools.time.now()
            verdict = retry.judge(hand.first, claimed.scope, error, now, in_doubt=hand.in_doubt)
        except Busy as error:  # the database is at fault, perhaps after a call: nothing is given up for that
            log.warning("not_carried_out", kind=hand.first.kind, error=type(error).__name__)
            again = self._tools.time.now() + WHEN_BUSY
            return Finished(Later(claimed.lane, again, "database", in_doubt=True, counts=False))
        except Exception as error:
            log.exception("carrier_failed", kind=hand.first.kind)
            verdict = retry.bug(hand.first, error, self._tools.time.now(), in_doubt=hand.in_doubt)
        else:
            return Finished(_done(claimed, result), result.apply, hand.first)
        return Finished(verdict.outcome, verdict.apply, hand.first)


def _at_another_pace(hand: Hand, other: AnotherTurn) -> Finished:
    """Let a lane go on at another pace; among those that wait for that it keeps its place."""
    key, since, (scope, wide) = hand.claimed.lane, hand.first.not_before, other.scopes
    later = Later(key, since, "another_turn", in_doubt=hand.in_doubt, counts=False, paced=other.called)
    return Finished(later, lambda tx: lanes.rescope(tx, key, scope, wide))


def _done(claimed: Claimed, result: Result) -> Done:
    doubt = claimed.in_doubt_through
    return Done(
        claimed.lane,
        result.through,
        paced=result.paced,
        in_doubt_through=doubt if doubt > result.through else 0,
    )
