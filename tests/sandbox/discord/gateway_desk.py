"""A Discord server with an app, a channel and two people, and the two ways to listen to it: raw, and discord.py."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from chatops.sandbox.discord import DiscordWorld
from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.member import App
from chatops.sandbox.discord.people import Person
from chatops.sandbox.faults import Faults
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.watching import PATIENCE

Json = dict[str, Any]


class Socket:
    """A gateway connection without any library; remembers the last sequence number as a client does."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self.seq: int | None = None
        self.kinds: list[aiohttp.WSMsgType] = []
        self._inflate = zlib.decompressobj()

    async def next(self) -> Json:
        """Return the next frame."""
        async with asyncio.timeout(PATIENCE):
            message = await self.ws.receive()
        self.kinds.append(message.type)
        assert message.type in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}, f"closed with {self.ws.close_code}"
        text = message.data if isinstance(message.data, str) else self._inflate.decompress(message.data).decode()
        frame: Json = json.loads(text)
        self.seq = frame["s"] or self.seq
        return frame

    async def until(self, wanted: str | int) -> Json:
        """Return the next frame with this op, or this dispatch's data; what comes before is dropped."""
        while True:
            frame = await self.next()
            if frame["op"] == wanted:
                return frame
            if frame["t"] == wanted:
                data: Json = frame["d"]
                return data

    async def send(self, op: int, d: Any = None) -> None:
        """Send a frame."""
        await self.ws.send_str(json.dumps({"op": op, "d": d}))

    async def identify(self, token: str, intents: int = 34305, **more: Any) -> Json:
        """Identify and return what READY tells."""
        await self.identify_only(token, intents, **more)
        return await self.until("READY")

    async def identify_only(self, token: Any, intents: Any = 34305, **more: Any) -> None:
        """Identify without waiting for an answer."""
        properties = {"os": "linux", "browser": "test", "device": "test"}
        await self.send(2, {"token": token, "intents": intents, "properties": properties} | more)

    async def resume(self, token: str, session_id: str, seq: int | None) -> None:
        """Ask for what was missed."""
        await self.send(6, {"token": token, "session_id": session_id, "seq": seq})

    async def close_code(self) -> int | None:
        """Return the code with which the gateway closes, after whatever else it says."""
        async with asyncio.timeout(PATIENCE):
            while not self.ws.closed:
                await self.ws.receive()
        return self.ws.close_code


class Bot(discord.Client):
    """discord.py as it comes, writing down what it hears; it waits on the story's clock before a new session."""

    def __init__(self, desk: "Desk", intents: int, **options: Any) -> None:
        wanted = discord.Intents.none()
        wanted.value = intents
        super().__init__(intents=wanted, guild_ready_timeout=0.05, **options)
        self.desk = desk
        self.heard: list[tuple[str, Any]] = []
        self.tree = discord.app_commands.CommandTree(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - discord.py's own signature
        """Wait as long as Discord wants it, on the story's clock."""
        self.desk.time.skip(timedelta(seconds=5))

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Remember everything that discord.py tells a program, in its order."""
        super().dispatch(event, *args, **kwargs)
        self.heard.append((event, args[0] if len(args) == 1 else args))
        self.desk.world.server.changed()

    def all(self, event: str) -> list[Any]:
        """Return what came with each such call so far."""
        return [what for name, what in self.heard if name == event]

    def said(self) -> list[str]:
        """Return the words of the messages heard, in order."""
        return [message.content for message in self.all("message")]

    async def hears(self, event: str, count: int = 1) -> Any:
        """Return what came with the newest such call, waiting until there were so many."""
        await self.desk.world.until(lambda: len(self.all(event)) >= count, describe=f"{event} at the bot")
        return self.all(event)[-1]


@dataclass
class Desk:
    """What every test starts with."""

    world: DiscordWorld
    time: StoryTime
    faults: Faults
    app: App
    support: Channel
    li: Person
    noor: Person
    stack: AsyncExitStack
    web: aiohttp.ClientSession

    def bot(self, intents: int = 34305, **options: Any) -> Bot:
        """Return a client that is not connected yet."""
        return Bot(self, intents, **options)

    async def connect(self, bot: Bot, token: str = "") -> "asyncio.Task[None]":
        """Start a client and return once it is ready, or raise what ended it."""
        running = self.background(bot.start(token or self.app.token), bot.close)
        ready = asyncio.ensure_future(bot.hears("ready"))
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            ready.cancel()
            running.result()
        await ready
        return running

    def background(self, work: Coroutine[Any, Any, None], close: Callable[[], Awaitable[None]]) -> "asyncio.Task[None]":
        """Run a client until the test is over."""

        async def stop() -> None:
            await close()
            await asyncio.gather(running, return_exceptions=True)

        running = asyncio.ensure_future(work)
        self.stack.push_async_callback(stop)
        return running

    async def socket(self, query: str = "v=10&encoding=json") -> Socket:
        """Open a raw connection and read HELLO."""
        ws = await self.web.ws_connect(f"{self.world.gateway_url}?{query}", compress=0)
        self.stack.push_async_callback(ws.close)
        return Socket(ws)


@asynccontextmanager
async def desk_of(intents: int = 34305, *, patched: bool = True) -> AsyncIterator[Desk]:
    """Run a server with an installed app, #support, Li and Noor; `patched` tells discord.py where it is."""
    time, faults = StoryTime(), Faults()
    world = DiscordWorld(time, faults)
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    await world.start()
    app = world.install_app(intents=intents)
    support = world.create_channel("support")
    li, noor = world.create_person("Li", locale="zh-CN"), world.create_person("Noor")
    if patched:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = world.api_url, yarl.URL(world.gateway_url)
    try:
        async with aiohttp.ClientSession() as web, AsyncExitStack() as stack:
            yield Desk(world, time, faults, app, support, li, noor, stack, web)
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
        await world.stop()
