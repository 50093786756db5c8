"""Days that pass as fast as the product can carry them out: buyers ask, some are answered, and everybody is called."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from chatops.app import open_desk, order_desk
from chatops.desk import alarms
from chatops.rules import languages
from chatops.store import lanes
from chatops.store.transaction import Transaction
from tests.crash.product import BrokenProductError
from tests.stories.cast import Story
from tests.year.desk import PLACES, desk_toml
from tests.year.expected import DAY, MINUTE, runs_out
from tests.year.product import Product
from tests.year.talk import Talk
from tests.year.verdict import Happened, Question, Verdict, judge

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
ASKED_A_DAY = 1  # questions in each place
NEAR = 10 * MINUTE  # nobody answers that close to the end of a promise: who came first would be chance
IN_TIME, LATE = 100 * MINUTE, 300 * MINUTE  # at most so long before and after it
SHARE_LATE = 0.5
PATIENCE = 300 * SECOND  # of the story, until a thread must be there: a platform may tell the product to wait
NEWEST = 20  # of the channel's posts, among which it is
TELL_EVERY = 5 * DAY  # how far it has come
PERMITTED = 340 * DAY  # after so long sellers press Authorize again: TikTok takes it for a year


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
        question = Question(place, f"Buyer {number:04}", asked, answered)
        if abs(answered - question.warned_at) < 2 * MINUTE:
            question.answered_at -= 4 * MINUTE
        found.append(question)
    return sorted(found, key=lambda question: question.asked_at)


class Year:
    """The product in front of the worlds, on a clock that leaps from one thing to the next."""

    def __init__(
        self, story: Story, product: Product, start: datetime, days: int, seed: int, tell: Callable[[str], object]
    ) -> None:
        self._story, self._product, self._tell = story, product, tell
        self._start, self._end = start, start + timedelta(days=days)
        self._tell_at = start
        self._plan: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = []
        self._order = count()
        self.questions = planned(Random(seed), start, days)  # noqa: S311 - repeatable on purpose
        self.talk = Talk(story, Random(seed), self._later, self._until)  # noqa: S311 - as above

    async def begin(self) -> None:
        """Go to the first day, open the shops and the desk, and start the product."""
        story, world = self._story, self._story.world
        await asyncio.to_thread(languages.load)
        world.slack.delivery.ack_seconds = world.tiktok.webhook_policy.timeout = story.patience  # machines are busy
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
        for question in self.questions:
            self._later(question.asked_at, partial(self._ask, question))
        self.talk.planned(self._start + HOUR, self._end)
        for years in range(1, (self._end - self._start) // PERMITTED + 1):
            self._later(self._start + years * PERMITTED, self._permit)
        try:
            while self._plan:
                at, _, act = heapq.heappop(self._plan)
                await self._until(at)
                await act()
            await self._until(max(self._end, self._now() + HOUR))
        except (AssertionError, BrokenProductError) as stopped:
            self._end = self._now()
            return f"{self._end:%Y-%m-%d %H:%M:%S}: {stopped}"
        return ""

    async def verdict(self) -> Verdict:
        """Compare with what must have come."""
        happened = await self._product.read(Happened.read)
        side = self._story.side
        phones = {person.id: person.direct_messages for person in (side.li, side.noor)}
        found = judge(happened, self.questions, self.talk.said, phones, side.heads, self._start, self._end)
        found.said, found.swaps = len(self.talk.said), self.talk.swaps
        found.wrong += self.talk.wrong
        return found

    # What happens

    def _later(self, at: datetime, act: Callable[[], Awaitable[None]]) -> None:
        heapq.heappush(self._plan, (at, next(self._order), act))

    async def _ask(self, question: Question) -> None:
        world = self._story.world
        buyer = world.tiktok.create_buyer(self._shops[question.place.name], question.name)
        said = await buyer.says("Where is my parcel?")
        question.asked_at = said.created_at.replace(microsecond=0)  # a shop's messages carry whole seconds
        question.conversation_id = said.conversation.id
        while question.head is None:
            if self._now() > question.asked_at + PATIENCE:
                raise AssertionError(f"waited in vain for the thread of {question.name} in {question.place.name}")
            await self._until(self._now() + 10 * SECOND)
            newest = self._story.side.heads[-NEWEST:]
            question.head = next((post for post in newest if question.name in post.text), None)
        self._later(question.answered_at, partial(self._answer, question))

    async def _answer(self, question: Question) -> None:
        assert question.head is not None
        question.answered_at = self._now()
        await self._story.li.replies(question.head, "On its way")
        await self._until(self._now() + 5 * SECOND)
        question.over = True

    async def _permit(self) -> None:
        """Let the sellers press Authorize again, of which the channel has read by now."""
        for shop in self._shops.values():
            if not any(shop.name in post.text and "ends" in post.text for post in self._story.side.heads[-200:]):
                raise AssertionError(f"nobody was told that the permission of {shop.name} ends")
            await self._product.connects(shop)

    # Time

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


def _coming(tx: Transaction, now: datetime) -> datetime | None:
    found = (alarms.next_at(tx), lanes.next_due(tx, now))
    return min((at for at in found if at is not None), default=None)
