"""The product running in front of the worlds, on the story's clock, and the sentences a story is made of."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from chatops.app import App, ask, open_desk, order_desk, shop_app
from chatops.config import Config
from chatops.desk.intake import SOURCE
from chatops.model import inbox
from chatops.model.inbox import Inbox
from chatops.model.message import Message as Utterance
from chatops.model.ticket import Ticket
from chatops.platforms.tiktok.authorization import Authorization
from chatops.platforms.tiktok.gateway import Gateway
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.slack.message import Message
from chatops.sandbox.slack.people import Person
from chatops.sandbox.slack.reading import visible
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.world import Cast, World
from chatops.store import lanes
from chatops.store.lanes.tables import Lane
from chatops.store.store import Store
from chatops.store.transaction import Transaction

PATIENCE = 10  # seconds of real time a story waits for something that should come by itself
RECONCILE_SECONDS = 300
GREW = (Ticket, Utterance, Inbox, Lane)  # what grows when something was kept


class StoryClock:
    """The story's time as the product's `TimeSource`."""

    def __init__(self, story: StoryTime) -> None:
        self._story = story
        self._ahead = timedelta()

    def ahead_by(self, *, minutes: float) -> None:
        """Let the product's clock differ from the worlds'."""
        self._ahead = timedelta(minutes=minutes)

    def now(self) -> datetime:
        """Return the story's instant, as far as the product knows it."""
        return self._story.now() + self._ahead

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell rings or the story has come to `until`."""
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(bell.wait())]
        if until is not None:
            waits.append(asyncio.ensure_future(self._story.wait_until(until - self._ahead)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


@dataclass
class Story:
    """A world, the people in it, and the product between them."""

    world: World
    cast: Cast
    config: Config
    clock: StoryClock
    app: App | None = None

    # The product's life

    async def product_starts(self) -> None:
        """Start the product and tell the platforms where it listens."""
        self.app = app = App(self.config, self.clock)
        await app.start()
        self.cast.shop_app.webhook_url = f"{app.address}/tiktok/shop/webhook"
        self.cast.slack_app.request_url = f"{app.address}/slack/events"
        await self.until(lambda: app.edge.connected()["slack"], "Slack to be heard")

    async def product_stops(self) -> None:
        """Stop the product as an operator does."""
        if self.app is not None:
            app, self.app = self.app, None
            await app.stop()
            await self.world.pass_time(seconds=5)  # Slack waits no longer for what was on its way

    async def product_is_killed(self) -> None:
        """End the product in the middle of whatever it does: nothing is settled, nothing more is acknowledged."""
        app, self.app = self.running, None
        await kill(app)
        if self.cast.slack_app.socket_mode:
            self.world.slack.disconnect_sockets("abrupt")
        await self.world.pass_time(seconds=5)  # Slack waits no longer for what was on its way

    @property
    def running(self) -> App:
        """Return the running product."""
        assert self.app is not None
        return self.app

    @property
    def store(self) -> Store:
        """Return the running product's store."""
        return self.running.store

    async def set_up(self, toml: str) -> None:
        """Shape the desk and connect the shop, as the command line does."""
        store = await open_desk(self.config, self.clock)
        try:
            await order_desk(store, self.clock).obey("apply", {"toml": toml})
            await self._connect(store)
        finally:
            await store.close()

    async def shop_is_connected_again(self) -> None:
        """Let the seller press Authorize once more while the product runs."""
        await self._connect(self.store)

    async def _connect(self, store: Store) -> None:
        gateway = Gateway(shop_app(self.config), self.clock)
        try:
            granted, opened = await ask(Authorization(gateway), self.world.authorization_code())
        finally:
            await gateway.close()
        facts = granted.model_dump(exclude={"version"})
        for name in ("access_expires_at", "refresh_expires_at"):
            facts[name] = facts[name].isoformat()
        shops = [{"shop_id": one.shop_id, "region": one.region, "cipher": one.cipher} for one in opened]
        await order_desk(store, self.clock).obey("shops_connected", {"granted": facts, "shops": shops})

    async def operator(self, order: str, **args: Any) -> dict[str, Any]:
        """Give the running product an order of the command line, and return its answer."""
        return await order_desk(self.store, self.clock).obey(order, args)

    # Waiting

    async def until(self, condition: Callable[[], Any], what: str) -> Any:
        """Return the condition's first true value; fail after a while, with what Slack shows."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not (value := condition()):
                    await moment()
                return value
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}\n\n{self.cast.support.transcript()}") from None

    async def rests(self) -> None:
        """Return once everything in flight has arrived and the product has nothing to do at this instant."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.world.slack.settled()
                await self.world.tiktok.settled()
                if self.app is None or await self.store.read(is_idle, self.clock.now()):
                    return
                await moment()

    async def time_passes(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let the product come to rest, then move the story on."""
        await self.rests()
        await self.world.pass_time(seconds=seconds, minutes=minutes, hours=hours)

    async def time_passes_until(self, condition: Callable[[], Any], what: str) -> Any:
        """Let time pass until the condition holds, slowly while something is under way; return the condition's value.

        A lease must not run out in the story while a call takes a few real milliseconds.
        """

        def later() -> Any:
            self.world.time.skip(timedelta(seconds=10 if self.running.worker.idle else 0.05))
            return condition()

        return condition() or await self.until(later, what)

    async def undo_window_passes(self) -> None:
        """Let what is written now leave."""
        await self.time_passes(seconds=6)

    async def comparison_is_due(self) -> None:
        """Let the time between two comparisons pass, and the product compare what the platforms hold with its own."""
        await self.time_passes(seconds=RECONCILE_SECONDS)
        await self.running._compare()
        await self.running.edge.catch_up()

    # Trouble

    def slack_fails(self, method: str, trouble: Trouble, **more: Any) -> None:
        """Let the next requests of a name meet a trouble at Slack."""
        self.world.slack.faults.plan(Fault(method, trouble, **more))

    def tiktok_fails(self, request: str, trouble: Trouble, **more: Any) -> None:
        """Let the next requests of a name meet a trouble at TikTok Shop."""
        self.world.tiktok.faults.plan(Fault(request, trouble, **more))

    async def trouble_happened(self) -> None:
        """Return once every planned trouble was met."""
        worlds = (self.world.slack.faults, self.world.tiktok.faults)
        await self.until(lambda: not any(world.planned for world in worlds), "the trouble to happen")

    # What people see

    async def thread_of(self, buyer: Buyer) -> Message:
        """Return the head of the buyer's newest thread, once it is there and names the buyer."""
        nickname = buyer.profile.nickname
        return await self.cast.support.expects(
            lambda message: message in self.cast.support.roots and nickname in message.text
        )

    async def reads_in_a_new_thread(self, text: str) -> Message:
        """Return the message that shows a text, whatever thread it stands in, once it is there."""
        return await self.cast.support.expects(lambda message: message.is_reply and text in visible(message))

    async def reads(self, head: Message, text: str) -> Message:
        """Return the message in a thread that shows a text, once it is there."""
        return await self.cast.support.expects(text, thread=head.ts)

    def find(self, head: Message, text: str) -> Message | None:
        """Return the product's post in a thread that shows a text."""
        below = self.cast.support.thread(head.ts)[1:]
        return next((message for message in below if message.by_app and text in visible(message)), None)

    def mirrored(self, head: Message) -> list[str]:
        """Return what the product has posted below a thread's head, in order."""
        return [visible(message) for message in self.cast.support.thread(head.ts)[1:] if message.by_app]

    def shown(self, head: Message, text: str) -> int:
        """Return in how many of the product's posts a text stands."""
        return sum(text in said for said in self.mirrored(head))

    async def card_shows(self, head: Message, text: str) -> None:
        """Return once the card at the thread's head shows a text."""
        await self.until(lambda: text in visible(head), f"{text!r} on the card")

    async def marked(self, ts: str, name: str) -> None:
        """Return once the bot's only mark on a message is `name`."""
        reactions = self.cast.support.all_messages[ts].reactions
        bot = self.cast.slack_app.bot_user_id
        await self.until(
            lambda: [n for n, who in reactions.items() if bot in who] == [name], f"the mark {name} on {ts}"
        )

    async def answers(self, agent: Person, head: Message, text: str) -> str:
        """Let an agent answer in a thread, and the undo window pass; return the answer's ts."""
        ts = await agent.replies(head, text)
        await self.marked(ts, WAITING)
        await self.undo_window_passes()
        return ts

    async def conversation(self, buyer: Buyer, text: str) -> Message:
        """Let a buyer open a conversation; return its thread's head once the text stands below it."""
        await buyer.says(text)
        head = await self.thread_of(buyer)
        await self.reads(head, text)
        await self.rests()
        return head

    # What the product keeps

    async def rows(self) -> dict[str, int]:
        """Return how many rows stand in the tables that grow with everything that is kept."""
        return await self.store.read(count_rows)


WAITING, ACCEPTED, FAILED = "hourglass_flowing_sand", "white_check_mark", "x"


async def moment() -> None:
    """Let others go on for an instant, between two looks at something that nobody announces."""
    turn = asyncio.Event()
    asyncio.get_running_loop().call_later(0.005, turn.set)
    await turn.wait()


def is_idle(tx: Transaction, now: datetime) -> bool:
    """Tell whether everything received was taken in, no lane is in hand and none could be carried out now."""
    if inbox.received(tx, SOURCE, 1):
        return False
    in_hand = tx.scalar(select(func.count()).select_from(Lane).where(col(Lane.owner).is_not(None)))
    due = lanes.next_due(tx, now)
    return not in_hand and (due is None or due > now)


def count_rows(tx: Transaction) -> dict[str, int]:
    """Return the number of rows in each table of `GREW`."""

    def count(table: type[SQLModel]) -> int:
        return int(tx.scalar(select(func.count()).select_from(table)) or 0)

    return {table.__name__: count(table) for table in GREW}


async def kill(app: App) -> None:
    """Abandon a product: what it was doing stops where it is, and only the operating system cleans up behind it."""
    app.ticker.stop()
    steps = app.worker._steps
    for work in (app._working, app._comparing, app._reading, *steps):
        work.cancel()
    for door in app._doors:
        door.force_exit = True
    app.store._queue._waiting.clear()
    await app.edge.stop()
    await asyncio.gather(
        app._working,
        app._comparing,
        app._reading,
        *steps,
        *(door.stop() for door in app._doors),
        return_exceptions=True,
    )
    await app.slack.close()
    await app.marketplace.close()
    await app.store.close()
