"""A Discord server with an app, a channel and two people, and the two ways to listen to it: raw, and discord.py."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from chatops.sandbox.discord import DiscordWorld
from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.member import App, Member
from chatops.sandbox.faults import Faults
from chatops.sandbox.storytime import StoryTime

Json = dict[str, Any]
PATIENCE = 10.0  # real seconds


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


@dataclass
class Desk:
    """What every test starts with."""

    world: DiscordWorld
    time: StoryTime
    faults: Faults
    app: App
    support: Channel
    li: Member
    stack: AsyncExitStack
    web: aiohttp.ClientSession

    async def socket(self, query: str = "v=10&encoding=json") -> Socket:
        """Open a raw connection and read HELLO."""
        ws = await self.web.ws_connect(f"{self.world.gateway_url}?{query}", compress=0)
        self.stack.push_async_callback(ws.close)
        return Socket(ws)


@asynccontextmanager
async def desk_of(intents: int = 34305) -> AsyncIterator[Desk]:
    """Run a server with an installed app, #support and Li."""
    time, faults = StoryTime(), Faults()
    world = DiscordWorld(time, faults)
    await world.start()
    app = world.install_app(intents=intents)
    support, li = world.create_channel("support"), world.create_member("Li")
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(aiohttp.ClientSession())
        yield Desk(world, time, faults, app, support, li, stack, web)
    await world.stop()
