"""An app and its webhook address as TikTok Shop meets them: plain aiohttp, nothing of the product."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from aiohttp import web
from yarl import URL

from chatops.sandbox.tiktok.changes import Changes
from chatops.sandbox.tiktok.signing import request_sign
from chatops.sandbox.tiktok.state import App, Shop, compact
from chatops.sandbox.tiktok.world import TikTokWorld

CS = "/customer_service/202309"
SHOPS = "/authorization/202309/shops"


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: Mapping[str, str], body: dict[str, Any]) -> None:
        self.status = status
        self.headers = headers
        self.code: int = body["code"]
        self.message: str = body["message"]
        self.data: Any = body["data"]
        self.request_id: str = body["request_id"]


class Caller:
    """Signs and sends requests; every part of a request can be spoiled."""

    def __init__(self, world: TikTokWorld, app: App, shop: Shop, session: aiohttp.ClientSession) -> None:
        self.world = world
        self.app = app
        self.session = session
        self.cipher = shop.cipher
        authorization = world.authorization(shop)
        self.token = authorization.newest_access_token if authorization else ""

    def query(self, path: str, body: bytes = b"", /, **extra: str) -> dict[str, str]:
        """The signed query of a request; an empty value leaves the parameter out."""
        stamp = str(int(self.world.time.now().timestamp()))
        parts = {"app_key": self.app.key, "timestamp": stamp, "shop_cipher": self.cipher, **extra}
        query = {name: value for name, value in parts.items() if value}
        return {"sign": request_sign(self.app.secret, path, query, body), **query}

    async def send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes | aiohttp.FormData | None = None,
        content_type: str | None = "application/json",
    ) -> Answer:
        """Send a request as it stands."""
        url = URL(f"{self.world.url}{path}?{urlencode(query, quote_via=quote)}", encoded=True)
        headers = {"x-tts-access-token": self.token}
        if content_type and isinstance(body, bytes):
            headers["Content-Type"] = content_type
        async with self.session.request(method, url, data=body, headers=headers) as answer:
            return Answer(answer.status, answer.headers, await answer.json())

    async def get(self, path: str, **extra: str) -> Answer:
        """GET with a good signature."""
        return await self.send("GET", path, self.query(path, **extra))

    async def write(self, method: str, path: str, body: object, **extra: str) -> Answer:
        """POST, PUT or DELETE a JSON body with a good signature."""
        raw = compact(body).encode()
        return await self.send(method, path, self.query(path, raw, **extra), raw)

    async def post(self, path: str, body: object, **extra: str) -> Answer:
        """POST a JSON body with a good signature."""
        return await self.write("POST", path, body, **extra)

    async def say(self, conversation_id: str, text: str, role: str | None = None) -> Answer:
        """Send a text with the newest version of the endpoint."""
        body = {"type": "TEXT", "content": compact({"content": text})}
        path = f"/customer_service/202606/conversations/{conversation_id}/messages"
        return await self.post(path, body if role is None else {**body, "sender_role": role})

    async def upload(self, content: bytes, field: str = "data") -> Answer:
        """Upload a picture."""
        form = aiohttp.FormData()
        form.add_field(field, content, filename="image")
        path = f"{CS}/images/upload"
        return await self.send("POST", path, self.query(path), form)

    async def token_call(self, name: str, **query: str) -> Answer:
        """Ask a token endpoint."""
        secrets = {"app_key": self.app.key, "app_secret": self.app.secret}
        url = f"{self.world.url}/api/v2/token/{name}"
        async with self.session.get(url, params={**secrets, **query}) as answer:
            return Answer(answer.status, answer.headers, await answer.json())


class Receiver:
    """A webhook address that keeps what it gets and answers with `statuses`, one after the other, then 200."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.signs: list[str] = []
        self.content_types: list[str] = []
        self.statuses: list[int] = []
        self.url = ""
        self.stuck: asyncio.Event | None = None
        self.changes = Changes()

    async def start(self) -> web.AppRunner:
        """Listen on a free port."""
        served = web.Application()
        served.router.add_post("/hook", self._hear)
        runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        return runner

    async def _hear(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.signs.append(request.headers["Authorization"])
        self.content_types.append(request.headers["Content-Type"])
        self.changes.ring()
        if self.stuck is not None:
            await self.stuck.wait()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)
