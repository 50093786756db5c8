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
from chatops.desk import alarms
from chatops.desk.intake import SOURCE
from chatops.model import inbox
from chatops.model.inbox import Inbox
from chatops.model.message import Message as Utterance
from chatops.model.ticket import Ticket
from chatops.platforms.tiktok.authorization import Authorization
from chatops.platforms.tiktok.gateway import Gateway
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import Shop
from chatops.sandbox.watching import PATIENCE
from chatops.sandbox.world import DISCORD, SLACK, WORKSPACES, Cast, World
from chatops.store import lanes
from chatops.store.lanes.tables import Lane
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from tests.stories.discord_side import DiscordSide
from tests.stories.side import ACCEPTED, FAILED, WAITING, Post, Side, Teammate
from tests.stories.slack_side import SlackSide

__all__ = ["ACCEPTED", "FAILED", "WAITING", "Post", "Side", "Story", "StoryClock", "Teammate"]

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
    """A world, the people in it, and the product between them.

    `sides` are the chat platforms where the team meets the product; a story that names none means the first.
    """

    world: World
    cast: Cast
    config: Config
    clock: StoryClock
    sides: tuple[Side, ...] = ()
    app: App | None = None
    patience: float = PATIENCE

    def __post_init__(self) -> None:
        """Let the team sit in its usual channels, unless told otherwise."""
        usual = {SLACK: SlackSide, DISCORD: DiscordSide}
        self.sides = self.sides or tuple(usual[platform](self.world) for platform in self.cast.platforms)

    def desk_toml(self, *, crossing_seconds: int = 0, **more: Any) -> str:
        """Return the desk.toml that routes the shop to where the team sits; more as in `World.desk_toml`.

        Unless a story is about it, nobody is asked whether an answer that crosses with something shall leave.
        """
        channels = {side.platform: side.channel.id for side in self.sides}
        return self.world.desk_toml(channels=channels, crossing_seconds=crossing_seconds, **more)

    @property
    def side(self) -> Side:
        """Return where the story's team sits."""
        return self.sides[0]

    @property
    def li(self) -> Teammate:
        """Return the one who reads Chinese."""
        return self.side.li

    @property
    def noor(self) -> Teammate:
        """Return the one who reads English."""
        return self.side.noor

    def role_toml(self, agent: Teammate, role: str) -> str:
        """Return the paragraph of desk.toml that says what somebody may do."""
        workspace = WORKSPACES[self.side.platform]
        return f'\n[[agents]]\nworkspace = "{workspace}"\nid = "{agent.id}"\nrole = "{role}"\n'

    def reaction_toml(self, emoji: str, does: str) -> str:
        """Return the paragraph of desk.toml that gives a reaction a meaning."""
        workspace = WORKSPACES[self.side.platform]
        return f'\n[[reactions]]\nworkspace = "{workspace}"\nemoji = "{emoji}"\ndoes = "{does}"\n'

    # The product's life

    async def product_starts(self) -> None:
        """Start the product and tell the platforms where it listens."""
        self.app = app = App(self.config, self.clock)
        await app.start()
        self.cast.shop_app.webhook_url = f"{app.address}/tiktok/shop/webhook"
        for side in self.sides:
            side.product_listens_at(app.address)
        await self.hears_everybody()

    async def hears_everybody(self) -> None:
        """Return once the product has opened everything by which it hears."""
        edges = self.running.edges.values()
        await self.until(lambda: all(edge.connected() for edge in edges), "the product to hear everybody")

    async def product_stops(self) -> None:
        """Stop the product as an operator does."""
        if self.app is not None:
            app, self.app = self.app, None
            await app.stop()
            await self.world.pass_time(seconds=5)  # nobody waits any longer for what was on its way

    async def product_is_killed(self) -> None:
        """End the product in the middle of whatever it does: nothing is settled, nothing more is acknowledged."""
        app, self.app = self.running, None
        await kill(app)
        for side in self.sides:
            side.breaks_off()
        await self.world.pass_time(seconds=5)  # nobody waits any longer for what was on its way

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

    async def shop_is_connected_again(self, shop: Shop | None = None) -> None:
        """Let the seller (of another shop, if one is named) press Authorize while the product runs."""
        await self._connect(self.store, shop)

    async def _connect(self, store: Store, shop: Shop | None = None) -> None:
        gateway = Gateway(shop_app(self.config), self.clock)
        try:
            code = self.world.tiktok.authorize(self.cast.shop_app, shop or self.cast.shop)
            granted, opened = await ask(Authorization(gateway), code)
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
        """Return the condition's first true value; fail after a while, with what the team sees."""
        try:
            async with asyncio.timeout(self.patience):
                while not (value := condition()):
                    await moment()
                return value
        except TimeoutError:
            seen = "\n\n".join(side.transcript() for side in self.sides)
            raise AssertionError(f"waited in vain for {what}\n\n{seen}") from None

    async def rests(self) -> None:
        """Return once everything in flight has arrived and the product has nothing to do at this instant."""
        left = "what is on its way to the product"
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    for side in self.sides:
                        await side.settled()
                    await self.world.tiktok.settled()
                    if self.app is None:
                        return
                    hearing = any(getattr(edge, "busy", False) for edge in self.app.edges.values())
                    left = "what it hears" if hearing else await self.store.read(unfinished, self.clock.now())
                    if not left:
                        return
                    await moment()
        except TimeoutError:
            raise AssertionError(f"waited {self.patience:g} s in vain for the product to rest: {left}") from None

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
        await self.compares_threads()

    async def compares_threads(self) -> None:
        """Let the product compare the threads with what it holds, and return when it has."""
        for edge in self.running.edges.values():
            await edge.catch_up()

    # Trouble

    def tiktok_fails(self, request: str, trouble: Trouble, **more: Any) -> None:
        """Let the next requests of a name meet a trouble at TikTok Shop."""
        self.world.tiktok.faults.plan(Fault(request, trouble, **more))

    async def trouble_happened(self) -> None:
        """Return once every planned trouble was met."""
        worlds = (self.world.tiktok.faults, *(side.faults for side in self.sides))
        await self.until(lambda: not any(world.planned for world in worlds), "the trouble to happen")

    # What people see

    async def head(self, wanted: Callable[[Post], Any], side: Side | None = None) -> Post:
        """Return the newest thread's head that is wanted, once it is there."""
        there = side or self.side
        found: Post = await there.until(
            lambda: next((post for post in reversed(there.heads) if wanted(post)), None), "the head of a thread"
        )
        return found

    async def thread_of(self, buyer: Buyer, side: Side | None = None) -> Post:
        """Return the head of the buyer's newest thread, once it is there and names the buyer."""
        return await self.head(lambda post: buyer.profile.nickname in post.text, side)

    async def some_head(self) -> Post:
        """Return the newest thread's head, whoever it is about, once there is one."""
        return await self.head(lambda _: True)

    async def channel_shows(self, text: str) -> Post:
        """Return the newest message of the channel itself that shows a text, once it is there."""
        return await self.head(lambda post: text in post.text)

    async def reads_in_a_new_thread(self, text: str) -> Post:
        """Return the head of the thread in which a text stands, whatever thread that is, once it is there."""
        return await self.head(lambda post: self.find(post, text) is not None)

    async def reads(self, head: Post, text: str) -> Post:
        """Return the product's message in a thread that shows a text, once it is there."""
        found: Post = await head.side.until(lambda: self.find(head, text), f"{text!r} in the thread")
        return found

    def find(self, head: Post, text: str) -> Post | None:
        """Return the newest post of the product in a thread that shows a text."""
        return next((post for post in reversed(self.posts(head)) if text in post.text), None)

    def posts(self, head: Post) -> list[Post]:
        """Return what the product has posted below a thread's head, in order."""
        return [post for post in head.side.below(head) if post.by_product]

    def mirrored(self, head: Post) -> list[str]:
        """Return the words of what the product has posted below a thread's head, in order."""
        return [post.text for post in self.posts(head)]

    def shown(self, head: Post, text: str) -> int:
        """Return in how many of the product's posts a text stands."""
        return sum(text in said for said in self.mirrored(head))

    async def card_shows(self, head: Post, text: str) -> None:
        """Return once the card at the thread's head shows a text."""
        await self.until(lambda: text in head.text, f"{text!r} on the card")

    async def marked(self, message_id: str, mark: str) -> None:
        """Return once the bot's only mark on a message is `mark`."""
        side = next(one for one in self.sides if one.has(message_id))
        await self.until(lambda: side.marks(message_id) == [mark], f"the mark {mark} on {message_id}")

    async def answers(self, agent: Teammate, head: Post, text: str) -> str:
        """Let an agent answer in a thread, and the undo window pass; return the answer's id."""
        answer = await agent.replies(head, text)
        await self.marked(answer, WAITING)
        await self.undo_window_passes()
        return answer

    async def conversation(self, buyer: Buyer, text: str) -> Post:
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


