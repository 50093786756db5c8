"""Days that pass as fast as the product can carry them out: buyers ask, some are answered, and everybody is called."""

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlmodel import col, select

from chatops.app import open_desk, order_desk
from chatops.desk import alarms
from chatops.model.clock import AlarmRaised
from chatops.model.page import NoticeState, PageNotice
from chatops.model.ticket import Ticket
from chatops.rules import languages
from chatops.store import lanes
from chatops.store.transaction import Transaction
from tests.crash.product import BrokenProductError
from tests.stories.cast import Post, Story
from tests.year.desk import OTHERWISE, PLACES, desk_toml
from tests.year.expected import MINUTE, Place, called, holes, runs_out
from tests.year.product import Product

SECOND = timedelta(seconds=1)
ASKED_A_DAY = 1  # questions in each place
NEAR = 10 * MINUTE  # nobody answers that close to the end of a promise: who came first would be chance
IN_TIME, LATE = (
    100 * MINUTE,
    300 * MINUTE,
)  # at most so long before and after it; the next step would call after six hours
SHARE_LATE = 0.5
PATIENCE = 300 * SECOND  # of the story, until a thread must be there: a platform may tell the product to wait
NEWEST = 20  # of the channel's posts, among which it is
EXACT = 2 * SECOND  # a shop's messages carry whole seconds
LATE_BY = 10 * SECOND  # on a machine that does other things, too; a wrong sum would be late by minutes
TELL_EVERY = timedelta(days=5)  # how far it has come


@dataclass
class Question:
    """A buyer asks once, and is answered after a while."""

    place: Place
    name: str
    asked_at: datetime
    answered_at: datetime
    head: Post | None = None
    conversation_id: str = ""
    over: bool = False  # it was asked and answered

    def calls(self) -> list[tuple[datetime, str]]:
        """Return who must be called about it, and when."""
        broken = runs_out(self.place, self.asked_at)
        return called(self.place, broken, self.answered_at, OTHERWISE) if broken < self.answered_at else []


@dataclass
class Verdict:
    """What came otherwise than it must."""

    questions: int = 0
    pages: int = 0
    holes: int = 0
    kills: int = 0
    latest: timedelta = timedelta()  # by which a call came after its instant
    wrong: list[str] = field(default_factory=list)


def planned(random: Random, start: datetime, days: int) -> list[Question]:
    """Return what is asked, in order."""
    found = []
    for number in range(round(days * ASKED_A_DAY * len(PLACES))):
        place = PLACES[number % len(PLACES)]
        asked = start + timedelta(minutes=random.uniform(0, days * 24 * 60))
        broken = runs_out(place, asked)
        if random.random() < SHARE_LATE:
            answered = broken + random.uniform(1, LATE / NEAR) * NEAR
        else:
            answered = broken - random.uniform(1, IN_TIME / NEAR) * NEAR
        found.append(Question(place, f"Buyer {number:04}", asked, answered))
    return sorted(found, key=lambda question: question.asked_at)


