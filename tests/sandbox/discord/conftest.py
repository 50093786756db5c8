"""A Discord server with one app, a text channel, a forum and two people; the app is discord.py's own client."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest

from chatops.sandbox.discord import DiscordWorld
from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.member import App, Member
from chatops.sandbox.discord.server import Server
from chatops.sandbox.faults import Faults
from chatops.sandbox.storytime import StoryTime


@dataclass
class Answer:
    """What raw HTTP brought back."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class Desk:
    """What every test starts with; `client` is logged in but has no gateway session."""

    world: DiscordWorld
    time: StoryTime
    faults: Faults
    app: App
    support: Channel
    tickets: Channel
    li: Member
    noor: Member
    client: discord.Client
    session: aiohttp.ClientSession

    @property
    def server(self) -> Server:
        """Return the server's memory."""
        return self.world.server

    async def text_channel(self) -> discord.TextChannel:
        """Return #support as discord.py sees it."""
        found = await self.client.fetch_channel(int(self.support.id))
        assert isinstance(found, discord.TextChannel)
        return found

    async def forum(self) -> discord.ForumChannel:
        """Return #tickets as discord.py sees it."""
        found = await self.client.fetch_channel(int(self.tickets.id))
        assert isinstance(found, discord.ForumChannel)
        return found

    async def thread(self, thread_id: str | int) -> discord.Thread:
        """Return a thread as discord.py sees it."""
        found = await self.client.fetch_channel(int(thread_id))
        assert isinstance(found, discord.Thread)
        return found

    async def asks(self, method: str, path: str, token: str = "", **more: Any) -> Answer:
        """Send one request without a library's care: `json=`, `data=`, `params=` as in aiohttp."""
        headers = {"Authorization": f"Bot {token or self.app.token}"}
        async with self.session.request(method, self.world.api_url + path, headers=headers, **more) as answer:
            plain = answer.headers.get("Content-Type") != "application/json"
            body = await answer.text() if plain else await answer.json()
            return Answer(answer.status, body, dict(answer.headers))

    async def says(self, payload: dict[str, Any], channel: Channel | None = None) -> Answer:
        """Post a message raw."""
        return await self.asks("POST", f"/channels/{(channel or self.support).id}/messages", json=payload)

    def named(self, name: str) -> list[dict[str, Any]]:
        """Return the data of all happenings of this name so far."""
        return [happening.data for happening in self.world.happenings if happening.name == name]


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A running server."""
    time, faults = StoryTime(), Faults()
    world = DiscordWorld(time, faults)
    app = world.install_app()
    support, tickets = world.create_channel("support"), world.create_forum("tickets", ("open", "solved"))
    li, noor = world.create_member("Li", locale="zh-CN"), world.create_member("Noor", locale="en-GB")
    async with AsyncExitStack() as stack:
        await world.start()
        stack.push_async_callback(world.stop)
        monkeypatch.setattr(discord.http.Route, "BASE", world.api_url)
        client = discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30)
        stack.push_async_callback(client.close)
        await client.login(app.token)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Desk(world, time, faults, app, support, tickets, li, noor, client, session)