async def moment() -> None:
    """Let others go on for an instant, between two looks at something that nobody announces."""
    turn = asyncio.Event()
    asyncio.get_running_loop().call_later(0.005, turn.set)
    await turn.wait()


def unfinished(tx: Transaction, now: datetime) -> str:
    """Return what was received and not taken in, whose lane is in hand or due, or when somebody had to be called."""
    if inbox.received(tx, SOURCE, 1):
        return "something received"
    in_hand = tx.scalar(select(col(Lane.key)).where(col(Lane.owner).is_not(None)).limit(1))
    if in_hand is not None:
        return f"lane {in_hand} in hand"
    due = {"a lane": lanes.next_due(tx, now), "an alarm": alarms.next_at(tx)}
    return next((f"{what} due at {at:%Y-%m-%d %H:%M:%S}" for what, at in due.items() if at and at <= now), "")


def count_rows(tx: Transaction) -> dict[str, int]:
    """Return the number of rows in each table of `GREW`."""

    def count(table: type[SQLModel]) -> int:
        return int(tx.scalar(select(func.count()).select_from(table)) or 0)

    return {table.__name__: count(table) for table in GREW}


async def kill(app: App) -> None:
    """Abandon a product: what it was doing stops where it is, and only the operating system cleans up behind it."""
    app.ticker.stop()
    steps = app.worker._steps
    for work in (app._working, app._comparing, app._reading, app._alarming, *steps):
        work.cancel()
    for door in app._doors:
        door.force_exit = True
    app.store._queue._waiting.clear()
    for edge in app.edges.values():
        await edge.stop()
    await asyncio.gather(
        app._working,
        app._comparing,
        app._reading,
        app._alarming,
        *steps,
        *(door.stop() for door in app._doors),
        return_exceptions=True,
    )
    await app.chats.close()
    await app.marketplace.close()
    await app.store.close()