class Year:
    """The product in front of the worlds, on a clock that leaps from one thing to the next."""

    def __init__(
        self, story: Story, product: Product, start: datetime, days: int, seed: int, tell: Callable[[str], object]
    ) -> None:
        self._story, self._product, self._tell = story, product, tell
        self._start, self._end = start, start + timedelta(days=days)
        self._tell_at = start
        self.questions = planned(Random(seed), start, days)  # noqa: S311 - repeatable on purpose

    async def begin(self) -> None:
        """Go to the first day, open the shops and the desk, and start the product."""
        story, world = self._story, self._story.world
        await asyncio.to_thread(languages.load)
        world.slack.delivery.ack_seconds = world.tiktok.webhook_policy.timeout = (
            story.patience
        )  # however slow it is here
        world.time.skip(self._start - world.time.now())
        self._shops = {
            place.name: world.tiktok.create_shop(
                story.cast.shop_app, id=place.shop_id, name=place.name, authorized=False
            )
            for place in PLACES
        }
        store = await open_desk(story.config, story.clock)
        await order_desk(store, story.clock).obey("apply", {"toml": desk_toml(world, self._product.reconcile_seconds)})
        for shop in self._shops.values():
            await story._connect(store, shop)
        await store.close()
        await self._product.start()

    async def live(self) -> str:
        """Let it all happen; return why it came to an end before its time, "" where it did not."""
        try:
            await self._live()
        except (AssertionError, BrokenProductError) as stopped:
            self._end = self._now()
            return f"{self._end:%Y-%m-%d %H:%M:%S}: {stopped}"
        return ""

    async def _live(self) -> None:
        waiting = [(question.asked_at, number, True) for number, question in enumerate(self.questions)]
        heapq.heapify(waiting)
        while waiting:
            at, number, asks = heapq.heappop(waiting)
            await self._until(at)
            question = self.questions[number]
            if asks:
                await self._ask(question)
                heapq.heappush(waiting, (question.answered_at, number, False))
            else:
                await self._answer(question)
        await self._until(max(self._end, self._now() + timedelta(hours=1)))

    async def _ask(self, question: Question) -> None:
        world = self._story.world
        buyer = world.tiktok.create_buyer(self._shops[question.place.name], question.name)
        said = await buyer.says("Where is my parcel?")
        question.asked_at, question.conversation_id = said.created_at, said.conversation.id
        while question.head is None:
            if self._now() > question.asked_at + PATIENCE:
                raise AssertionError(f"waited in vain for the thread of {question.name} in {question.place.name}")
            await self._until(self._now() + 10 * SECOND)
            newest = self._story.side.heads[-NEWEST:]
            question.head = next((post for post in newest if question.name in post.text), None)

    async def _answer(self, question: Question) -> None:
        assert question.head is not None
        question.answered_at = self._now()
        await self._story.li.replies(question.head, "On its way")
        await self._until(self._now() + 5 * SECOND)
        question.over = True

    def _now(self) -> datetime:
        return self._story.world.time.now()

    async def _until(self, instant: datetime) -> None:
        """Let time pass from one instant at which the product has something to do to the next."""
        while True:
            await self._product.rests()
            self._tell_how_far()
            coming = await self._product.read(_coming, self._now())
            if coming is not None and coming <= self._now():
                await asyncio.sleep(0)
                continue
            until = instant if coming is None else min(instant, coming)
            if until > self._now():
                self._story.world.time.skip(until - self._now())
                await self._product.leapt()
            if until >= instant:
                return

    def _tell_how_far(self) -> None:
        if self._now() >= self._tell_at:
            over = sum(question.over for question in self.questions)
            self._tell(f"{self._now():%Y-%m-%d}: {over} of {len(self.questions)} questions asked and answered")
            self._tell_at = self._now() + TELL_EVERY

    # What came of it

    async def verdict(self) -> Verdict:
        """Compare with what must have come."""
        found = Verdict(sum(question.over for question in self.questions))
        raised, notices, tickets = await self._product.read(_happened)
        by_ticket: dict[str, list[PageNotice]] = {}
        for notice in notices:
            by_ticket.setdefault(notice.ticket_id, []).append(notice)
        for question in self.questions:
            came = by_ticket.pop(tickets.get(question.conversation_id, ""), [])
            if not question.over:
                continue
            must = question.calls()
            found.pages += len(must)
            found.latest = max([found.latest, *(one.called_at - at for (at, _), one in zip(must, came, strict=False))])
            found.wrong += [f"{question.name} in {question.place.name}: {what}" for what in _differs(must, came)]
        found.wrong += [f"nobody knows why ticket {ticket} called" for ticket in by_ticket]
        twice = [key for key, times in Counter((row.ticket_id, row.alarm) for row in raised).items() if times > 1]
        found.wrong += [f"raised twice: {key}" for key in twice]
        for place, at in holes(PLACES, self._start + timedelta(days=1), self._end):
            found.holes += 1
            if not self._was_told(at):
                found.wrong.append(f"nobody was told that {place.name} is alone from {at:%Y-%m-%d %H:%M} on")
        return found

    def _was_told(self, hole: datetime) -> bool:
        """Tell whether the channel named it within the day before."""
        named = f"<!date^{int(hole.timestamp())}^"
        before = (post for post in self._story.side.heads if 0 < hole.timestamp() - float(post.id) <= 86_400)
        return any(named in str(post.message.blocks) for post in before)


def _differs(must: list[tuple[datetime, str]], came: list[PageNotice]) -> Iterator[str]:
    if [who for _, who in must] != [notice.agent_id.rpartition(":")[2] for notice in came]:
        yield f"must call {[(f'{at:%m-%d %H:%M:%S}', who) for at, who in must]}, called " + str(
            [(f"{notice.called_at:%m-%d %H:%M:%S}", notice.agent_id) for notice in came]
        )
        return
    for (at, _), notice in zip(must, came, strict=True):
        if not -EXACT <= notice.called_at - at <= LATE_BY:
            yield f"called at {notice.called_at} instead of {at}"
        if notice.state not in {NoticeState.TOLD, NoticeState.SPARED}:
            yield f"the call is still {notice.state}"


def _coming(tx: Transaction, now: datetime) -> datetime | None:
    found = (alarms.next_at(tx), lanes.next_due(tx, now))
    return min((at for at in found if at is not None), default=None)


def _happened(tx: Transaction) -> tuple[list[AlarmRaised], list[PageNotice], dict[str, str]]:
    notices = tx.all(PageNotice, select(PageNotice).order_by(col(PageNotice.called_at)))
    tickets = {ticket.conversation_id: ticket.id for ticket in tx.all(Ticket, select(Ticket))}
    return tx.all(AlarmRaised, select(AlarmRaised)), notices, tickets
