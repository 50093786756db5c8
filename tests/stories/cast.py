"""The product running in front of the worlds, on the story's clock, and the sentences a story is made of."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from chatops.app import App, ask, obey, open_desk, shop_app
from chatops.config import Config
from chatops.platforms.tiktok.authorization import Authorization
from chatops.platforms.tiktok.gateway import Gateway
from chatops.sandbox.slack.message import Message
from chatops.sandbox.slack.people import Person
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.world import Cast, World


class StoryClock:
    """The story's time as the product's `TimeSource`."""

    def __init__(self, story: StoryTime) -> None:
        self._story = story

    def now(self) -> datetime:
        """Return the story's instant."""
        return self._story.now()

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell rings or the story has come to `until`."""
        waits = [asyncio.ensure_future(bell.wait())]
        if until is not None:
            waits.append(asyncio.ensure_future(self._story.wait_until(until)))
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

    async def product_starts(self) -> None:
        """Start the product and tell the platforms where it listens."""
        self.app = App(self.config, self.clock)
        await self.app.start()
        self.cast.shop_app.webhook_url = f"{self.app.address}/tiktok/shop/webhook"
        self.cast.slack_app.request_url = f"{self.app.address}/slack/events"
        async with asyncio.timeout(10):
            while not self.app.edge.connected()["slack"]:
                await asyncio.sleep(0)

    async def product_stops(self) -> None:
        """Stop the product as an operator does."""
        if self.app is not None:
            await self.app.stop()
            self.app = None

    async def set_up(self, toml: str) -> None:
        """Shape the desk and connect the shop, as the command line does."""
        store = await open_desk(self.config, self.clock)
        gateway = Gateway(shop_app(self.config), self.clock)
        try:
            await obey(store, self.clock, "apply", {"toml": toml})
            granted, opened = await ask(Authorization(gateway), self.world.authorization_code())
            facts = granted.model_dump(exclude={"version"})
            for name in ("access_expires_at", "refresh_expires_at"):
                facts[name] = facts[name].isoformat()
            shops = [{"shop_id": one.shop_id, "region": one.region, "cipher": one.cipher} for one in opened]
            await obey(store, self.clock, "shops_connected", {"granted": facts, "shops": shops})
        finally:
            await gateway.close()
            await store.close()

    async def thread_of(self, buyer: Buyer) -> Message:
        """Return the head of the buyer's newest thread, once it is there and names the buyer."""
        nickname = buyer.profile.nickname
        return await self.cast.support.expects(lambda message: message in self.cast.support.roots and nickname in message.text)

    async def reads(self, head: Message, text: str) -> Message:
        """Return the message in a thread that shows a text, once it is there."""
        return await self.cast.support.expects(text, thread=head.ts)

    async def time_passes(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let everything in flight arrive, then move the story on."""
        await self.world.slack.settled()
        await self.world.tiktok.settled()
        await self.world.pass_time(seconds=seconds, minutes=minutes, hours=hours)

    async def marked(self, ts: str, name: str) -> None:
        """Return once the bot's mark on a message is `name`."""
        await self.world.slack.until(
            lambda: name in self.cast.support.all_messages[ts].reactions, describe=f"{ts} is marked {name}"
        )

    async def answers(self, agent: Person, head: Message, text: str) -> str:
        """Let an agent answer in a thread, and the undo window pass; return the answer's ts."""
        ts = await agent.replies(head, text)
        await self.marked(ts, "hourglass_flowing_sand")
        await self.time_passes(seconds=6)
        return ts
